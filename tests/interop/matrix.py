#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every kind of stream under every kind of pipeline: what souphttpsrc plays,
p2phlssrc plays, and all that is fetched goes through it, or, where the demuxer
fetches by itself, through its gateway; and so it is with p2phlsdemux behind
souphttpsrc.

One test a stream and a mode; `matrix.py Playbin.test_ts_playbin` runs one.
"""

import contextlib
import dataclasses
import functools
import hashlib
import re
import unittest
import urllib.parse

import media
import player
import server
import tap

SECONDS = 16
FRAMES = SECONDS * media.FRAME_RATE
FAST = 5000                       # kbit/s: the best variant from the start
# Under hlsdemux2, which fetches for itself.
ADAPTIVE2 = ("playbin3", "parsebin", "uridecodebin3", "launch_playbin3",
             "gst-play3")
RANKED = "_ranked"                # http and https come to us
DEMUX = "_demux"                  # plain URIs, in a player that knows nothing of us
OURS = "p2phlssrc"
NOBODY = "http://127.0.0.1:9"     # a tracker that is not there


@dataclasses.dataclass
class Stream:
    kind: str                     # of media.py
    playlist: str = "index.m3u8"
    below: str = ""               # where the server has it
    rules: tuple = ()             # for the server
    serve: dict = dataclasses.field(default_factory=dict)
    properties: dict = dataclasses.field(default_factory=dict)
    speed: int = FAST
    same: bool = True             # always the same bytes
    pads: int = 1                 # of hlsdemux
    like: str = None              # souphttpsrc plays this kind instead
    ranges: bool = False          # one URI, many segments
    skip: dict = dataclasses.field(default_factory=dict)   # mode: why

    @property
    def path(self):
        return f"{self.below}/{self.kind}/{self.playlist}"


def redirect(code, match):
    return {"kind": "redirect", "match": match, "code": code,
            "to": "/moved{path}"}


NO_SETUP = {mode: "nothing is set on our source"
            for mode in ("launch_playbin", "launch_playbin3", "playbin_demux",
                         "playbin3_demux")}
NO_SLASHES = {mode: "the demuxer joins //host wrongly, and nobody rewrites it"
              for mode in ("hand_ranked", "playbin_ranked")}
MASTER = "master.m3u8"

LIVE = Stream("ts", below="/live", same=False,
              serve={"window": 5, "speed": 2})
STREAMS = {
    "ts": Stream("ts"),
    "fmp4": Stream("fmp4"),
    "aes": Stream("aes"),
    "byterange": Stream("byterange", ranges=True),
    "byterange_implicit": Stream("byterange-implicit", ranges=True),
    "byterange_fmp4": Stream("byterange-fmp4", ranges=True),
    "master": Stream("master", MASTER),
    "switching": Stream("master", MASTER, speed=0, same=False,
                        skip={"launch": "gst-launch links no later pads"}),
    "audio": Stream("audio", MASTER, pads=3),
    "absolute": Stream("absolute", MASTER),
    "query": Stream("query", MASTER),
    "slashes": Stream("slashes", MASTER, like="master", skip=NO_SLASHES),
    "redirect_301_playlists": Stream(
        "master", MASTER, rules=(redirect(301, "/master/*.m3u8"),)),
    "redirect_302_playlists": Stream(
        "master", MASTER, rules=(redirect(302, "/master/*.m3u8"),)),
    "redirect_302_absolute": Stream(
        "absolute", MASTER, rules=(redirect(302, "/absolute/*.m3u8"),)),
    "redirect_301_segments": Stream("ts", rules=(redirect(301, "/ts/*.ts"),)),
    "redirect_302_segments": Stream("ts", rules=(redirect(302, "/ts/*.ts"),)),
    "gzip": Stream("master", MASTER, properties={"compress": True},
                   skip=NO_SETUP),
    "no_gzip": Stream("master", MASTER, serve={"gzip": False}),
    "https": Stream("master", MASTER, serve={"tls": True},
                    properties={"ssl-strict": False},
                    skip=NO_SETUP),
    "https_absolute": Stream("absolute", MASTER, serve={"tls": True},
                             properties={"ssl-strict": False},
                             skip=NO_SETUP),
}


@contextlib.contextmanager
def serve(stream, plain=False):
    root = media.make(stream.kind, seconds=SECONDS)
    with server.Server(root, **({} if plain else stream.serve)) as served:
        for rule in () if plain else stream.rules:
            served.add_rule(**rule)
        yield served


def launch_line(source, uri, stream):
    words = [f"{name}={value}" for name, value in stream.properties.items()]
    pads = " ".join(f"d.src_{i} ! queue ! fakesink sync=false async=false"
                    for i in range(stream.pads))
    return " ".join([source, f"location={uri}", *words, "! hlsdemux name=d",
                     f"connection-speed={stream.speed}", pads])


def launch_playbin_line(uri, stream, playbin="playbin"):
    # Sinks without a clock take sound seconds before pictures; with less room,
    # playbin may then wait for a sound behind a full queue of pictures, for
    # ever, each time that it buffers: with souphttpsrc too.
    return (f"{playbin} uri={uri} connection-speed={stream.speed} flags=3 "
            f"buffer-duration={2 * SECONDS * 10**9} buffer-size={1 << 26} "
            "video-sink=fakesink audio-sink=fakesink")


def play(mode, served, stream, source, seconds=15):
    uri = served.base + stream.path
    rank = f"{OURS}:MAX" if mode.endswith(RANKED) else None
    trackers, properties = None, stream.properties
    if mode.endswith(DEMUX):
        rank, trackers = "p2phlsdemux:MAX", NOBODY
        source, properties = "souphttpsrc", {}
    scheme = "p2phls+" if source == OURS and not rank else ""
    mode = plain(mode)
    if mode == "launch":
        return player.launch(launch_line(source, uri, stream), seconds, rank)
    if mode.startswith("launch_"):
        return player.launch(
            launch_playbin_line(scheme + uri, stream,
                                mode.removeprefix("launch_")), seconds, rank)
    if mode.startswith("playbin") or mode in ADAPTIVE2:
        uri = scheme + uri
    if mode == "gst-play3":
        return player.gst_play(uri, seconds, rank, "--use-playbin3")
    return player.play(mode, uri, seconds, rank, trackers, source_name=source,
                       properties=properties, connection_speed=stream.speed)


def plain(mode):
    return mode.removesuffix(RANKED).removesuffix(DEMUX)


def fetches_itself(mode):
    """Whether the demuxer does, so that the gateway serves it."""
    return plain(mode) in ADAPTIVE2


def demuxed(result):
    """What came out of hlsdemux's pads to their end: a player unlinks the
    languages that it does not want."""
    return sorted((f["pad"], f["bytes"], f["sha256"])
                  for f in result["watch"]["fragment"]
                  if f["factory"] in ("hlsdemux", "hlsdemux2")
                  and f["end"] == "eos")


def gave_up(mode, result):
    """hlsdemux2 says once in 25 plays of souphttpsrc's that it could not
    download fragments, though every response was whole."""
    return (fetches_itself(mode) and result["outcome"] == "error"
            and all(error["from"].startswith("hlsdemux2")
                    and (error["details"] or {}).get("http-status-code") == 200
                    for error in result["errors"]))


@functools.lru_cache(maxsize=None)
def reference(name, mode):
    """What souphttpsrc makes of the same bytes: (demuxed, frames)."""
    mode, stream = plain(mode), STREAMS[name]
    same = dataclasses.replace(stream, kind=stream.like or stream.kind,
                               properties={})
    for _ in range(3):
        with serve(same, plain=True) as served:
            result = play(mode, served, same, "souphttpsrc")
        if not gave_up(mode, result):
            break
    if result["outcome"] != "eos":
        raise RuntimeError(f"souphttpsrc: {result}")
    return demuxed(result), frames(result)


def frames(result):
    return sorted(result["buffers"].values())


def fragments(result, factory=OURS):
    return [f for f in result["watch"]["fragment"] if f["factory"] == factory]


def is_playlist(fragment):
    return ".m3u8" in fragment["location"]


def to_http(uri):
    return uri.removeprefix("p2phls+")


def rewrite_uri(uri, scheme):
    if uri.startswith("//"):
        return f"p2phls+{scheme}:{uri}"
    return f"p2phls+{uri}" if re.match("https?://", uri) else uri


def rewrite(text, scheme):
    """A playlist as hlsdemux is to get it."""
    text = re.sub(r"^[^#\n][^\n]*$", lambda m: rewrite_uri(m[0], scheme), text,
                  flags=re.M)
    return re.sub('URI="([^"]*)"',
                  lambda m: f'URI="{rewrite_uri(m[1], scheme)}"', text)


def origin(served, fragment, rewritten):
    """The bytes that the server has for what a source fetched."""
    url = urllib.parse.urlsplit(to_http(fragment["location"]))
    path = re.sub("^/(moved|live)/", "", urllib.parse.unquote(url.path))
    body = (served.root / path.lstrip("/")).read_bytes()
    if path.endswith(".m3u8"):
        text = (body.decode().replace("@BASE@", served.base)
                .replace("@HOST@", served.location))
        body = (rewrite(text, url.scheme) if rewritten else text).encode()
    stop = fragment["stop"] if fragment["stop"] >= 0 else len(body)
    return body[fragment["start"]:stop]


class Checks(unittest.TestCase):
    maxDiff = 2000

    def play(self, stream, mode, tries=1):
        """Plays it, and checks what holds for every stream."""
        with serve(stream) as served:
            result = play(mode, served, stream, OURS)
            if tries > 1 and (result["outcome"] in ("hang", "late")
                              or gave_up(mode, result)):
                return self.play(stream, mode, tries - 1)
            said = "\n".join([str(result["errors"]), result["log"]])
            self.assertEqual(result["outcome"], "eos", said)
            # A source says that nobody takes the language that a player does not
            # want, if hlsdemux lets it know; it goes on all the same.
            self.assertEqual(
                [e for e in result["watch"]["error"] if e["factory"] == OURS
                 and not ("audio" in stream.kind
                          and "reason not-linked" in e["debug"])],
                [])
            self.check_wire(served)
            if not fetches_itself(mode):
                self.check_fragments(served, stream, result, mode)
            elif mode.endswith(RANKED):
                self.check_manifest_only(served, result)
            else:
                self.check_served(served, result)
            if not (fetches_itself(mode) and mode.endswith(RANKED)):
                self.check_requests(served, stream, mode)
        self.check_stats(stream, result, mode)
        return result

    def check_wire(self, served):
        """Plain HTTP, nothing of our schemes."""
        for request in served.requests():
            said = {name: value for name, value in request["headers"].items()
                    if name.lower() != "user-agent"}
            self.assertNotIn("p2phls", f"{request['path']} {said}")

    def check_requests(self, served, stream, mode):
        """All through us, but for the first playlist of a player that knows
        nothing of us; no segment twice, unless a switch cut it."""
        seen = set()
        requests = served.requests()
        if mode.endswith(DEMUX):
            while not seen and "souphttpsrc" in requests[0]["headers"]["User-Agent"]:
                self.assertIn(requests.pop(0)["path"],
                              (stream.path, "/moved" + stream.path))
        for request in requests:
            self.assertIn(OURS, request["headers"].get("User-Agent", ""),
                          request)
            self.assertEqual(request["method"], "GET")
            what = request["path"], request["range"]
            if (".m3u8" in what[0] or request["status"] not in (200, 206)
                    or fetches_itself(mode) and not stream.same):
                continue
            self.assertNotIn(what, seen)
            seen.add(what)

    def check_fragments(self, served, stream, result, mode):
        """What left our pads is what the origin has."""
        rewritten = not mode.endswith(RANKED)
        also = {"souphttpsrc", "p2phlsdemux"} if mode.endswith(DEMUX) else set()
        self.assertEqual({f["factory"] for f in result["watch"]["fragment"]},
                         {OURS, "hlsdemux"} | also)
        self.assertEqual(len(fragments(result, "souphttpsrc")), bool(also))
        for fragment in fragments(result):
            if "/live/" in fragment["location"] and is_playlist(fragment):
                continue
            if stream.same and "audio" not in stream.kind:
                self.assertEqual(fragment["end"], "eos", fragment)
            if fragment["end"] == "eos":
                body = origin(served, fragment, rewritten)
                self.assertEqual(fragment["bytes"], len(body), fragment)
                self.assertEqual(fragment["sha256"],
                                 hashlib.sha256(body).hexdigest(), fragment)

    def check_served(self, served, result):
        """One playlist, and with it a URL that is not the server's."""
        first, = [f for f in result["watch"]["fragment"]
                  if f["factory"] in (OURS, "souphttpsrc")]
        if first["factory"] == OURS:
            told = [u["uri"] for u in result["watch"]["uri"]
                    if u["factory"] == OURS][-1]
            self.assertRegex(told, r"^http://127\.0\.0\.1:\d+/[0-9a-f]{32}/")
            self.assertNotIn(served.location, told)

    def check_manifest_only(self, served, result):
        """Nobody asked: the first manifest, as the server has it; the plain URL
        is told."""
        manifest, = fragments(result)
        if "/live/" not in manifest["location"]:
            body = origin(served, manifest, False)
            self.assertEqual(manifest["sha256"],
                             hashlib.sha256(body).hexdigest())
        self.assertEqual([f for f in result["watch"]["fragment"]
                          if "httpsrc" in f["factory"]], [])
        told = [u for u in result["watch"]["uri"] if u["factory"] == OURS]
        self.assertTrue(told)
        self.assertFalse(told[-1]["uri"].startswith("p2phls"), told)

    def check_stats(self, stream, result, mode):
        stats = result["stats"]
        if stats is None:
            return
        handed = sum(stats[f"{name}-bytes"] for name in ("cache", "http", "p2p"))
        out = sum(f["bytes"] for f in fragments(result))
        loaded = [signal[1] for signal in result["signals"]
                  if signal[0] == "segment-loaded"]
        if not fetches_itself(mode):
            self.assertEqual(handed, out)
        # parsebin is told no connection-speed: what was loaded ahead of the variant
        # that it leaves is handed to nobody.
        elif (stream.same and not mode.endswith(RANKED)
              and not (mode == "parsebin" and stream.playlist == MASTER)):
            self.assertGreaterEqual(
                handed, out + sum(signal[2] for signal in result["signals"]
                                  if signal[0] == "segment-loaded"))
        self.assertEqual(stats["odd-lines"], 0)
        self.assertFalse([signal for signal in result["signals"]
                          if signal[0] == "segment-error"])
        if not stream.ranges:
            self.assertEqual(len(loaded), len(set(loaded)))
        self.assertEqual(stats["segments-loaded"], len(loaded))

