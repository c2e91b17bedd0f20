#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""p2phls-remote, in C and in Python, as a user would start them.

test_remote.py PROGRAM
"""

import contextlib
import json
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import media
import server
import tap

PYTHON = Path(__file__).with_name("p2phls-remote.py")
PROGRAM = sys.argv.pop(1)


def read(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read(), answer.geturl()


def play(url):
    """What a player reads: all segments of the first stream of a master."""
    text, base = read(url)
    for _ in range(2):
        names = [line for line in text.decode().splitlines()
                 if line and not line.startswith("#")]
        urls = [urllib.parse.urljoin(base, name) for name in names]
        if b"EXT-X-STREAM-INF" not in text:
            break
        text, base = read(urls[0])
    return b"".join(read(url)[0] for url in urls)


@contextlib.contextmanager
def start(*command):
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def find(process, pattern):
    """The next line of it that has pattern. Returns: the match"""
    for line in process.stdout:
        match = re.search(pattern, line)
        if match:
            return match
    raise AssertionError(f"it ended without saying {pattern}")


class Remote(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = media.make("master", "ts", seconds=8)
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = f"{cls.folder.name}/engine.sock"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def wanted(self):
        return b"".join((self.root / f"master/low/seg{n}.ts").read_bytes()
                        for n in range(4))

    def test_python(self):
        with server.Server(self.root) as served, \
                start(sys.executable, PYTHON,
                      f"{served.base}/master/master.m3u8") as process:
            # Whichever is known first.
            lines = sorted(find(process, r".+")[0] for _ in range(2))
            self.assertEqual(json.loads(lines[0]),
                             [{"name": "low/index.m3u8"},
                              {"name": "high/index.m3u8"}])
            self.assertEqual(play(lines[1].strip()), self.wanted())
            process.send_signal(signal.SIGINT)
            process.wait(20)

    def test_c(self):
        with server.Server(self.root) as served, \
                start(PROGRAM, self.path) as engine:
            find(engine, "listens")
            uri = f"{served.base}/master/master.m3u8"
            with start(PROGRAM, self.path, uri) as one, \
                    start(PROGRAM, self.path, uri) as two:
                urls = [find(process, r"playlist (\S+)")[1]
                        for process in (one, two)]
                self.assertEqual(urls[0], urls[1])
                self.assertEqual(play(urls[0]), self.wanted())
                find(one, r"^100 %")
                # Each segment once, for two clients.
                asked = [request["path"] for request in served.requests()
                         if request["path"].endswith(".ts")]
                self.assertEqual(len(asked), len(set(asked)))
            # Both were killed: nothing is left, at once.
            find(engine, "torrent instance destroyed")
            with self.assertRaises(OSError):
                read(urls[0])

    def test_killed_engine(self):
        with server.Server(self.root) as served, \
                start(PROGRAM, self.path) as engine:
            find(engine, "listens")
            with start(PROGRAM, self.path,
                       f"{served.base}/ts/index.m3u8") as client:
                find(client, "playlist")
                engine.kill()
                self.assertEqual(client.wait(20), 1)
        # The file that it left is in nobody's way.
        with start(PROGRAM, self.path) as engine:
            find(engine, "listens")
            with start(PROGRAM, self.path, "nonsense") as client:
                self.assertEqual(client.wait(20), 1)
            find(engine, "destroying client|torrent client died")


if __name__ == "__main__":
    tap.main()
