#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The signals: what they bring, when, and what a callback may do."""

import sys
import threading
import time

import source
import tap
from gi.repository import GLib, GObject, Gst

SIGNALS = {
    "segment-loaded": ("void", ["GstStructure"]),
    "segment-error": ("void", ["gchararray", "GError"]),
    "segment-abort": ("void", ["gchararray"]),
    "peer-connect": ("void", ["GstStructure"]),
    "peer-close": ("void", ["gchararray"]),
    "announced": ("void", ["gchararray", "gchararray", "guint"]),
    "tracker-warning": ("void", ["gchararray", "gchararray"]),
    "tracker-error": ("void", ["gchararray", "GError"]),
    "piece-bytes-loaded": ("void", ["gchararray", "guint64", "gint64"]),
    "generate-segment-id": ("gchararray", ["gchararray"]),
    "validate-segment": ("gboolean", ["gchararray", "GBytes", "gchararray",
                                      "gchararray"]),
    "load": ("void", ["GValueArray", "gchararray", "gchararray"]),
    "destroy": ("void", []),
}


class Types(source.Case):
    def test_all(self):
        Gst.ElementFactory.make("p2phlstracker", None)
        for name in ("GstP2pHlsSrc", "GstP2pHlsTracker"):
            self.check(GObject.type_from_name(name))

    def check(self, own):
        names = {name.replace("_", "-") for name in
                 GObject.signal_list_names(own)}
        self.assertEqual(names, set(SIGNALS))
        for name, (returned, taken) in SIGNALS.items():
            query = GObject.signal_query(name, own)
            self.assertEqual(query.return_type.name, returned, name)
            self.assertEqual([one.name for one in query.param_types], taken,
                             name)
            is_action = bool(query.signal_flags & GObject.SignalFlags.ACTION)
            self.assertEqual(is_action, name in ("load", "destroy"), name)


class Segments(source.Case):
    def test_loaded(self):
        log = source.Log()
        self.src.connect("segment-loaded", lambda _src, segment: log.add(
            segment.get_string("url"), segment.get_uint("priority")[1],
            self.bodies.index(segment.get_value("data").get_data())))
        self.read_playlist()
        self.assertEqual(self.read("0.ts"), self.bodies[0])
        told = log.wait_for(self.segments)
        self.assertEqual([url for url, _, _ in told],
                         [self.uri(f"{i}.ts") for i in range(self.segments)])
        self.assertEqual([priority for _, priority, _ in told],
                         list(range(self.segments)))
        self.assertEqual([body for _, _, body in told],
                         list(range(self.segments)))
        # What comes out of the cache has been told.
        self.assertEqual(self.read("1.ts"), self.bodies[1])
        self.assertEqual(len(log.get()), self.segments)

    def test_copy(self):
        """What a callback keeps is its own."""
        kept = []
        log = source.Log()

        def keep(_src, segment):
            kept.append(segment.copy())
            log.add()

        self.src.connect("segment-loaded", keep)
        self.read_playlist()
        self.read("0.ts")
        log.wait_for(self.segments)
        self.pipeline.set_state(Gst.State.NULL)
        self.assertEqual(kept[2].get_value("data").get_data(), self.bodies[2])

    def test_error(self):
        log = source.Log()
        self.src.connect("segment-error",
                         lambda _src, url, error: log.add(url, error))
        self.server.add_rule("status", match="/2.ts", code=404)
        self.read_playlist()
        self.read("0.ts")
        url, error = log.wait_for(1)[0]
        self.assertEqual(url, self.uri("2.ts"))
        self.assertIsInstance(error, GLib.Error)
        self.assertEqual(error.domain, "p2p-error-quark")
        self.assertIn("404", error.message)
        # It is none of the pipeline until that asks for it.
        self.assertEqual(self.read("1.ts"), self.bodies[1])
        message = self.run_to_end("2.ts")
        failure = message.parse_error()[0]
        self.assertTrue(failure.matches(Gst.ResourceError.quark(),
                                        Gst.ResourceError.NOT_FOUND), failure)
        details = message.parse_error_details()
        self.assertEqual(details.get_uint("http-status-code"), (True, 404))

    def test_abort(self):
        log = source.Log()
        self.src.connect("segment-abort", lambda _src, url: log.add(url))
        self.server.add_rule("silence", match="/[12].ts")
        self.read_playlist()
        self.read("0.ts")
        self.src.emit("load", [self.uri("3.ts")], None, None)
        aborted = {url for url, in log.wait_for(2)}
        self.assertEqual(aborted, {self.uri("1.ts"), self.uri("2.ts")})

    def test_piece_bytes(self):
        log = source.Log()
        self.src.connect("piece-bytes-loaded",
                         lambda _src, *piece: log.add(*piece))
        before = time.time() * 1000
        self.read_playlist()
        self.read("0.ts")
        total = self.segments * self.size
        end = time.monotonic() + source.PATIENCE
        while sum(size for _, size, _ in log.get()) < total:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        for method, size, timestamp in log.get():
            self.assertEqual(method, "http")
            self.assertGreater(size, 0)
            self.assertGreaterEqual(timestamp, before - 1)
            self.assertLessEqual(timestamp, time.time() * 1000 + 1)
        self.assertEqual(sum(size for _, size, _ in log.get()), total)


