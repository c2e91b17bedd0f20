#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Players that know nothing of p2phls, beside a viewer that began before them:
what each of them takes from it, and what from the web server.

    players.py --table BUILD [--docs] [PLAYER...]

plays a stream in every player that is installed, or those whose names hold one
of the words, as an ordinary user and without a screen, and prints a table; --docs
writes it into docs/players.md too. Without --table it is a test, of a few.
"""

import argparse
import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs/players.md"
BEGIN, END = "<!-- tests/interop/players.py -->\n", "<!-- end -->\n"
HEAD = 6                          # seconds that the other viewer is before it
GRACE = 15                        # seconds to begin in, and to end in
NOBODY = 65534                    # an ordinary user


def enter(built):
    """Runs this program again, where GStreamer finds the plugin."""
    built = built.resolve()
    os.environ.update(
        P2PHLS_PLAY=str(built / "tests/examples/p2phls-play"),
        P2PHLS=str(built / "tools/p2phls"), P2PHLS_CONFIG="",
        P2P_MEDIA=str(built / "tests/media"),
        PYTHONPATH=str(ROOT / "tests/fixtures"), PYTHONDONTWRITEBYTECODE="1")
    os.execvp("meson", ["meson", "devenv", "-C", str(built), sys.executable,
                        __file__, *sys.argv[1:]])


if __name__ == "__main__" and "P2PHLS_PLAY" not in os.environ:
    if "--table" not in sys.argv[:-1]:
        sys.exit(__doc__)
    enter(Path(sys.argv[sys.argv.index("--table") + 1]))

import browser  # noqa: E402
import media  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402
import viewers  # noqa: E402

PROGRAM = os.environ["P2PHLS"]
SCRIPT = """
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
player = Gst.parse_launch("{playbin} uri={uri} "
    "video-sink=\\"fakesink sync=true\\" audio-sink=\\"fakesink sync=true\\"")
player.set_state(Gst.State.PLAYING)
message = player.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE,
    Gst.MessageType.EOS | Gst.MessageType.ERROR)
