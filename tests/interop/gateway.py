#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Players that fetch by themselves, at the gateway's URL: they get what they get
from the server.

    gateway.py                  runs the tests
"""

import subprocess
import unittest

import browser
import media
import player
import server
import tap
from gateways import Gateway

SECONDS = 8
# More than hlsdemux2 loads ahead: that of GStreamer 1.22 fails now and then when a
# stream is there to its end before there are pads.
LONG = 40
KINDS = ["ts", "fmp4", "aes", "byterange", "byterange-fmp4", "group", "audio",
         "absolute"]


def main_of(root, kind):
    names = "master.m3u8", "index.m3u8"
    return next(f"/{kind}/{name}" for name in names
                if (root / kind / name).exists())


def decode(url):
    """Returns: the checksum of each frame of each stream, as ffmpeg reads it"""
    return subprocess.run(
        ["ffmpeg", "-v", "quiet", "-nostdin", "-i", url, "-map", "0",
         "-c", "copy", "-f", "framecrc", "-"], check=True, timeout=60,
        stdout=subprocess.PIPE, text=True).stdout


class Players(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = media.make(*KINDS, seconds=SECONDS)
        cls.origin = cls.enterClassContext(server.Server(cls.root))

    def test_ffmpeg_gets_the_same(self):
        for kind in KINDS:
            with self.subTest(kind):
                url = self.origin.base + main_of(self.root, kind)
                with Gateway(url) as gateway:
                    told = decode(gateway.url)
                self.assertGreater(len(told.splitlines()), 10)
                self.assertEqual(told, decode(url))

    def test_hlsdemux2_gets_the_same(self):
        kinds = "ts", "fmp4", "aes", "byterange", "audio"
        root = media.make(*kinds, seconds=LONG)
        origin = self.enterContext(server.Server(root))
        for kind in kinds:
            with self.subTest(kind):
                url = origin.base + main_of(root, kind)
                with Gateway(url) as gateway:
                    seen = player.play("playbin3", gateway.url,
                                       source_name="souphttpsrc")
                direct = player.play("playbin3", url,
                                     source_name="souphttpsrc")
                self.assertEqual(seen["outcome"], "eos", seen)
                self.assertEqual(seen["buffers"], direct["buffers"])

    def test_live(self):
        url = f"{self.origin.base}/live/ts/index.m3u8"
        with Gateway(url) as gateway:
            seen = player.play("playbin3", gateway.url, sync=True,
                               source_name="souphttpsrc")
        self.assertEqual(seen["outcome"], "eos", seen)
        self.assertGreater(seen["buffers"]["video"], 100)

    def test_two_players_share(self):
        """Side by side, and the server is asked once."""
        with server.Server(self.root) as origin:
            with Gateway(origin.base + main_of(self.root, "ts")) as gateway:
                both = [subprocess.Popen(
                    ["ffmpeg", "-v", "quiet", "-nostdin", "-i", gateway.url,
                     "-c", "copy", "-f", "null", "-"]) for _ in range(2)]
                self.assertEqual([one.wait(60) for one in both], [0, 0])
            paths = [entry["path"] for entry in origin.requests()
                     if entry["path"].endswith(".ts")]
        self.assertEqual(len(paths), len(set(paths)))


@unittest.skipUnless(browser.PROGRAM, "Chromium is not there")
class Page(unittest.TestCase):
    def test_plays_to_the_end(self):
        root = media.make("fmp4", seconds=SECONDS)
        with server.Server(root) as origin, \
                Gateway(f"{origin.base}/fmp4/index.m3u8") as gateway, \
                browser.Browser() as chromium:
            page = chromium.open(gateway.page)
            self.assertIn("index.m3u8, 4 segments", page.call(
                "(() => document.body.innerText)"))
            ended = page.call("""(() => new Promise((done) => {
                const video = document.querySelector("video");
                const tell = () => done([video.ended, video.error?.message]);
                video.playbackRate = 4;
                video.onended = video.onerror = tell;
                if (video.ended || video.error) tell();
            }))""")
            self.assertEqual(ended, [True, None])
            self.assertEqual(page.errors, [])


if __name__ == "__main__":
    tap.main()
