#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""p2phlstracker comes and goes, and is told to do otherwise, while its pipeline
plays; and nobody waits for others when it leaves."""

import signal
import socket
import subprocess
import sys
import time

import source
import swarmcase
import tap
import viewers
from gi.repository import Gst

PROMPT = 0.25                     # seconds, on a busy machine


class Life(swarmcase.Case):
    size = 20000

    def test_added_while_it_plays(self):
        """What plays is shared from then on, and no more after."""
        one, two = swarmcase.Viewer(self, None), swarmcase.Viewer(self)
        one.begin()
        self.assertEqual(one.get_announced(), {})
        added = Gst.ElementFactory.make("p2phlstracker", None)
        added.set_property("tracker-announce", [self.tracker.url])
        added.set_property("stun-server", None)
        one.pipeline.add(added)
        self.assertTrue(added.sync_state_with_parent())
        one.wait_announced({self.tracker.url: "connected"})
        two.begin()
        one.wait_peers(1)

        one.pipeline.remove(added)
        added.set_state(Gst.State.NULL)
        self.assertEqual(one.read("1.ts"), self.bodies[1])
        one.wait_peers(1)

    def test_doubled(self):
        """The last word counts, and is for all."""
        one = swarmcase.Viewer(self)
        one.begin()
        one.wait_announced({self.tracker.url: "connected"})
        with viewers.Tracker() as other:
            second = Gst.ElementFactory.make("p2phlstracker", None)
            second.set_property("tracker-announce", [other.url])
            one.pipeline.add(second)
            self.assertTrue(second.sync_state_with_parent())
            one.wait_announced({other.url: "connected"})
            for element in (one.tracker, second, one.src):
                settings = element.get_property("settings")
                self.assertEqual(settings.get_value("tracker-announce"),
                                 [other.url])

    def test_wins(self):
        one = swarmcase.Viewer(self)
        one.src.set_property("tracker-announce", ["http://127.0.0.1:9"])
        one.src.set_property("max-peers", 3)
        one.tracker.set_property("max-peers", 4)
        one.begin()
        # Also when the source is the last to speak.
        one.src.set_property("max-peers", 5)
        one.src.set_property("tracker-announce", ["http://127.0.0.1:10"])
        one.wait_announced({self.tracker.url: "connected"})
        settings = one.src.get_property("settings")
        self.assertEqual(settings.get_value("max-peers"), 4)

    def test_other_trackers(self):
        """Told to go to others while it plays; what is wrong with them."""
        one = swarmcase.Viewer(self)
        one.begin()
        one.wait_announced({self.tracker.url: "connected"})
        with socket.create_server(("127.0.0.1", 0)) as silent:
            urls = [f"http://127.0.0.1:{port}/a"
                    for port in (silent.getsockname()[1], self.dead_port())]
            told = source.Log()
            one.tracker.connect("tracker-warning",
                                lambda _, url, text: told.add(url, text))
            one.src.connect("tracker-error",
                            lambda _, url, error: told.add(url, error.message))
            one.tracker.set_property("tracker-announce", [*urls, "nonsense"])
            one.wait_announced({urls[0]: "announcing", urls[1]: "waiting",
                                "nonsense": "failed"})
            words = {tracker.get_string("url"): tracker.get_string("error")
                     for tracker in one.get_list("tracker-list")}
            self.assertIsNone(words[urls[0]])
            self.assertIn("cannot be reached", words[urls[1]])
            self.assertIn("Check tracker-announce", words["nonsense"])
            self.assertEqual(dict(told.wait_for(2)),
                             {url: words[url] for url in (urls[1], "nonsense")})
            self.assertLess(one.leave(), PROMPT)

    def dead_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            return taken.getsockname()[1]

    def test_actions(self):
        """Those of the tracker are the session's."""
        one = swarmcase.Viewer(self, "buffer-segments-count=1")
        loaded = source.Log()
        one.tracker.connect("segment-loaded", lambda _, segment: loaded.add(
            segment.get_string("url")))
        one.begin()
        one.tracker.emit("load", [self.uri("2.ts")], None, None)
        # The next one may have come before, by itself.
        one.wait(lambda: (self.uri("2.ts"),) in loaded.get())
        one.wait(lambda: one.get("cached-segments") >= 2)
        one.tracker.emit("destroy")
        one.wait_cached(0)
        one.wait_announced({})

    def test_null(self):
        """Its own, if it listens; also at another address."""
        for address in ("127.0.0.1", "127.0.0.2", "::1", "0.0.0.0"):
            one = swarmcase.Viewer(
                self, f"listen-port=0 listen-address={address}", "NULL")
            one.begin()
            one.wait(lambda: list(one.get_announced().values())
                     == ["connected"] * 2)
            one.leave()

    def test_default(self):
        """Without one of its own, seed 000's two."""
        one = swarmcase.Viewer(self, "", "NULL")
        self.assertEqual(len(one.tracker.get_property("tracker-announce")), 2)
        one.src.set_property("tracker-announce", None)
        self.assertEqual(one.src.get_property("tracker-announce"),
                         one.tracker.get_property("tracker-announce"))

    def test_no_word_is_no_question(self):
        """NULL is as if nobody had said anything: P2P is not asked for."""
        one = swarmcase.Viewer(self, None)
        one.src.set_property("tracker-announce", None)
        one.begin()
        self.assertFalse(one.get("p2p-asked"))
        one.src.set_property("tracker-announce", [self.tracker.url])
        one.wait_announced({self.tracker.url: "connected"})
        self.assertTrue(one.get("p2p-asked"))


