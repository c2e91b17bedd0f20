#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""All players of a host at once, on one engine, with another viewer elsewhere:
what they play comes from that viewer, and from the web server once."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import browser
import hostengine
import media
import nets
import packages
import players
import server
import tap
import viewers

PLAY = os.environ["P2PHLS_PLAY"]
SECONDS = 120
SEGMENTS = SECONDS // media.SEGMENT_SECONDS
PATIENCE = 2 * SECONDS
ASKED = 1.1                       # times that a segment comes from the web server
AHEAD = 15                        # seconds that the other viewer began before
KBITS = 10000                     # of the web server, for a stream of 1 Mbit/s

FIRST = "ffmpeg"
OTHERS = "gst-play-1.0 --use-playbin3", "Python, playbin3", "mpv", "VLC"


class Page:
    """hls.js in Chromium, on a page from the host itself."""

    def __init__(self, stack, host, folder):
        root = stack.enter_context(tempfile.TemporaryDirectory())
        shutil.copy(folder / "hls.js/dist/hls.min.js", root)
        shutil.copy(packages.PAGES / "hls.html", root)
        served = host.popen([sys.executable, server.__file__, root],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True)
        stack.callback(served.kill)
        self.base = served.stdout.readline().strip()
        chromium = stack.enter_context(browser.Browser(popen=host.popen))
        self._page = chromium.open(f"{self.base}/hls.html")

    def start(self, url):
        self._page.call("play", url)

    def wait(self, until):
        return browser.wait_until(lambda: self._page.call("hasEnded"),
                                  until - time.monotonic())


class Together(unittest.TestCase):
    def setUp(self):
        why = nets.why_not("mpv", "cvlc", "ffmpeg", "gst-play-1.0", "chromium")
        folder = packages.find()
        if why or not folder:
            self.skipTest(why or "npm or its registry is not there")
        self.folder = folder
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        nets.enter()

    def begin(self):
        """The engine at one site, the other viewer at another."""
        enter = self.stack.enter_context
        root = media.make("megabit", seconds=SECONDS)
        site, there = enter(nets.Site()), enter(nets.Site())
        self.served = enter(server.Server(root, address=nets.HERE,
                                          kbits=KBITS))
        tracker = enter(viewers.Tracker(nets.HERE))
        self.url = f"{self.served.base}/megabit/index.m3u8"
        self.host = site.host
        self.address = site.outside
        self.other = enter(viewers.Viewer(
            PLAY, self.url, tracker.url, cache=SEGMENTS, popen=there.host.popen,
            options=["--set", "engine=own",
                     "--set", "buffer-segments-count=100"]))
        browser.wait_until(
            lambda: self.other.last.get("position", 0) > AHEAD, 2 * AHEAD)
        scratch = enter(tempfile.TemporaryDirectory())
        self.engine = enter(hostengine.Engine(
            scratch, [tracker.url], popen=self.host.popen,
            more=["--set", f"max-cache-segments-count={SEGMENTS}"]))

    def count_asked(self):
        """How often the host's engine had each segment from the server"""
        asked = [request["path"] for request in self.served.requests()
                 if request["address"] == self.address
                 and ".m3u8" not in request["path"]]
        return {path: asked.count(path) for path in asked}

    def play(self, command):
        home = self.stack.enter_context(players.home())
        process = self.host.popen(
            command, cwd=home, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home,
                 "GST_REGISTRY": f"{home}/registry"})
        self.stack.callback(process.kill)
        return process

    def test_players(self):
        self.begin()
        page = Page(self.stack, self.host, self.folder)
        added = self.stack.enter_context(self.engine.add(
            self.url, "--origin", page.base))
        url = added.said["playlistURL"]
        commands = {player.name: player.make_command(url)
                    for player in players.PLAYERS}
        # The swarm is joined with the first segment that is asked for.
        playing = {FIRST: self.play(commands[FIRST])}
        self.engine.wait_for(lambda status: status["torrents"][0]["numPeers"])
        playing.update((name, self.play(commands[name])) for name in OTHERS)
        page.start(url)
        until = time.monotonic() + PATIENCE
        ended = {"hls.js": page.wait(until)}
        for name, process in playing.items():
            try:
                _, said = process.communicate(
                    timeout=max(1, until - time.monotonic()))
                ended[name] = process.returncode == 0 or said
            except subprocess.TimeoutExpired:
                ended[name] = "it did not end"
        torrent = self.engine.status()["torrents"][0]
        counts = self.count_asked()
        print("# " + json.dumps({
            "ended": ended, "from web": torrent["fromWeb"],
            "from peers": torrent["fromPeers"], "asked": counts}))
        self.assertEqual(set(ended.values()), {True}, ended)
        both = torrent["fromWeb"] + torrent["fromPeers"]
        self.assertGreaterEqual(torrent["fromPeers"], both / 2)
        self.assertLessEqual(sum(counts.values()), ASKED * SEGMENTS)


if __name__ == "__main__":
    tap.main()
