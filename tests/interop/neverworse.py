#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Never worse than HTTP: a viewer among peers and before trackers that fail in
every way, beside one that plays the same over HTTP only.

    neverworse.py --table BUILD [--runs 5] [--jobs 4] [--docs] [CELL...]

runs all cells, or those whose names hold one of the words, in turns with HTTP
only, and prints a table; --docs writes it into docs/faults.md too. Each cell
counts its faults where they are made; a cell without any says nothing, and
fails. Without --table it is a test: Full is the same, Short a few cells once.
"""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import functools
import hashlib
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs/faults.md"
BEGIN, END = "<!-- tests/interop/neverworse.py -->\n", "<!-- end -->\n"
RUNS = 5
OTHERS = 3                        # viewers beside the one that is looked at
SLOW = 10000                      # bytes a second
STARTUP = (0.05, 0.05)            # of it, or seconds: what is granted
LATE = 0.5                        # seconds: of the end, over that of HTTP only
HTTP = "HTTP only"


def enter(built):
    """Runs this program again, where GStreamer finds the plugin."""
    built = built.resolve()
    os.environ.update(
        P2PHLS_PLAY=str(built / "tests/examples/p2phls-play"),
        P2PHLS_HOSTILE=str(built / "tests/interop/hostile"),
        GST_PLUGIN_PATH=str(built / "tests/interop"),
        P2P_MEDIA=str(built / "tests/media"),
        PYTHONPATH=str(ROOT / "tests/fixtures"), PYTHONDONTWRITEBYTECODE="1")
    os.execvp("meson", ["meson", "devenv", "-C", str(built), sys.executable,
                        __file__, *sys.argv[1:]])


if __name__ == "__main__" and "P2PHLS_HOSTILE" not in os.environ:
    if "--table" not in sys.argv[:-1]:
        sys.exit(__doc__)
    enter(Path(sys.argv[sys.argv.index("--table") + 1]))

import gate  # noqa: E402
import media  # noqa: E402
import player  # noqa: E402
import server  # noqa: E402
import tap  # noqa: E402
import viewers  # noqa: E402

PLAY, HOSTILE = os.environ["P2PHLS_PLAY"], os.environ["P2PHLS_HOSTILE"]


@dataclasses.dataclass(frozen=True)
class Stream:
    name: str
    path: str
    seconds: int
    window: int = 0               # segments of a live one
    watch: int = 0                # seconds of it; 0: to the end
    cache: int = None             # segments; None: the default
    web: float = None             # of the web server, in times the bit rate
    decoder: str = "decodebin"    # parsebin: hlsdemux2, which fetches by itself

    @property
    def below(self):
        return "/live" if self.window else ""

    @property
    def folder(self):
        kind = self.path.split("/")[1]
        root = media.make(kind, seconds=self.seconds)
        return root / self.path.strip("/").rpartition("/")[0]


    @property
    def kbits(self):
        size = sum(path.stat().st_size for path in self.folder.glob("*.ts"))
        return self.web and self.web * size * 8 / self.seconds / 1000


VOD = Stream("VOD", "/ts/index.m3u8", 24)
# Not to their ends: hlsdemux leaves out the last segments of what was live.
LIVE = Stream("live", "/ts/index.m3u8", 60, window=6, watch=24)
LONG = Stream("VOD, long", "/ts/index.m3u8", 40)
LONG_LIVE = Stream("live, long", "/ts/index.m3u8", 60, window=6, watch=40)
DEMO = Stream("live, as the demo", "/master/high/index.m3u8", 80, window=15,
              watch=36, cache=120)
NARROW = Stream("VOD, web of 1.5 x", "/ts/index.m3u8", 24, web=1.5)
SHORT = Stream("live, short", "/ts/index.m3u8", 60, window=6, watch=14)
VOD2, LIVE2, SHORT2 = (
    dataclasses.replace(stream, name=f"{stream.name}, hlsdemux2",
                        decoder="parsebin") for stream in (VOD, LIVE, SHORT))


class Cell:
    """HTTP only; others override what they do to it. check: the application
    has checksums of the segments."""

    def __init__(self, name=HTTP, check=False):
        self.name, self.check = name, check

    def set_up(self, run):
        """Starts what is there before the viewer comes."""

    def ready(self, run):
        """Whether all of that is there."""
        return True

    def find_tracker(self, run):
        return None

    def step(self, run):
        """Called again and again while the viewer plays."""

    def count(self, run):
        """The faults so far."""
        return 0


class Shared(Cell):
    def find_tracker(self, run):
        return run.tracker.url


class Peers(Shared):
    """Programs of hostile.c."""

    def __init__(self, name, fault, rate=0, packet=16384, check=False):
        super().__init__(name, check)
        self.options = ["--fault", fault, "--rate", rate, "--packet", packet]

    def set_up(self, run):
        run.add_peers(self.find_tracker(run), self.options)

    def ready(self, run):
        return run.count_announced() >= OTHERS

    def count(self, run):
        return sum(max(line.get("faults", 0) for line in peer.lines)
                   for peer in run.others)


def count_unread(pid):
    """The TCP connections of a process on which something waits for it."""
    own = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    return sum(int(line.split()[4].split(":")[1], 16) > 0
               and f"socket:[{line.split()[9]}]" in own for line in lines)


class Gone(Peers):
    """They stop when the tracker has told of them."""

    def __init__(self, name):
        super().__init__(name, "none")

    def ready(self, run):
        if not super().ready(run):
            return False
        for peer in run.others:
            peer.process.send_signal(signal.SIGSTOP)
        return True

    def count(self, run):
        """Those for whom something came that they will never read."""
        return sum(count_unread(peer.process.pid) for peer in run.others)


class Dead(Shared):
    """Real viewers, that stop when they are connected."""

    def __init__(self, name, number):
        super().__init__(name)
        self.number = number

    def set_up(self, run):
        for _ in range(OTHERS):
            run.others.append(run.enter(viewers.Viewer(
                PLAY, run.uri, run.tracker.url, cache=120)))

    def ready(self, run):
        return all(other.last.get("position", 0) > 4 for other in run.others)

    def step(self, run):
        if run.faults or run.viewer.last.get("peers", 0) < OTHERS:
            return
        for other in run.others:
            if other.process.poll() is None:
                other.process.send_signal(self.number)
                run.faults += 1

    def count(self, run):
        return run.faults


class Tracker(Peers):
    """The tracker fails, the peers are honest."""

    def __init__(self, name, mode, opens=None, closes=0, everybody=False):
        super().__init__(name, "none")
        self.mode, self.opens, self.closes = mode, opens, closes
        self.everybody = everybody

    def set_up(self, run):
        run.gate = run.enter(gate.Gate(
            run.tracker.port, "pass" if self.closes else self.mode))
        run.add_peers(run.gate.url if self.everybody else run.tracker.url,
                      self.options)

    def find_tracker(self, run):
        return run.gate.url

    def step(self, run):
        elapsed = time.monotonic() - run.viewer.begun
        if self.closes and run.moment == 0 and elapsed > self.closes:
            run.moment = 1
            run.gate.close(self.mode)
            if self.everybody:
                run.restart_tracker()
        if self.opens and run.moment < 2 and elapsed > self.opens:
            run.moment = 2
            run.gate.open()

    def count(self, run):
        # Where nobody listens, only who was refused can tell.
        return run.gate.faults or run.viewer.last.get("tracker-warnings", 0)


class Run:
    """One viewer, from when there is nothing until all is over."""

    quiet = threading.Lock()      # nothing else starts while one starts

    def __init__(self, cell, stream):
        self.cell, self.stream = cell, stream
        self.others = []
        self.faults = self.moment = 0
        self.viewer = self.gate = None
        self.stack = contextlib.ExitStack()
        self.enter = self.stack.enter_context

    def add_peers(self, tracker, options):
        self.others.append(self.enter(viewers.Program(
            ["nice", HOSTILE, "--tracker", tracker, "--swarm", self.uri,
             "--folder", str(self.stream.folder), "--peers", str(OTHERS),
             *map(str, options)])))

    def count_announced(self):
        return sum("announced" in line for other in self.others
                   for line in other.lines)

    def restart_tracker(self):
        self.tracker.__exit__()
        self.tracker = self.enter(viewers.Tracker())
        self.gate.port = self.tracker.port

    def start(self):
        folder = self.stream.folder
        depth = self.stream.path.count("/") - 1
        self.origin = self.enter(server.Server(
            folder.parents[depth - 1], window=self.stream.window or 5,
            kbits=self.stream.kbits))
        self.uri = self.origin.base + self.stream.below + self.stream.path
        self.tracker = self.enter(viewers.Tracker())
        with self.quiet:
            self.cell.set_up(self)
            time.sleep(1)
        until = time.monotonic() + 30
        while not self.cell.ready(self):
            if time.monotonic() > until:
                raise RuntimeError(f"{self.cell.name}: the others do not come")
            time.sleep(0.05)

    def get_options(self):
        options = ["--decoder", self.stream.decoder]
        if self.stream.decoder == "parsebin":
            options += ["--segments", "--hashes"]
        if not self.cell.check:
            return options
        sums = self.enter(tempfile.NamedTemporaryFile("w"))
        for path in self.stream.folder.glob("*.ts"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            print(f"{digest}  {path.name}", file=sums, flush=True)
        return [*options, "--sums", sums.name]

    def watch(self, path):
        """Plays. Returns: whether it ended well."""
        with self.quiet:
            self.viewer = self.enter(viewers.Viewer(
                PLAY, self.uri, self.cell.find_tracker(self),
                self.stream.cache, ["--patience", "20", *self.get_options()],
                functools.partial(subprocess.Popen, env={
                    **os.environ, "GST_TRACERS": f"watch(file={path})"})))
            until = time.monotonic() + 5
            while (self.viewer.last.get("startup", -1) < 0
                   and time.monotonic() < until):
                self.step()
        until = time.monotonic() + (self.stream.watch
                                    or 3 * self.stream.seconds)
        while (self.viewer.process.poll() is None
               and time.monotonic() < until):
            self.step()
        if self.stream.watch and self.viewer.process.poll() is None:
            self.viewer.process.send_signal(signal.SIGINT)
            return self.viewer.wait(5)
        return not self.stream.watch and self.viewer.wait(0)

    def step(self):
        self.cell.step(self)
        time.sleep(0.05)

    def run(self):
        with self.stack, tempfile.NamedTemporaryFile() as file:
            self.start()
            ended = self.watch(file.name)
            faults = self.cell.count(self)
            if self.stream.decoder == "parsebin":
                played, same = self.check_loaded()
            else:
                played, same = check_bytes(
                    player.read_watch(file.name)["fragment"], self.stream)
        last = self.viewer.last
        fetched = last.get("p2p-fetched", 0), last.get("http-fetched", 0)
        return Result(
            ended=ended, faults=faults, startup=last.get("startup", -1),
            stalls=last.get("stalls", -1), stalled=last.get("stalled", -1),
            longest=last.get("longest-stall", -1), segments=played, same=same,
            share=fetched[0] / max(1, sum(fetched)),
            late=last.get("time", 0) - last.get("startup", 0)
            - last.get("frames", 0) / media.FRAME_RATE)


    def check_loaded(self):
        """check_bytes() of what the gateway serves; hlsdemux2 fetches HTTP only
        without us."""
        folder, loaded = self.stream.folder, self.viewer.segments
        right = all(segment["sha256"] == hashlib.sha256(
            (folder / segment["segment"].rpartition("/")[2]).read_bytes()
        ).hexdigest() for segment in loaded)
        return len(loaded), right and bool(loaded) == bool(
            self.cell.find_tracker(self))


@dataclasses.dataclass
class Result:
    ended: bool = False
    faults: int = 0
    startup: float = -1           # seconds to the first frame
    stalls: int = 0
    stalled: float = 0            # seconds
    longest: float = 0
    segments: int = 0             # handed to the demuxer
    same: bool = False            # … all of them, in order, byte for byte
    share: float = 0              # of what was fetched, from peers
    late: float = 0               # seconds that it played beyond its frames


def check_bytes(fragments, stream):
    """Returns: (how many segments left the sources, whether each was the one
    that was due, had the bytes of its file, and none is missing)."""
    folder, due, count = stream.folder, None if stream.window else 0, 0
    right, total = True, len(list(stream.folder.glob("*.ts")))
    for fragment in fragments:
        name = str(fragment["location"]).rpartition("/")[2]
        if not name.endswith(".ts") or fragment["factory"] != "p2phlssrc":
            continue
        if stream.window and fragment["end"] == "cut":
            break                 # when it was stopped
        number = int(name.removeprefix("seg").removesuffix(".ts"))
        real = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        right &= (due in (None, number) and fragment["end"] == "eos"
                  and fragment["sha256"] == real)
        due = number + 1
        count += 1
    return count, right and bool(stream.window or due == total) and count > 0


# --- the matrix ---

KILLED = Dead("killed (SIGKILL)", signal.SIGKILL)
CRAWL = Peers("10 KB/s", "slow", rate=SLOW)
JUNK = Peers("garbage", "garbage")
DOWN = Tracker("tracker down", "down")
DEAD = [KILLED, Dead("stopped (SIGSTOP)", signal.SIGSTOP)]
PEERS = [
    Gone("stopped before they answer"),
    CRAWL,
    Peers("10 KB/s, in small messages", "slow", rate=SLOW, packet=1024),
    Peers("hold and fetch nothing", "empty"),
    Peers("promise all, answer nothing", "silent"),
    Peers("half a segment, then silence", "truncate"),
    Peers("wrong sizes", "size"),
    Peers("promise all, have nothing", "deny"),
    JUNK,
    Peers("other bytes (with checksums)", "lie", check=True),
    Peers("other bytes, slowly (with checksums)", "lie", rate=50000,
          check=True),
    Peers("endless data", "endless"),
    Peers("endless messages", "flood"),
]
TRACKERS = [
    DOWN,
    Tracker("tracker refuses", "refuse"),
    Tracker("tracker is silent", "hang"),
    Tracker("tracker answers errors", "errors"),
    Tracker("tracker answers garbage", "garbage"),
    Tracker("tracker restarted", "refuse", closes=10, opens=12,
            everybody=True),
]
LATER = Tracker("tracker answers after 30 s", "hang", opens=30)
PLAIN, CHECKED = Cell(), Cell(HTTP + ", with checksums", check=True)
FULL = [(cell, stream) for stream, cells in {
    VOD: [CHECKED, *PEERS, *TRACKERS],
    LIVE: [CHECKED, *DEAD, *PEERS, *TRACKERS],
    # Of which the dead had their share.
    NARROW: [CHECKED, *PEERS],
    # Of a short one they have sent all before it is seen that they are there.
    LONG: [LATER, *DEAD],
    LONG_LIVE: [LATER],
    DEMO: [CRAWL],
    VOD2: [CRAWL, JUNK, DOWN],
    LIVE2: [*DEAD, CRAWL, JUNK, DOWN],
}.items() for cell in [PLAIN, *cells]]
BRIEF = [(cell, SHORT) for cell in (PLAIN, KILLED, JUNK, DOWN)] + [
    (cell, SHORT2) for cell in (PLAIN, KILLED)]


def find_plain(cell):
    """What it is compared with."""
    return CHECKED if cell.check else PLAIN


def run_cell(cell):
    try:
        return Run(*cell).run()
    except (OSError, RuntimeError) as error:
        print(f"# {cell[1].name}, {cell[0].name}: {error}", flush=True)
        return Result()


def run_matrix(cells, runs, jobs):
    """Each of cells once, then again. Returns: {cell: its results}"""
    for _, stream in cells:
        stream.folder
    results = {cell: [] for cell in cells}
    for _ in range(runs):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for cell, result in zip(cells, pool.map(run_cell, cells)):
                results[cell].append(result)
                print(f"# {cell[1].name}, {cell[0].name}: {result}",
                      flush=True)
    return results


def median(results, field):
    return statistics.median(getattr(result, field) for result in results)


def judge(results, plain, brief=False):
    """What is worse than over HTTP only, in words. brief: once, on a machine
    that may have other things to do."""
    startup = median(plain, "startup")
    granted = 1 if brief else max(STARTUP[0] * startup, STARTUP[1])
    worse = []
    if results is not plain and not all(r.faults for r in results):
        worse.append("no faults")
    if not all(r.ended for r in results):
        worse.append("no end")
    if not all(r.same for r in results):
        worse.append("other bytes")
    if median(results, "startup") > startup + granted:
        worse.append("startup")
    # A busy machine makes stalls of its own, over HTTP only too.
    if median(results, "stalls") > median(plain, "stalls") and (
            not brief or median(results, "stalled")
            > median(plain, "stalled") + LATE):
        worse.append("stalls")
    if median(results, "late") > median(plain, "late") + LATE:
        worse.append("late")
    return ", ".join(worse)


def format_rows(results):
    """Returns: (lines of the table, whether nothing is worse)"""
    lines, good = [], True
    for (cell, stream), found in results.items():
        plain = results[find_plain(cell), stream]
        worse = judge(found, plain)
        good &= not worse
        startup, of = median(found, "startup"), median(plain, "startup")
        lines.append(
            f"| {stream.name} | {cell.name} "
            f"| {median(found, 'faults'):.0f} | {startup:.3f} s "
            f"| {startup / of:.2f} | {median(found, 'stalls'):.0f} "
            f"| {max(r.longest for r in found):.2f} s "
            f"| {median(found, 'late'):+.2f} s "
            f"| {100 * median(found, 'share'):.0f} % | {worse or 'no'} |\n")
    return lines, good


HEAD = """| stream | what fails | faults | startup | to HTTP only | stalls \
| longest | end | from peers | worse |
|---|---|---|---|---|---|---|---|---|---|
"""


def write_docs(text):
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    DOCS.write_text(before + BEGIN + text + END + after, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(
        usage=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--table", metavar="BUILD", required=True)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("words", nargs="*", metavar="CELL")
    told = parser.parse_args()
    cells = [(cell, stream) for cell, stream in FULL if not told.words
             or any(w in f"{stream.name}, {cell.name}" for w in told.words)]
    plain = {(find_plain(cell), stream) for cell, stream in cells}
    cells = [pair for pair in FULL if pair in plain or pair in cells]
    lines, good = format_rows(run_matrix(cells, told.runs, told.jobs))
    text = (f"Linux {platform.release()}, {os.cpu_count()} cores, "
            f"{told.runs} runs, {told.jobs} at a time: medians\n\n"
            + HEAD + "".join(lines))
    print("\n" + text, end="")
    if told.docs:
        write_docs(text)
    return 0 if good else 1


# --- the tests ---

class Matrix:
    cells, runs, jobs = (), RUNS, 4

    @classmethod
    @functools.lru_cache(maxsize=None)
    def get_results(cls):
        return run_matrix(cls.cells, cls.runs, cls.jobs)

    def check(self, pair):
        results = self.get_results()
        plain = results[find_plain(pair[0]), pair[1]]
        self.assertEqual(judge(results[pair], plain, self.runs == 1), "",
                         [results[pair], plain])


class Short(Matrix, unittest.TestCase):
    cells, runs = BRIEF, 1


class Full(Matrix, unittest.TestCase):
    cells = FULL


def add_tests():
    for matrix in Short, Full:
        for pair in matrix.cells:
            name = f"test_{pair[1].name}_{pair[0].name}"
            setattr(matrix, "".join(c if c.isalnum() else "_" for c in name),
                    functools.partialmethod(matrix.check, pair))


add_tests()
if __name__ == "__main__":
    if "--table" in sys.argv:
        sys.exit(main())
    tap.main()
