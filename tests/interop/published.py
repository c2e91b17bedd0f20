#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The browsers' client that grew out of seed 002, as npm has it today, with our
tracker. What it says to other viewers is another protocol by now; what it says to
trackers is what POST /channel of docs/tracker.md serves."""

import hashlib
import unittest

import browser
import media
import packages
import server
import tap
import viewers

SECONDS = 24
PLAYLIST = "/ts/index.m3u8"
# Of the web server: twice the stream's, so that who joins does not have it all
# before it knows anybody
KBITS = 800


@unittest.skipUnless(browser.PROGRAM, "there is no chromium")
class Published(unittest.TestCase):
    def test_share(self):
        folder = packages.find()
        if not folder:
            self.skipTest("npm or its registry is not there")
        root = media.make("ts", seconds=SECONDS)
        hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                  for path in (root / "ts").glob("*.ts")}
        served = self.enterContext(server.Server(root, kbits=KBITS))
        served.files["/published.html"] = (
            packages.PAGES / "published.html").read_bytes()
        served.files["/hls.min.js"] = (
            folder / "cdnbye/dist/hls.min.js").read_bytes()
        tracker = self.enterContext(viewers.Tracker())
        chromium = self.enterContext(browser.Browser())
        url = f"{served.base}/published.html"

        def watch():
            page = chromium.open(url)
            page.call("play", PLAYLIST, tracker.url)
            self.assertTrue(browser.wait_until(
                lambda: page.call("get")["loaded"] == hashes, 2 * SECONDS))
            return page

        pages = [watch()]
        # It does without peers if they take long, as on a busy machine.
        while len(pages) < 4 and not pages[-1].call("get")["p2p"]:
            pages.append(watch())
        self.assertGreater(pages[-1].call("get")["p2p"], 0)
        self.assertTrue(browser.wait_until(
            lambda: any(page.call("get")["upload"] for page in pages)))


if __name__ == "__main__":
    tap.main()