player.set_state(Gst.State.NULL)
raise SystemExit(message.type != Gst.MessageType.EOS)
"""


@dataclasses.dataclass(frozen=True)
class Player:
    name: str
    command: tuple                # {uri} stands for the URI
    ends: bool = True             # by itself, with the stream; else it has a window
    scheme: str = ""
    local: bool = False           # it gets the URL that an engine serves
    kind: str = "ts"              # of media.py
    environment: dict = dataclasses.field(default_factory=dict, hash=False)

    @property
    def is_there(self):
        return shutil.which(self.command[0]) is not None

    def make_command(self, uri):
        command = [word.replace("{uri}", self.scheme + uri)
                   for word in self.command]
        if not self.ends:
            command = ["xvfb-run", "-a", "dbus-run-session", "--", *command]
        if os.getuid() == 0:
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                       "--clear-groups", *command]
        return command


def gst_play(*options, **told):
    sinks = [f"--{kind}sink=fakesink sync=true" for kind in ("video", "audio")]
    return Player(" ".join(["gst-play-1.0", *options]) +
                  (", `p2phls+` URI" if told else ""),
                  ("gst-play-1.0", "--no-interactive", *sinks, *options,
                   "{uri}"), **told)


def python(playbin):
    return Player(f"Python, {playbin}", (sys.executable, "-c", SCRIPT.replace(
        "{playbin}", playbin)))


PLAYERS = (
    gst_play(), gst_play("--use-playbin3"),
    gst_play("--use-playbin3", scheme="p2phls+"),
    python("playbin"), python("playbin3"),
    Player("Totem", ("totem", "{uri}"), ends=False),
    Player("Totem without Grilo's plugins", ("totem", "{uri}"), ends=False,
           environment={"GRL_PLUGIN_PATH": "/nonexistent"}),
    Player("Clapper", ("com.github.rafostar.Clapper", "{uri}"), ends=False),
    Player("mpv", ("mpv", "--no-config", "--vo=null", "--ao=null", "{uri}"),
           local=True),
    Player("VLC", ("cvlc", "--play-and-exit", "--vout=dummy", "--aout=dummy",
                   "{uri}"), local=True),
    Player("ffmpeg", ("ffmpeg", "-v", "error", "-re", "-i", "{uri}", "-f",
                      "null", "-"), local=True),
    Player("Chromium", ("chromium", "{uri}"), local=True, kind="fmp4"),
)


@dataclasses.dataclass
class Seen:
    ended: bool                   # well, by itself
    whole: bool                   # all of the stream came to it
    web: int                      # bytes
    peer: int
    log: str


def home():
    """A folder for a user that has none."""
    folder = tempfile.TemporaryDirectory()
    if os.getuid() == 0:
        os.chown(folder.name, NOBODY, NOBODY)
    return folder


@contextlib.contextmanager
def running(player, uri, environment):
    """Yields: (process, the file with what it says)"""
    with home() as folder, tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            player.make_command(uri), stdout=log, stderr=log, cwd=folder,
            stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder,
                 "GST_REGISTRY": f"{folder}/registry", **environment})
        try:
            yield process, log
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


def watch_page(uri, seconds):
    """Returns: (whether its video ended well, what went wrong with the page)"""
    with browser.Browser() as chromium:
        page = chromium.open(uri)
        ended = page.call("""(() => new Promise((done) => {
            const video = document.querySelector("video");
            video.onended = video.onerror = () =>
                done(video.error ? video.error.message : "ended");
        }))""", timeout=seconds + GRACE)
        return ended == "ended", f"{ended} {page.errors}"


def watch(player, uri, environment, seconds):
    """Returns: (whether it ended well, what it said)"""
    if player.name == "Chromium":
        return watch_page(uri, seconds)
    with running(player, uri, environment) as (process, log):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds + GRACE)
        ended = process.returncode == 0
        log.seek(0)
        return ended, log.read()


def make_environment(player, tracker):
    """What its user sets."""
    told = {"P2PHLS_TRACKERS": tracker, **player.environment}
    if player.local:
        return {}
    if not player.scheme:
        told["GST_PLUGIN_FEATURE_RANK"] = "p2phlsdemux:MAX"
    return told


@contextlib.contextmanager
def serving(player, uri, tracker):
    """Yields: what the player is to open."""
    if not player.local:
        yield uri
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as on:
        def start(*words):
            started = on.enter_context(subprocess.Popen(
                [PROGRAM, *words], stdout=subprocess.PIPE, text=True))
            on.callback(started.kill)
            return started

        path = f"{folder}/engine.sock"
        start("serve", "--socket", path, "--tracker", tracker)
        while not os.path.exists(path):
            time.sleep(0.01)
        yield start("add", "--engine", f"unix:{path}",
                    uri).stdout.readline().strip()


def measure(player, seconds):
    """One play beside another viewer. Returns: Seen"""
    root = media.make(player.kind, seconds=seconds)
    size = sum(path.stat().st_size for path in (root / player.kind).iterdir()
               if path.suffix != ".m3u8")
    # The other one takes all it can, and stays until the player has ended.
    options = ["--patience", "600", "--set",
               f"required-segments-count={seconds}", "--set",
               f"max-cache-segments-count={seconds}"]
    with server.Server(root) as served, viewers.Tracker() as tracker, \
            viewers.Viewer(os.environ["P2PHLS_PLAY"],
                           f"{served.base}/{player.kind}/index.m3u8",
                           tracker.url, options=options) as other:
        time.sleep(HEAD)
        with serving(player, f"{served.base}/{player.kind}/index.m3u8",
                     tracker.url) as uri:
            ended, log = watch(player, uri, make_environment(
                player, tracker.url), seconds)
        time.sleep(1)
        sent, _ = viewers.count_origin(served)
        web = sent - other.last["http-fetched"]
        peer = other.last["p2p-uploaded"]
    return Seen(ended, web + peer >= 0.99 * size, web, peer, log)


# --- the table ---

def describe(player, seconds):
    if not player.is_there:
        return f"| {player.name} | not installed | | |"
    seen = measure(player, seconds)
    print(seen.log, file=sys.stderr)
    outcome = "whole" if seen.whole else "not whole"
    if player.ends:
        outcome += ", ended" if seen.ended else ", did not end well"
    return (f"| {player.name} | {outcome} | {seen.web / 1e3:.0f} | "
            f"{seen.peer / 1e3:.0f} |")


def print_table(arguments):
    words = [word.lower() for word in arguments.players]
    rows = ["| player | stream | KB from the web | KB from the other viewer |",
            "|---|---|---:|---:|"]
    print(*rows, sep="\n", flush=True)
    for player in PLAYERS:
        if not words or any(word in player.name.lower() for word in words):
            rows.append(describe(player, arguments.seconds))
            print(rows[-1], flush=True)
    if arguments.docs:
        text = DOCS.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        DOCS.write_text(before + BEGIN + "\n" + "\n".join(rows) + "\n\n" + END
                        + after, encoding="utf-8")


class Short(unittest.TestCase):
    SECONDS = 12

    def check(self, player):
        if not player.is_there:
            self.skipTest(f"there is no {player.command[0]}")
        seen = measure(player, self.SECONDS)
        self.assertTrue(seen.ended, seen.log)
        self.assertTrue(seen.whole, seen)
        self.assertGreater(seen.peer, seen.web, seen)

    def test_gst_play(self):
        self.check(gst_play())

    def test_gst_play_playbin3(self):
        self.check(gst_play("--use-playbin3"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--table", required=True, metavar="BUILD")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("players", nargs="*")
    print_table(parser.parse_args())


if __name__ == "__main__":
    if "--table" in sys.argv:
        main()
    else:
        tap.main()
