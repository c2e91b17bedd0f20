# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A data channel and a connection of TCP, in turns, over the same slow line
between two network namespaces."""

import contextlib
import os
import subprocess
import sys

import ends
import nets

RATE = 100e6                      # bits a second
DELAY = 10                        # milliseconds each way
QUEUE = 200                       # packets
ADDRESSES = "10.0.0.1", "10.0.0.2"
PORT = 5001                       # of namespaces of our own
SIZE = 16384
# What a line of TCP is: both ends, without anything of Python's in the way.
SEND = """
import socket, sys, time
with socket.socket() as line:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    line.connect((sys.argv[1], int(sys.argv[2])))
    until, data = time.monotonic() + float(sys.argv[3]), bytes(1 << 16)
    while time.monotonic() < until:
        line.sendall(data)
"""
RECEIVE = """
import socket, sys, time
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as server:
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    print(flush=True)
    line, _ = server.accept()
    buffer, total, first = bytearray(1 << 20), 0, None
    while size := line.recv_into(buffer):
        first, total = first or time.monotonic(), total + size
    print(total / (time.monotonic() - first) / 1e6)
"""


class Line:
    """program: tests/bench/bench-link. loss: percent. seed: for the same ones"""

    def __init__(self, program, loss, seed):
        self._stack = contextlib.ExitStack()
        self.hosts = []
        for _ in ADDRESSES:
            self.hosts.append(nets.Host())
            self._stack.callback(self.hosts[-1].close)
        self._link = subprocess.Popen(
            [program, *(str(host.pid) for host in self.hosts), str(RATE),
             str(DELAY), str(loss), str(QUEUE),
             str(seed)], stdout=subprocess.PIPE)
        self._stack.callback(self._end)
        if not self._link.stdout.readline():
            raise RuntimeError("no line")
        for host, mine, its in zip(self.hosts, ADDRESSES, ADDRESSES[::-1]):
            host.ip("link set line up mtu 1500",
                    f"address add {mine} peer {its} dev line")

    def _end(self):
        self._link.kill()
        self._link.wait()
        self._link.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def measure_tcp(self, seconds):
        """Returns: MB/s"""
        command = sys.executable, "-c"
        with self.hosts[1].popen([*command, RECEIVE, ADDRESSES[1], str(PORT)],
                                 stdout=subprocess.PIPE, text=True) as receiver:
            receiver.stdout.readline()
            with self.hosts[0].popen([*command, SEND, ADDRESSES[1], str(PORT),
                                      str(seconds)]):
                pass
            return float(receiver.stdout.read())

    def measure_channel(self, program, seconds):
        """Returns: MB/s"""
        with ends.OurEnd(program, True, popen=self.hosts[0].popen) as sender, \
                ends.OurEnd(program, False,
                            popen=self.hosts[1].popen) as receiver:
            ends.join(sender, receiver)
            receiver.count()
            sender.flood(SIZE, seconds)
            counted = receiver.wait("counted", 20 * seconds)
            return counted["bytes"] / counted["seconds"] / 1e6


def why_not():
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    return nets.why_not()
