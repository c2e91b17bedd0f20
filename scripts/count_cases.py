# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts test cases, which meson does not: it counts programs."""

import json
import re
from typing import NamedTuple

TAP = re.compile(r"^(not )?ok\b(.*)$", re.M)
TAP_PLAN = re.compile(r"^1\.\.(\d+)", re.M)
TAP_SKIP = re.compile(r"#\s*skip", re.I)
TAP_TODO = re.compile(r"#\s*todo", re.I)
CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)",
                   re.M)
FAILURE = re.compile(r"not ok\b|.+:\d+:[FE]:")
WORDS = 12                        # lines about a failure


class Count(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(*map(sum, zip(self, other)))

    def __str__(self):
        return (f"{self.passed} passed, {self.failed} failed, "
                f"{self.skipped} skipped")


def count_tap(output):
    passed = failed = skipped = 0
    for bad, rest in TAP.findall(output):
        if TAP_SKIP.search(rest):
            skipped += 1
        elif bad and not TAP_TODO.search(rest):
            failed += 1
        else:
            passed += 1
    # What a program planned and died before.
    planned = sum(map(int, TAP_PLAN.findall(output)))
    failed += max(0, planned - passed - failed - skipped)
    return Count(passed, failed, skipped)


def count_check(output):
    count = Count()
    for found in CHECK.findall(output):
        checks, failures, errors = map(int, found)
        count += Count(checks - failures - errors, failures + errors)
    return count


def count_output(output, verdict):
    """The cases of one program. verdict: "OK", "SKIP" or what went wrong."""
    count = count_check(output)
    if count == Count():
        count = count_tap(output)
    if verdict == "SKIP":
        return count if sum(count) else Count(skipped=1)
    if verdict == "OK":
        return count if sum(count) else Count(passed=1)
    # It failed as a whole (a sanitizer, a time-out), whatever its cases say.
    return count if count.failed else count + Count(failed=1)


def find_failures(output):
    """The lines of the cases that failed, and what is said before each."""
    lines = output.splitlines()
    bad = [i for i, line in enumerate(lines) if FAILURE.match(line)]
    said = {i - before for i in bad for before in range(WORDS)}
    return [lines[i] for i in sorted(said) if i >= 0]


def read_meson(testlog):
    """The programs of meson's testlog.json, by name; none if there is no such log."""
    try:
        with open(testlog, encoding="utf-8") as lines:
            tests = [json.loads(line) for line in lines]
    except FileNotFoundError:
        tests = []
    return {test["name"]: test for test in tests}


def get_verdict(test):
    return {"EXPECTEDFAIL": "OK"}.get(test["result"], test["result"])


def count_meson(tests):
    """Their cases, and what failed, with its words."""
    count, failures = Count(), []
    for test in tests:
        found = count_output(test.get("stdout", ""), get_verdict(test))
        if found.failed:
            said = [*find_failures(test.get("stdout", "")),
                    *test.get("stderr", "").splitlines()[-WORDS:]]
            failures.append("\n    ".join([test["name"], *said]))
        count += found
    return count, failures
