#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An engine, and a client or a player on another machine: two network namespaces
with TLS between them."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gi

gi.require_version("P2pHlsRemote", "1.0")
from gi.repository import GLib, P2pHlsRemote  # noqa: E402

import media  # noqa: E402
import nets  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402
import viewers  # noqa: E402

PLAY = os.environ["P2PHLS_PLAY"]
SECONDS = 8
TOKEN = "a token of more than 16"
WHY_NOT = nets.why_not("openssl")

# Prints the serverURL and what a player reads from there, or why there is none.
CLIENT = """
import json, sys, urllib.parse, urllib.request
import gi
gi.require_version("P2pHlsRemote", "1.0")
from gi.repository import GLib, P2pHlsRemote

address, token, certificate, uri = sys.argv[1:]
loop = GLib.MainLoop()
said = {}

def read(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read(), answer.geturl()

def on_added(error, torrent):
    if error:
        said["error"] = error.message
    else:
        url = torrent.get_server_url()
        text, base = read(url)
        names = [line for line in text.decode().splitlines()
                 if line and not line.startswith("#")]
        said.update(url=url, bytes=sum(
            len(read(urllib.parse.urljoin(base, name))[0]) for name in names))
    loop.quit()

connection = P2pHlsRemote.Connection.new(address, token, certificate, None)
torrent = connection.get_client().add(uri, '{"server":{}}', on_added)
GLib.timeout_add_seconds(30, loop.quit)
loop.run()
print(json.dumps(said))
"""


def make_certificate(folder):
    """Returns: (what the engine has, what its clients know)."""
    both, known = Path(folder, "engine.pem"), Path(folder, "known.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=engine", "-days", "2", "-keyout", both, "-out",
                    known], check=True, stderr=subprocess.DEVNULL)
    both.write_text(both.read_text() + known.read_text())
    return str(both), str(known)


@unittest.skipIf(WHY_NOT, WHY_NOT or "")
class Elsewhere(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = media.make("ts", seconds=SECONDS)
        nets.enter()

    def ask(self, host, *arguments):
        """What a client says that runs on host."""
        process = host.popen([sys.executable, "-c", CLIENT, *arguments],
                             stdout=subprocess.PIPE, text=True)
        loop = GLib.MainLoop()
        GLib.child_watch_add(GLib.PRIORITY_DEFAULT, process.pid,
                             lambda *_: loop.quit())
        loop.run()
        return json.loads(process.stdout.read())

    def test_elsewhere(self):
        with tempfile.TemporaryDirectory() as folder, nets.Site() as site, \
                server.Server(self.root) as served:
            engine, known = make_certificate(folder)
            listener = P2pHlsRemote.Listener.new(
                '{"trackerAnnounce":[],"stunServer":null}')
            port = listener.add_tls(nets.HERE, 0, engine, TOKEN)
            address = f"tls://{nets.HERE}:{port}"
            # The web server is out of the client's reach.
            uri = f"{served.base}/ts/index.m3u8"
            said = self.ask(site.host, address, TOKEN, known, uri)
            self.assertTrue(said["url"].startswith(f"http://{nets.HERE}:"), said)
            self.assertEqual(said["bytes"], sum(
                path.stat().st_size
                for path in Path(self.root, "ts").glob("*.ts")))
            # It is gone, and so is what it added.
            self.assertEqual(json.loads(listener.get_server().get_status())
                             ["torrents"], [])
            said = self.ask(site.host, address, TOKEN + "x", known, uri)
            self.assertIn("token", said["error"])
            listener.close()

    def test_player(self):
        """p2phlssrc there has its segments from the engine here."""
        with tempfile.TemporaryDirectory() as folder, nets.Site() as site, \
                server.Server(self.root, address=nets.HERE) as served:
            engine, known = make_certificate(folder)
            token = Path(folder, "token")
            token.write_text(TOKEN + "\n")
            listener = P2pHlsRemote.Listener.new(
                '{"trackerAnnounce":[],"stunServer":null}')
            port = listener.add_tls(nets.HERE, 0, engine, TOKEN)
            with viewers.Viewer(
                    PLAY, f"{served.base}/ts/index.m3u8",
                    popen=site.host.popen, options=[
                        "--set", f"engine=tls://{nets.HERE}:{port}",
                        "--set", f"engine-token-file={token}",
                        "--set", f"engine-certificate-file={known}",
                        "--frames", str(SECONDS * media.FRAME_RATE)]) as viewer:
                loop = GLib.MainLoop()
                GLib.timeout_add(50, lambda: viewer.process.poll() is None
                                 or loop.quit())
                GLib.timeout_add_seconds(60, loop.quit)
                loop.run()
                self.assertTrue(viewer.wait(1), viewer.last)
            asked = [request["address"] for request in served.requests()
                     if ".m3u8" not in request["path"]]
            self.assertEqual(asked, [nets.HERE] * (SECONDS
                                                   // media.SEGMENT_SECONDS))
            self.assertGreater(viewer.last["host-fetched"], 0)
            listener.close()


if __name__ == "__main__":
    tap.main()
