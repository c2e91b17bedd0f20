#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays something in a process of its own, within a time, and tells all of it.

    result = player.play("playbin", "p2phls+http://…", seconds=20)

In that process the tracer of watch.c writes down what passes through sources
and demuxers, the hidden ones too.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

import pipelines  # noqa: E402

Gst.init(None)

GAP = 50 * Gst.MSECOND            # more than the stream says is a stall


def to_json(value):
    if isinstance(value, Gst.Structure):
        return {value.nth_field_name(i):
                to_json(value.get_value(value.nth_field_name(i)))
                for i in range(value.n_fields())}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return repr(type(value))


class Track:
    """What came to one sink, and when."""

    def __init__(self, sink):
        self.sink = sink
        self.buffers = 0
        self.stalls = []          # seconds
        self._shown = self._pts = None
        sink.set_property("signal-handoffs", True)
        sink.connect("handoff", self._on_buffer)

    def _on_buffer(self, _, buffer, __):
        now = time.monotonic_ns()
        self.buffers += 1
        if self._shown and buffer.pts != Gst.CLOCK_TIME_NONE:
            gap = now - self._shown - max(0, buffer.pts - self._pts)
            if gap > GAP:
                self.stalls.append(gap / Gst.SECOND)
        if buffer.pts != Gst.CLOCK_TIME_NONE:
            self._shown, self._pts = now, buffer.pts


class Play:
    """One run, in this process. What it is told are its fields:

    mode, uri, source_name, properties (of the source), connection_speed, sync,
    seconds (how long at most), wait (whether BUFFERING pauses it), flags (of
    playbin), seeks (of [after, to], in seconds, after there is something to see).
    """

    def __init__(self, mode, uri, source_name="p2phlssrc", properties=None,
                 connection_speed=0, sync=False, seconds=30, wait=False,
                 flags=0x3, seeks=()):
        self.mode, self.uri, self.source_name = mode, uri, source_name
        self.properties = properties or {}
        self.connection_speed, self.sync = connection_speed, sync
        self.seconds, self.wait, self.seeks = seconds, wait, seeks
        self.flags = flags
        self.source = None
        self.sinks = {}
        self.signals = []
        self.errors = []
        self.messages = []
        self.outcome = "hang"
        self.loop = GLib.MainLoop()
        self.pipeline = pipelines.MODES[mode](self)
        self.buffering = False
        self.started = self.took = 0

    def setup_source(self, source):
        self.source = source
        for name, value in self.properties.items():
            if isinstance(value, list):
                source.set_property(name, value)
            else:
                Gst.util_set_object_arg(source, name, str(value))
        if source.get_factory().get_name() != "p2phlssrc":
            return
        source.connect("segment-loaded", lambda _, segment: self.signals.append(
            ["segment-loaded", segment.get_string("url"),
             segment.get_value("data").get_size()]))
        source.connect("segment-error", lambda _, url, error:
                       self.signals.append(["segment-error", url, str(error)]))
        source.connect("segment-abort", lambda _, url:
                       self.signals.append(["segment-abort", url]))

    def add_sink(self, sink):
        self.sinks[sink.get_name()] = Track(sink)

    def lose_sink(self, element):
        if element.get_name() in self.sinks:
            self.sinks[element.get_name()].sink = None

    def end_soon(self, outcome):
        """What follows comes right after it; stats are 50 ms old at most."""
        if not self.took:
            self.took = time.monotonic() - self.started
            GLib.timeout_add(100, self.end, outcome)

    def end(self, outcome):
        self.outcome = outcome
        self.loop.quit()

    def on_message(self, _, message):
        if message.type == Gst.MessageType.ERROR:
            error, debug = message.parse_error()
            details = message.parse_error_details()
            self.errors.append({
                "from": message.src.get_name() if message.src else None,
                "domain": error.domain, "code": error.code,
                "text": error.message, "debug": debug,
                "details": to_json(details)})
            self.end_soon("error")
        elif message.type == Gst.MessageType.EOS:
            self.end_soon("eos")
        elif message.type == Gst.MessageType.ASYNC_DONE:
            seeks, self.seeks = self.seeks, ()
            for after, to in seeks:
                GLib.timeout_add(int(after * 1000), self.seek, to)
        elif message.type == Gst.MessageType.ELEMENT:
            self.messages.append([message.get_structure().get_name(),
                                  to_json(message.get_structure())])
        elif message.type == Gst.MessageType.BUFFERING and self.wait:
            self.on_buffering(message.parse_buffering())
        return True

    def on_buffering(self, percent):
        if (percent < 100) != self.buffering:
            self.buffering = percent < 100
            self.pipeline.set_state(Gst.State.PAUSED if self.buffering
                                    else Gst.State.PLAYING)

    def seek(self, to):
        self.pipeline.seek_simple(Gst.Format.TIME, Gst.SeekFlags.FLUSH,
                                  int(to * Gst.SECOND))

    def run(self):
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)
        self.started = time.monotonic()
        GLib.timeout_add(int(self.seconds * 1000), self.end, "late")
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        stats = settings = None
        if self.source and self.source.find_property("stats"):
            stats = to_json(self.source.get_property("stats"))
            settings = to_json(self.source.get_property("settings"))
        stopping = time.monotonic()
        self.pipeline.set_state(Gst.State.NULL)
        bus.remove_signal_watch()
        return {
            "outcome": self.outcome, "took": self.took, "errors": self.errors,
            "messages": self.messages, "stats": stats, "settings": settings,
            "signals": self.signals,
            "stopped_in": time.monotonic() - stopping,
            "stalls": {name: track.stalls
                       for name, track in self.sinks.items()},
            "buffers": {name: track.buffers
                        for name, track in self.sinks.items()}}


