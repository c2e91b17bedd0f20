#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""When the segment that is asked for has to be there, as the pipeline tells: what
is loaded last, by the web server's word, is played when its deadline says."""

import time
import unittest

import gate
import media
import server
import tap
import viewers
from gi.repository import Gst

SECONDS = 40
OFF = 0.5                         # seconds
# Of a moment in which this program was held up for so long, and of what comes right
# after it, nothing can be said: on a busy machine others are looked at instead.
HELD = 0.15
ENOUGH = 20                       # moments that are looked at
LIMIT = 60                        # seconds in which there have to be as many
DURATION = media.SEGMENT_SECONDS


class Deadline(unittest.TestCase):
    def setUp(self):
        self.served = server.Server(media.make("ts", seconds=SECONDS))
        self.addCleanup(self.served.close)
        self.tracker = viewers.Tracker()
        self.addCleanup(self.tracker.__exit__)
        self.deadlines = []

    def start(self, path, peers=True):
        # A segment is fetched as it is asked for, or after the one before.
        announce = f"tracker-announce={self.tracker.url}" if peers else ""
        self.pipeline = Gst.parse_launch(
            f"p2phlssrc name=src location={self.served.base}{path} "
            f"{announce} ice-policy=lan "
            "required-segments-count=1 buffer-segments-count=1 ! hlsdemux ! "
            "tsdemux ! queue max-size-time=3000000000 max-size-bytes=0 "
            "max-size-buffers=0 ! fakesink sync=true")
        self.addCleanup(self.pipeline.set_state, Gst.State.NULL)
        self.src = self.pipeline.get_by_name("src")
        self.src.set_property("stun-server", None)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.assertEqual(self.pipeline.get_state(10 * Gst.SECOND)[0],
                         Gst.StateChangeReturn.SUCCESS)

    def get_last(self):
        """The number of the segment that was asked for last."""
        paths = [request["path"] for request in self.served.requests()]
        names = [path for path in paths if path.endswith(".ts")]
        return int(names[-1].rpartition("/seg")[2].partition(".")[0])

    def get_deadline(self):
        return self.src.get_property("stats").get_value("deadline") / 1e6

    def get_due(self):
        """The deadline by this program's clock, read when it is not held up."""
        for _ in range(100):
            begun = time.monotonic()
            deadline = self.get_deadline()
            if time.monotonic() < begun + HELD:
                break
        return begun + deadline

    def pause(self):
        """Returns: how long the state change took."""
        self.pipeline.set_state(Gst.State.PLAYING)
        begun = time.monotonic()
        self.pipeline.set_state(Gst.State.PAUSED)
        return time.monotonic() - begun

    def check(self, seconds, ahead=0):
        """For so long, what is told is so, but for a moment after each request.
        ahead: segments that may be there before they are asked for."""
        told = []
        begun = looked = time.monotonic()
        last, since = -1, 0
        while time.monotonic() < begun + seconds or len(told) < ENOUGH:
            self.assertLess(time.monotonic(), begun + LIMIT, told)
            if self.get_last() != last:
                last, since = self.get_last(), time.monotonic()
            known, position = self.pipeline.query_position(Gst.Format.TIME)
            deadline = self.get_deadline()
            self.assertTrue(known)
            if time.monotonic() > looked + HELD:
                since = max(since, time.monotonic())
            looked = time.monotonic()
            if self.get_last() == last and looked > since + OFF:
                asked = round((position / Gst.SECOND + deadline) / DURATION)
                self.assertIn(last - asked, range(ahead + 1))
                told.append(position / Gst.SECOND + deadline
                            - asked * DURATION)
                self.deadlines.append(deadline)
            time.sleep(0.05)
        self.assertLess(max(map(abs, told)), OFF, told)

    def seek(self, to):
        self.assertTrue(self.pipeline.seek_simple(
            Gst.Format.TIME, Gst.SeekFlags.FLUSH, to * Gst.SECOND))
        self.assertEqual(self.pipeline.get_state(10 * Gst.SECOND)[0],
                         Gst.StateChangeReturn.SUCCESS)

    def test_vod(self):
        self.start("/ts/index.m3u8")
        self.check(4)
        # There is something to wait for.
        self.assertGreater(max(self.deadlines), 1)
        self.assertLess(min(self.pause() for _ in range(3)), 0.5)
        # Who stands still may be waiting for it: it comes nearer all the same.
        time.sleep(OFF)
        due = self.get_due()
        time.sleep(1.5)
        self.assertLess(abs(due - self.get_due()), OFF)
        self.seek(30)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.check(2)
        self.seek(4)
        # What is there already is not fetched again.
        time.sleep(OFF)
        position = self.pipeline.query_position(Gst.Format.TIME)[1]
        self.assertLess(abs(self.get_deadline()), 3 + DURATION)
        self.assertLess(position, 8 * Gst.SECOND)

    def test_live(self):
        self.start("/live/ts/index.m3u8")
        self.check(9, ahead=1)

    def test_not_asked(self):
        """Where there are no peers to wait for, nobody asks the pipeline."""
        self.start("/ts/index.m3u8", peers=False)
        time.sleep(3 * OFF)
        self.assertEqual(self.get_deadline(), 0)


class Buffering(unittest.TestCase):
    """Who pauses until enough is there does not wait for a tracker that fails."""

    def fill(self, mode):
        """How long it takes until four segments and more are there."""
        with (server.Server(media.make("ts")) as served,
              gate.Gate(0, mode) as closed):
            Gst.init(None)
            pipeline = Gst.parse_launch(
                f"p2phlssrc location={served.base}/ts/index.m3u8 engine=own "
                f"tracker-announce={closed.url} stun-server=NULL ! hlsdemux ! "
                "tsdemux ! queue max-size-time=0 max-size-bytes=0 "
                "max-size-buffers=0 ! fakesink")
            self.addCleanup(pipeline.set_state, Gst.State.NULL)
            begun = time.monotonic()
            pipeline.set_state(Gst.State.PAUSED)
            while not [request for request in served.requests()
                       if "seg4.ts" in request["path"]]:
                self.assertLess(time.monotonic() - begun, LIMIT)
                time.sleep(0.02)
            self.assertEqual(pipeline.set_state(Gst.State.NULL),
                             Gst.StateChangeReturn.SUCCESS)
            return time.monotonic() - begun

    def check(self, mode):
        # Viewers that a tracker may tell of would be given 3 s.
        self.assertLess(min(self.fill(mode) for _ in range(3)), 2)

    def test_silent(self):
        self.check("hang")

    def test_refused(self):
        self.check("refuse")


if __name__ == "__main__":
    tap.main()
