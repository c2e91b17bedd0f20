#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our data channels to those of Chromium: each way to open them, messages of
all kinds and lengths, the end.

P2PHLS_END: the program with an end of ours.
"""

import os
import re
import unittest
from pathlib import Path

import browser
import ends
import server
import tap

PROGRAM = os.environ["P2PHLS_END"]
PAGES = Path(__file__).resolve().parent / "browser"
MOST = 256 * 1024


def announce_most(size):
    """Makes of a description one that says so."""
    return lambda sdp: re.sub(r"a=max-message-size:\d+",
                              f"a=max-message-size:{size}", sdp)


@unittest.skipUnless(browser.PROGRAM, "there is no chromium")
class Channel(unittest.TestCase):
    mdns = False

    @classmethod
    def setUpClass(cls):
        cls.served = cls.enterClassContext(server.Server(PAGES))
        cls.chromium = cls.enterClassContext(browser.Browser(mdns=cls.mdns))

    def open(self, we_offer, trickle=True):
        """Returns: ours and theirs, not joined yet."""
        ours = self.enterContext(ends.OurEnd(PROGRAM, we_offer, trickle))
        page = self.chromium.open(f"{self.served.base}/channel.html")
        return ours, ends.PageEnd(page, not we_offer, trickle)

    def send(self, sender, receiver, kind, size):
        sender.send(kind, size)
        sent = sender.wait("sent")
        self.assertEqual((sent["kind"], sent["size"]), (kind, size))
        self.assertEqual(receiver.wait("got"), sent)

    def check_way(self, we_offer, trickle):
        ours, theirs = self.open(we_offer, trickle)
        self.assertEqual(ends.join(ours, theirs), [MOST, MOST])
        for sender, receiver in ((ours, theirs), (theirs, ours)):
            for kind in "text", "binary":
                for size in 1, 16 * 1024, MOST:
                    self.send(sender, receiver, kind, size)
        self.assertEqual(theirs.page.errors, [])
        first, last = (ours, theirs) if trickle else (theirs, ours)
        first.close()
        self.assertEqual(last.wait("closed"), {"why": ""})

    def test_we_offer(self):
        self.check_way(we_offer=True, trickle=True)

    def test_they_offer(self):
        self.check_way(we_offer=False, trickle=True)

    def test_we_offer_all(self):
        self.check_way(we_offer=True, trickle=False)

    def test_they_offer_all(self):
        self.check_way(we_offer=False, trickle=False)


class Hidden(Channel):
    """The page's candidates are names, as .local, of its addresses."""

    mdns = True

    def test_hidden(self):
        ours, theirs = self.open(we_offer=True)
        candidates = []
        hear = ours.hear
        ours.hear = lambda said: (candidates.append(said), hear(said))
        ends.join(ours, theirs)
        found = [said["candidate"] for said in candidates
                 if "candidate" in said]
        self.assertTrue(found)
        for candidate in found:
            self.assertIn(".local ", candidate)


class Longest(Channel):
    """Never more goes out than the other end takes."""

    def check_way(self, we_offer, trickle):
        ours, theirs = self.open(we_offer, trickle)
        theirs.edit = announce_most(20000)
        self.assertEqual(ends.join(ours, theirs), [20000, MOST])
        self.send(ours, theirs, "binary", 20000)
        ours.send("text", 20001)
        self.assertEqual(ours.wait("refused"), {"size": 20001})
        theirs.send("binary", MOST + 1)
        self.assertEqual(theirs.wait("refused"), {"size": MOST + 1})
        self.send(theirs, ours, "text", MOST)


if __name__ == "__main__":
    tap.main()
