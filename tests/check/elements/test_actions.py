#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The actions: load() and destroy()."""

import time

import source
import tap
from gi.repository import GObject, Gst


def make_segment(url, priority=None, kind=None):
    segment = Gst.Structure.new_empty("segment")
    segment.set_value("url", url)
    if priority is not None:
        segment.set_value("priority", GObject.Value(kind, priority))
    return segment


class Load(source.Case):
    def setUp(self):
        super().setUp()
        self.log = source.Log()
        self.src.connect("segment-loaded", lambda _src, segment: self.log.add(
            segment.get_string("url"), segment.get_uint("priority")[1]))
        # A stream of its own, of which nothing is asked for.
        self.server.files["/other"] = b"something to read"
        self.read("other")

    def check(self, *numbers):
        wanted = [(self.uri(f"{number}.ts"), priority)
                  for priority, number in enumerate(numbers)]
        self.assertEqual(self.log.wait_for(len(wanted)), wanted)

    def test_one_line(self):
        self.src.emit("load", [self.uri("2.ts"), self.uri("0.ts")], "s", None)
        self.check(2, 0)

    def test_nothing_else(self):
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.check(2)
        self.assertEqual(self.count_requests("3.ts"), 0)

    def test_structures(self):
        self.src.emit("load", [
            make_segment(self.uri("0.ts"), 2, GObject.TYPE_INT),
            make_segment(self.uri("1.ts"), 0, GObject.TYPE_UINT),
            make_segment(self.uri("2.ts"), 1.0, GObject.TYPE_DOUBLE),
        ], None, None)
        self.check(1, 2, 0)

    def test_private_scheme(self):
        self.src.emit("load", ["p2phls+" + self.uri("1.ts")], None, None)
        self.check(1)

    def test_strange_items(self):
        """Are left out, with a warning; the others are loaded."""
        strange = [1, 2.5, True, "", "no URL", "ftp://a/b", "file:///etc/passwd",
                   Gst.Structure.new_empty("segment"),
                   make_segment(""), self.src]
        self.src.emit("load", strange + [make_segment(self.uri("3.ts"), 0,
                                                      GObject.TYPE_INT)],
                      None, None)
        self.check(3)
        self.assertEqual(self.get_stat("segments-failed"), 0)

    def test_strange_numbers(self):
        for kind, number in ((GObject.TYPE_INT, -1),
                             (GObject.TYPE_DOUBLE, -0.5),
                             (GObject.TYPE_DOUBLE, 1e300),
                             (GObject.TYPE_DOUBLE, float("nan")),
                             (GObject.TYPE_DOUBLE, float("inf")),
                             (GObject.TYPE_STRING, "7")):
            self.src.emit("load", [make_segment(self.uri("1.ts"), number,
                                                kind)], None, None)
        self.assertEqual(self.log.wait_for(1)[0][0], self.uri("1.ts"))

    def test_empty(self):
        self.server.add_rule("slow", match="*.ts", seconds=0.5)
        self.src.emit("load", [self.uri("1.ts")], None, None)
        self.src.emit("load", [], None, None)
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.check(2)

    def test_emit_now(self):
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.check(2)
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.src.emit("load", [self.uri("2.ts")], None, self.uri("2.ts"))
        self.assertEqual([url for url, _ in self.log.wait_for(2)],
                         [self.uri("2.ts")] * 2)
        # One that is not in the cache is not told.
        self.src.emit("load", [self.uri("3.ts")], None, self.uri("1.ts"))
        self.assertEqual(self.log.wait_for(3)[2][0], self.uri("3.ts"))
        self.assertEqual(self.count_requests("2.ts"), 1)

    def test_then_read(self):
        """What was loaded is there."""
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.check(2)
        self.read_playlist()
        self.assertEqual(self.read("2.ts"), self.bodies[2])
        self.assertEqual(self.count_requests("2.ts"), 1)
        self.assertGreater(self.get_stat("cache-bytes"), 0)

    def test_in_null(self):
        self.pipeline.set_state(Gst.State.NULL)
        self.src.emit("load", [self.uri("2.ts")], None, None)
        self.assertEqual(self.read("other"), b"something to read")
        self.assertEqual(self.count_requests("2.ts"), 0)


class Destroy(source.Case):
    def setUp(self):
        super().setUp()
        self.read_playlist()
        self.assertEqual(self.read("0.ts"), self.bodies[0])

    def wait_until(self, condition):
        end = time.monotonic() + source.PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)

    def check_destroyed(self, path):
        message = self.run_to_end(path)
        self.assertEqual(message.type, Gst.MessageType.ERROR)
        error = message.parse_error()[0]
        self.assertTrue(error.matches(Gst.ResourceError.quark(),
                                      Gst.ResourceError.CLOSE), error)

    def test_nothing_is_left(self):
        self.src.emit("destroy")
        self.assertEqual(self.get_stat("cached-segments"), 0)
        self.assertEqual(self.get_stat("cached-bytes"), 0)
        self.assertEqual(self.get_stat("queued-segments"), 0)
        self.wait_until(lambda: self.server.count_connections() == 0)

    def test_what_the_pipeline_gets(self):
        self.src.emit("destroy")
        for path in ("0.ts", "3.ts", "a.m3u8", "other"):
            self.check_destroyed(path)

    def test_null_begins_anew(self):
        self.src.emit("destroy")
        self.check_destroyed("0.ts")
        self.pipeline.set_state(Gst.State.NULL)
        self.assertEqual(self.read("0.ts"), self.bodies[0])

    def test_while_it_reads(self):
        self.server.add_rule("stall", match="/big", after=1000)
        self.server.files["/big"] = bytes(100000)
        self.got.clear()
        self.src.set_property("location", self.uri("big"))
        self.pipeline.set_state(Gst.State.PLAYING)
        self.wait_until(lambda: len(self.got) >= 1000)
        self.src.emit("destroy")
        message = self.bus.timed_pop_filtered(source.PATIENCE * Gst.SECOND,
                                              Gst.MessageType.ERROR)
        self.assertTrue(message.parse_error()[0].matches(
            Gst.ResourceError.quark(), Gst.ResourceError.CLOSE))

    def test_no_signal_after_it(self):
        log = source.Log()
        for name in ("segment-loaded", "segment-abort", "segment-error",
                     "piece-bytes-loaded"):
            self.src.connect(name, lambda *_: log.add())
        self.src.emit("load", [self.uri("1.ts")], None, None)
        self.src.emit("destroy")
        count = len(log.get())
        time.sleep(0.2)
        self.assertLessEqual(len(log.get()), count + 1)

    def test_twice(self):
        self.src.emit("destroy")
        self.src.emit("destroy")
        self.src.emit("load", [self.uri("1.ts")], None, None)
        self.check_destroyed("0.ts")

    def test_in_null(self):
        self.pipeline.set_state(Gst.State.NULL)
        self.src.emit("destroy")
        self.assertEqual(self.read("0.ts"), self.bodies[0])

    def test_in_a_callback(self):
        self.pipeline.set_state(Gst.State.NULL)
        self.src.connect("segment-loaded",
                         lambda src, _segment: src.emit("destroy"))
        self.read_playlist()
        self.run_to_end("3.ts")
        self.wait_until(lambda: self.server.count_connections() == 0)


if __name__ == "__main__":
    tap.main()
