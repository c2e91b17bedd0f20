#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Viewers in processes of their own, who find each other at a tracker and share
what they load.

P2PHLS_PLAY: the program that plays.
"""

import os
import socket
import time
import unittest

import media
import server
import tap
import viewers

PROGRAM = os.environ["P2PHLS_PLAY"]
JOIN = 3                          # seconds from viewer to viewer
SECONDS = 24
PATH = "/ts/index.m3u8"


def play(count, served, tracker, path=PATH, cache=120):
    """Returns the viewers when all have ended, or time is up."""
    playing = []
    try:
        for number in range(count):
            time.sleep(JOIN if number else 0)
            playing.append(viewers.Viewer(PROGRAM, served.base + path, tracker,
                                          cache))
        for viewer in playing:
            viewer.good = viewer.wait(3 * SECONDS)
        return playing
    finally:
        for viewer in playing:
            viewer.__exit__()


class Swarm(unittest.TestCase):
    def setUp(self):
        self.root = media.make("ts", seconds=SECONDS)
        self.frames = media.count_frames(self.root / f".{PATH}")

    def check_played(self, viewer, frames=None):
        self.assertTrue(viewer.good, viewer.last)
        self.assertEqual(viewer.last["frames"], frames or self.frames)
        self.assertEqual(viewer.last["bad-messages"], 0)

    def check_offload(self, playing, served, least):
        """least: of what is possible when each segment is fetched once."""
        sent, _ = viewers.count_origin(served)
        handed = sum(map(viewers.count_handed, playing))
        bound = 1 - 1 / len(playing)
        self.assertGreaterEqual((1 - sent / handed) / bound, least,
                                [viewer.last for viewer in playing])

    def test_vod(self):
        with server.Server(self.root) as served, viewers.Tracker() as tracker:
            playing = play(3, served, tracker.url)
            for viewer in playing:
                self.check_played(viewer)
            for viewer in playing[1:]:
                self.assertGreater(viewer.last["p2p-fetched"], 0)
            self.check_offload(playing, served, 0.5)

    def test_no_tracker(self):
        """A tracker that is not there costs nothing."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            with server.Server(self.root) as served:
                for viewer in play(1, served, url):
                    self.check_played(viewer)
                    self.assertEqual(viewer.last["p2p-fetched"], 0)


if __name__ == "__main__":
    tap.main()
