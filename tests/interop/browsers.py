#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pages in Chromium that speak seed 002's protocol, as the browsers' client of
its day did, with our tracker, with each other and with p2phlssrc."""

import hashlib
import threading
import unittest
from pathlib import Path

import browser
import media
import server
import tap
import viewers
from gi.repository import Gst

PAGES = Path(__file__).resolve().parent / "browser"
SECONDS = 12
PLAYLIST = "/ts/index.m3u8"
LAUNCH = """p2phlstracker name=tracker tracker-announce={tracker}
    p2phlssrc location={location} ssl-ca-file={anchor}
    ! hlsdemux ! decodebin ! fakesink sync={sync}"""


class Viewer:
    """p2phlssrc, in this process. loaded: the hash of each segment it got;
    announced: whether the tracker knows it."""

    def __init__(self, tracker, location, sync):
        self.loaded = {}
        self.announced = threading.Event()
        self.pipeline = Gst.parse_launch(LAUNCH.format(
            tracker=tracker, location=location, sync=sync,
            anchor=media.certificate()[0]))
        self.tracker = self.pipeline.get_by_name("tracker")
        self.tracker.set_property("stun-server", None)
        self.tracker.connect("segment-loaded", self._on_loaded)
        self.tracker.connect("announced", lambda *_: self.announced.set())
        self.tracker.connect("tracker-warning",
                             lambda _, url, text: print(f"# {url}: {text}"))
        self.pipeline.set_state(Gst.State.PLAYING)

    def _on_loaded(self, _, segment):
        data = segment.get_value("data").get_data()
        name = segment.get_string("url").rpartition("/")[2]
        self.loaded[name] = hashlib.sha256(data).hexdigest()

    def wait(self):
        """Returns: whether it came to the end of the stream."""
        message = self.pipeline.get_bus().timed_pop_filtered(
            3 * SECONDS * Gst.SECOND,
            Gst.MessageType.EOS | Gst.MessageType.ERROR)
        return message and message.type == Gst.MessageType.EOS

    def count(self, what):
        """Bytes, as of 50 ms ago at most."""
        return self.tracker.get_property("stats").get_value(what)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pipeline.set_state(Gst.State.NULL)


@unittest.skipUnless(browser.PROGRAM, "there is no chromium")
class Pages(unittest.TestCase):
    tls = False

    @classmethod
    def setUpClass(cls):
        root = media.make("ts", seconds=SECONDS)
        cls.served = cls.enterClassContext(server.Server(root))
        for page in PAGES.glob("viewer.*"):
            cls.served.files[f"/{page.name}"] = page.read_bytes()
        cls.chromium = cls.enterClassContext(browser.Browser(tls=cls.tls))
        cls.hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (root / "ts").glob("*.ts")}

    def setUp(self):
        self.tracker = self.enterContext(viewers.Tracker(tls=self.tls))

    def open(self):
        page = self.chromium.open(f"{self.served.base}/viewer.html")
        self.addCleanup(lambda: self.assertEqual(page.errors, []))
        return page

    def check_loaded(self, loaded, method):
        for segment in loaded:
            self.assertEqual(segment["from"], method, segment)
            self.assertEqual(segment["hash"], self.hashes[segment["url"]])

    def start(self, peers):
        """Returns: a page that has the first segment, and is told of so many"""
        page = self.open()
        started = page.call("start", PLAYLIST, self.tracker.url)
        self.check_loaded([started["first"]], "source")
        self.assertEqual(started["peers"], peers)
        self.assertTrue(browser.wait_until(lambda: page.call("countPeers") == peers))
        return page

    def check_pieces(self, page, least):
        """Whether it sent so many, and was told that they came."""
        browser.wait_until(lambda: page.call("getPieces")["acked"] >= least, 5)
        pieces = page.call("getPieces")
        self.assertGreaterEqual(pieces["acked"], least)
        self.assertEqual(pieces["acked"], pieces["sent"])


class Exchange(Pages):
    def test_two_pages(self):
        first = self.start(0)
        self.check_loaded(first.call("loadAll"), "source")
        second = self.start(1)
        loaded = second.call("loadAll")
        self.assertEqual(len(loaded), len(self.hashes) - 1)
        self.check_loaded(loaded, "p2p")
        self.check_pieces(first, len(loaded))
        for page in first, second:
            self.assertEqual(page.call("report"), "{}")

    def test_from_page(self):
        """The viewer joins, and offers."""
        page = self.start(0)
        self.check_loaded(page.call("loadAll"), "source")
        with Viewer(self.tracker.url, self.served.base + PLAYLIST,
                    True) as viewer:
            self.assertTrue(viewer.wait())
            self.assertTrue(browser.wait_until(lambda: viewer.loaded == self.hashes))
            # Some of six cannot wait for a connection that takes long.
            self.assertTrue(browser.wait_until(lambda: viewer.count("p2p-fetched")
                                       > viewer.count("http-fetched") / 2))
            self.check_pieces(page, len(self.hashes) // 3)


class Secure(Pages):
    """The tracker has a certificate: https and wss."""

    tls = True

    def test_to_page(self):
        """The page joins, and offers."""
        with Viewer(self.tracker.url, self.served.base + PLAYLIST,
                    False) as viewer:
            self.assertTrue(viewer.wait())
            self.assertTrue(browser.wait_until(lambda: viewer.loaded == self.hashes))
            self.assertTrue(viewer.announced.wait(10))
            page = self.start(1)
            loaded = page.call("loadAll")
            self.assertEqual(len(loaded), len(self.hashes) - 1)
            self.check_loaded(loaded, "p2p")
            size = sum(segment["size"] for segment in loaded)
            self.assertTrue(browser.wait_until(
                lambda: viewer.count("p2p-uploaded") >= size))


class Calls(Pages):
    """What the tracker answers, as a page of another origin may read it."""

    HASH = "9a0364b9e99bb480dd25e1f0284c8555a5d4f0f8"

    def setUp(self):
        super().setUp()
        self.page = self.open()

    def call(self, path, method="GET", content=None, body=None):
        answer = self.page.call("call", method, self.tracker.url + path,
                                content, body)
        self.assertEqual(answer["status"], 200)
        self.assertEqual(answer["type"], "application/json; charset=utf-8")
        return answer["text"]

    def check(self, slash):
        """As the client of 2018-04 calls, with its slash before the "?"."""
        query = f"{slash}?key=free&info_hash={self.HASH}"
        first = self.call(f"/announce{query}")
        self.assertRegex(first, r'^\{"peer_id":"[0-9a-f]{16}",'
                         r'"report_interval":60,"heartbeat_interval":60,'
                         r'"peers":\[\]\}$')
        one, two = (text.split('"')[3] for text in
                    (first, self.call(f"/announce{query}")))
        self.assertEqual(
            self.call(f"/get_peers{query}&peer_id={two}"),
            f'{{"peers":[{{"id":"{one}"}}]}}')
        self.assertEqual(self.call(f"/heartbeat{query}&peer_id={two}"), "{}")
        self.assertEqual(
            self.call(f"/stats{query}&peer_id={two}", "POST",
                      "text/plain;charset=UTF-8", '{"source":3,"p2p":1}'),
            "{}")

    def test_slash(self):
        self.check("/")

    def test_no_slash(self):
        self.check("")

    def test_preflight(self):
        """Of a request with JSON the browser asks the tracker before."""
        text = self.call("/channel", "POST", "application/json",
                         '{"device":"PC","channel":"YWJj"}')
        self.assertRegex(text, r'^\{"ret":0,"name":"channel","data":\{"id":')


if __name__ == "__main__":
    tap.main()
