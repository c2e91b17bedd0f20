#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""p2phlssrc and pages with p2p-media-loader, as npm has it, in one swarm.

    p2pml.py [--list] [--docs] [--jobs N] [CASE...]

installs what it needs (as root), builds in build-bench/, runs the cases, all of
them or those named, N at a time, and prints a table of who got what from where;
--docs writes its rows into docs/interop.md too, where those of other cases stay.
All that is between them is theirs: Chromium with its own settings, the packages
unchanged, npm's bittorrent-tracker or p2phlstracker.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import fnmatch
import hashlib
import os
import statistics
import subprocess
import sys
import time
import unittest
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/fixtures"))
BY_HAND = (__name__ == "__main__" and "P2PHLS_PLAY" not in os.environ
           and "--list" not in sys.argv)
if BY_HAND:
    import built
    if built.INSIDE not in os.environ and os.geteuid() == 0:
        subprocess.run([ROOT / "scripts/install-deps", "firefox-esr"], check=True)
    folder = built.enter(None, ROOT / "build-bench", "-Dbuildtype=release")
    os.environ["P2PHLS_PLAY"] = str(folder / built.PLAY)

import browser  # noqa: E402
import firefox  # noqa: E402
import media  # noqa: E402
import p2pmlpage  # noqa: E402
import packages  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402
import viewers  # noqa: E402

PROGRAM = os.environ.get("P2PHLS_PLAY")
NEWEST, MIDDLE, OLD = p2pmlpage.NEWEST, "2.2.2", p2pmlpage.OLD
GST = "p2phlssrc"                 # who is not a page of that version
FIREFOX = "Firefox"               # with the newest
# What p2phlssrc is told to join, where it is not the default
COMPAT = {NEWEST: "p2pml-2.3", MIDDLE: "p2pml-2.2", OLD: "p2pml-0.6"}
JOIN = 3                          # seconds from viewer to viewer
SECONDS, WATCH, WINDOW = 60, 45, 15     # of VOD and live, segments
LONG_SECONDS = 120
LIVE_SECONDS = 2 * WINDOW + WATCH + 8 * JOIN
LEAST = 0.3                       # of what who came later played: each way
# Of a live stream 0.6 fetches what nobody has by chance, one in ten a second, and
# p2phlssrc plays three segments from its edge: five or six such chances for each,
# see Advised.
LEAST_OLD_LIVE = 0.15
AHEAD = 3                         # points of offload: with half of them p2phlssrc
STREAMS = {"media": "/ts/index.m3u8", "master": "/group/master.m3u8",
           "many": "/many/index.m3u8", "megabit": "/megabit/index.m3u8",
           "double": "/double/index.m3u8"}
HEAD = ("case", "viewer", "HTTP", "from peers", "to peers", "startup", "stalls",
        "same bytes")

rows = []                         # of the table


@dataclasses.dataclass
class Told:
    """What one viewer counted. segments: (path, SHA-256) of each that it got.
    seconds: that it played; None: all that it fetched."""

    name: str
    http: int
    p2p: int
    uploaded: int
    startup: float
    stalls: int
    failed: str
    segments: list
    seconds: float = None
    same: bool = False            # as the web server has them

    @property
    def fetched(self):
        return self.http + self.p2p

    def get_played(self, each):
        """Bytes of what it played, of segments of so many seconds: a live page has
        some at the end that it has not come to."""
        if self.seconds is None:
            return self.fetched
        renditions = collections.Counter(
            path.rsplit("/", 1)[0] for path, _ in self.segments)
        return self.fetched * min(1, self.seconds
                                  / (each * max(renditions.values())))


class Page:
    """loader: of p2pmlpage or firefox."""

    def __init__(self, name, loader):
        self.name = name
        self.wait, self.close = loader.wait, loader.close
        self._get = loader.get

    def tell(self):
        said = self._get()
        fatal = [error for error in said["errors"] if "fatal" in error]
        stalls = len(said["stalls"]) + (said["waiting"] > 0.05)
        if stalls:
            print(f"# {self.name} stood still for {said['stalls']} s", flush=True)
        return Told(self.name, said["http"], sum(said["p2p"].values()),
                    sum(said["uploaded"].values()), said["startup"] or -1, stalls,
                    "; ".join(fatal + said["uncaught"]),
                    [(urlsplit(segment["url"]).path, segment.get("hash"))
                     for segment in said["segments"]],
                    said["position"] - (said["began"] or 0))


