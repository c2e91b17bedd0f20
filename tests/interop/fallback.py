#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""hlsdemux2 where there is no gateway, or it could not get there, or the session
behind it is gone: it plays as it would without us, or ends as it is to end.

P2PHLS_NOLISTEN: a library that lets nobody listen.
"""

import contextlib
import http.server
import os
import threading
import unittest
import urllib.request

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gio, Gst  # noqa: E402

import matrix  # noqa: E402
import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

SECONDS = matrix.SECONDS
WAYS = {"scheme": {"scheme": "p2phls+"},
        "demux": {"rank": "p2phlsdemux:MAX", "source_name": "souphttpsrc"}}


class _Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Accept-Encoding"]))
        if not self.path.startswith(self.server.allowed + "/"):
            self.server.refused.append(self.path)
            self.send_error(502)
            return
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(self.path) as answer:
            body = answer.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def proxy(allowed):
    """One that gets to one server only."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as served:
        served.allowed, served.asked, served.refused = allowed, [], []
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served
        served.shutdown()


def serve():
    return server.Server(media.make("ts", seconds=SECONDS))


@contextlib.contextmanager
def setting(**variables):
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class Fallback(unittest.TestCase):
    def play(self, served, scheme="", rank=None, source_name=matrix.OURS):
        result = player.play("playbin3", f"{scheme}{served.base}/ts/index.m3u8",
                             20, rank, matrix.NOBODY, source_name=source_name)
        self.assertEqual(result["outcome"], "eos", result["errors"])
        self.assertEqual(max(result["buffers"].values()),
                         matrix.reference("ts", "playbin3")[1][-1])
        return result

    def check_itself(self, served):
        """hlsdemux2 fetched every segment, and once."""
        self.check_segments([(r["path"], r["headers"].get("Accept-Encoding"))
                             for r in served.requests()])

    def check_segments(self, asked):
        """We ask for them as they are, hlsdemux2 does not."""
        segments = [pair for pair in asked if ".ts" in pair[0]]
        self.assertEqual(len(segments), SECONDS // media.SEGMENT_SECONDS)
        self.assertEqual(len(set(segments)), len(segments))
        self.assertNotIn("identity", [coding for _, coding in segments])

    def check_no_listening(self, way):
        with serve() as served, setting(
                LD_PRELOAD=os.environ["P2PHLS_NOLISTEN"]):
            self.play(served, **WAYS[way])
            self.check_itself(served)

    def test_nobody_can_listen(self):
        self.check_no_listening("scheme")

    def test_nobody_can_listen_demux(self):
        self.check_no_listening("demux")

    def check_proxy(self, way):
        with serve() as served, proxy(served.base) as between, setting(
                http_proxy=f"http://127.0.0.1:{between.server_port}",
                no_proxy=""):
            if Gio.ProxyResolver.get_default().lookup(
                    "http://127.0.0.1:1/") == ["direct://"]:
                self.skipTest("this machine has no resolver of proxies")
            self.play(served, **WAYS[way])
            self.assertEqual(between.refused, [])
            self.check_segments(between.asked)

    def test_proxy_between(self):
        self.check_proxy("scheme")

    def test_proxy_between_demux(self):
        self.check_proxy("demux")

    def test_destroyed(self):
        """The application ends the session: an ERROR, and no hang."""
        with serve() as served, setting(P2PHLS_TRACKERS=player.NOWHERE):
            served.add_rule("slow", match="*/seg2.ts", kbits=100)
            playbin = Gst.ElementFactory.make("playbin3")
            sources = []
            playbin.connect("source-setup", lambda _, s: sources.append(s))
            playbin.set_property("uri", f"p2phls+{served.base}/ts/index.m3u8")
            for sink in ("video-sink", "audio-sink"):
                playbin.set_property(sink, Gst.parse_launch("fakesink"))
            playbin.set_state(Gst.State.PLAYING)
            bus = playbin.get_bus()
            bus.timed_pop_filtered(10 * Gst.SECOND, Gst.MessageType.ASYNC_DONE)
            sources[0].emit("destroy")
            message = bus.timed_pop_filtered(
                20 * Gst.SECOND, Gst.MessageType.ERROR | Gst.MessageType.EOS)
            playbin.set_state(Gst.State.NULL)
            self.assertIsNotNone(message)
            self.assertEqual(message.type, Gst.MessageType.ERROR)

    def test_nothing_is_left(self):
        """With the pipeline the URLs go."""
        with serve() as served, setting(P2PHLS_TRACKERS=player.NOWHERE):
            playbin = Gst.ElementFactory.make("playbin3")
            playbin.set_property("uri", f"p2phls+{served.base}/ts/index.m3u8")
            for sink in ("video-sink", "audio-sink"):
                playbin.set_property(sink, Gst.parse_launch("fakesink"))
            told = []
            playbin.connect("deep-element-added", lambda *a: told.append(a[2]))
            playbin.set_state(Gst.State.PLAYING)
            playbin.get_bus().timed_pop_filtered(
                20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
            source = next(e for e in told if isinstance(e, Gst.Element)
                          and e.get_factory()
                          and e.get_factory().get_name() == matrix.OURS)
            query = Gst.Query.new_uri()
            self.assertTrue(source.query(query))
            url = query.parse_uri()
            direct = urllib.request.build_opener(
                urllib.request.ProxyHandler({}))
            self.assertIn("#EXTM3U", direct.open(url).read().decode())
            playbin.set_state(Gst.State.NULL)
            with self.assertRaises(OSError):
                for _ in range(100):
                    direct.open(url, timeout=5).read()


if __name__ == "__main__":
    tap.main()
