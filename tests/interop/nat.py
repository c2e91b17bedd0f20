#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections through NATs, firewalls and relays, between two processes each
behind its own.

P2PHLS_END: the program at both ends; P2PHLS_PLAY: the one that plays.
"""

import contextlib
import ipaddress
import os
import re
import select
import socket
import statistics
import subprocess
import sys
import time
import unittest
from pathlib import Path

import ends
import media
import nets
import server
import tap
import viewers

END, PLAY = os.environ["P2PHLS_END"], os.environ["P2PHLS_PLAY"]
WHY_NOT = nets.why_not("turnserver")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/nat.md"
KINDS = list(nets.KINDS)
SETTLE = 5                        # seconds until a better way was found
MESSAGE = 200000
SECONDS = 8                       # of a stream
JOIN = 1                          # seconds from viewer to viewer
TRIES = 3                         # of what other work on the machine disturbs
PATH = "/ts/index.m3u8"


def read_table():
    """{(kind, kind): "direct" or "relayed"}, of DOCUMENT."""
    head = f"| | {' | '.join(KINDS)} |\n|{'---|' * (len(KINDS) + 1)}\n"
    _, table = DOCUMENT.read_text(encoding="utf-8").split(head)
    cells = {}
    for line in table.split("\n\n")[0].splitlines():
        one, *ways = line.strip("| ").split(" | ")
        cells.update({(one, other): way for other, way in zip(KINDS, ways)})
    return cells


class End(ends.OurEnd):
    """host: where it runs. took: seconds until it was open."""

    def __init__(self, host, offer, options):
        super().__init__(END, offer, options=options, popen=host.popen)
        self.said = []

    def start(self):
        self.begun = time.monotonic()
        super().start()

    def tell(self, said):
        if said.get("event") == "open":
            self.took = time.monotonic() - self.begun
        elif "event" not in said:
            self.said.append(said.get("sdp") or said["candidate"])
        super().tell(said)

    @property
    def shown(self):
        """Addresses and kinds of all candidates that it named."""
        return set(re.findall(r"candidate:\S+ 1 udp \d+ (\S+) \d+ typ (\w+)",
                              "\n".join(self.said)))


@contextlib.contextmanager
def connect(one, other, options="", others=None):
    """Data goes both ways between two hosts. options: of both, or others of the
    other. Yields their ends."""
    a = End(one, True, options)
    b = End(other, False, options if others is None else others)
    with contextlib.ExitStack() as stack:
        a.other, b.other = b, a
        for end in (b, a):
            end.start()
            stack.enter_context(end)
        for end in (a, b):
            end.wait("open")
        for end in (a, b):
            end.send("binary", MESSAGE)
            sent = end.wait("sent")
            if end.other.wait("got") != sent:
                raise AssertionError("another message came")
        yield a, b


def get_way(both):
    """Only one end may know whether what it talks to is a relay."""
    ways = {end.route()["way"] for end in both}
    return "relayed" if "relayed" in ways else "direct"


def settle(both, way):
    """Until the way is as expected. Returns: what it is."""
    until = time.monotonic() + SETTLE
    while get_way(both) != way and time.monotonic() < until:
        time.sleep(0.05)
    return get_way(both)


class Internet:
    """Two sites of each kind, and a server of STUN and TURN."""

    def __init__(self):
        self._stack = contextlib.ExitStack()
        try:
            self.left = {kind: self.add(nets.Site(kind)) for kind in KINDS}
            self.right = {kind: self.add(nets.Site(kind)) for kind in KINDS}
            self.relay = self.add(nets.Relay())
        except BaseException:
            self.close()
            raise
        self.stun = f" stun=stun://{self.relay.address}"
        self.turn = f" turn={self.relay.uri}"

    def add(self, site):
        return self._stack.enter_context(site)

    def close(self):
        self._stack.close()


internet = None


def setUpModule():
    global internet
    if not WHY_NOT:
        nets.enter()
        internet = Internet()


def tearDownModule():
    if internet:
        internet.close()


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Nats(unittest.TestCase):
    """The sites are what they are called."""

    PROBE = """
import socket, sys
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in sys.argv[2:]:
    probe.sendto(b"?", (sys.argv[1], int(port)))
probe.settimeout(0.5)
count = 0
try:
    while True:
        probe.recv(9)
        count += 1
except TimeoutError:
    print(count)