class Viewer(viewers.Viewer):
    def __init__(self, served, path, tracker, compat=None, settings=(), cache=None):
        if compat:
            settings = (*settings, f"swarm-compat={compat}")
        super().__init__(
            PROGRAM, served.base + path, tracker, cache,
            options=["--segments", "--hashes",
                     *(f"--set={setting}" for setting in settings)])
        self.name = GST
        self.ended = True

    def wait(self, seconds):
        self.ended = super().wait(seconds)
        return self.ended

    def tell(self):
        if self.process.poll() is None:
            self.process.terminate()
            super().wait(10)
        last = self.last
        return Told(self.name, last.get("http-fetched", 0),
                    last.get("p2p-fetched", 0), last.get("p2p-uploaded", 0),
                    last.get("startup", -1), last.get("stalls", -1),
                    "" if self.ended and self.process.returncode == 0
                    else "did not end well",
                    [(urlsplit(segment["segment"]).path, segment["sha256"])
                     for segment in self.segments])


def find_hash(root, path):
    below = path.removeprefix("/live").lstrip("/")
    return hashlib.sha256((root / below).read_bytes()).hexdigest()


def get_offload(told):
    """In percent, of all of them together."""
    return 100 * (sum(one.p2p for one in told)
                  / max(1, sum(one.fetched for one in told)))


class Case(unittest.TestCase):
    seconds, live_seconds, watched = SECONDS, LIVE_SECONDS, WATCH
    each = media.SEGMENT_SECONDS
    may_stall = False
    told_each = True              # the table has a row for each viewer

    def setUp(self):
        self.folder = packages.find()
        if not browser.PROGRAM:
            self.skipTest("there is no chromium")
        if not self.folder:
            self.skipTest("npm or its registry is not there")
        self.chromium = self.enterContext(browser.Browser())

    def serve(self, stream, live=False, **arguments):
        self.root = media.make(STREAMS[stream].split("/")[1],
                               seconds=self.live_seconds if live
                               else self.seconds)
        served = server.Server(self.root, window=WINDOW, **arguments)
        p2pmlpage.serve(served, self.folder)
        self.path = ("/live" if live else "") + STREAMS[stream]
        self.live = live
        return self.enterContext(served)

    def track(self, ours=False):
        """Returns: the URL of a tracker of ours, or of npm's"""
        if ours:
            url = self.enterContext(viewers.Tracker()).url
            return url.replace("http", "ws", 1)
        return self.enterContext(packages.Tracker(self.folder)).url

    def join(self, name, served, tracker, **options):
        """name: a version, GST or FIREFOX."""
        if name == GST:
            return self.enterContext(
                Viewer(served, self.path, tracker, **options))
        if name == FIREFOX:
            loader = firefox.Loader(served, self.path, [tracker], NEWEST)
        else:
            loader = p2pmlpage.Loader(self.chromium, served, self.path, [tracker],
                                      name, **options)
        self.addCleanup(loader.close)
        return Page(name, loader)

    def watch(self, names, served, tracker, join=JOIN, options=None):
        """Returns what each of them told, when all have played it to its end, or
        a live one for a while."""
        playing = []
        for number, name in enumerate(names):
            time.sleep(join if number else 0)
            playing.append(self.join(name, served, tracker,
                                     **(options or {}).get(name, {})))
        if self.live:
            time.sleep(self.watched)
        else:
            until = time.monotonic() + self.seconds + 30
            for viewer in playing:
                viewer.wait(max(1, until - time.monotonic()))
        return self.report(playing)

    def report(self, playing):
        told = [viewer.tell() for viewer in playing]
        for one in told:
            one.same = all(hash == find_hash(self.root, path)
                           for path, hash in one.segments)
            if self.told_each:
                self.add_row(one.name, *(f"{size / 1e6:.2f} MB" for size in
                                         (one.http, one.p2p, one.uploaded)),
                             f"{one.startup:.2f} s", str(one.stalls),
                             "yes" if one.same else "**no**")
        for one in told:
            self.assertEqual(one.failed, "", one.name)
            self.assertTrue(one.segments, one.name)
            self.assertTrue(one.same, one.name)
            if not self.may_stall:
                self.assertEqual(one.stalls, 0, one.name)
        return told

    def add_row(self, *columns):
        rows.append((self.id().removeprefix("__main__."), *columns))
        print("# " + " | ".join(rows[-1]), flush=True)

    def check_shared(self, told, least=None):
        """Whether each of the two got enough of what the later one played. least:
        the part that is enough, by name of who got it, where it is another one."""
        played = told[-1].get_played(self.each)
        print(f"# of {played / 1e6:.2f} MB played", flush=True)
        for one, other in (told, told[::-1]):
            self.assertGreater(one.p2p, (least or {}).get(one.name, LEAST)
                               * played, one)
            # It counts what it sent, the other what it then had.
            self.assertGreater(other.uploaded, 0.9 * one.p2p, other)


