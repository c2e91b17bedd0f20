#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Viewers of one tracker, each with its p2phlstracker: what their properties and
their statistics say is what happens between them."""

import re
import time
from pathlib import Path

import source
import tap
import viewers
from gi.repository import Gst

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/loader.md"
TYPES = {"guint64": "uint64", "guint": "uint", "gchararray": "string",
         "gboolean": "boolean"}


def read_table(head):
    """{field: type} of the table of DOCUMENT whose first cell is head."""
    text = DOCUMENT.read_text(encoding="utf-8")
    _, table = text.split(f"| {head} | type | what |\n|---|---|---|\n")
    fields = {}
    for line in table.split("\n\n")[0].splitlines():
        names, types = line.split("|")[1:3]
        names, types = re.findall(r"`(.+?)`", names), types.split(",")
        for number, name in enumerate(names):
            fields[name] = types[min(number, len(types) - 1)].strip()
    return fields


def types_of(structure):
    names = map(structure.nth_field_name, range(structure.n_fields()))
    types = {name: structure.get_field_type(name).name for name in names}
    return {name: TYPES.get(gtype, gtype) for name, gtype in types.items()}


class Viewer:
    """A pipeline whose source reads one URL after the other."""

    def __init__(self, case, options=""):
        self.case = case
        self.pipeline = Gst.parse_launch(
            f"p2phlstracker name=tracker stun-server=NULL {options} "
            f"tracker-announce={case.tracker.url} p2phlssrc name=src ! "
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
        return self.tracker.get_property("stats").get_value(field)

    def get_list(self, field):
        good, values = self.tracker.get_property("stats").get_array(field)
        self.case.assertTrue(good)
        # What gi hands out is the array's own.
        return [values.get_nth(i).copy() for i in range(values.n_values)]

    def wait(self, condition):
        end = time.monotonic() + source.PATIENCE
        while not condition():
            if time.monotonic() > end:
                stats = self.tracker.get_property("stats").to_string()
                raise AssertionError(stats)
            time.sleep(0.02)

    def wait_peers(self, count):
        self.wait(lambda: len(self.get_list("peer-list")) == count
                  and self.get("peers") == count)

    def wait_cached(self, count):
        self.wait(lambda: self.get("cached-segments") == count)

    def leave(self):
        """Returns: the seconds that it took."""
        begun = time.monotonic()
        self.pipeline.set_state(Gst.State.NULL)
        return time.monotonic() - begun


class Swarm(source.Case):
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

    def test_stats(self):
        one, two = self.pair()
        two.read_all()
        two.wait_cached(self.segments)
        self.assertGreaterEqual(two.get("p2p-fetched"), self.size)
        one.wait(lambda: one.get("p2p-uploaded") == two.get("p2p-fetched"))
        self.assertEqual(two.get("http-fetched") + two.get("p2p-fetched")
                         - two.get("wasted"), self.segments * self.size
                         + len(self.server.files["/a.m3u8"]))
        for viewer, other in ((one, two), (two, one)):
            trackers = viewer.get_list("tracker-list")
            self.assertEqual(len(trackers), 1)
            self.check_tracker(trackers[0])
            for element in (viewer.src, viewer.tracker):
                self.assertEqual(types_of(element.get_property("stats")),
                                 read_table("field"))
            self.check_peer(viewer.get_list("peer-list")[0], other)
        self.assertEqual(two.get_list("tracker-list")[0].get_uint("peers-told"),
                         (True, 1))

    def check_tracker(self, tracker):
        self.assertEqual(tracker.get_name(), "tracker")
        self.assertEqual({**types_of(tracker), "error": "string"},
                         read_table("field of `tracker`"))
        self.assertFalse(tracker.has_field("error"))
        self.assertEqual(tracker.get_string("url"), self.tracker.url)
        self.assertEqual(tracker.get_string("swarm-id"), self.uri("a.m3u8"))
        self.assertEqual(tracker.get_string("state"), "connected")

    def check_peer(self, peer, other):
        self.assertEqual(peer.get_name(), "peer")
        self.assertEqual(types_of(peer), read_table("field of `peer`"))
        self.assertEqual(peer.get_string("id"),
                         other.get_list("tracker-list")[0].get_string("peer-id"))
        self.assertEqual(peer.get_string("swarm-id"), self.uri("a.m3u8"))
        self.assertRegex(peer.get_string("remote-address"), r".+:\d+$")
        self.assertEqual(peer.get_string("state"), "idle")


if __name__ == "__main__":
    tap.main()
