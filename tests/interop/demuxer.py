#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What hlsdemux needs from its source, and does with it, one test a fact."""

import re
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

import matrix  # noqa: E402
import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

SECONDS = matrix.SECONDS
SEGMENT = re.compile(r"/seg\d+\.|/all\.")


def serve(*kinds, **arguments):
    return server.Server(media.make(*kinds, seconds=SECONDS), **arguments)


def play(served, path, mode="hand", **told):
    told.setdefault("connection_speed", matrix.FAST)
    scheme = "p2phls+" if mode.startswith("playbin") else ""
    result = player.play(mode, f"{scheme}{served.base}/{path}", **told)
    result["ours"] = matrix.fragments(result)
    return result


def names(fragments):
    return [f["location"].rsplit("/", maxsplit=1)[1] for f in fragments]


def elements(result):
    """What each of our sources fetched, by the element's name."""
    fetched = {}
    for fragment in result["ours"]:
        fetched.setdefault(fragment["element"], []).append(
            fragment["location"].split("/", 3)[3])
    return fetched


def changes(result, element):
    return [state["change"] for state in result["watch"]["state"]
            if state["element"] == element]


class Demuxer(unittest.TestCase):
    def check_whole(self, result, kind):
        self.assertEqual(result["outcome"], "eos", result["errors"])
        self.assertEqual(matrix.demuxed(result),
                         matrix.reference(kind, "hand")[0])

    def test_playbin_takes_hlsdemux(self):
        with serve("ts") as served:
            result = play(served, "ts/index.m3u8", "playbin")
        self.assertIn("hlsdemux", {f["factory"]
                                   for f in result["watch"]["fragment"]})

    def test_foreign_uris_are_refused_with_an_error(self):
        source = Gst.ElementFactory.make("p2phlssrc")
        for uri in ("ftp://a/b", "icy://a/b", "file:///a", "data:,a", "a", "",
                    "p2phls://a/b"):
            with self.assertRaises(GLib.Error):
                source.set_uri(uri)
        self.assertIsNone(source.get_uri())

    def test_another_source_takes_what_is_refused(self):
        """A segment of another scheme, in the middle of the stream."""
        with serve("ts") as served:
            text = (served.root / "ts/index.m3u8").read_text()
            text = text.replace("seg", f"{served.base}/ts/seg")
            text = text.replace(f"{served.base}/ts/seg3.ts",
                                (served.root / "ts/seg3.ts").as_uri())
            served.files["/mixed.m3u8"] = text.encode()
            result = play(served, "mixed.m3u8")
        self.check_whole(result, "ts")
        self.assertNotIn("seg3.ts", names(result["ours"]))
        self.assertIn("seg4.ts", names(result["ours"]))

    def test_three_kinds_of_source(self):
        """The manifest's, the downloader's for keys, the fragments'."""
        with serve("aes") as served:
            result = play(served, "aes/index.m3u8")
        fetched = sorted(elements(result).values(), key=len)
        self.assertEqual(fetched[:2], [["aes/index.m3u8"], ["aes/key.bin"]])
        self.assertEqual(len(fetched), 3)
        self.assertEqual(fetched[2], [f"aes/seg{i}.ts"
                                      for i in range(SECONDS // 2)])

    def test_one_source_fetches_all_playlists(self):
        with serve("audio") as served:
            result = play(served, "audio/master.m3u8")
        playlists = [uris for uris in elements(result).values()
                     if uris[0].endswith("index.m3u8")]
        self.assertEqual(len(playlists), 1)
        self.assertEqual(len(playlists[0]), 3)
        # And one each of the streams that play side by side.
        self.assertEqual(len(elements(result)), 5)

    def test_fragment_source_is_reused_without_null(self):
        with serve("ts") as served:
            result = play(served, "ts/index.m3u8")
        name, = (name for name, uris in elements(result).items()
                 if "ts/seg0.ts" in uris)
        self.assertEqual(len(elements(result)[name]), SECONDS // 2)
        made = changes(result, name)
        self.assertEqual(made[0], "NULL->READY")
        self.assertEqual(made.count("READY->PAUSED"), SECONDS // 2)
        self.assertEqual(made.index("READY->NULL"), len(made) - 1)

    def test_playlist_source_is_reused_after_an_error(self):
        """The variant that it falls back to is fetched by the same element."""
        with serve("master") as served:
            served.add_rule("status", match="/master/high/index.m3u8",
                            code=404)
            result = play(served, "master/master.m3u8", connection_speed=0)
        self.assertEqual(result["outcome"], "eos", result["errors"])
        uris, = (uris for uris in elements(result).values()
                 if "master/low/index.m3u8" in uris)
        self.assertIn("master/high/index.m3u8", uris)

    def test_requests_on_the_wire(self):
        """compress, keep-alive, Referer and Cache-Control as hlsdemux sets
        them; nothing of its own for fragments."""
        with serve("master", "aes") as served:
            play(served, "master/master.m3u8")
            play(served, "aes/index.m3u8")
            requests = {r["path"]: r["headers"] for r in served.requests()}
            connections = {r["connection"] for r in served.requests()}
        playlist = requests["/master/high/index.m3u8"]
        self.assertEqual(playlist["Referer"],
                         f"{served.base}/master/master.m3u8")
        self.assertIn("gzip", playlist["Accept-Encoding"])
        self.assertEqual(playlist["Cache-Control"], "max-age=0")
        key = requests["/aes/key.bin"]
        self.assertEqual(key["Referer"], f"{served.base}/aes/index.m3u8")
        self.assertEqual(key.get("Accept-Encoding", "identity"), "identity")
        segment = requests["/master/high/seg1.ts"]
        self.assertNotIn("Referer", segment)
        self.assertNotIn("Cache-Control", segment)
        self.assertEqual(segment.get("Accept-Encoding", "identity"),
                         "identity")
        self.assertLessEqual(len(connections), 8)

    def test_seek_during_a_download(self):
        """The same element goes on at once with another fragment."""
        with serve("ts") as served:
            served.add_rule("slow", match="*/seg1.ts", kbits=100)
            result = play(served, "ts/index.m3u8", seeks=[[1, 13]],
                          properties={"use-p2p": False,
                                      "required-segments-count": 1})
        self.assertEqual(result["outcome"], "eos", result["errors"])
        cut, = (f for f in result["ours"] if f["end"] == "cut")
        after = next(f for f in result["ours"] if f["began"] > cut["ended"])
        self.assertEqual(names([cut, after]), ["seg1.ts", "seg6.ts"])
        self.assertEqual(cut["element"], after["element"])
        self.assertLess(after["first"] - cut["ended"], 1e6)
        self.assertNotIn("READY->NULL", changes(result, cut["element"])[:-1])

    def test_errors_of_streams_that_are_left(self):
        """Seeks while segments fail: hlsdemux hangs for good on an ERROR of
        a source that it has stopped."""
        with serve("ts") as served:
            for number in (2, 4, 6):
                served.add_rule("status", match=f"*/seg{number}.ts", code=404)
                served.add_rule("slow", match=f"*/seg{number}.ts",
                                seconds=0.02)
            seeks = [[0.1 + 0.03 * i, (5 * i) % SECONDS] for i in range(60)]
            result = play(served, "ts/index.m3u8", seeks=seeks, sync=True)
        self.assertIn(result["outcome"], ("eos", "error"), result["log"])
        for error in result["watch"]["error"]:
            if error["factory"] == matrix.OURS:
                self.assertTrue(error["streaming"], error)
                # GstBaseSrc's own, after ours, comes of every source that failed.
                if error["domain"] != "gst-stream-error-quark":
                    self.assertFalse(error["stopped"], error)

    def check_ranges(self, kind, name):
        with serve(kind) as served:
            text = (served.root / kind / "index.m3u8").read_text()
            ranges, end = set(), 0
            for size, start in re.findall(
                    r'BYTERANGE[:=]"?(\d+)(?:@(\d+))?', text):
                start = int(start or end)
                end = start + int(size)
                ranges.add((start, end))
            result = play(served, f"{kind}/index.m3u8")
            asked = {(int(r["range"][6:].split("-")[0]),
                      int(r["range"].split("-")[1]) + 1)
                     for r in served.requests() if name in r["path"]}
        self.check_whole(result, kind.replace("-", "_"))
        self.assertEqual(asked, ranges)
        self.assertEqual({(f["start"], f["stop"]) for f in result["ours"]
                          if name in f["location"]}, ranges)

    def test_ranges_are_asked_for_as_the_playlist_says(self):
        self.check_ranges("byterange", "all.ts")
        self.check_ranges("byterange-implicit", "all.ts")

    def test_range_of_an_init_section(self):
        self.check_ranges("byterange-fmp4", "all.mp4")

    def test_init_section_comes_first_and_after_a_seek(self):
        with serve("fmp4") as served:
            result = play(served, "fmp4/index.m3u8", "playbin", sync=True,
                          seeks=[[0.5, SECONDS - 3]])
        self.assertEqual(result["outcome"], "eos", result["errors"])
        fetched = names(result["ours"])
        self.assertEqual(fetched[:3], ["index.m3u8", "init.mp4", "seg0.m4s"])
        again = fetched.index("init.mp4", 2)
        self.assertEqual(fetched[again + 1], f"seg{SECONDS // 2 - 2}.m4s")

    def test_key_is_fetched_once(self):
        with serve("aes") as served:
            result = play(served, "aes/index.m3u8", "playbin", sync=True,
                          seeks=[[0.5, SECONDS - 3]])
            keys = [r for r in served.requests() if "key" in r["path"]]
        self.assertEqual(result["outcome"], "eos", result["errors"])
        self.assertEqual(len(keys), 1)

    def test_cut_body_goes_on_inside_the_element(self):
        """What went downstream is not taken back."""
        with serve("ts") as served:
            served.add_rule("cut", match="*/seg2.ts", after=50000, times=1)
            result = play(served, "ts/index.m3u8")
            asked = [r["range"] for r in served.requests()
                     if r["path"] == "/ts/seg2.ts"]
        self.check_whole(result, "ts")
        self.assertEqual(asked, [None, "bytes=50000-"])

    def test_headers_come_before_the_segment(self):
        events = []

        def probe(_, info):
            event = info.get_event()
            name = event.type.value_nick
            if event.type == Gst.EventType.CUSTOM_DOWNSTREAM_STICKY:
                name = event.get_structure().get_name()
            events.append(name)
            return Gst.PadProbeReturn.OK

        with serve("ts") as served:
            pipeline = Gst.parse_launch(
                f"p2phlssrc name=s location={served.base}/ts/index.m3u8 "
                "! hlsdemux ! fakesink sync=false")
            pipeline.get_by_name("s").get_static_pad("src").add_probe(
                Gst.PadProbeType.EVENT_DOWNSTREAM, probe)
            pipeline.set_state(Gst.State.PLAYING)
            pipeline.get_bus().timed_pop_filtered(
                20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
            pipeline.set_state(Gst.State.NULL)
        self.assertEqual(events, ["stream-start", "http-headers", "caps",
                                  "segment", "eos"])

    def test_live_starts_three_segments_before_the_end(self):
        with serve("ts", window=6, speed=4) as served:
            result = play(served, "live/ts/index.m3u8")
        self.assertEqual(names(result["ours"])[:3],
                         ["index.m3u8", "seg2.ts", "seg3.ts"])

    def check_refreshes(self, times):
        with serve("ts", window=6, speed=1) as served:
            rule = {} if times is None else {"times": times}
            served.add_rule("status", match="/live/*.m3u8", code=404, skip=1,
                            **rule)
            result = play(served, "live/ts/index.m3u8", seconds=30)
        return result, [e for e in result["watch"]["error"]
                        if e["factory"] == matrix.OURS and e["status"] == 404]

    def test_live_survives_three_refreshes_that_fail(self):
        result, errors = self.check_refreshes(3)
        self.assertEqual(result["outcome"], "eos", result["errors"])
        self.assertEqual(len(errors), 3)

    def test_live_ends_with_the_fourth(self):
        result, errors = self.check_refreshes(None)
        self.assertEqual(result["outcome"], "error")
        self.assertEqual(len(errors), 4)
        self.assertIn("Could not update playlist",
                      str(result["errors"]))


if __name__ == "__main__":
    tap.main()