class Pages(Case):
    """Among themselves: what is to be joined."""

    def check(self, version, stream, live=False, ours=False):
        served = self.serve(stream, live)
        told = self.watch([version] * 2, served, self.track(ours))
        self.assertGreater(told[1].p2p, LEAST * told[1].fetched)

    def test_newest(self):
        self.check(NEWEST, "media")

    def test_newest_ours(self):
        self.check(NEWEST, "media", ours=True)

    def test_newest_live(self):
        self.check(NEWEST, "media", live=True)

    def test_newest_master(self):
        self.check(NEWEST, "master")

    def test_middle(self):
        self.check(MIDDLE, "media")

    def test_old(self):
        self.check(OLD, "media")

    def test_old_ours(self):
        self.check(OLD, "media", ours=True)

    def test_old_live(self):
        self.check(OLD, "media", live=True)

    def test_full_block(self):
        """What they cannot do: who has 256 segments is not understood."""
        told = watch_many(self, NEWEST, NEWEST)
        self.assertEqual(told[1].p2p, 0)


class Short(Case):
    """What is tested each time: one of each, both ways, on a machine that may be
    busy."""

    may_stall = True

    def test_pair(self):
        served = self.serve("media")
        self.check_shared(self.watch([GST, NEWEST], served, self.track()),
                          {GST: LEAST / 2, NEWEST: LEAST / 2})


class Pair(Case):
    """One page and one p2phlssrc; the tests are added below."""

    def check(self, version, first, stream, live, ours):
        served = self.serve(stream, live)
        names = [GST, version] if first else [version, GST]
        options = {GST: {"compat": COMPAT[version]}}
        self.check_shared(
            self.watch(names, served, self.track(ours), options=options),
            {GST: LEAST_OLD_LIVE} if live and version == OLD else None)


def add_pairs():
    for version in COMPAT:
        for stream in ("media", "master"):
            # Up to 0.6 the audio of a group is not shared.
            if (version, stream) == (OLD, "master"):
                continue
            for live in (False, True):
                for first in (True, False):
                    for ours in (False, True) if version == NEWEST else (False,):
                        add_pair(version, first, stream, live, ours)


def add_pair(version, first, stream, live, ours):
    def test(self):
        self.check(version, first, stream, live, ours)

    name = "_".join(("test", version.replace(".", ""), stream,
                     "live" if live else "vod",
                     "joined" if first else "joins",
                     "ours" if ours else "npm"))
    setattr(Pair, name, test)


add_pairs()


class Advised(Case):
    """0.6 live as its FAQ has it: segments of about 5 s. A player that plays three
    of them from the edge has the time for what is fetched by chance."""

    watched, each = 2 * WATCH, 2 * media.SEGMENT_SECONDS
    live_seconds = 4 * WINDOW + watched + 8 * JOIN

    def check(self, *names):
        self.check_shared(
            self.watch(names, self.serve("double", live=True), self.track(),
                       options={GST: {"compat": COMPAT[OLD]}}))

    def test_joined(self):
        self.check(GST, OLD)

    def test_joins(self):
        self.check(OLD, GST)


class Long(Case):
    """Pages fetch VOD as far ahead as there is any, p2phlssrc as it is told to: what
    they need of it in two minutes is less than in one."""

    seconds = LONG_SECONDS
    FAR = ("buffer-segments-count=32", "max-cache-segments-count=64")

    def play(self, names, settings=()):
        return self.watch(names, self.serve("media"), self.track(),
                          options={GST: {"settings": settings}})

    def test_pages(self):
        self.check_shared(self.play([NEWEST, NEWEST]))

    def test_joined(self):
        told = self.play([GST, NEWEST])
        self.assertGreater(told[0].p2p, LEAST * told[0].fetched)

    def test_joins(self):
        told = self.play([NEWEST, GST])
        self.assertGreater(told[1].p2p, LEAST * told[1].fetched)

    def test_far_joined(self):
        self.check_shared(self.play([GST, NEWEST], self.FAR))

    def test_far_joins(self):
        self.check_shared(self.play([NEWEST, GST], self.FAR))


