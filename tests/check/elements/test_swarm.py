#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Viewers of one tracker, each with its p2phlstracker: what their properties and
their statistics say is what happens between them."""

import re
import time
from pathlib import Path

import source
import swarmcase
import tap
from gi.repository import Gst

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/loader.md"
TYPES = {"guint64": "uint64", "gint64": "int64", "guint": "uint",
         "gchararray": "string", "gboolean": "boolean"}


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


class Swarm(swarmcase.Case):
    def test_stats(self):
        one, two = self.pair()
        one.wait(lambda: one.get("buffered") == 2000 * (self.segments - 1))
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
            # The list is up to a second old.
            viewer.wait(lambda viewer=viewer: viewer.get_list("peer-list")[0]
                        .get_string("state") == "idle")
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
        self.assertEqual(peer.get_boolean("relayed"), (True, False))

    def test_bad_server(self):
        """A server that cannot be read costs the peers, and is told."""
        viewer = swarmcase.Viewer(self, "turn-server=turn://nobody")
        told = source.Log()
        viewer.tracker.connect("tracker-error", lambda _, tracker, error:
                               told.add(tracker, error.domain, error.message))
        viewer.begin()
        viewer.read_all()
        [(url, domain, message)] = told.wait_for(1)
        self.assertEqual((url, domain), (self.tracker.url, "p2p-error-quark"))
        self.assertIn("turn://user:password@host", message)
        self.assertEqual(viewer.get("peers"), 0)

    def test_message(self):
        one, _ = self.pair("stats-interval=50")
        message = one.bus.timed_pop_filtered(source.PATIENCE * Gst.SECOND,
                                             Gst.MessageType.ELEMENT)
        one.wait(lambda: self.pop_stats(one).get_value("peer-list"))
        self.assertEqual(message.src, one.tracker)
        self.assertEqual(types_of(self.pop_stats(one)), read_table("field"))

    def pop_stats(self, viewer):
        """The statistics posted next."""
        while True:
            message = viewer.bus.timed_pop_filtered(
                source.PATIENCE * Gst.SECOND, Gst.MessageType.ELEMENT)
            self.assertIsNotNone(message)
            if message.has_name("p2phls-stats"):
                return message.get_structure()

    def test_upload_off(self):
        one, two = self.pair("upload=false")
        two.read_all()
        self.assertEqual(two.get("p2p-fetched"), 0)
        self.assertEqual(one.get("p2p-uploaded"), 0)
        # Who is there is said, and no more.
        self.assertLess(self.get_sent(one), 2000)

    def test_max_upload_rate(self):
        rate = 100000
        one, two = self.pair(f"max-upload-rate={rate}")
        begun = time.monotonic()
        two.read_all()
        two.wait_cached(self.segments)
        spent = time.monotonic() - begun
        # A second's worth may be promised at once, and no segment is cut.
        most = rate * (spent + 1) + self.size
        one.wait(lambda: one.get("p2p-uploaded") == two.get("p2p-fetched"))
        self.assertGreaterEqual(two.get("p2p-fetched"), self.size)
        self.assertLess(two.get("p2p-fetched"), most)
        self.assertLess(self.get_sent(one), most + 5000)

    def get_sent(self, viewer):
        """Bytes on the wire to the one peer."""
        time.sleep(1.2)           # the list's age
        return viewer.get_list("peer-list")[0].get_uint64("bytes-sent")[1]

    def test_max_peers(self):
        one, _ = self.pair("max-peers=1")
        three = swarmcase.Viewer(self)
        three.begin()
        three.wait_peers(1)
        time.sleep(1)
        self.assertEqual(one.get("peers"), 1)
        # At run time, for those to come.
        one.tracker.set_property("max-peers", 5)
        four = swarmcase.Viewer(self)
        four.begin()
        four.wait_peers(3)
        one.wait_peers(2)

    def test_no_peers(self):
        one, two = swarmcase.Viewer(self, "max-peers=0"), swarmcase.Viewer(self)
        one.begin()
        two.begin()
        two.wait_announced({self.tracker.url: "connected"})
        time.sleep(1)
        self.assertEqual((one.get("peers"), two.get("peers")), (0, 0))

    def test_empty_servers(self):
        """They are none, as NULL is."""
        self.pair('stun-server=""', 'turn-server="" pem=""')

    def test_own_tracker(self):
        """Players find it there, and browsers."""
        own = swarmcase.Viewer(self, "listen-port=0 listen-address=127.0.0.1",
                               announce="NULL")
        own.begin()
        port = own.tracker.get_property("current-port")
        urls = [f"{scheme}://127.0.0.1:{port}" for scheme in ("http", "ws")]
        own.wait_announced(dict.fromkeys(urls, "connected"))
        for count, url in enumerate(urls, 1):
            swarmcase.Viewer(self, announce=url).begin()
            own.wait_peers(count)

    def test_http_election_off(self):
        one, two = self.pair("http-election=false", "http-election=false")
        two.read_all()
        two.wait_cached(self.segments)
        self.assertGreaterEqual(two.get("p2p-fetched"), self.size)
        self.assertEqual(one.get("bad-messages") + two.get("bad-messages"), 0)


if __name__ == "__main__":
    tap.main()
