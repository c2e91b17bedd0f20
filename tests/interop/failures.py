#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happens under hlsdemux when a server fails, and how soon.

`failures.py --table` prints docs/faults.md: what p2phlssrc says of each fault.
"""

import concurrent.futures
import dataclasses
import functools
import sys
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

import matrix  # noqa: E402
import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

TIMEOUT = 2                       # seconds: of the element, instead of 15
RETRIES = 1                       # … instead of 3
BACKOFF = 0.5 * 1.1               # of the first retry, with its jitter
# All that the element may wait for by itself, and what is granted beside it.
MOST = TIMEOUT * (RETRIES + 1) + BACKOFF + 5

# What is asked for, and where the fault strikes.
TARGETS = {
    "manifest": ("ts/index.m3u8", "/ts/index.m3u8"),
    "playlist": ("master/master.m3u8", "/master/*/index.m3u8"),
    "key": ("aes/index.m3u8", "/aes/key.bin"),
    "init section": ("fmp4/index.m3u8", "/fmp4/init.mp4"),
    "segment": ("ts/index.m3u8", "/ts/seg2.ts"),
}
ALL = tuple(TARGETS)
PLAYLISTS = ("manifest", "playlist")
SEGMENTS = ("init section", "segment")


@dataclasses.dataclass
class Fault:
    name: str
    rule: dict
    targets: tuple
    plays: bool = False           # all of it, as if nothing had been
    error: tuple = None           # (code of GstResourceError, HTTP status)
    seconds: float = 60           # how long it may take; then it is stopped
    properties: dict = dataclasses.field(default_factory=dict)


ONCE, FOREVER = {"times": 1}, {}
NOT_FOUND = int(Gst.ResourceError.NOT_FOUND)
OPEN_READ = int(Gst.ResourceError.OPEN_READ)
READ = int(Gst.ResourceError.READ)

FAULTS = [
    Fault("404 once", {"kind": "status", "code": 404, **ONCE}, SEGMENTS,
          plays=True),
    Fault("404 always", {"kind": "status", "code": 404}, ALL,
          error=(NOT_FOUND, 404)),
    Fault("500 once", {"kind": "status", "code": 500, **ONCE}, ALL, plays=True),
    Fault("500 always", {"kind": "status", "code": 500}, ALL,
          error=(OPEN_READ, 500)),
    Fault("body cut once", {"kind": "cut", "after": 10, **ONCE}, ALL,
          plays=True),
    Fault("body cut always", {"kind": "cut", "after": 0}, ALL,
          error=(READ, None)),
    Fault("body stops once", {"kind": "stall", "after": 10, **ONCE}, ALL,
          plays=True),
    Fault("dead for 5 s", {"kind": "dead", "seconds": 5, **ONCE}, ALL,
          plays=True, properties={"retries": 5}),
    Fault("no answer once", {"kind": "silence", **ONCE}, SEGMENTS, plays=True),
    Fault("no answer once", {"kind": "silence", **ONCE}, PLAYLISTS + ("key",),
          error=(READ, None)),
    Fault("no answer", {"kind": "silence"}, ALL, error=(READ, None)),
    Fault("Content-Length too large", {"kind": "length", "delta": 100}, ALL,
          error=(READ, None)),
    Fault("endless body", {"kind": "endless"}, PLAYLISTS, error=(READ, None)),
    Fault("endless body", {"kind": "endless"}, SEGMENTS, seconds=3),
    Fault("truncated", {"kind": "truncate", "after": 60}, PLAYLISTS),
    Fault("garbage", {"kind": "garbage"}, PLAYLISTS),
    Fault("redirect loop", {"kind": "redirect", "to": "{path}"}, ALL,
          error=(OPEN_READ, None)),
]


def run(fault, target):
    path, match = TARGETS[target]
    kind = path.split("/", maxsplit=1)[0]
    properties = {"timeout": TIMEOUT, "retries": RETRIES, **fault.properties}
    with server.Server(media.make(kind, seconds=matrix.SECONDS)) as served:
        served.add_rule(match=match, **fault.rule)
        result = player.play("hand", f"{served.base}/{path}", fault.seconds,
                             properties=properties,
                             connection_speed=matrix.FAST)
        result["requests"] = served.requests()
    # GstBaseSrc adds one of its own to each.
    result["said"] = [e for e in result["watch"]["error"]
                      if e["factory"] == matrix.OURS
                      and e["text"] != "Internal data stream error."]
    return result


@functools.lru_cache(maxsize=None)
def run_all():
    """All of them at once: they are about waiting."""
    cases = [(fault, target) for fault in FAULTS for target in fault.targets]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda case: run(*case), cases)
        return [(*case, result) for case, result in zip(cases, results)]


def seconds(error):
    """From when it was asked until it said so."""
    return (error["time"] - error["began"]) / 1e6


class Failures(unittest.TestCase):
    def check(self, fault, target, result):
        said = result["said"]
        self.assertNotIn(result["outcome"], ("hang", "exit 1"), result["log"])
        if fault.seconds > MOST:
            self.assertNotEqual(result["outcome"], "late")
        self.assertLess(result["stopped_in"], 1)
        for error in said:
            self.assertEqual(error["domain"], "gst-resource-error-quark")
            self.assertLess(seconds(error), MOST, error)
            self.assertTrue(error["streaming"], error)
            self.assertFalse(error["stopped"], error)
            if error["status-type"]:
                self.assertEqual(error["status-type"], "guint")
        if fault.error:
            code, status = fault.error
            self.assertTrue(said, "no error")
            self.assertEqual(said[0]["code"], code, said[0])
            if status:
                self.assertEqual(said[0]["status"], status, said[0])
        elif not fault.plays:
            self.assertEqual(said, [])
        if fault.plays:
            kind = TARGETS[target][0].split("/", maxsplit=1)[0]
            self.assertEqual(result["outcome"], "eos", result["errors"])
            self.assertEqual(matrix.demuxed(result),
                             matrix.reference(kind, "hand")[0])


def add_tests():
    for number, (fault, target) in enumerate(
            (f, t) for f in FAULTS for t in f.targets):
        def test(self, number=number):
            self.check(*run_all()[number])
        name = f"{fault.name} {target}".replace(" ", "_").replace("-", "_")
        setattr(Failures, f"test_{name}", test)


def say_error(error):
    name = Gst.ResourceError(error["code"]).value_nick.upper()
    return name.replace("-", "_"), error["status"] if error["status"] >= 0 else ""


def print_table():
    print("""# What p2phlssrc says of a fault