# --- from outside ---

def read_watch(path):
    """The lines of watch.c, as dictionaries by kind."""
    records = {"fragment": [], "error": [], "state": [], "uri": []}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            structure = Gst.Structure.from_string(line.strip())[0]
            if structure is not None:
                records[structure.get_name()].append(to_json(structure))
    return records


# For who asks for P2P and names no tracker: the default ones are not for tests.
NOWHERE = "wss://127.0.0.1:9/"


def run_watched(command, seconds, **environment):
    """Runs command under watch.c. Returns: (outcome, output, errors, records);
    the outcome "hang" means that it had to be killed."""
    if any("p2phls+" in word for word in command):
        environment.setdefault("P2PHLS_TRACKERS", NOWHERE)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "watch")
        with open(path, "w", encoding="utf-8"):
            pass
        tracers = [f"watch(file={path})", environment.pop("tracers", "")]
        environment = {"G_DEBUG": "fatal-criticals", **os.environ,
                       **environment,
                       "GST_TRACERS": ";".join(filter(None, tracers))}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        try:
            output, errors = process.communicate(timeout=seconds)
            outcome = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            outcome = "hang"
        return outcome, output, errors, read_watch(path)


def make_environment(rank, trackers=None):
    """rank: "ELEMENT:RANK"; trackers: what the user says to all players."""
    told = {"GST_PLUGIN_FEATURE_RANK": rank, "P2PHLS_TRACKERS": trackers}
    return {name: value for name, value in told.items() if value}


def play(mode, uri, seconds=30, rank=None, trackers=None, **told):
    """Returns what Play.run() does, and "watch": the records; "log": what went
    to standard error. The process gets 20 s more than the play."""
    told.update(mode=mode, uri=uri, seconds=seconds)
    code, output, errors, records = run_watched(
        [sys.executable, __file__, json.dumps(told)], seconds + 20,
        **make_environment(rank, trackers))
    lines = output.strip().splitlines()
    result = {"outcome": "hang" if code == "hang" else f"exit {code}",
              "errors": [], "stats": None, "buffers": {}, "signals": []}
    if code == 0 and lines:
        result = json.loads(lines[-1])
    result.update(watch=records, log=errors)
    return result


def launch(line, seconds=30, rank=None):
    """gst-launch-1.0 with the words of line."""
    return run(["gst-launch-1.0", "-q", *line.split()], seconds, rank)


def gst_play(uri, seconds=30, rank=None, *options):
    """gst-play-1.0; it says errors, and ends with 0 all the same."""
    result = run(["gst-play-1.0", "--no-interactive", "--videosink=fakesink",
                  "--audiosink=fakesink", *options, uri], seconds, rank)
    if "ERROR" in result["log"] or "Reached end of play" not in result["log"]:
        result["outcome"] = "error"
    return result


def run(command, seconds, rank):
    code, output, errors, records = run_watched(command, seconds,
                                                **make_environment(rank))
    outcome = {0: "eos", "hang": "hang"}.get(code, "error")
    return {"outcome": outcome, "watch": records, "log": output + errors,
            "stats": None, "buffers": {}, "signals": [], "errors": []}


if __name__ == "__main__":
    print(json.dumps(Play(**json.loads(sys.argv[1])).run()), flush=True)