class Others(Case):
    def test_two_and_two(self):
        served = self.serve("media")
        told = self.watch([GST, NEWEST] * 2, served, self.track())
        for one in told[1:]:
            self.assertGreater(one.p2p, LEAST * one.fetched, one)

    def test_two_and_two_live(self):
        served = self.serve("media", live=True)
        told = self.watch([GST, NEWEST] * 2, served, self.track())
        for one in told[1:]:
            self.assertGreater(one.p2p, LEAST * one.fetched, one)

    def test_worker(self):
        """A page that announces what it no longer has: see p2pml.js."""
        served = self.serve("media")
        self.watch([NEWEST, GST], served, self.track(),
                   options={NEWEST: {"worker": True}})

    def test_closed(self):
        """A page is closed in the middle."""
        served, tracker = self.serve("media"), self.track()
        page = self.join(NEWEST, served, tracker)
        time.sleep(JOIN)
        viewer = self.join(GST, served, tracker)
        time.sleep(SECONDS / 3)
        page.close()
        viewer.wait(SECONDS)
        self.report([viewer])


@unittest.skipUnless(firefox.PROGRAM, "there is no firefox-esr")
class Fox(Case):
    def check(self, *names):
        self.check_shared(self.watch(names, self.serve("media"), self.track()))

    def test_chromium(self):
        """Among themselves: what is to be joined."""
        for one in self.watch([FIREFOX, NEWEST], self.serve("media"), self.track()):
            self.assertGreater(one.p2p, 0)

    def test_joined(self):
        self.check(GST, FIREFOX)

    def test_joins(self):
        self.check(FIREFOX, GST)


class Bridge(Case):
    """Two pages that cannot see each other, and who joins both."""

    # hls.js waits for up to 8 s before it asks again for what was refused.
    may_stall = True

    def test_bridge(self):
        served = self.serve("media")
        # All get the first four, to start with.
        odd = "*/seg[579].ts", "*/seg?*[13579].ts"
        even = "*/seg[468].ts", "*/seg?*[02468].ts"
        gst, new, old = ({"User-Agent": "GStreamer*"}, {"X-Viewer": NEWEST},
                         {"X-Viewer": OLD})
        for matches, refused in ((odd, (gst, new)), (even, (gst, old))):
            for match in matches:
                for asked in refused:
                    served.add_rule("status", match=match, asked=asked, code=403)
        told = self.watch(
            [NEWEST, OLD, GST], served, self.track(), join=0.5, options={
                GST: {"compat": f"{COMPAT[NEWEST]}+{COMPAT[OLD]}"},
                **{version: {"headers": {"X-Viewer": version}}
                   for version in (NEWEST, OLD)}})
        count = len(list((self.root / "ts").glob("*.ts")))
        for one in told:
            self.assertEqual(len({path for path, _ in one.segments}), count, one)
        # Who was refused a segment got it in the end from who was not.
        for request in served.requests():
            if request["status"] == 200 and ".ts" in request["path"]:
                self.check_allowed(request, odd, even)

    def check_allowed(self, request, odd, even):
        viewer = request["headers"].get("X-Viewer", GST)
        refused = {NEWEST: odd, OLD: even, GST: odd + even}[viewer]
        for match in refused:
            self.assertFalse(fnmatch.fnmatchcase(request["path"], match),
                             request)


def watch_many(case, *names):
    """The first one has all of some 300 segments when the second one joins."""
    served, tracker = case.serve("many"), case.track()
    options = {
        GST: {"settings": ("buffer-segments-count=400",), "cache": 800},
        # It takes all that it will play soon over HTTP.
        NEWEST: {"core": {"highDemandTimeWindow": 3000}}}
    first = case.join(names[0], served, tracker, **options[names[0]])
    count = len(list((case.root / "many").glob("*.ts")))
    case.assertGreater(count, 256)
    case.assertTrue(browser.wait_until(
        lambda: len({r["path"] for r in served.requests()
                     if r["status"] in (200, 206)
                     and ".ts" in r["path"]}) == count, 30))
    second = case.join(names[1], served, tracker)
    for viewer in first, second:
        viewer.wait(SECONDS + 30)
    return case.report([first, second])


class Many(Case):
    """VOD of more than 256 segments: see Pages.test_full_block."""

    def test_to_page(self):
        told = watch_many(self, GST, NEWEST)
        self.assertGreater(told[1].p2p, LEAST * told[1].fetched)

    def test_from_page(self):
        told = watch_many(self, NEWEST, GST)
        self.assertGreater(told[1].p2p, LEAST * told[1].fetched)


