# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ways in which a source and a demuxer come together.

MODES[name](play) gives the pipeline; play is a Play of player.py, which says
what to play and gets the source and the sinks.
"""

import threading

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402


def make(factory, **properties):
    element = Gst.ElementFactory.make(factory)
    if element is None:
        raise RuntimeError(f"no element {factory}")
    for name, value in properties.items():
        element.set_property(name.replace("_", "-"), value)
    return element


def make_source(play):
    source = make(play.source_name)
    play.setup_source(source)
    source.set_property("location", play.uri)
    return source


def make_sink(play, name):
    """A sink that keeps time if that is asked for, and counts."""
    sink = make("fakesink", sync=play.sync, name=name, qos=False)
    play.add_sink(sink)
    return sink


def link_pads(play, element):
    """Each source pad of element gets a queue and a sink; they go with it. What
    is connected holds no pipeline, which would then hold itself."""
    chains = {}

    def added(_, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        chain = [make("queue", max_size_bytes=0, max_size_buffers=0,
                      max_size_time=0),
                 make_sink(play, f"{pad.get_name()}-{len(play.sinks)}")]
        for part in chain:
            element.get_parent().add(part)
        chain[0].link(chain[1])
        for part in reversed(chain):
            part.sync_state_with_parent()
        pad.link(chain[0].get_static_pad("sink"))
        chains[pad.get_name()] = chain

    def removed(_, pad):
        # Not from here: it may be the queue's own thread that takes the pad away.
        threading.Thread(target=drop,
                         args=(chains.pop(pad.get_name(), []),)).start()

    def drop(chain):
        # The sink first: the queue's thread may be waiting in it.
        for part in reversed(chain):
            part.set_locked_state(True)
            part.set_state(Gst.State.NULL)
            if part.get_parent():
                part.get_parent().remove(part)
            play.lose_sink(part)

    element.connect("pad-added", added)
    element.connect("pad-removed", removed)


def after_source(play, element):
    """source ! element, with a sink at each pad of it."""
    pipeline = Gst.Pipeline()
    source = make_source(play)
    pipeline.add(source)
    pipeline.add(element)
    source.link(element)
    link_pads(play, element)
    return pipeline


def by_hand(play):
    element = make("hlsdemux")
    if play.connection_speed:
        element.set_property("connection-speed", play.connection_speed)
    return after_source(play, element)


def decodebin(play):
    element = make("decodebin")
    if play.connection_speed:
        element.set_property("connection-speed", play.connection_speed)
    return after_source(play, element)


def parsebin(play):
    return after_source(play, make("parsebin"))


def of_play(play, factory):
    element = make(factory, uri=play.uri)
    element.set_property("flags", play.flags)   # 0x3: video and audio
    element.set_property("video-sink", make_sink(play, "video"))
    element.set_property("audio-sink", make_sink(play, "audio"))
    if play.connection_speed:
        element.set_property("connection-speed", play.connection_speed)
    element.connect("source-setup",
                    lambda _, source: play.setup_source(source))
    return element


def playbin(play):
    return of_play(play, "playbin")


def playbin3(play):
    return of_play(play, "playbin3")


def uridecodebin3(play):
    pipeline = Gst.Pipeline()
    element = make("uridecodebin3", uri=play.uri)
    if play.connection_speed:
        element.set_property("connection-speed", play.connection_speed)
    element.connect("source-setup",
                    lambda _, source: play.setup_source(source))
    pipeline.add(element)
    link_pads(play, element)
    return pipeline


MODES = {"hand": by_hand, "decodebin": decodebin, "parsebin": parsebin,
         "playbin": playbin, "playbin3": playbin3,
         "uridecodebin3": uridecodebin3}
