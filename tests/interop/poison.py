#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A viewer whose segments are of the right size and not what they should be, and
one who knows what they should be."""

import time
import unittest

import media
import server
import tap
import viewers
from gi.repository import Gst

SECONDS = 12
SEGMENTS = SECONDS // media.SEGMENT_SECONDS
PATIENCE = 20
STATS = 0.1                       # seconds: stats are half as old at most


class Viewer:
    """A pipeline in this process. got: what left hlsdemux."""

    def __init__(self, base, tracker, sync):
        self.pipeline = Gst.parse_launch(
            f"p2phlssrc name=src location={base}/ts/index.m3u8 swarm-id=poison "
            f"tracker-announce={tracker} ice-policy=lan "
            "max-cache-segments-count=60 ! hlsdemux ! "
            "identity name=seen signal-handoffs=true ! tsdemux ! queue ! "
            f"fakesink sync={sync}")
        self.src = self.pipeline.get_by_name("src")
        self.src.set_property("stun-server", None)
        self.got = bytearray()
        self.pipeline.get_by_name("seen").connect("handoff", self.on_handoff)

    def on_handoff(self, _identity, buffer):
        self.got += buffer.extract_dup(0, buffer.get_size())

    def get_stat(self, name):
        return self.src.get_property("stats").get_value(name)

    def play(self, seconds):
        """Returns: whether it came to the end."""
        self.pipeline.set_state(Gst.State.PLAYING)
        message = self.pipeline.get_bus().timed_pop_filtered(
            seconds * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        return message and message.type == Gst.MessageType.EOS

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pipeline.set_state(Gst.State.NULL)


def spoil(served):
    """All segments get another end."""
    for number in range(SEGMENTS):
        path = f"/ts/seg{number}.ts"
        good = (served.root / f".{path}").read_bytes()
        served.files[path] = good[:-1000] + bytes(1000)


class Poison(unittest.TestCase):
    def test_spoilt(self):
        root = media.make("ts", seconds=SECONDS)
        good = [(root / f"ts/seg{number}.ts").read_bytes()
                for number in range(SEGMENTS)]
        asked = []

        def validate(_src, url, data, method, peer_id):
            number = int(url.rpartition("/seg")[2].partition(".")[0])
            asked.append((data.get_data() == good[number], method,
                          bool(peer_id)))
            return asked[-1][0]

        with server.Server(root, kbits=1500) as served, \
                server.Server(root) as spoilt, \
                viewers.Tracker() as tracker:
            spoil(spoilt)
            with Viewer(spoilt.base, tracker.url, False) as liar, \
                    Viewer(served.base, tracker.url, True) as viewer:
                self.assertTrue(liar.play(PATIENCE))
                time.sleep(STATS)
                self.assertEqual(liar.get_stat("cached-segments"), SEGMENTS)
                viewer.src.connect("validate-segment", validate)
                self.assertTrue(viewer.play(SECONDS + PATIENCE))
                time.sleep(STATS)
                bad = [what for what in asked if not what[0]]
                self.assertEqual(bytes(viewer.got), b"".join(good))
                self.assertGreater(len(bad), 0)
                self.assertEqual(set(asked), {(True, "http", False),
                                              (False, "p2p", True)})
                self.assertEqual(viewer.get_stat("rejected-segments"),
                                 len(bad))
                self.assertEqual(viewer.get_stat("p2p-bytes"), 0)
                self.assertEqual(viewer.get_stat("segments-failed"), 0)
                self.assertEqual(viewer.get_stat("cached-segments"), SEGMENTS)
                self.assertEqual(viewer.get_stat("peers"), 0)
                # Nothing was acknowledged.
                self.assertEqual(liar.get_stat("p2p-uploaded"), 0)


if __name__ == "__main__":
    tap.main()
