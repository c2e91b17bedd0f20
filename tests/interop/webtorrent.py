#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""p2phlstracker as a WebTorrent tracker: the client of npm's bittorrent-tracker
with it, and the page that shows what it does, in Chromium."""

import json
import queue
import shutil
import subprocess
import threading
import time
import unittest

import browser
import packages
import tap
import viewers

PATIENCE = 20                     # seconds
INTERVAL = 30                     # seconds, that a client is told
A, B = "2d50" + "00ff" * 9, "2d51" + "80c3" * 9


class Clients:
    """Those of wtclient.mjs."""

    def __init__(self, folder):
        self._process = subprocess.Popen(
            ["node", packages.PAGES / "wtclient.mjs", folder], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._process.stdout.readline()
        self._heard = queue.Queue()
        self._early = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._heard.put(json.loads(line))

    def call(self, client, method, *arguments):
        print(json.dumps({"client": client, "call": method, "with": arguments}),
              file=self._process.stdin, flush=True)

    def wait(self, client, event):
        """What the next event of that name tells, in whatever order they come."""
        for said in self._early:
            if (said["client"], said["event"]) == (client, event):
                self._early.remove(said)
                return said["with"]
        until = time.monotonic() + PATIENCE
        while True:
            said = self._heard.get(timeout=max(0, until - time.monotonic()))
            if (said["client"], said["event"]) == (client, event):
                return said["with"]
            self._early.append(said)

    def left(self):
        """The names of all events that nobody waited for."""
        while not self._heard.empty():
            self._early.append(self._heard.get())
        return {said["event"] for said in self._early}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Published(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = shutil.which("node") and packages.find()
        if not cls.folder:
            raise unittest.SkipTest("npm or its registry is not there")

    def setUp(self):
        self.clients = self.enterContext(Clients(self.folder))

    def track(self, **properties):
        self.tracker = self.enterContext(viewers.Tracker(**properties))
        return self.tracker.url.replace("http", "ws", 1)

    def make(self, name, url, peer, info_hash):
        # The package has one WebSocket for all clients of one URL.
        self.clients.call(name, "new", {"announce": f"{url}/{name}",
                                        "peerId": peer, "infoHash": info_hash})

    def assert_update(self, client, complete, incomplete):
        update = self.clients.wait(client, "update")
        self.assertEqual((update["complete"], update["incomplete"]),
                         (complete, incomplete))
        self.assertEqual(update["interval"], INTERVAL)

    def test_all(self):
        url = self.track(announce_interval=INTERVAL)
        # Every byte there is
        for first in range(0, 256, 20):
            info_hash = bytes(i % 256 for i in range(first, first + 20)).hex()
            with self.subTest(info_hash):
                self.share(url, info_hash)
        self.assertLessEqual(self.clients.left(), {"update"})

    def share(self, url, info_hash):
        a, b = f"a{info_hash}", f"b{info_hash}"
        self.make(a, url, A, info_hash)
        self.make(b, url, B, info_hash)
        self.clients.call(a, "start", {"left": 10})
        self.assert_update(a, 0, 1)
        self.clients.call(b, "start", {"left": 10})
        self.assert_update(b, 0, 2)
        self.assertEqual(self.clients.wait(a, "peer"), {"type": "offer", "id": B})
        self.assertEqual(self.clients.wait(b, "peer"),
                         {"type": "answer", "id": A})
        self.clients.call(b, "complete")
        self.assert_update(b, 1, 1)
        self.clients.call(a, "scrape")
        scrape = self.clients.wait(a, "scrape")
        self.assertEqual(scrape["infoHash"], info_hash)
        self.assertEqual((scrape["complete"], scrape["incomplete"]), (1, 1))
        self.clients.call(b, "stop")
        self.assert_update(b, 0, 1)
        self.clients.call(a, "update")
        self.assert_update(a, 0, 1)
        self.clients.call(a, "destroy")
        self.clients.call(b, "destroy")

    def test_scrape_many(self):
        url = self.track()
        hashes = [f"{i:02x}" * 20 for i in range(3)]
        self.make("one", url, A, hashes[0])
        self.clients.call("one", "start")
        self.clients.wait("one", "update")
        self.clients.call("one", "scrape", {"infoHash": hashes})
        scrapes = [self.clients.wait("one", "scrape") for _ in hashes]
        self.assertEqual({scrape["infoHash"]: scrape["incomplete"]
                          for scrape in scrapes}, dict(zip(hashes, (1, 0, 0))))

    def test_refused(self):
        """It hears why, and its WebSocket stays open."""
        good, bad = "00" * 20, "01" * 20
        url = self.track(allowed_info_hashes=[good])
        self.clients.call("one", "new", {"announce": url, "peerId": A,
                                         "infoHash": bad})
        self.clients.call("two", "new", {"announce": url, "peerId": B,
                                         "infoHash": good})
        self.clients.call("one", "start")
        self.assertEqual(self.clients.wait("one", "warning"),
                         "this tracker does not serve that info_hash")
        self.clients.call("two", "start")
        self.clients.wait("two", "update")


READ = "(() => document.body.innerText)"
SPEAK = """(async () => {
    const socket = new WebSocket(location.href.replace("http", "ws"));
    await new Promise(done => socket.onopen = done);
    const heard = new Promise(done => socket.onmessage = done);
    socket.send(JSON.stringify({action: "announce", left: 0,
        info_hash: "\\0\\xff\\x80" + "h".repeat(17), peer_id: "p".repeat(20)}));
    window.socket = socket;
    return JSON.parse((await heard).data);
})"""
ANNOUNCE = """(async name => {
    await fetch("/announce?info_hash=" + encodeURIComponent(name));
})"""
NAME = "<img src=x onerror=alert(1)>"
HEX = "00ff80" + "68" * 17


@unittest.skipUnless(browser.PROGRAM, "there is no chromium")
class Page(unittest.TestCase):
    def test_live(self):
        tracker = self.enterContext(viewers.Tracker())
        chromium = self.enterContext(browser.Browser())
        page = chromium.open(f"{tracker.url}/")

        def shows(*texts):
            return browser.wait_until(lambda: all(
                text in page.call(READ)
                for text in texts))

        self.assertTrue(shows("uptime", "connections", "WebTorrent"))
        self.assertNotIn(HEX, page.call(READ))
        reply = page.call(SPEAK)
        self.assertEqual((reply["complete"], reply["incomplete"]), (1, 0))
        page.call(ANNOUNCE, NAME)
        self.assertTrue(shows(f"{HEX}\t1\t0", f"{NAME}\t1\t0\t0"))
        page.call("socket.close.bind(socket)")
        self.assertTrue(browser.wait_until(lambda: HEX not in page.call(READ)))
        self.assertEqual(page.call("(() => document.images.length)"), 0)
        self.assertEqual(page.errors, [])


if __name__ == "__main__":
    tap.main()
