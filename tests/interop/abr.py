#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A cache must not be taken for a fast network: two variants, a server that can
carry only the lower one, and every second segment of both in the cache before
the first is asked for.

    abr.py       runs the tests, and prints a line for each way of playing
"""

import concurrent.futures
import json
import sys
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

SECONDS = 16
KBITS = 800                       # low has 0.4, high 1.4 Mbit/s
# Seconds until the server tells of segments: time to load every second one.
HOLD = {"http": 1, "paced": 22, "unpaced": 22}


class Viewer(player.Play):
    """Loads the odd segments while the server keeps the playlist back."""

    def __init__(self, base, hold, **told):
        super().__init__("playbin", sync=True, wait=True, seconds=90, **told)
        self.wanted = [f"{base}/master/{variant}/seg{n}.ts"
                       for n in range(1, SECONDS // media.SEGMENT_SECONDS, 2)
                       for variant in ("high", "low")]
        self.in_time = []
        GLib.timeout_add(500, self.preload)
        GLib.timeout_add(hold * 1000 - 500, self.look)

    def preload(self):
        if self.source_name == "p2phlssrc":
            # The last of a queue has all the time (last-segment-probability).
            self.source.emit("load", [*self.wanted, self.wanted[0] + "?"],
                             None, None)

    def look(self):
        self.in_time = [url for kind, url, *_ in self.signals
                        if kind == "segment-loaded" and url in self.wanted]


def view(hold, scheme, **told):
    with server.Server(media.make("master", seconds=SECONDS),
                       kbits=KBITS) as origin:
        origin.add_rule("slow", match="*/low/index.m3u8", seconds=hold,
                        times=1)
        viewer = Viewer(origin.base, hold, **told,
                        uri=f"{scheme}{origin.base}/master/master.m3u8")
        result = viewer.run()
        result.update(took=result["took"] - hold,
                      cached=len(viewer.in_time) / len(viewer.wanted))
        return result


def watch(name):
    """Plays in a process of its own."""
    told = {"source_name": "p2phlssrc", "scheme": "p2phls+",
            "properties": {"pace-eos": name == "paced", "timeout": 60}}
    if name == "http":
        told = {"source_name": "souphttpsrc", "scheme": ""}
    told["hold"] = HOLD[name]
    _, output, errors, records = player.run_watched(
        [sys.executable, __file__, "--view", json.dumps(told)], 120)
    if not output.strip():
        raise RuntimeError(errors)
    result = json.loads(output.strip().splitlines()[-1])
    variants = [record["location"].rsplit("/", 2)[1]
                for record in records["fragment"]
                if str(record["location"]).endswith(".ts")]
    switches = sum(a != b for a, b in zip(variants, variants[1:]))
    # Each sink tells of the same stall.
    stalls = max(result["stalls"].values(), key=sum)
    print(f"# {name:8} {result['outcome']} in {result['took']:.1f} s, "
          f"{switches} switches, {len(stalls)} stalls of {sum(stalls):.1f} s: "
          f"{' '.join(variants)}", flush=True)
    return {"outcome": result["outcome"], "took": result["took"],
            "cached": result["cached"],
            "switches": switches, "stalls": len(stalls),
            "stalled": sum(stalls), "variants": variants}


class Abr(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        media.make("master", seconds=SECONDS)
        names = ["http", "paced", "unpaced"]
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            cls.seen = dict(zip(names, pool.map(watch, names)))

    def test_plays_to_the_end(self):
        for name, seen in self.seen.items():
            self.assertEqual(seen["outcome"], "eos", name)
            self.assertEqual(seen["cached"], name != "http", name)

    def test_no_more_switches_than_over_http(self):
        self.assertLessEqual(self.seen["paced"]["switches"],
                             self.seen["http"]["switches"])

    def test_no_more_stalls_than_over_http(self):
        # A busy machine makes gaps of its own; a wrong choice costs seconds.
        self.assertLessEqual(self.seen["paced"]["stalled"],
                             self.seen["http"]["stalled"] + 0.5)

    def test_takes_as_long_as_over_http(self):
        self.assertLessEqual(self.seen["paced"]["took"],
                             1.1 * self.seen["http"]["took"])

    def test_without_pacing_the_variants_flip(self):
        self.assertGreater(self.seen["unpaced"]["switches"],
                           self.seen["paced"]["switches"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--view"]:
        Gst.init(None)
        print(json.dumps(view(**json.loads(sys.argv[2]))), flush=True)
    else:
        tap.main()