class Bad(Case):
    """Pages that mean no good, see p2pmlbad.js, and one that is none of them."""

    def check(self, *faults, version=NEWEST):
        served, tracker = self.serve("media"), self.track()
        good = self.join(version, served, tracker)
        for fault in faults:
            self.join(version, served, tracker, fault=fault, paused=True,
                      hashes=False)
        time.sleep(JOIN)
        viewer = self.join(GST, served, tracker, compat=COMPAT[version])
        for one in viewer, good:
            one.wait(self.seconds + 30)
        told = self.report([viewer, good])[0]
        self.assertGreater(told.p2p, 0)
        self.assertGreater(viewer.last["bad-messages"], 0)

    def test_bytes(self):
        self.check("noise", "cut", "noHeader", "twice")

    def test_commands(self):
        self.check("list", "endlessList", "size", "beyond")

    def test_storms(self):
        self.check("requests", "lists")

    def test_old(self):
        self.check("noise", "cut", "twice", version=OLD)


class Eight(Case):
    """Half of eight viewers p2phlssrc, against eight pages, in turns."""

    RUNS = 3
    seconds = LONG_SECONDS
    told_each = False

    def setUp(self):
        self.doCleanups()
        super().setUp()

    def check(self, live):
        mixed, pages = [], []
        for _ in range(self.RUNS):
            for names, offloads in (([NEWEST] * 8, pages),
                                    ([GST, NEWEST] * 4, mixed)):
                self.setUp()
                served = self.serve("megabit", live)
                told = self.watch(names, served, self.track())
                offloads.append(get_offload(told))
        found = [statistics.median(offloads) for offloads in (mixed, pages)]
        self.add_row("offload, four and four", f"{found[0]:.1f} %",
                     "eight pages", f"{found[1]:.1f} %", "", "", "")
        self.assertGreaterEqual(found[0] - found[1], AHEAD)

    def test_vod(self):
        self.check(live=False)

    def test_live(self):
        self.check(live=True)


def run_apart(names, jobs):
    """Each case in a process of its own, jobs at a time; eight viewers are enough
    for a machine. Returns: whether all went well"""
    def run(name):
        done = subprocess.run([sys.executable, __file__, name], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        print(done.stdout.rstrip(), flush=True)
        return done

    # What would take the processor from those that play
    packages.find()
    for path in STREAMS.values():
        for seconds in (SECONDS, LONG_SECONDS, LIVE_SECONDS,
                        Advised.live_seconds):
            media.make(path.split("/")[1], seconds=seconds)
    listed = [test.id().removeprefix("__main__.") for test in tap.flatten(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))]
    wanted = [one for one in listed if not names or one in names
              or one.split(".")[0] in names]
    crowded = [one for one in wanted if one.startswith(Eight.__name__)]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        done = list(pool.map(run, [one for one in wanted if one not in crowded]))
    done += map(run, crowded)
    for line in "".join(one.stdout for one in done).splitlines():
        columns = tuple(line.removeprefix("# ").split(" | "))
        if line.startswith("# ") and len(columns) == len(HEAD):
            rows.append(columns)
    return not any(one.returncode for one in done)


def tell_table(docs):
    sys.path.insert(0, str(ROOT / "tests/bench"))
    import report
    print("\n" + report.make_table(HEAD, rows), end="")
    if not docs:
        return
    ran = {row[0] for row in rows}
    held = [tuple(line[2:-2].split(" | ")) for line in
            (ROOT / "docs/interop.md").read_text(encoding="utf-8")
            .split("<!-- tests/interop/p2pml.py -->\n")[1].split("<!-- end")[0]
            .splitlines() if line.startswith("| ") and "." in line.split(" | ")[0]]
    kept = [row for row in held if row[0] not in ran]
    text = report.make_table(HEAD, sorted(kept + rows, key=lambda row: row[0]))
    report.write_docs("p2pml.py", f"{report.describe_machine()}\n\n{text}",
                      "interop.md", "tests/interop")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("names", nargs="*")
    told = parser.parse_args()
    try:
        if told.jobs > 1:
            sys.exit(not run_apart(told.names, told.jobs))
        sys.argv[1:] = told.names
        tap.main()
    finally:
        tell_table(told.docs)


if __name__ == "__main__":
    main() if BY_HAND else tap.main()
