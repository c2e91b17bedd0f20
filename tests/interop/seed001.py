#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Seed 001's own client at our server, and our client at its own server, as npm has
them, over lines of JSON at a UNIX socket. See browser/seed001.cjs."""

import json
import os
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request

import hostengine
import media
import packages
import server
import tap

SCRIPT = packages.PAGES / "seed001.cjs"
SECONDS = 8


class Node:
    """Who it is says what happens to it, an object a line."""

    def __init__(self, *words):
        self._process = subprocess.Popen(
            ["node", SCRIPT, packages.find_seed(), *words], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = []

    def wait_for(self, what):
        """Returns: the next one of that name"""
        for line in self._process.stdout:
            said = json.loads(line)
            self.said.append(said)
            if said["what"] == what:
                return said
        raise RuntimeError(f"{what}: {self.said}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@unittest.skipUnless(packages.find_seed(), "npm or its registry is not there")
class Ends(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(
            tempfile.TemporaryDirectory(prefix="p2phls-"))

    def test_its_client(self):
        served = self.enterContext(server.Server(media.make(
            "ts", seconds=SECONDS)))
        url = f"{served.base}/ts/index.m3u8"
        engine = self.enterContext(hostengine.Engine(
            self.folder, more=["--set", "update-interval=50", "--set",
                               "use-p2p=false"]))
        with Node("client", engine.path, url) as node:
            self.assertEqual(node.wait_for("get")["name"],
                             "TorrentMissingError")
            added = node.wait_for("add")
            self.assertIsNone(added["failed"])
            torrent = added["torrent"]
            self.assertRegex(torrent["serverURL"], r"^http://127.0.0.1:\d+/")
            self.assertRegex(torrent["infohash"], "^[0-9a-f]{40}$")
            self.assertEqual(node.wait_for("server")["serverURL"],
                             torrent["serverURL"])
            again = node.wait_for("get again")["torrent"]
            self.assertEqual(again["infohash"], torrent["infohash"])
            while not (files := node.wait_for("update")["torrent"]["files"]):
                pass
            self.assertEqual(files[0]["name"], "index.m3u8")
            with urllib.request.urlopen(torrent["serverURL"]) as answer:
                playlist = answer.read().decode()
            self.assertIn("#EXTINF", playlist)
            while not node.wait_for("update")["torrent"]["downloaded"]:
                uri = next(line for line in playlist.splitlines()
                           if line.startswith("/"))
                urllib.request.urlopen(urllib.parse.urljoin(
                    torrent["serverURL"], uri)).close()
            self.assertEqual(engine.status()["clients"], 2)
        self.assertEqual(engine.wait_for(
            lambda s: not s["torrents"])["torrents"], [])
        self.assertEqual([said for said in node.said
                          if said["what"].startswith("client ")], [])

    def test_its_server(self):
        path = f"{self.folder}/seed.sock"
        url = "https://example.com/live/master.m3u8"
        engine = object.__new__(hostengine.Engine)
        engine.address, engine._popen = f"unix:{path}", subprocess.Popen
        with Node("server", path) as node:
            node.wait_for("listening")
            self.assertEqual(engine.run("get", url)[0], 3)
            with engine.add(url, "--delay", "50") as added:
                self.assertEqual(added.said["name"], None)
                self.assertEqual(len(added.said["infohash"]), 40)
                with urllib.request.urlopen(added.said["serverURL"]) as answer:
                    self.assertEqual(answer.read(), b"Sintel")
                while True:
                    code, said, _ = engine.run("get", "--json", url)
                    self.assertEqual(code, 0)
                    if (said := json.loads(said))["files"]:
                        break
                self.assertEqual((said["name"], said["files"], said["progress"],
                                  said["numPeers"]),
                                 ("Sintel", ["sintel.mp4"], 0.5, 3))
                added.process.terminate()
                self.assertEqual(added.wait(), 0)
            node.wait_for("destroyed")
        kinds = {said["message"]["type"] for said in node.said
                 if said["what"] == "heard"}
        self.assertEqual(kinds, {"subscribe", "add-torrent", "destroy"})


if __name__ == "__main__":
    os.umask(0o077)
    tap.main()
