#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""p2phls-watch.py, as a user would start it: two who share."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

import media
import server
import tap
import viewers

PROGRAM = Path(__file__).with_name("p2phls-watch.py")
LINE = re.compile(r"(\d+) KB from the web, (\d+) KB from peers, "
                  r"(\d+) KB to peers")


class Watch(unittest.TestCase):
    def start(self, uri, tracker):
        return subprocess.Popen([sys.executable, PROGRAM, "--silent", uri,
                                 tracker], stdout=subprocess.PIPE, text=True)

    def test_two(self):
        root = media.make("ts", seconds=8)
        with server.Server(root) as served, viewers.Tracker() as tracker:
            first = self.start(f"{served.base}/ts/index.m3u8", tracker.url)
            for line in first.stdout:
                if LINE.match(line) and LINE.match(line)[1] != "0":
                    break
            second = self.start(f"{served.base}/ts/index.m3u8", tracker.url)
            said = [process.communicate(timeout=60)[0]
                    for process in (first, second)]
            self.assertEqual((first.returncode, second.returncode), (0, 0))
        sent, got = (LINE.findall(text)[-1] for text in said)
        self.assertNotEqual(got[1], "0", said)
        self.assertEqual(sent[2], got[1], said)
        self.assertRegex(said[1], r"(?m)^    .+:\d+: \d+ kbit/s in, \d+ out$")

    def test_no_such_stream(self):
        with server.Server(media.make("ts", seconds=8)) as served, \
                viewers.Tracker() as tracker:
            process = self.start(f"{served.base}/none.m3u8", tracker.url)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 1)


if __name__ == "__main__":
    tap.main()