Made by `tests/interop/failures.py --table`: `p2phlssrc ! hlsdemux`, with
`timeout=%d` and `retries=%d` so that it is quick (the defaults are 15 and 3).
The domain is GST_RESOURCE_ERROR in each case. *Time* is that from the request
to the message; *then* is what becomes of the pipeline, where hlsdemux decides.

| what | fault | code | http-status-code | time | how often | then |
|---|---|---|---|---|---|---|""" % (TIMEOUT, RETRIES))
    for fault, target, result in run_all():
        said, code, status, took = result["said"], "none", "", ""
        if said:
            code, status = say_error(said[0])
            took = f"{seconds(said[0]):.1f} s"
        then = {"eos": "plays" if fault.plays else "ends (EOS)",
                "error": "ERROR of hlsdemux", "late": "reads on until it is "
                "stopped"}.get(result["outcome"], result["outcome"])
        if result["errors"] and "p2phlssrc" in result["errors"][0]["from"]:
            then = "this ERROR"
        print(f"| {target} | {fault.name} | {code} | {status} | {took} | "
              f"{len(said)} | {then}, {result.get('took', 0):.1f} s |")


add_tests()
if __name__ == "__main__":
    if sys.argv[1:] == ["--table"]:
        print_table()
    else:
        tap.main()