class Leaving(swarmcase.Case):
    def test_goodbye(self):
        one, two = self.pair()
        gone = source.Log()
        one.tracker.connect("peer-close", lambda _, peer: gone.add(peer))
        own = two.get_list("tracker-list")[0].get_string("peer-id")
        self.assertLess(two.leave(), PROMPT)
        left = time.monotonic()
        self.assertEqual(gone.wait_for(1), [(own,)])
        self.assertLess(time.monotonic() - left, 2)
        self.assertEqual(two.get_list("peer-list"), [])
        # The tracker knows it too.
        three = swarmcase.Viewer(self)
        three.begin()
        three.wait_peers(1)
        self.assertEqual(three.get_list("tracker-list")[0]
                         .get_uint("peers-told"), (True, 1))

    def test_tracker_that_stands_still(self):
        """It has the connection, and does not read from it."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            one = swarmcase.Viewer(
                self, "", f"http://127.0.0.1:{silent.getsockname()[1]}")
            one.begin()
            with silent.accept()[0]:
                self.assertLess(one.leave(), PROMPT)

    def test_peer_that_stands_still(self):
        one = swarmcase.Viewer(self)
        one.begin()
        other = subprocess.Popen([sys.executable, __file__, "view",
                                  self.server.base, self.tracker.url])
        try:
            one.wait_peers(1)
            other.send_signal(signal.SIGSTOP)
            self.assertLess(one.leave(), PROMPT)
        finally:
            other.kill()
            other.wait()


def view(base, tracker):
    """Another viewer in a process of its own."""
    pipeline = Gst.parse_launch(
        f"p2phlstracker stun-server=NULL tracker-announce={tracker} "
        "p2phlssrc name=src ! fakesink sync=false")
    for path in ("a.m3u8", "0.ts"):
        pipeline.set_state(Gst.State.READY)
        pipeline.get_by_name("src").set_property("location", f"{base}/{path}")
        pipeline.set_state(Gst.State.PLAYING)
        pipeline.get_bus().timed_pop_filtered(source.PATIENCE * Gst.SECOND,
                                              Gst.MessageType.EOS)
    time.sleep(source.PATIENCE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["view"]:
        view(*sys.argv[2:])
    else:
        tap.main()
