#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plain URIs in players that know nothing of us: who is asked what when
p2phlsdemux has the highest rank, with the user's word and without."""

import os
import tempfile
import unittest
from pathlib import Path

import fallback
import matrix
import media
import player
import server
import tap

SECONDS = matrix.SECONDS
RANK = "p2phlsdemux:MAX"


def serve(*kinds):
    return server.Server(media.make(*kinds, seconds=SECONDS))


class Plain:
    """Of one kind of player."""

    mode = None

    def play(self, uri, trackers=None, outcome="eos", **told):
        for _ in range(3):
            result = player.play(self.mode, uri, 20, RANK, trackers,
                                 source_name="souphttpsrc", **told)
            if not matrix.gave_up(self.mode, result):
                break
        self.assertEqual(result["outcome"], outcome, result["errors"])
        return result

    def agents(self, served, word):
        """The User-Agents of the requests whose paths have word."""
        return {r["headers"].get("User-Agent", "").split("/")[0].split()[1]
                for r in served.requests() if word in r["path"]}

    def test_asked(self):
        """The trackers that the user named, and no others, are asked."""
        with serve("ts") as served, serve("ts") as tracker:
            self.play(f"{served.base}/ts/index.m3u8", tracker.base)
            self.assertEqual(self.agents(served, ".ts"), {"p2phlssrc"})
            self.assertTrue(tracker.requests())

    def test_asked_by_file(self):
        with serve("ts") as served, serve("ts") as tracker, \
                tempfile.TemporaryDirectory() as folder, fallback.setting(
                    P2PHLS_CONFIG=f"{folder}/p2phls.conf"):
            Path(os.environ["P2PHLS_CONFIG"]).write_text(
                f"[p2phls]\ntracker-announce={tracker.base}\n",
                encoding="utf-8")
            self.play(f"{served.base}/ts/index.m3u8")
            self.assertEqual(self.agents(served, ".ts"), {"p2phlssrc"})
            self.assertTrue(tracker.requests())

    def test_not_asked(self):
        """The demuxer fetches as if it stood alone."""
        with serve("ts") as served:
            result = self.play(f"{served.base}/ts/index.m3u8")
            self.assertEqual(matrix.fragments(result), [])
            self.assertEqual(self.agents(served, ""), {"souphttpsrc"})

    def test_asked_for_nobody(self):
        with serve("ts") as served, fallback.setting(P2PHLS_TRACKERS=""):
            self.play(f"{served.base}/ts/index.m3u8")
            self.assertEqual(self.agents(served, ""), {"souphttpsrc"})

    def test_no_hls(self):
        """Nothing of it comes to us."""
        with serve("fmp4") as served:
            whole = (served.root / "fmp4/init.mp4").read_bytes() + b"".join(
                (served.root / f"fmp4/seg{i}.m4s").read_bytes()
                for i in range(SECONDS // media.SEGMENT_SECONDS))
            served.files["/whole.mp4"] = whole
            # With buffering: without it, playbin3 of GStreamer 1.26 does not end
            # such a file, whichever the plugins.
            result = self.play(f"{served.base}/whole.mp4", matrix.NOBODY,
                               flags=0x103)
            self.assertEqual(matrix.fragments(result), [])
            self.assertEqual(self.agents(served, ""), {"souphttpsrc"})

    def test_cookies(self):
        """Those that the first playlist came with go with all requests."""
        with serve("master") as served:
            served.add_rule("cookie", match="*/master.m3u8",
                            value="token=a1; Path=/; HttpOnly")
            self.play(f"{served.base}/master/master.m3u8", matrix.NOBODY)
            first, *others = served.requests()
        self.assertNotIn("Cookie", first["headers"])
        self.assertEqual({r["headers"].get("Cookie") for r in others},
                         {"token=a1"})

    def test_cookies_of_the_player(self):
        """And those that it set on its source, to that server only."""
        with serve("absolute") as served, serve("absolute") as other:
            text = (served.root / "absolute/high/index.m3u8").read_text()
            there = other.base.replace("127.0.0.1", "localhost")
            served.files["/absolute/high/index.m3u8"] = text.replace(
                "@BASE@", there).encode()
            self.play(f"{served.base}/absolute/master.m3u8", matrix.NOBODY,
                      properties={"cookies": ["a=1; b=2", "c=3"]},
                      connection_speed=matrix.FAST)
            sent, *others = ([r["headers"].get("Cookie")
                              for r in one.requests()]
                             for one in (served, other))
        self.assertEqual(set(sent[1:]), {"a=1; b=2; c=3"})
        self.assertEqual(set(*others), {None})

    def test_user_agent(self):
        """And the name that the player gave to its source."""
        with serve("ts") as served:
            self.play(f"{served.base}/ts/index.m3u8", matrix.NOBODY,
                      properties={"user-agent": "a viewer"})
            self.assertEqual({r["headers"]["User-Agent"]
                              for r in served.requests()}, {"a viewer"})

    def test_seek(self):
        with serve("ts") as served:
            result = self.play(f"{served.base}/ts/index.m3u8", matrix.NOBODY,
                               sync=True, seeks=[[0.5, SECONDS - 3]])
            paths = [r["path"] for r in served.requests()]
        self.assertIn("/ts/seg7.ts", paths)
        self.assertLess(result["took"], SECONDS - 3)

    def test_missing_segment(self):
        """The demuxer ends as it does without us."""
        with serve("ts") as served:
            served.add_rule("status", match="*/seg2.ts", code=404)
            self.play(f"{served.base}/ts/index.m3u8", matrix.NOBODY, "error")


class Playbin(Plain, unittest.TestCase):
    mode = "playbin"


class Playbin3(Plain, unittest.TestCase):
    mode = "playbin3"


if __name__ == "__main__":
    tap.main()
