# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Viewers in this process who share a small stream that no demuxer reads, each a
pipeline with a session of its own."""

import time

import source
import viewers
from gi.repository import Gst


class Viewer:
    """A pipeline whose source reads one URL after the other. options: of its
    p2phlstracker; None: it has none. announce: of that; a URL, or NULL."""

    def __init__(self, case, options="", announce=None):
        self.case = case
        tracker = "" if options is None else (
            f"p2phlstracker name=tracker stun-server=NULL {options} "
            f"tracker-announce={announce or case.tracker.url} ")
        self.pipeline = Gst.parse_launch(
            # Whether a queue's last segment is loaded is no matter of luck.
            tracker + "p2phlssrc name=src last-segment-probability=1 "
            "last-segment-probability-interval=50 ! "
            "fakesink name=sink sync=false signal-handoffs=true")
        self.src = self.pipeline.get_by_name("src")
        self.tracker = self.pipeline.get_by_name("tracker")
        self.bus = self.pipeline.get_bus()
        self.pipeline.get_by_name("sink").connect("handoff", self.on_handoff)
        case.addCleanup(self.leave)

    def on_handoff(self, _sink, buffer, _pad):
        self.got += buffer.extract_dup(0, buffer.get_size())

    def read(self, path):
        self.got = bytearray()
        self.src.set_property("location", self.case.uri(path))
        self.pipeline.set_state(Gst.State.PLAYING)
        message = self.bus.timed_pop_filtered(
            source.PATIENCE * Gst.SECOND,
            Gst.MessageType.EOS | Gst.MessageType.ERROR)
        self.pipeline.set_state(Gst.State.READY)
        self.case.assertIsNotNone(message, f"{path} has no end")
        self.case.assertEqual(message.type, Gst.MessageType.EOS)
        return bytes(self.got)

    def begin(self):
        """The stream's first segment: with that it is in the swarm."""
        self.read("a.m3u8")
        self.case.assertEqual(self.read("0.ts"), self.case.bodies[0])

    def read_all(self):
        for number, body in enumerate(self.case.bodies):
            self.case.assertEqual(self.read(f"{number}.ts"), body)

    def get(self, field):
        return self.src.get_property("stats").get_value(field)

    def get_announced(self):
        """{url: state}"""
        return {tracker.get_string("url"): tracker.get_string("state")
                for tracker in self.get_list("tracker-list")}

    def get_list(self, field):
        stats = self.src.get_property("stats")
        # What gi hands out is the structure's own.
        return [entry.copy() for entry in stats.get_value(field)]

    def wait(self, condition):
        end = time.monotonic() + source.PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(self.src.get_property("stats").to_string())
            time.sleep(0.02)

    def wait_peers(self, count):
        self.wait(lambda: len(self.get_list("peer-list")) == count
                  and self.get("peers") == count)

    def wait_announced(self, states):
        """states: {url: state}"""
        self.wait(lambda: self.get_announced() == states)

    def wait_cached(self, count):
        self.wait(lambda: self.get("cached-segments") == count)

    def leave(self):
        """Returns: the seconds that it took."""
        begun = time.monotonic()
        self.pipeline.set_state(Gst.State.NULL)
        return time.monotonic() - begun


class Case(source.Case):
    segments = 4
    size = 300000

    def setUp(self):
        self.tracker = viewers.Tracker()
        self.addCleanup(self.tracker.__exit__)
        super().setUp()

    def make_pipeline(self):
        self.pipeline = Gst.Pipeline()

    def pair(self, first="", second=""):
        """One who has all of the stream, and one who just came."""
        one = Viewer(self, first)
        two = Viewer(self, "buffer-segments-count=1 " + second)
        one.begin()
        one.wait_cached(self.segments)
        two.begin()
        two.wait_peers(1)
        one.wait_peers(1)
        two.tracker.set_property("buffer-segments-count", 20)
        return one, two