"""

    def probe(self, site):
        """Returns: whether two servers see the same port of it, and whether a
        third one reaches it there."""
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(listen()) for _ in range(3)]
            process = site.host.popen([
                sys.executable, "-c", self.PROBE, nets.HERE,
                *(str(port(server)) for server in servers[:2])],
                stdout=subprocess.PIPE, text=True)
            seen = [server.recvfrom(9)[1] for server in servers[:2]]
            servers[2].sendto(b"!", seen[0])
            reached = process.communicate()[0].strip() == "1"
            self.assertEqual({address for address, _ in seen}, {site.outside})
            return seen[0] == seen[1], reached

    def test_kinds(self):
        for side in (internet.left, internet.right):
            self.assertEqual({kind: self.probe(site)
                              for kind, site in side.items()}, {
                "public": (True, True), "dnat": (True, True),
                "restricted": (True, False), "symmetric": (False, False)})


def listen():
    """A socket of UDP in the middle of the internet, which nobody reads."""
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    there.bind((nets.HERE, 0))
    there.settimeout(5)
    return there


def port(there):
    return there.getsockname()[1]


def came(there):
    """Whether something waits to be read."""
    return bool(select.select([there], [], [], 0)[0])


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Table(unittest.TestCase):
    def check(self, one, other, way):
        with connect(internet.left[one].host, internet.right[other].host,
                     internet.stun + internet.turn) as both:
            self.assertEqual(settle(both, way), way)


def add_cells():
    table = read_table()
    for one in KINDS:
        for other in KINDS:
            def test(self, cell=(one, other, table[one, other])):
                self.check(*cell)
            setattr(Table, f"test_{one}_{other}", test)


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Ways(unittest.TestCase):
    def hosts(self, one="public", other="public"):
        return internet.left[one].host, internet.right[other].host

    def test_no_relay(self):
        """The cells that are relayed have no other way."""
        with self.assertRaisesRegex(AssertionError, "There is no way"):
            with connect(*self.hosts("restricted", "symmetric"),
                         internet.stun):
                pass

    def test_ipv6(self):
        with contextlib.ExitStack() as stack:
            hosts = [stack.enter_context(nets.Site()).host for _ in range(2)]
            for host in hosts:
                host.run(["ip", "-4", "address", "flush", "dev", "wan"])
            with connect(*hosts, internet.stun + internet.turn) as both:
                self.assertEqual(get_way(both), "direct")
                for end in both:
                    self.assertTrue(end.route()["address"].startswith("["))

    def test_turn_tcp(self):
        """A relay over TCP, where UDP goes nowhere."""
        with contextlib.ExitStack() as stack:
            site = stack.enter_context(nets.Site("restricted"))
            dropped = site.host.count("meta l4proto udp", "drop")
            with connect(site.host, internet.right["symmetric"].host,
                         f"{internet.stun}{internet.turn}?transport=tcp",
                         internet.stun) as both:
                self.assertEqual(get_way(both), "relayed")
            self.assertGreater(dropped(), 0)

    def check_relay(self, query):
        relay = internet.relay.outside
        with contextlib.ExitStack() as stack:
            hosts = [stack.enter_context(nets.Site()).host for _ in range(2)]
            past = [host.count(f"meta l4proto udp {what}") for host in hosts
                    for what in (f"ip daddr != {relay}",
                                 "meta nfproto ipv6")]
            with connect(*hosts, f"{internet.stun}{internet.turn}{query} "
                         "policy=relay") as both:
                self.assertEqual(get_way(both), "relayed")
                for end in both:
                    self.assertEqual(end.shown, {(relay, "relay")})
            self.assertEqual([count() for count in past], [0] * len(past))

    def test_policy_relay_udp(self):
        """No other address is named, and nobody but the relay sees one."""
        self.check_relay("")

    def test_policy_relay_tcp(self):
        self.check_relay("?transport=tcp")

    def test_policy_relay_one(self):
        """It is enough that one of the two wants it."""
        with connect(*self.hosts(), f"{internet.turn} policy=relay",
                     "") as both:
            self.assertEqual(get_way(both), "relayed")
            self.assertEqual({kind for _, kind in both[0].shown}, {"relay"})

    def test_policy_lan(self):
        """Private addresses only, and no server hears of it."""
        with contextlib.ExitStack() as stack:
            site = stack.enter_context(nets.Site("restricted", hosts=2))
            for index, host in enumerate(site.hosts):
                host.ip(f"address add 198.51.100.{index + 1}/32 dev lan")
            asked = [host.count(f"ip daddr {internet.relay.outside}")
                     for host in site.hosts]
            with connect(*site.hosts, f"{internet.stun}{internet.turn} "
                         "policy=lan") as both:
                self.assertEqual(get_way(both), "direct")
                for end in both:
                    self.assertEqual({kind for _, kind in end.shown}, {"host"})
                    for address, _ in end.shown:
                        self.assertIn(ipaddress.ip_address(address),
                                      ipaddress.ip_network("192.168.0.0/16"))
            self.assertEqual([count() for count in asked], [0, 0])

    def test_no_stun(self):
        with connect(*self.hosts()) as both:
            self.assertEqual(get_way(both), "direct")
            for end in both:
                self.assertEqual({kind for _, kind in end.shown}, {"host"})

    def test_silent_stun(self):
        """A server that never answers delays nobody who can do without."""
        took = {True: [], False: []}
        with listen() as silent:
            for turn in range(6):
                stun = turn % 2 == 0
                with connect(*self.hosts("public", "restricted"),
                             f" stun=stun://{nets.HERE}:{port(silent)}"
                             if stun else "") as both:
                    took[stun].append(max(end.took for end in both))
            self.assertTrue(came(silent))
        print(f"# open with a silent STUN server {took[True]}, with none "
              f"{took[False]} s")
        self.assertLess(statistics.median(took[True]),
                        statistics.median(took[False]) + 0.2)


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Playback(unittest.TestCase):
    def setUp(self):
        root = media.make("ts", seconds=SECONDS)
        self.frames = media.count_frames(root / f".{PATH}")
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.sites = [stack.enter_context(nets.Site()) for _ in range(4)]
        self.stuns = [stack.enter_context(listen()) for _ in self.sites]
        self.served = stack.enter_context(
            server.Server(root, address=nets.HERE))
        self.tracker = stack.enter_context(viewers.Tracker(nets.HERE))

    def play(self, trackers):
        """One viewer at each site, of its tracker or of none, with a STUN
        server of its own that never answers. Returns: them when they have
        ended."""
        playing = []
        with contextlib.ExitStack() as stack:
            for site, stun, tracker in zip(self.sites, self.stuns, trackers):
                # Who is told of one who cannot be reached yet tries again
                # after 15 s.
                time.sleep(JOIN if playing else 0)
                playing.append(stack.enter_context(viewers.Viewer(
                    PLAY, self.served.base + PATH, tracker, options=[
                        "--stun", f"stun://{nets.HERE}:{port(stun)}"],
                    popen=site.host.popen)))
            for viewer in playing:
                self.assertTrue(viewer.wait(4 * SECONDS),
                                (viewer.process.returncode, viewer.last))
                self.assertEqual(viewer.last["frames"], self.frames)
        return playing

    def test_udp_blocked(self):
        """Played over HTTP, as it is by those beside who do not try."""
        with_p2p = self.sites[::2]
        dropped = [site.host.count("meta l4proto udp", "drop")
                   for site in with_p2p]
        for _ in range(TRIES):
            playing = self.play([self.tracker.url, None] * 2)
            for count in dropped:
                self.assertGreater(count(), 0)
            for viewer in playing:
                self.assertEqual({line["peers"] for line in viewer.lines}, {0})
            if self.is_as_good(playing[::2], playing[1::2]):
                return
        self.fail("later or with longer stalls each time")

    def is_as_good(self, tried, plain):
        """Whether the best of those who tried is no worse than the worst who did
        not: other work on the machine may hit any of them."""
        fine = True
        for what in ("startup", "stalled"):
            theirs, others = ([viewer.last[what] for viewer in group]
                              for group in (tried, plain))
            print(f"# {what}: {theirs} s, {others} s without")
            fine &= min(theirs) < max(others) + 0.1
        return fine

    def test_connected(self):
        """What the firewall of the test above has taken away; and who did not
        ask for peers sends no UDP, to no STUN server either."""
        counts = [site.host.count("meta l4proto udp") for site in self.sites]
        playing = self.play([self.tracker.url] * 2 + [None] * 2)
        self.assertEqual([max(line["peers"] for line in viewer.lines)
                          for viewer in playing], [1, 1, 0, 0])
        sent = [count() for count in counts]
        self.assertEqual([came(stun) for stun in self.stuns],
                         [True, True, False, False])
        self.assertGreater(min(sent[:2]), 0)
        self.assertEqual(sent[2:], [0, 0])


add_cells()
if __name__ == "__main__":
    tap.main()