class Matrix(Checks):
    def check(self, name, mode):
        stream = STREAMS[name]
        if mode == "gst-play3":       # it is told no connection-speed
            stream = dataclasses.replace(
                stream, same=stream.same and stream.playlist != MASTER)
        # Without a clock, decodebin now and then forgets to go on after a
        # switch of variants, and on a busy machine playbin after buffering: with
        # souphttpsrc too, once in a hundred times.
        shaky = fetches_itself(mode) or not stream.same or "playbin" in mode
        result = self.play(stream, mode, 3 if shaky else 1)
        if stream.same and fetches_itself(mode):
            self.assertTrue(demuxed(result))
            self.assertEqual(demuxed(result), reference(name, mode)[0])
        elif stream.same:
            self.check_bytes(name, mode, demuxed(result))
        if not result["buffers"] or mode.startswith("hand"):
            return
        got, (_, expected) = frames(result), reference(name, mode)
        # A switch loses some frames now and then on a busy machine, with
        # souphttpsrc too.
        for _ in range(0 if stream.same else 3):
            if sum(got) == sum(expected):
                break
            got = frames(self.play(stream, mode, 3))
            expected = reference.__wrapped__(name, mode)[1]
        self.assertEqual(sum(got), sum(expected))
        if stream.same:
            self.assertEqual(got, expected)
            self.assertIn(FRAMES, got)

    def check_bytes(self, name, mode, got):
        """What leaves the demuxer is what leaves it with souphttpsrc."""
        expected = reference(name, "hand")[0]
        self.assertTrue(got)
        if mode in ("hand", "decodebin", "launch"):
            self.assertEqual(got, expected)
            return
        # A player refuses the buffers of the language that it does not want,
        # and hlsdemux then leaves out the rest of each fragment of it, with
        # souphttpsrc too.
        sizes = {pad: size for pad, size, _ in expected}
        short = set(got) - set(expected)
        self.assertLessEqual(len(short), "audio" in STREAMS[name].kind)
        for pad, size, _ in short:
            self.assertLess(size, sizes[pad])