class Rate(source.Case):
    segments = 2
    size = 400000

    def test_at_most_twenty_a_second(self):
        log = source.Log()
        self.src.connect("piece-bytes-loaded",
                         lambda _src, _method, _size, ms: log.add(ms))
        self.server.throttle.kbits = 4000
        self.read_playlist()
        self.read("0.ts")
        times = [ms for ms, in log.get()]
        self.assertGreater(len(times), 3)
        for i in range(len(times) - 20):
            self.assertGreaterEqual(times[i + 20] - times[i], 950)


class SegmentId(source.Case):
    def setUp(self):
        super().setUp()
        self.server.files["/0.ts?token=2"] = self.bodies[0]

    def read_twice(self):
        self.serve_playlist(["0.ts?token=1", "1.ts"])
        self.read_playlist()
        self.assertEqual(self.read("0.ts?token=1"), self.bodies[0])
        self.serve_playlist(["0.ts?token=2", "1.ts"])
        self.read_playlist()
        self.assertEqual(self.read("0.ts?token=2"), self.bodies[0])
        return sum(request["path"].startswith("/0.ts")
                   for request in self.server.requests())

    def test_default(self):
        self.assertEqual(self.read_twice(), 2)

    def test_without_token(self):
        seen = source.Log()

        def generate(_src, url):
            seen.add(url)
            return url.partition("?")[0]

        self.src.connect("generate-segment-id", generate)
        self.assertEqual(self.read_twice(), 1)
        self.assertIn((self.uri("0.ts?token=1"),), seen.get())

    def test_none(self):
        self.src.connect("generate-segment-id", lambda _src, url: None)
        self.assertEqual(self.read_twice(), 2)

    def test_first_answer_counts(self):
        self.src.connect("generate-segment-id", lambda _src, url: None)
        self.src.connect("generate-segment-id",
                         lambda _src, url: url.partition("?")[0])
        self.src.connect("generate-segment-id", lambda _src, url: url)
        self.assertEqual(self.read_twice(), 1)


class Validate(source.Case):
    def connect(self, function):
        log = source.Log()

        def validate(_src, url, data, method, peer_id):
            number = int(url.rpartition("/")[2].partition(".")[0])
            log.add(number, method, peer_id, threading.get_ident(),
                    data.get_data() == self.bodies[number])
            return function(number)

        self.src.connect("validate-segment", validate)
        self.read_playlist()
        return log

    def wait_for_rejected(self, count):
        end = time.monotonic() + source.PATIENCE
        while self.get_stat("rejected-segments") < count:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        self.assertEqual(self.get_stat("rejected-segments"), count)

    def test_good(self):
        loaded = source.Log()
        self.src.connect("segment-loaded",
                         lambda *_: loaded.add(threading.get_ident()))
        log = self.connect(lambda _: True)
        for number in range(self.segments):
            self.assertEqual(self.read(f"{number}.ts"), self.bodies[number])
        loaded.wait_for(self.segments)
        asked = log.get()
        self.assertEqual([number for number, *_ in asked],
                         list(range(self.segments)))
        for _, method, peer_id, thread, same in asked:
            self.assertEqual((method, peer_id, same), ("http", None, True))
            self.assertNotIn((thread,), loaded.get())
        self.assertEqual(self.get_stat("rejected-segments"), 0)

    def test_bad(self):
        errors = source.Log()
        self.src.connect("segment-error",
                         lambda _src, url, error: errors.add(url, error))
        log = self.connect(lambda number: number != 1)
        self.assertEqual(self.read("0.ts"), self.bodies[0])
        message = self.run_to_end("1.ts")
        failure = message.parse_error()[0]
        self.assertTrue(failure.matches(Gst.ResourceError.quark(),
                                        Gst.ResourceError.READ), failure)
        self.assertEqual(bytes(self.got), b"")
        self.assertEqual(errors.wait_for(1)[0][0], self.uri("1.ts"))
        asked = [number for number, *_ in log.get()]
        self.assertGreaterEqual(asked.count(1), 3)
        self.assertEqual(self.read("2.ts"), self.bodies[2])
        self.wait_for_rejected(asked.count(1))

    def test_one_no_is_enough(self):
        self.src.connect("validate-segment", lambda *_: True)
        log = self.connect(lambda number: len(log.get()) > 1)
        self.src.connect("validate-segment", lambda *_: True)
        self.assertEqual(self.read("0.ts"), self.bodies[0])
        self.wait_for_rejected(1)

    def test_thinks_long(self):
        """Others are loaded, and the pipeline stops at once."""
        thinking = threading.Event()
        self.addCleanup(thinking.set)
        log = self.connect(lambda _: thinking.wait(source.PATIENCE))
        self.got.clear()
        self.src.set_property("location", self.uri("0.ts"))
        self.pipeline.set_state(Gst.State.PLAYING)
        log.wait_for(1)
        end = time.monotonic() + source.PATIENCE
        while self.count_requests("3.ts") == 0:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        self.assertEqual(bytes(self.got), b"")
        begun = time.monotonic()
        self.pipeline.set_state(Gst.State.NULL)
        self.assertLess(time.monotonic() - begun, 2)
        # One more is not asked about, and an answer that comes now is nothing.
        thinking.set()
        self.assertEqual(self.read("1.ts"), self.bodies[1])

    def test_pipeline_to_null(self):
        stopped = threading.Event()

        def stop(_number):
            self.pipeline.set_state(Gst.State.NULL)
            stopped.set()
            return True

        self.connect(stop)
        self.src.set_property("location", self.uri("0.ts"))
        self.pipeline.set_state(Gst.State.PLAYING)
        self.assertTrue(stopped.wait(source.PATIENCE), "a callback hangs")


