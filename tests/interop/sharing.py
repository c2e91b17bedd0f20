#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One session a pipeline: what the application sets on the source that it made
holds for those that it never sees; two pipelines never share."""

import os
import time
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

import matrix  # noqa: E402
import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

SECONDS = matrix.SECONDS
SEGMENTS = SECONDS // media.SEGMENT_SECONDS
ENGINE = "p2phls-engine"


def serve(*kinds, **arguments):
    return server.Server(media.make(*kinds, seconds=SECONDS), **arguments)


def wait_until(condition, seconds=5):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def threads():
    """Names of the threads of this process."""
    names = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm", encoding="utf-8") as comm:
                names.append(comm.read().strip())
        except OSError:
            pass                                # it has just ended
    return names


class Viewer(player.Play):
    """A pipeline in this process, beside others."""

    def start(self):
        self.pipeline.set_state(Gst.State.PLAYING)

    def ends(self):
        message = self.pipeline.get_bus().timed_pop_filtered(
            20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        return message and message.type == Gst.MessageType.EOS

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)

    @property
    def stats(self):
        return player.to_json(self.source.get_property("stats"))


class Told:
    """Nothing is set but on the one source."""

    mode = None

    def run_play(self, base, path, **properties):
        scheme = "p2phls+" if self.mode == "playbin" else ""
        return player.play(self.mode, f"{scheme}{base}/{path}", 20,
                           properties=properties,
                           connection_speed=matrix.FAST)

    def play(self, base, path, **properties):
        result = self.run_play(base, path, **properties)
        self.assertEqual(result["outcome"], "eos", result["errors"])
        return result

    def check_headers(self, served, name, value):
        """All requests said so."""
        self.assertEqual({r["headers"].get(name) for r in served.requests()},
                         {value})

    def test_one_segment_loaded_a_segment(self):
        with serve("audio") as served:
            result = self.play(served.base, "audio/master.m3u8")
        loaded = [signal[1] for signal in result["signals"]
                  if signal[0] == "segment-loaded"]
        self.assertEqual(len(loaded), len(set(loaded)))
        self.assertEqual({url for url in loaded if "/high/" in url},
                         {f"{served.base}/audio/high/seg{i}.ts"
                          for i in range(SEGMENTS)})
        self.assertEqual(result["stats"]["segments-loaded"], len(loaded))

    def test_user_agent(self):
        with serve("master") as served:
            self.play(served.base, "master/master.m3u8",
                      **{"user-agent": "a viewer"})
            self.check_headers(served, "User-Agent", "a viewer")

    def test_cookies_for_their_origin_only(self):
        with serve("ts") as served, serve("ts") as other:
            text = (other.root / "ts/index.m3u8").read_text()
            for i in range(0, SEGMENTS, 2):
                text = text.replace(f"seg{i}.ts", f"{other.base}/ts/seg{i}.ts")
            served.files["/ts/two.m3u8"] = text.encode()
            self.play(served.base, "ts/two.m3u8", cookies=["a=1"])
            self.check_headers(other, "Cookie", None)
            self.assertEqual(len(other.requests()), SEGMENTS // 2)
            self.check_headers(served, "Cookie", "a=1")

    def test_credentials(self):
        with serve("aes") as served:
            served.add_rule("login", user="me", password="it")
            self.play(served.base, "aes/index.m3u8",
                      **{"user-id": "me", "user-pw": "it"})

    def test_credentials_for_their_origin_only(self):
        with serve("ts") as served, serve("ts") as other:
            other.add_rule("login", user="me", password="it")
            served.files["/two.m3u8"] = (
                "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
                f"{other.base}/ts/seg0.ts\n#EXT-X-ENDLIST\n").encode()
            self.run_play(served.base, "two.m3u8",
                          **{"user-id": "me", "user-pw": "it"})
            self.check_headers(other, "Authorization", None)

    def check_failure(self, path, match, seconds, rule, **properties):
        """Returns: how many requests met the rule."""
        with serve(path.split("/", maxsplit=1)[0]) as served:
            rule = served.add_rule(match=match, **rule)
            result = self.run_play(served.base, path, **properties)
            self.assertEqual(result["outcome"], "error")
            self.assertLess(result["took"], seconds)
            return rule.used

    def test_timeout_and_retries(self):
        for path, match in (("master/master.m3u8", "*/high/index.m3u8"),
                            ("aes/index.m3u8", "*/key.bin")):
            self.check_failure(path, match, 4, {"kind": "silence"}, timeout=1)
            self.assertEqual(
                self.check_failure(path, match, 2,
                                   {"kind": "status", "code": 500}, retries=0),
                1)

    def test_proxy(self):
        with serve("master") as served:
            self.play("http://far.invalid", "master/master.m3u8",
                      proxy=served.location)
            self.assertEqual({r["path"].split("/master", 1)[0]
                              for r in served.requests()},
                             {"http://far.invalid"})

    def test_certificate(self):
        with serve("master", tls=True) as served:
            self.assertEqual(self.run_play(served.base, "master/master.m3u8")
                             ["outcome"], "error")
            self.assertEqual(served.requests(), [])
            self.play(served.base, "master/master.m3u8",
                      **{"ssl-ca-file": str(served.certificate)})


class Hand(Told, unittest.TestCase):
    mode = "hand"


class Playbin(Told, unittest.TestCase):
    """Through source-setup alone."""

    mode = "playbin"


class Decodebin(Told, unittest.TestCase):
    mode = "decodebin"


class Shared(unittest.TestCase):
    """Several pipelines in one process."""

    def view(self, mode, uri, **properties):
        viewer = Viewer(mode, uri, properties=properties,
                        connection_speed=matrix.FAST)
        self.addCleanup(viewer.stop)
        return viewer

    def test_pipelines_never_share(self):
        """Not even when they play the same at the same time."""
        with serve("master") as served:
            uri = f"{served.base}/master/master.m3u8"
            viewers = {
                f"viewer {i}": self.view(
                    mode, ("p2phls+" if mode == "playbin" else "") + uri,
                    **{"user-agent": f"viewer {i}",
                       "buffer-segments-count": 10 + i},
                    **({"tracker-announce": [player.NOWHERE]}
                       if mode == "playbin" else {}))
                for i, mode in enumerate(("playbin", "hand", "playbin",
                                          "hand", "decodebin"))}
            for viewer in viewers.values():
                viewer.start()
            for viewer in viewers.values():
                self.assertTrue(viewer.ends())
            for i, (name, viewer) in enumerate(viewers.items()):
                paths = sorted(r["path"] for r in served.requests()
                               if r["headers"]["User-Agent"] == name)
                self.assertEqual(paths, sorted(
                    ["/master/master.m3u8", "/master/high/index.m3u8"]
                    + [f"/master/high/seg{i}.ts" for i in range(SEGMENTS)]))
                settings = player.to_json(
                    viewer.source.get_property("settings"))
                self.assertEqual(settings["buffer-segments-count"], 10 + i)
                self.assertEqual(viewer.stats["playlists"], 2)

    def test_source_of_no_bin_is_found(self):
        """By what it is to fetch: contexts of a downloader's get lost."""
        with serve("ts") as served:
            viewer = self.view("hand", f"{served.base}/ts/index.m3u8",
                               **{"user-agent": "a viewer"})
            viewer.start()
            self.assertTrue(viewer.ends())
            handed = viewer.stats["cache-bytes"]
            source = Gst.ElementFactory.make("p2phlssrc")
            source.set_property("location", f"{served.base}/ts/seg3.ts")
            sink = Gst.ElementFactory.make("fakesink")
            sink.set_property("sync", False)
            source.link(sink)
            bus = Gst.Bus()
            sink.set_bus(bus)
            for element in sink, source:
                element.set_state(Gst.State.PLAYING)
            bus.timed_pop_filtered(5 * Gst.SECOND, Gst.MessageType.EOS)
            size = (served.root / "ts/seg3.ts").stat().st_size
            self.assertEqual(viewer.stats["cache-bytes"], handed + size)
            for element in sink, source:
                element.set_state(Gst.State.NULL)
            self.assertEqual({r["headers"]["User-Agent"]
                              for r in served.requests()}, {"a viewer"})

    def test_nothing_is_left_after_null(self):
        with serve("master") as served:
            uri = f"{served.base}/master/master.m3u8"
            first, second = (self.view("hand", uri) for _ in range(2))
            for viewer in first, second:
                viewer.start()
                self.assertTrue(viewer.ends())
            self.assertEqual(threads().count(ENGINE), 1)
            first.stop()
            self.assertIn(ENGINE, threads())
            second.stop()
            self.assertTrue(wait_until(lambda: ENGINE not in threads()))
            self.assertTrue(wait_until(lambda: not served.count_connections()))

    def test_state_changes_do_not_wait_for_the_server(self):
        with serve("ts") as served:
            served.add_rule("silence", match="*/seg2.ts")
            viewer = self.view("hand", f"{served.base}/ts/index.m3u8")
            viewer.start()
            self.assertTrue(wait_until(
                lambda: viewer.stats["http-bytes"]
                + viewer.stats["cache-bytes"] > 200000))
            for state in (Gst.State.PAUSED, Gst.State.READY, Gst.State.NULL):
                began = time.monotonic()
                viewer.pipeline.set_state(state)
                self.assertLess(time.monotonic() - began, 0.5)

    def test_a_pipeline_plays_again(self):
        """Nothing of the first time is counted in the second."""
        with serve("ts") as served:
            viewer = self.view("hand", f"{served.base}/ts/index.m3u8")
            handed = set()
            for _ in range(3):
                viewer.start()
                self.assertTrue(viewer.ends())
                handed.add(sum(viewer.stats[f"{name}-bytes"]
                               for name in ("cache", "http", "p2p")))
                viewer.stop()
            self.assertEqual(len(handed), 1)
            segments = [r for r in served.requests() if ".ts" in r["path"]]
            self.assertEqual(len(segments), 3 * SEGMENTS)


if __name__ == "__main__":
    tap.main()