class Hand(Matrix):
    MODES = ("hand", "launch", "hand_ranked")


class Playbin(Matrix):
    MODES = ("playbin", "launch_playbin", "playbin_ranked")


class Decodebin(Matrix):
    MODES = ("decodebin",)


class Adaptive2(Matrix):
    MODES = ("playbin3", "parsebin")


class More(Matrix):
    """Players that know nothing of us, and other ways to hlsdemux2."""

    MODES = ("playbin_demux", "playbin3_demux", "playbin3_ranked",
             "uridecodebin3", "launch_playbin3", "gst-play3")
    STREAMS = ("ts", "aes", "master", "audio", "absolute",
               "redirect_302_playlists")


class Live(Checks):
    """A sliding window; the player joins three segments before its end."""

    def check_without_end(self, mode):
        """hlsdemux2 of 1.26 leaves out the last segment when a live stream ends,
        and waits, whichever the source: all others come."""
        with serve(LIVE) as served:
            result = play(mode, served, LIVE, OURS)
            self.assertEqual(result["errors"], [])
            self.assertNotIn("ERROR", result["log"])
            self.check_wire(served)
            paths = [request["path"] for request in served.requests()]
        numbers = [int(number) for path in paths
                   for number in re.findall(r"/seg(\d+)\.ts", path)]
        first, last = numbers[0], SECONDS // media.SEGMENT_SECONDS - 1
        self.assertGreater(first, 0)
        self.assertEqual([n for n in numbers if n < last],
                         list(range(first, last)))
        self.assertEqual(paths[-1 - (last in numbers)], LIVE.path)

    MODES = (Hand.MODES + Playbin.MODES + Decodebin.MODES + Adaptive2.MODES
             + More.MODES)

    def check(self, mode):
        if fetches_itself(mode) and player.Gst.version() >= (1, 26):
            self.check_without_end(mode)
            return
        result = self.play(LIVE, mode)
        if fetches_itself(mode):
            return
        segments = [f["location"] for f in fragments(result)
                    if not is_playlist(f)]
        numbers = [int(re.search(r"seg(\d+)\.ts", uri)[1]) for uri in segments]
        first = numbers[0]
        self.assertGreater(first, 0)
        self.assertEqual(numbers, list(range(first, first + len(numbers))))
        # hlsdemux leaves out the last one of a window that ends.
        self.assertGreaterEqual(numbers[-1], SECONDS // 2 - 2)
        playlists = [f for f in fragments(result) if is_playlist(f)]
        self.assertGreater(len(playlists), 2 - mode.endswith(DEMUX))


def add_tests():
    for group in (Hand, Playbin, Decodebin, Adaptive2, More):
        for name, stream in STREAMS.items():
            if name not in getattr(group, "STREAMS", STREAMS):
                continue
            for mode in group.MODES:
                def test(self, name=name, mode=mode):
                    self.check(name, mode)
                if mode in stream.skip:
                    test = unittest.skip(stream.skip[mode])(test)
                setattr(group, f"test_{name}_{mode}", test)
    for mode in Live.MODES:
        def test_live(self, mode=mode):
            self.check(mode)
        setattr(Live, f"test_live_{mode}", test_live)


add_tests()
if __name__ == "__main__":
    tap.main()
