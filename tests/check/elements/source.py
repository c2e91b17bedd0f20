# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A source in a pipeline, and a small stream for it: a playlist and segments
that no demuxer reads."""

import random
import tempfile
import threading
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

import server  # noqa: E402

Gst.init(None)

PATIENCE = 20                     # seconds


class Log:
    """What signals told, from whichever thread."""

    def __init__(self):
        self._items = []
        self._changed = threading.Condition()

    def add(self, *item):
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()

    def get(self):
        with self._changed:
            return list(self._items)

    def wait_for(self, count):
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._items) >= count,
                                          PATIENCE):
                raise AssertionError(f"only {self._items}"[:2000])
            return list(self._items)


class Case(unittest.TestCase):
    segments = 4
    size = 20000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.server = server.Server(folder.name)
        self.addCleanup(self.server.close)
        chance = random.Random(1)
        self.bodies = [chance.randbytes(self.size)
                       for _ in range(self.segments)]
        for number, body in enumerate(self.bodies):
            self.server.files[f"/{number}.ts"] = body
        self.serve_playlist(f"{number}.ts" for number in range(self.segments))
        self.make_pipeline()
        self.addCleanup(lambda: self.pipeline.set_state(Gst.State.NULL))

    def make_pipeline(self):
        # Whether the last segment of a queue is loaded is no matter of luck.
        self.pipeline = Gst.parse_launch(
            "p2phlssrc name=src pace-eos=false last-segment-probability=1 "
            "last-segment-probability-interval=1 ! "
            "fakesink name=sink sync=false signal-handoffs=true")
        self.src = self.pipeline.get_by_name("src")
        self.bus = self.pipeline.get_bus()
        self.got = bytearray()
        self.pipeline.get_by_name("sink").connect("handoff", self.on_handoff)

    def on_handoff(self, _sink, buffer, _pad):
        self.got += buffer.extract_dup(0, buffer.get_size())

    def serve_playlist(self, uris):
        text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
        text += "".join(f"#EXTINF:2,\n{uri}\n" for uri in uris)
        self.server.files["/a.m3u8"] = (text + "#EXT-X-ENDLIST\n").encode()

    def uri(self, path):
        return f"{self.server.base}/{path}"

    def run_to_end(self, path):
        """Returns the message, EOS or ERROR; the source is then in READY."""
        self.got.clear()
        self.src.set_property("location", self.uri(path))
        self.bus.set_flushing(True)
        self.bus.set_flushing(False)
        self.pipeline.set_state(Gst.State.PLAYING)
        message = self.bus.timed_pop_filtered(
            PATIENCE * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        self.assertIsNotNone(message, f"{path} has no end")
        self.pipeline.set_state(Gst.State.READY)
        return message

    def read(self, path):
        message = self.run_to_end(path)
        if message.type == Gst.MessageType.ERROR:
            raise AssertionError(message.parse_error())
        return bytes(self.got)

    def read_playlist(self):
        self.read("a.m3u8")

    def count_requests(self, path):
        return sum(request["path"] == "/" + path
                   for request in self.server.requests())

    def get_stat(self, name):
        return self.src.get_property("stats").get_value(name)
