#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays a stream with playbin, shares it with the other viewers of a tracker, and
tells each second who gave what:

    meson devenv -C build ../tests/examples/p2phls-watch.py URI TRACKER

A tracker is where `gst-launch-1.0 p2phlstracker listen-port=8000` runs.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("uri", help="of the stream: http, https")
    parser.add_argument("tracker", help="its URL: http, https; "
                        "ws, wss for the browsers' swarm")
    parser.add_argument("--silent", action="store_true", help="no window, no "
                        "sound")
    return parser.parse_args()


def make_player(arguments):
    """Returns: (playbin, p2phlstracker)."""
    player = Gst.ElementFactory.make("playbin", None)
    tracker = Gst.ElementFactory.make("p2phlstracker", None)
    if not player or not tracker:
        sys.exit("There is no playbin or no p2phlstracker: is the plugin found?")
    # The scheme picks p2phlssrc; on the wire it is plain http or https.
    player.set_property("uri", "p2phls+" + arguments.uri)
    if arguments.silent:
        for sink in ("video-sink", "audio-sink"):
            player.set_property(sink, Gst.parse_launch("fakesink sync=true"))
    tracker.set_property("tracker-announce", [arguments.tracker])
    tracker.set_property("stats-interval", 1000)
    # playbin is a pipeline; to be in it is all that the tracker needs.
    player.add(tracker)
    return player, tracker


def show(stats):
    print(", ".join(f"{stats.get_value(name) / 1e3:.0f} KB {words}"
                    for name, words in (("http-fetched", "from the web"),
                                        ("p2p-fetched", "from peers"),
                                        ("p2p-uploaded", "to peers"))),
          flush=True)
    for peer in stats.get_value("peer-list"):
        print(f"    {peer.get_string('remote-address')}: "
              f"{peer.get_uint64('download-rate')[1] / 1e3:.0f} kbit/s in, "
              f"{peer.get_uint64('upload-rate')[1] / 1e3:.0f} out", flush=True)


def main():
    arguments = read_arguments()
    Gst.init(None)
    loop, failed = GLib.MainLoop(), []
    player, tracker = make_player(arguments)

    def on_message(_bus, message):
        if message.has_name("p2phls-stats"):
            show(message.get_structure())
        elif message.type == Gst.MessageType.ERROR:
            failed.append(message.parse_error())
            loop.quit()
        elif message.type == Gst.MessageType.EOS:
            loop.quit()

    # These come from a thread of their own; what fails is tried again.
    tracker.connect("tracker-warning", lambda _, url, words: print(words))
    tracker.connect("tracker-error", lambda _, url, error: print(error.message))
    bus = player.get_bus()
    bus.add_signal_watch()
    bus.connect("message", on_message)
    player.set_state(Gst.State.PLAYING)
    try:
        loop.run()
    except KeyboardInterrupt:
        pass
    player.set_state(Gst.State.NULL)
    for error, details in failed:
        print(f"{error.message}\n{details}", file=sys.stderr)
    return 1 if failed else 0


sys.exit(main())
