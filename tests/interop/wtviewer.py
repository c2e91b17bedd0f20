#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client of WebTorrent trackers at npm's bittorrent-tracker and at our own.

P2PHLS_WTVIEWER: the program with a viewer.
"""

import os
import subprocess
import time
import unittest

import packages
import tap
import viewers

PROGRAM = os.environ["P2PHLS_WTVIEWER"]
PATIENCE = 60                     # seconds


def popen(command, **options):
    return subprocess.Popen(command, stdin=subprocess.PIPE, **options)


class Viewer(viewers.Program):
    def __init__(self, number, *urls):
        super().__init__([PROGRAM, str(number), *urls], popen)
        self.number = str(number)

    def get(self, word):
        return [said[word] for said in self.lines if word in said]

    def expect(self, word, values):
        end = time.monotonic() + PATIENCE
        while sorted(self.get(word)) != sorted(values):
            if time.monotonic() > end:
                raise AssertionError(f"{word} not {values}: {self.lines}")
            time.sleep(0.05)

    def leave(self):
        self.process.stdin.close()
        return self.wait(PATIENCE)


def get_wt_url(tracker):
    return tracker.url.replace("http", "ws", 1)


class Viewers(unittest.TestCase):
    def enter_npm(self):
        folder = packages.find()
        if not folder:
            self.skipTest("npm or its registry is not there")
        return self.enterContext(packages.Tracker(folder)).url

    def enter_ours(self):
        return get_wt_url(self.enterContext(viewers.Tracker()))

    # The numbers: their ids begin with U+0000, with a quote, with U+00FF.
    def check(self, *urls):
        """Each meets all others, once, however many trackers they are at."""
        watching = []
        for number in 0, 34, 255:
            viewer = self.enterContext(Viewer(number, *urls))
            viewer.expect("announced", [str(len(watching))] * len(urls))
            watching.append(viewer)
        for viewer in watching:
            viewer.expect("got", [other.number for other in watching
                                  if other is not viewer])
        time.sleep(3)             # What was twice is settled.
        for viewer in watching:
            self.assertEqual(len(viewer.get("got")), 2, viewer.lines)
            self.assertEqual(len(set(viewer.get("open"))), 2, viewer.lines)
            self.assertEqual(viewer.get("trouble"), [])

        # Who leaves is not told of any more.
        for viewer in watching:
            self.assertTrue(viewer.leave())
        with Viewer(7, *urls) as last:
            last.expect("announced", ["0"] * len(urls))

    def test_at_once(self):
        """Who comes first at one tracker is not so at the other: both offer, and
        both answer."""
        urls = [self.enter_ours(), self.enter_ours()]
        watching = [self.enterContext(Viewer(number, *urls[::way]))
                    for number, way in ((0, 1), (34, -1), (100, 1), (255, -1))]
        for viewer in watching:
            viewer.expect("got", [other.number for other in watching
                                  if other is not viewer])

    def test_npm(self):
        self.check(self.enter_npm())

    def test_ours(self):
        self.check(self.enter_ours())

    def test_both(self):
        self.check(self.enter_npm(), self.enter_ours())


if __name__ == "__main__":
    tap.main()
