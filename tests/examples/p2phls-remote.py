#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Controls an engine in another process, over whatever carries lines: here, the
standard input and output of a child.

    p2phls-remote.py URL [TRACKER]    prints what there is, and where to open it
"""

import contextlib
import json
import subprocess
import sys

import gi

gi.require_version("P2pHlsRemote", "1.0")
from gi.repository import GLib, P2pHlsRemote  # noqa: E402


def read_lines(stream, receive, ended):
    """Hands each line that comes to receive()."""
    def on_line(channel, _condition):
        status, line, *_ = channel.read_line()
        if status == GLib.IOStatus.EOF:
            ended()
            return False
        try:
            receive(line, -1)
        except GLib.Error as error:
            print(error.message, file=sys.stderr)
        return True

    channel = GLib.IOChannel.unix_new(stream.fileno())
    GLib.io_add_watch(channel, GLib.PRIORITY_DEFAULT,
                      GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)


def serve(options):
    """The server process."""
    loop = GLib.MainLoop()

    def send(_client_key, message):
        print(message, flush=True)

    server = P2pHlsRemote.Server.new(options, send)
    read_lines(sys.stdin, server.receive, loop.quit)
    loop.run()


def watch(url, trackers):
    """The client process."""
    loop = GLib.MainLoop()
    options = json.dumps({"trackerAnnounce": trackers})
    with subprocess.Popen([sys.executable, __file__, "--serve", options],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as child:
        def send(_client_key, message):
            print(message, file=child.stdin, flush=True)

        client = P2pHlsRemote.Client.new(None, send)
        read_lines(child.stdout, client.receive, loop.quit)

        def on_added(error, _torrent):
            if error:
                print(error.message, file=sys.stderr)
                loop.quit()

        torrent = client.add(url, None, on_added)
        torrent.connect("metadata", lambda torrent: print(
            json.dumps([{"name": file.name} for file in torrent.get_files()]),
            flush=True))
        torrent.create_server(None, None)
        torrent.connect("server-ready", lambda torrent: print(
            torrent.get_server_url(), flush=True))
        with contextlib.suppress(KeyboardInterrupt):
            loop.run()
        client.destroy(0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2])
    elif len(sys.argv) in (2, 3):
        watch(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(__doc__)
