#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of all kinds (odd.py) through the gateway: byte by byte what the server
has, and what cannot be read is passed on.

    streams.py Streams          runs the tests of the gateway
    streams.py Demuxers         what souphttpsrc plays, p2phlssrc plays
"""

import http.cookiejar
import re
import unittest
import urllib.error
import urllib.parse
import urllib.request

import gateway
import matrix
import media
import odd
import player
import server
import tap

SECONDS = 8
# What a player of today decodes of them.
DECODED = ["crlf", "names", "event", "discontinuity", "rotation",
           "subtitles", "interstitials", "other-host", "redirected", "gzip",
           "wrong-type", "no-type", "cookies"]
URI = re.compile(r'^[^#\s\ufeff].*$|(?<=URI=")[^"]*(?=")|(?<=LIST=")[^"]*(?=")', re.M)


class Reader:
    """Who asks: status, type and body."""

    def __init__(self):
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(self, url):
        url = urllib.parse.quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        try:
            with self._opener.open(url, timeout=10) as answer:
                return answer.status, answer.url, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, url, b""


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = media.make(*odd.SOURCES, seconds=SECONDS)

    def setUp(self):
        self.served = self.enterContext(server.Server(self.root, gzip=False))

    def compare(self, here, there):
        """here: a URL at the gateway; there: at the server"""
        status, here, got = self.reader.read(here)
        wanted, there, body = self.reader.read(there)
        self.assertEqual(status, wanted, there)
        self.compared += 1
        if not body.lstrip(b"\xef\xbb\xbf").startswith(b"#EXTM3U"):
            self.assertEqual(got, body, there)
            return
        text, ours = body.decode(), got.decode()
        self.assertEqual(URI.sub("", ours), URI.sub("", text))
        for to, uri in zip(URI.findall(ours), URI.findall(text)):
            absolute = urllib.parse.urljoin(there, uri.strip())
            if to.startswith("/"):
                self.compare(urllib.parse.urljoin(here, to.strip()), absolute)
            else:                               # a player goes there itself
                self.assertEqual(to, absolute)

    def test_same_bytes(self):
        for kind in odd.KINDS:
            if kind in ("defined", "gzip"):     # urllib knows neither
                continue
            with self.subTest(kind):
                url = self.served.base + odd.put(kind, self.served)
                self.reader, self.compared = Reader(), 0
                with gateway.Gateway(url) as opened:
                    self.compare(opened.url, url)
                self.assertGreater(self.compared, 2)

    def test_same_frames(self):
        for kind in DECODED:
            with self.subTest(kind):
                url = self.served.base + odd.put(kind, self.served)
                with gateway.Gateway(url) as opened:
                    told = gateway.decode(opened.url)
                self.assertGreater(len(told.splitlines()), 10)
                self.assertEqual(told, gateway.decode(url))

    def test_variables(self):
        """A player that knows none of them plays it too."""
        url = self.served.base + odd.put("defined", self.served)
        with gateway.Gateway(url) as opened:
            told = gateway.decode(opened.url)
        self.assertEqual(told, gateway.decode(
            f"{self.served.base}/master/low/index.m3u8"))
        self.assertIn("/odd/defined-low.m3u8?token=a/b",
                      [entry["path"] for entry in self.served.requests()])


class Demuxers(unittest.TestCase):
    """Each takes a few seconds a stream: in the slow suite."""

    def play(self, mode, scheme, kind, source, **told):
        with server.Server(media.make(*odd.SOURCES, seconds=SECONDS)) as served:
            url = served.base + odd.put(kind, served)
            return player.play(mode, scheme + url, source_name=source,
                               connection_speed=matrix.FAST, **told)

    def check(self, mode):
        for kind in odd.KINDS:
            if kind == "parts":                 # it never ends
                continue
            with self.subTest(kind):
                direct = self.play(mode, "", kind, "souphttpsrc")
                if direct["outcome"] != "eos":
                    continue
                ours = self.play(mode, "p2phls+", kind, matrix.OURS,
                                 trackers=matrix.NOBODY)
                self.assertEqual(ours["outcome"], "eos", ours["errors"])
                self.assertEqual(ours["buffers"], direct["buffers"])
                self.assertEqual(matrix.demuxed(ours), matrix.demuxed(direct))

    def test_hlsdemux(self):
        self.check("playbin")

    def test_hlsdemux2(self):
        self.check("playbin3")


if __name__ == "__main__":
    tap.main()
