#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program p2phls, and players that share its engine: processes of their own at
a UNIX socket."""

import fcntl
import functools
import hashlib
import json
import os
import pty
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest
import urllib.request

import hostengine
import media
import server
import tap
import viewers

PLAY = os.environ["P2PHLS_PLAY"]
SECONDS = 8
SEGMENTS = SECONDS // media.SEGMENT_SECONDS
FRAMES = SECONDS * media.FRAME_RATE
# What an engine's end would cost is more; less may be the machine's doing.
STALL = 0.5                       # seconds
MISSING, NO_ENGINE = 3, 4         # exit statuses


def read(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def count_segments(served):
    """How often the web server was asked for each segment."""
    counts = {}
    for request in served.requests():
        if ".m3u8" not in request["path"]:
            counts[request["path"]] = counts.get(request["path"], 0) + 1
    return counts


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="p2phls-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.served = self.enterContext_(server.Server(
            media.make("ts", "master", "group", seconds=SECONDS)))
        self.url = f"{self.served.base}/ts/index.m3u8"
        stream = b"".join(
            (self.served.root / f"ts/seg{i}.ts").read_bytes()
            for i in range(SEGMENTS))
        self.sum = hashlib.sha256(stream).hexdigest()

    def enterContext_(self, manager):
        entered = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return entered

    def engine(self, **arguments):
        return self.enterContext_(hostengine.Engine(self.folder, **arguments))

    def tls_engine(self):
        """One for other machines; tokens are in the folder, token and wrong.
        Returns: (the engine, its certificate)"""
        certificate, key = media.certificate()
        both = f"{self.folder}/both.pem"
        with open(both, "wb") as file:
            file.write(certificate.read_bytes() + key.read_bytes())
        for name, token in (("token", "0123456789abcdef"), ("wrong", "f" * 16)):
            with open(f"{self.folder}/{name}", "w", encoding="ascii") as file:
                file.write(f"{token}\n")
        engine = self.engine(more=["--listen", "127.0.0.1:0", "--certificate",
                                   both, "--token-file",
                                   f"{self.folder}/token"])
        engine.address = json.loads(engine.process.stdout.readline())[
            "listening"]
        return engine, str(certificate)

    def viewer(self, engine, **properties):
        options = [word for name, value in properties.items() for word in (
            "--set", f"{name.replace('_', '-')}={value}")]
        return self.enterContext_(viewers.Viewer(
            PLAY, self.url, options=["--set", f"engine={engine.address}",
                                     "--frames", str(FRAMES), *options]))

    def assert_played(self, viewer):
        self.assertTrue(viewer.wait(60), viewer.last)
        self.assertEqual(viewer.last["frames"], FRAMES)
        self.assertEqual(viewer.last["sha256"], self.sum)
        self.assertLess(viewer.last["longest-stall"], STALL, viewer.last)


class Program(Case):
    def test_add(self):
        engine = self.engine()
        with engine.add(self.url) as added:
            url = added.said["serverURL"]
            self.assertTrue(url.startswith("http://127.0.0.1:"), url)
            self.assertTrue(read(url))
            code, said, _ = engine.run("get", self.url)
            self.assertEqual((code, said), (0, f"{url}\n"))
            status = engine.wait_for(lambda s: s["torrents"])
            self.assertEqual([t["url"] for t in status["torrents"]], [self.url])
            self.assertEqual(status["torrents"][0]["serverURL"], url)
            code, said, _ = engine.run("status")
            self.assertIn("index.m3u8", said)
            self.assertIn("FROM PEERS", said)
            # A VOD, though nobody knows how many bytes it has.
            self.assertIsNone(status["torrents"][0]["length"])
            self.assertIs(status["torrents"][0]["live"], False)
            self.assertIn(" %", said)
            added.process.send_signal(signal.SIGTERM)
            self.assertEqual(added.wait(), 0)
        self.assertEqual(engine.wait_for(
            lambda s: not s["torrents"])["torrents"], [])

    def test_delay(self):
        engine = self.engine()
        with engine.add(self.url, "--delay", "60000") as added:
            added.process.send_signal(signal.SIGINT)
            self.assertEqual(added.wait(), 0)
        self.assertEqual(len(engine.status()["torrents"]), 1)
        self.assertEqual(engine.run("get", self.url)[0], 0)

    def test_stop(self):
        engine = self.engine()
        self.assertEqual(engine.run("stop", self.url)[0], MISSING)
        with engine.add(self.url) as one, engine.add(self.url) as two:
            self.assertEqual(engine.run("stop", self.url)[0], 0)
            self.assertEqual((one.wait(), two.wait()), (0, 0))
        self.assertEqual(engine.status()["torrents"], [])
        self.assertEqual(engine.run("stop")[0], 0)
        self.assertEqual(engine.wait(), 0)
        self.assertFalse(engine.path.exists())

    def test_errors(self):
        code, _, errors = hostengine.Engine.run(self.absent(), "status")
        self.assertEqual(code, NO_ENGINE, errors)
        engine = self.engine()
        self.assertEqual(engine.run("get", self.url)[0], MISSING)
        code, said, errors = engine.run("add", "--json", "ftp://nowhere/")
        self.assertEqual(code, 1)
        self.assertEqual(json.loads(said)["error"]["name"],
                         "InvalidTorrentError")
        self.assertIn("p2phls:", errors)
        for words in (("add",), ("get", "a", "b"), ("status", "--nonsense"),
                      ("nonsense",), ("serve", "--set", "nonsense"),
                      ("serve", "--listen", "127.0.0.1:0")):
            done = subprocess.run([hostengine.PROGRAM, *words], check=False,
                                  capture_output=True, timeout=10)
            self.assertEqual(done.returncode, 2, words)
            self.assertTrue(done.stderr, words)

    def test_what_is_wrong(self):
        """Who made a mistake is told which."""
        for words, told in (
                (("add", "--delay", "-1", "http://a/"), "--delay"),
                (("add", "--delay", "600001", "http://a/"), "--delay"),
                (("serve", "--idle", "-1"), "--idle"),
                (("serve", "--idle", "99999999"), "--idle"),
                (("status", "--interval", "-1"), "--interval"),
                (("status", "--interval", "1s"), "--interval"),
                (("add",), "URL"), (("get", "a", "b"), "\u201cb\u201d"),
                (("serve", "now"), "\u201cnow\u201d"),
                (("serve", "--set", "nonsense=1"), "nonsense"),
                (("serve", "--set", "max-peers=many"), "max-peers"),
                (("play",), "\u201cplay\u201d"),
                (("add", "--nonsense", "http://a/"), "--nonsense")):
            done = subprocess.run([hostengine.PROGRAM, *words], check=False,
                                  capture_output=True, text=True, timeout=10,
                                  env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(told, done.stderr.splitlines()[0], words)
            self.assertEqual(done.stdout, "", words)

    def test_json(self):
        """Every line is JSON, whatever its words are."""
        self.folder += '/a "b\\c\u00e9'
        os.makedirs(self.folder)
        engine = self.engine(more=["--trace"])
        self.assertEqual(engine.said, {"listening": engine.address})
        with engine.add(self.url) as added:
            self.assertEqual(set(added.said), {
                "serverURL", "playlistURL", "infohash", "name", "files",
                "progress", "downloaded", "uploaded", "downloadSpeed",
                "uploadSpeed", "numPeers"})
        engine.wait_for(lambda s: not s["torrents"])
        self.assertEqual(engine.run("stop")[0], 0)
        lines = [json.loads(line) for line in engine.process.stdout]
        self.assertEqual({name for line in lines for name in line}, {"trace"})
        self.assertIn(f"joining swarm: {added.said['infohash']} index.m3u8",
                      [line["trace"] for line in lines])

    def test_closed_pipe(self):
        """Who reads no further need not be told any more."""
        engine = self.engine()
        status = engine.popen("status", "--json", "--interval", "50")
        self.assertTrue(status.stdout.readline())
        status.stdout.close()
        self.assertEqual(status.wait(10), 0)
        status.stderr.close()

    def test_small_screen(self):
        engine = self.engine()
        try:
            screen, theirs = pty.openpty()
        except OSError as error:
            self.skipTest(str(error))
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 4, 30, 0, 0))
        with engine.add(self.url), engine.add(f"{self.url}?2"), \
                engine.add(f"{self.url}?3"):
            status = subprocess.Popen(
                [hostengine.PROGRAM, "status", "--engine", engine.address,
                 "--interval", "50"], stdout=theirs)
            shown = b""
            while shown.count(b"\x1b[2J") < 3:
                shown += os.read(screen, 4096)
            status.send_signal(signal.SIGINT)
            self.assertEqual(status.wait(10), 0)
        os.close(theirs)
        os.close(screen)
        for page in shown.decode().split("\x1b[H\x1b[2J")[1:-1]:
            lines = page.splitlines()
            self.assertEqual(len(lines), 3, page)
            self.assertLessEqual(max(map(len, lines)), 30, page)

    def test_hung_engine(self):
        """Nobody waits for ever for who says nothing."""
        engine = self.engine()
        engine.process.send_signal(signal.SIGSTOP)
        process = engine.popen("status", "--json")
        said, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, NO_ENGINE, errors)
        self.assertIn("answer", json.loads(said)["error"]["message"])

    def absent(self):
        """An engine that is not there."""
        engine = object.__new__(hostengine.Engine)
        engine.address = f"unix:{self.folder}/absent.sock"
        engine._popen = subprocess.Popen
        return engine

    def test_two_engines(self):
        engine = self.engine()
        with hostengine.Engine(self.folder) as other:
            self.assertEqual(other.wait(), 1)
        engine.kill()
        again = self.engine()                   # at a socket that nobody serves
        self.assertEqual(again.status()["torrents"], [])

    def test_killed_client(self):
        engine = self.engine()
        with engine.add(self.url) as added:
            added.kill()
            begun = time.monotonic()
            status = engine.wait_for(lambda s: not s["torrents"])
        self.assertEqual(status["torrents"], [])
        self.assertEqual(status["clients"], 1)          # who asks
        self.assertLess(time.monotonic() - begun, 5)

    def test_activation(self):
        program = shutil.which("systemd-socket-activate")
        if not program:
            self.skipTest("there is no systemd-socket-activate")
        path = f"{self.folder}/engine.sock"
        engine = object.__new__(hostengine.Engine)
        engine.address, engine._popen = f"unix:{path}", subprocess.Popen
        with subprocess.Popen([program, "-l", path, hostengine.PROGRAM, "serve",
                               "--idle", "1", "--tracker", hostengine.NOWHERE,
                               "--set", "stun-server="],
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as activated:
            self.addCleanup(activated.kill)
            while not os.path.exists(path):
                time.sleep(0.02)
            with engine.add(self.url) as added:
                self.assertTrue(read(added.said["serverURL"]))
            # It ends when nobody is there any more.
            self.assertEqual(activated.wait(20), 0)

    def test_tls(self):
        engine, certificate = self.tls_engine()
        told = ["--certificate", certificate, "--token-file"]
        with engine.add(self.url, *told, f"{self.folder}/token") as added:
            self.assertTrue(read(added.said["serverURL"]))
        self.assertEqual(engine.run("status", *told,
                                    f"{self.folder}/wrong")[0], NO_ENGINE)


class Players(Case):
    def test_share(self):
        """Each segment comes once for both."""
        engine = self.engine()
        one, two = self.viewer(engine), self.viewer(engine)
        self.assert_played(one)
        self.assert_played(two)
        counts = count_segments(self.served)
        self.assertEqual(len(counts), SEGMENTS)
        self.assertEqual(set(counts.values()), {1}, counts)
        for viewer in (one, two):
            self.assertGreater(viewer.last["host-fetched"], 0)
        self.assertEqual(engine.wait_for(
            lambda s: not s["torrents"])["torrents"], [])

    def test_master(self):
        """Variants, and an audio group, come from there too."""
        engine = self.engine()
        for path in "master/master.m3u8", "group/master.m3u8":
            self.url = f"{self.served.base}/{path}"
            viewer = self.viewer(engine)
            self.assertTrue(viewer.wait(60), viewer.last)
            self.assertGreater(viewer.last["host-fetched"],
                               0.99 * viewer.last["http-fetched"])
            self.assertLess(viewer.last["longest-stall"], STALL, viewer.last)
        counts = count_segments(self.served)
        self.assertEqual(set(counts.values()), {1}, counts)

    def test_killed_engine(self):
        """It is noticed, nothing stops, and its successor is found."""
        engine = self.engine()
        viewer = self.viewer(engine)
        engine.wait_for(lambda s: s["torrents"])
        while viewer.last.get("position", 0) < 2:
            time.sleep(0.05)
        engine.kill()
        time.sleep(1)
        again = self.engine()
        status = again.wait_for(lambda s: s["torrents"])
        self.assertEqual([t["url"] for t in status["torrents"]], [self.url])
        self.assert_played(viewer)

    def test_hung_engine(self):
        engine = self.engine()
        viewer = self.viewer(engine)
        while viewer.last.get("position", 0) < 2:
            time.sleep(0.05)
        engine.process.send_signal(signal.SIGSTOP)
        self.assert_played(viewer)

    def test_auto(self):
        """The user's own is found, by who asked for P2P."""
        runtime = f"{self.folder}/runtime"
        os.makedirs(f"{runtime}/p2phls")
        self.folder = f"{runtime}/p2phls"
        engine = self.engine()
        popen = functools.partial(subprocess.Popen, env={
            **os.environ, "XDG_RUNTIME_DIR": runtime})
        told = ["--tracker", hostengine.NOWHERE]
        for options, used in ((told, True), ([*told, "--set", "engine=own"],
                                             False), ([], False)):
            with viewers.Viewer(PLAY, self.url, options=options,
                                popen=popen) as viewer:
                while viewer.last.get("demuxed", 0) == 0:
                    time.sleep(0.05)
                self.assertEqual(viewer.last["host-fetched"] > 0, used, options)
        self.assertEqual(engine.wait_for(
            lambda s: not s["torrents"])["torrents"], [])

    def test_tls_refused(self):
        """Who has the wrong token, none, or another certificate is told so, and
        plays from the web server."""
        engine, certificate = self.tls_engine()
        other = f"{self.folder}/other.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                        "/CN=engine", "-keyout", "/dev/null", "-out", other],
                       check=True, stderr=subprocess.DEVNULL)
        token = f"{self.folder}/token"
        refused = [self.viewer(engine, **told) for told in (
            {"engine_token_file": f"{self.folder}/wrong",
             "engine_certificate_file": certificate},
            {"engine_certificate_file": certificate},
            {"engine_token_file": token, "engine_certificate_file": other},
            {"engine_token_file": token})]
        for viewer in refused:
            self.assert_played(viewer)
            self.assertEqual(viewer.last["host-fetched"], 0)
            self.assertEqual(viewer.last["warnings"], 1)
        self.assertEqual(engine.run("status", "--certificate", certificate,
                                    "--token-file", token)[0], 0)

    def test_tls(self):
        engine, certificate = self.tls_engine()
        config = f"{self.folder}/p2phls.conf"
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"[p2phls]\nengine={engine.address}\n"
                       f"engine-token-file={self.folder}/token\n"
                       f"engine-certificate-file={certificate}\n")
        told = self.viewer(engine, engine_token_file=f"{self.folder}/token",
                           engine_certificate_file=certificate)
        of_user = self.enterContext_(viewers.Viewer(
            PLAY, self.url, options=["--frames", str(FRAMES)],
            popen=functools.partial(subprocess.Popen, env={
                **os.environ, "P2PHLS_CONFIG": config})))
        for viewer in told, of_user:
            self.assert_played(viewer)
            self.assertGreater(viewer.last["host-fetched"], 0)
            self.assertEqual(viewer.last["warnings"], 0)
        counts = count_segments(self.served)
        self.assertEqual(set(counts.values()), {1}, counts)

    def test_no_engine(self):
        """Who names one plays without it too."""
        engine = self.engine()
        engine.kill()
        self.assert_played(self.viewer(engine))


if __name__ == "__main__":
    tap.main()
