#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Seeks, state changes and variant switches at random, one upon the other.

    storm.py [--steps 200] [--seed 7] [Storm.test_playbin]

Each runs in a process of its own, where a critical warning is fatal. Nothing
may hang, leak, or be left: threads and file descriptors are as many as before,
and the leaks tracer finds no object. The seed is printed.
"""

import argparse
import contextlib
import gc
import os
import random
import re
import subprocess
import sys
import threading
import time
import unittest

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

import media  # noqa: E402
import pipelines  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402

LONG = 15                         # seconds: a step that takes these hangs
TRIES = 3
SECONDS = 20                      # of media
STATES = [Gst.State.NULL, Gst.State.READY, Gst.State.PAUSED,
          Gst.State.PLAYING, Gst.State.PLAYING]
steps, seed = 200, random.SystemRandom().randrange(10 ** 6)
source = "p2phlssrc"


class Player:
    """What pipelines.py asks of a Play."""

    def __init__(self, uri):
        self.uri, self.source_name, self.sync = uri, source, True
        self.connection_speed, self.flags = 1, 0x3
        self.sinks = {}

    def setup_source(self, source):
        source.set_property("timeout", 5)

    def add_sink(self, sink):
        pass

    def lose_sink(self, sink):
        pass


def find(pipeline, names):
    iterator = pipeline.iterate_recurse()
    while True:
        result, element = iterator.next()
        if result == Gst.IteratorResult.RESYNC:
            iterator.resync()
        elif result != Gst.IteratorResult.OK:
            return None
        elif element.get_factory() and element.get_factory().get_name() in names:
            return element


def switch_variant(pipeline, chance):
    speed = chance.choice([1, 100000])
    target = pipeline
    if not target.find_property("connection-speed"):
        target = find(pipeline, ["hlsdemux"])
    if target:
        target.set_property("connection-speed", speed)


def step(pipeline, chance):
    what = chance.random()
    if what < 0.5:
        flags = Gst.SeekFlags.FLUSH | chance.choice(
            [Gst.SeekFlags.KEY_UNIT, Gst.SeekFlags.ACCURATE])
        pipeline.seek_simple(Gst.Format.TIME, flags,
                             int(chance.random() * SECONDS * Gst.SECOND))
    elif what < 0.9:
        pipeline.set_state(chance.choice(STATES))
    else:
        switch_variant(pipeline, chance)
    time.sleep(chance.choice([0, 0, 0.001, 0.01, 0.05]))


# A seek while decodebin links a decoder: it has the lock of the adaptive demuxer and
# waits for that of a pad, whose thread waits for the link, which waits for the
# demuxer. Of 36 storms with souphttpsrc three stood so (GStreamer 1.26).
HANGS, HANGS_ELSEWHERE = 3, 4


def is_ours(stack):
    """Whether what one thread does is of this project. The engine waits for work."""
    frames = re.findall(r"^#\d+ .*", stack, re.MULTILINE)
    return (any(re.search(r"p2p|P2p", frame) for frame in frames)
            and not any(" p2p_engine_poll " in frame for frame in frames))


def find_culprit():
    """Asks gdb where all threads are. Returns: HANGS if it can be us"""
    try:
        told = subprocess.run(
            ["gdb", "-batch", "-p", str(os.getpid()), "-ex",
             "thread apply all backtrace"], capture_output=True, text=True,
            errors="replace", check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return HANGS
    stacks = re.split(r"^Thread \d+ ", told, flags=re.MULTILINE)[1:]
    ours = [stack for stack in stacks if is_ours(stack)]
    print("".join(ours), flush=True)
    return HANGS if ours or len(stacks) < 2 else HANGS_ELSEWHERE


def broke_elsewhere(done):
    """Whether GStreamer hung, or something crashed: 7 of 90 storms with souphttpsrc
    do, too. Of a crash AddressSanitizer says in what."""
    if "ERROR: AddressSanitizer" in done.stdout:
        return not re.search(r"^ *#\d+ .*[Pp]2p", done.stdout, re.MULTILINE)
    return done.returncode < 0 or done.returncode == HANGS_ELSEWHERE


class Watch(threading.Thread):
    """Ends the process when nothing happens any more."""

    def __init__(self):
        super().__init__(daemon=True)
        self.beat = time.monotonic()
        self.what = "start"

    def run(self):
        while time.monotonic() - self.beat < LONG:
            time.sleep(0.2)
        print(f"hangs at {self.what}", flush=True)
        os._exit(find_culprit())


def count():
    """Threads, but for those that GLib and GStreamer keep, and descriptors."""
    names = []
    for task in os.listdir("/proc/self/task"):
        with contextlib.suppress(FileNotFoundError):
            with open(f"/proc/self/task/{task}/comm", encoding="ascii") as comm:
                names.append(comm.read().strip())
    return (sorted(name for name in names
                   if ":" not in name and not re.match("pool-|task|GstSystemClock", name)),
            len(os.listdir("/proc/self/fd")))


# What playbin does now and then on a busy machine, whatever the source: of 20
# storms with souphttpsrc three had the first, two the second. Pads are left over
# then, with what they hold.
PLAYSINK = "is not unique in element streamsynchronizer"
DECODEBIN = "<decodepad"


def settle():
    """What count() says when it does not change any more."""
    now, until = count(), time.monotonic() + 5
    while time.monotonic() < until:
        time.sleep(0.3)
        now, before = count(), now
        if now == before:
            break
    return now


def blow(mode, uri):
    """The storm itself, in this process."""
    Gst.init(None)
    watch = Watch()
    watch.start()
    chance = random.Random(seed)
    # What stays for the life of a process comes with a first run.
    for round_ in range(2):
        before = settle()
        pipeline = pipelines.MODES[mode](Player(uri))
        pipeline.set_state(Gst.State.PLAYING)
        time.sleep(2)
        for number in range(steps if round_ else 0):
            watch.beat, watch.what = time.monotonic(), f"step {number}"
            step(pipeline, chance)
        watch.beat, watch.what = time.monotonic(), "the end"
        pipeline.set_state(Gst.State.NULL)
        del pipeline
        gc.collect()
        after = settle()
        if round_ and after != before:
            print(f"left over: {after}, were {before}")
            sys.exit(1)
    watch.beat = time.monotonic()
    gc.collect()
    Gst.deinit()


class Storm(unittest.TestCase):
    def check(self, mode):
        root = media.make("master", seconds=SECONDS)
        scheme = ("p2phls+" if mode == "playbin" and source == "p2phlssrc"
                  else "")
        with server.Server(root) as origin:
            for _ in range(TRIES):
                done = subprocess.run(
                    [sys.executable, os.path.abspath(__file__), "--steps",
                     str(steps), "--seed", str(seed), "--source", source,
                     "--mode", mode, "--uri",
                     f"{scheme}{origin.base}/master/master.m3u8"],
                    env=os.environ | {"G_DEBUG": "fatal-criticals",
                                      "GST_TRACERS": "leaks",
                                      "GST_DEBUG": "GST_TRACER:7",
                                      "GST_DEBUG_NO_COLOR": "1"}
                    | ({"P2PHLS_TRACKERS": player.NOWHERE} if scheme else {}),
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                    errors="replace", timeout=120 + steps, check=False)
                if not broke_elsewhere(done):
                    break
                print(f"# again, as this one ended with {done.returncode}",
                      flush=True)
        lines = done.stdout.splitlines()
        said = "\n".join(line for line in lines if "GST_TRACER" not in line)
        self.assertEqual(done.returncode, 0, f"seed {seed}: {said[-2000:]}")
        wrong = [line for line in lines
                 if "-CRITICAL" in line and PLAYSINK not in line]
        self.assertEqual(wrong, [], f"seed {seed}")
        alive = [line for line in lines
                 if " TRACE " in line and "object-alive, type" in line]
        if any(PLAYSINK in line or DECODEBIN in line for line in lines):
            alive = [line for line in alive if "P2pHls" in line]
        self.assertEqual(alive, [], f"seed {seed}")

    def test_hand(self):
        self.check("hand")

    def test_playbin(self):
        self.check("playbin")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--source", default=source, help="to compare with")
    parser.add_argument("--mode", help="storm in this very process")
    parser.add_argument("--uri")
    arguments, sys.argv[1:] = parser.parse_known_args()
    steps, seed, source = arguments.steps, arguments.seed, arguments.source
    if arguments.mode:
        blow(arguments.mode, arguments.uri)
    else:
        print(f"# seed {seed}", flush=True)
        tap.main()