class Callbacks(source.Case):
    """What a callback may do: all that GStreamer allows there."""

    def connect_all(self, function):
        for name in SIGNALS:
            # What a callback of that returns counts, and these return nothing.
            if name not in ("load", "destroy", "validate-segment"):
                self.src.connect(name, function)

    def test_pipeline_to_null(self):
        stopped = threading.Event()

        def stop(_src, _segment):
            self.pipeline.set_state(Gst.State.NULL)
            stopped.set()

        self.read_playlist()
        self.src.connect("segment-loaded", stop)
        self.src.set_property("location", self.uri("0.ts"))
        self.pipeline.set_state(Gst.State.PLAYING)
        self.assertTrue(stopped.wait(source.PATIENCE), "a callback hangs")
        # And it is of use again.
        self.assertEqual(self.pipeline.get_state(Gst.SECOND)[1],
                         Gst.State.NULL)
        self.assertEqual(self.read("3.ts"), self.bodies[3])

    def test_raises(self):
        raised = []

        def fail(*_arguments):
            raise ValueError("on purpose")

        self.addCleanup(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = lambda *error: raised.append(error)
        self.connect_all(fail)
        self.server.add_rule("status", match="/3.ts", code=404)
        self.read_playlist()
        for number in range(3):
            self.assertEqual(self.read(f"{number}.ts"), self.bodies[number])
        self.assertTrue(raised)

    def test_properties(self):
        def look(src, *_arguments):
            for pspec in src.list_properties():
                src.get_property(pspec.name)
            src.set_property("buffer-segments-count", 3)

        self.connect_all(look)
        self.read_playlist()
        for number in range(self.segments):
            self.assertEqual(self.read(f"{number}.ts"), self.bodies[number])

    def test_actions(self):
        """load() in a callback, which makes further ones."""
        log = source.Log()

        def reload(src, segment):
            log.add(segment.get_string("url"))
            src.emit("load", [self.uri("2.ts"), self.uri("3.ts")], None, None)

        self.src.connect("segment-loaded", reload)
        self.read_playlist()
        self.assertEqual(self.read("0.ts"), self.bodies[0])
        told = {url for url, in log.wait_for(3)}
        self.assertIn(self.uri("3.ts"), told)

    def test_disconnects(self):
        handlers = []

        def leave(src, _segment):
            src.disconnect(handlers.pop())

        handlers.append(self.src.connect("segment-loaded", leave))
        self.read_playlist()
        self.assertEqual(self.read("0.ts"), self.bodies[0])
        self.assertEqual(self.read("3.ts"), self.bodies[3])
        self.assertEqual(handlers, [])

    def test_slow(self):
        """Nobody downstream waits for it longer than the engine does."""
        self.src.connect("segment-loaded", lambda *_: time.sleep(0.05))
        self.read_playlist()
        for number in range(self.segments):
            self.assertEqual(self.read(f"{number}.ts"), self.bodies[number])


if __name__ == "__main__":
    tap.main()
