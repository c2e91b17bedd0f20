#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our tracker behind nginx, as docs/tracker.md sets it up.

P2PHLS_PLAY: the program that plays.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

import media
import server
import tap
import viewers

PROGRAM = os.environ["P2PHLS_PLAY"]
NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "tracker.md"
SECONDS = 12
PATH = "/ts/index.m3u8"

CONF = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  map $http_upgrade $connection_upgrade {{ '' close; default upgrade; }}
  server {{
    listen 127.0.0.1:{port};
    {location}
  }}
}}
"""


def read_location(tracker):
    """What the docs give, with the address of that tracker."""
    text = DOCS.read_text(encoding="utf-8")
    block = re.search(r"^    location / \{.*?^    \}", text, re.M | re.S)[0]
    return textwrap.dedent(block).replace("http://127.0.0.1:8000", tracker)


class Nginx:
    """Before a tracker."""

    def __init__(self, tracker):
        self._folder = tempfile.TemporaryDirectory()
        for _ in range(5):
            if self._start(tracker):
                return
        raise RuntimeError("nginx does not start")

    def _start(self, tracker):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        conf = Path(self._folder.name) / "nginx.conf"
        conf.write_text(CONF.format(
            folder=self._folder.name, port=self.port,
            location=read_location(tracker)), encoding="utf-8")
        self.process = subprocess.Popen([NGINX, "-c", conf])
        while self.process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._folder.cleanup()


@unittest.skipUnless(NGINX, "there is no nginx")
class Proxy(unittest.TestCase):
    def start(self, **properties):
        tracker = self.enterContext(viewers.Tracker(**properties))
        return self.enterContext(Nginx(tracker.url))

    def count(self, nginx, address):
        """Returns: how many of 300 requests right after another are answered."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", nginx.port, source_address=(address, 0))
        answered = 0
        for number in range(300):
            # What a client says of itself is not believed.
            connection.request("GET", "/announce?info_hash=x", headers={
                "X-Forwarded-For": f"198.51.100.{number % 250}"})
            response = connection.getresponse()
            response.read()
            self.assertIn(response.status, (200, 429))
            answered += response.status == 200
        connection.close()
        return answered

    def test_share(self):
        nginx = self.start()
        url = f"http://127.0.0.1:{nginx.port}"
        with server.Server(media.make("ts", seconds=SECONDS)) as served:
            with viewers.Viewer(PROGRAM, served.base + PATH, url, 120) as first:
                time.sleep(3)
                with viewers.Viewer(PROGRAM, served.base + PATH, url,
                                    120) as second:
                    self.assertTrue(first.wait(3 * SECONDS))
                    self.assertTrue(second.wait(3 * SECONDS))
        self.assertGreater(second.last["p2p-fetched"], 0)

    def test_trusted(self):
        nginx = self.start(trusted_proxy="127.0.0.1")
        first, second = (self.count(nginx, address)
                         for address in ("127.0.0.2", "127.0.0.3"))
        self.assertGreaterEqual(first, 200)
        self.assertGreaterEqual(second, 200)
        # It is still limited.
        self.assertLess(self.count(nginx, "127.0.0.2"), 300)

    def test_not_trusted(self):
        """All that come through it are one."""
        nginx = self.start()
        self.assertGreaterEqual(self.count(nginx, "127.0.0.2"), 200)
        self.assertLess(self.count(nginx, "127.0.0.3"), 200)


if __name__ == "__main__":
    tap.main()
