# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the figures go that the programs of this folder print."""

import os
import platform

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..")
END = "<!-- end -->\n"


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file
                  if line.startswith("model name")]
    return (f"{len(models)} x {models[0] if models else platform.machine()}, "
            f"Linux {platform.release()}")


def make_table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_docs(program, text, docs="performance.md", below="tests/bench"):
    """In place of what the docs have from that program."""
    path = os.path.join(ROOT, "docs", docs)
    begin = f"<!-- {below}/{program} -->\n"
    with open(path, encoding="utf-8") as file:
        before, rest = file.read().split(begin)
    after = rest.split(END, 1)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + text + END + after)
