# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Segments of 32 MB through p2p-media-loader, from a viewer that has them all to one
that then joins: pages of its newest version, and p2phls-play."""

import contextlib

import browser
import ends
import media
import p2pmlpage
import packages
import server
import viewers

SIZE = 32000000
COUNT = 11
JOINED = 3                        # segments of media.py in each, so that it lasts
PATH = "/large/index.m3u8"
SECONDS = media.SEGMENT_SECONDS * JOINED
PACKET = 188
NOTHING = b"\x47\x1f\xff\x10".ljust(PACKET, b"\xff")
PATIENCE = 100                    # seconds


def serve(served, folder):
    """Segments that are filled up with packets of nothing."""
    small = media.make("ts", seconds=SECONDS * COUNT) / "ts"
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{SECONDS}",
             "#EXT-X-PLAYLIST-TYPE:VOD"]
    for number in range(COUNT):
        data = b"".join((small / f"seg{number * JOINED + i}.ts").read_bytes()
                        for i in range(JOINED))
        data += NOTHING * ((SIZE - len(data)) // PACKET)
        served.files[f"/large/{number}.ts"] = data
        lines += [f"#EXTINF:{SECONDS},", f"{number}.ts"]
    served.files[PATH] = "\n".join([*lines, "#EXT-X-ENDLIST", ""]).encode()
    p2pmlpage.serve(served, folder)


class Page:
    """sends: whether it takes all there is over HTTP, or as little as it can."""

    def __init__(self, chromium, served, tracker, sends):
        self._base = served.base
        core = {"highDemandTimeWindow": 3000} if sends else {
            "highDemandTimeWindow": 0, "httpDownloadTimeWindow": 0}
        self._loader = p2pmlpage.Loader(
            chromium, served, PATH, [tracker], core=core, hashes=False,
            paused=True)

    def get_loaded(self):
        """When it had each one: {path: seconds}"""
        return {segment["url"].removeprefix(self._base): segment["time"]
                for segment in self._loader.get()["segments"]}

    def get_cpu(self):
        return 0                  # it is the browser's


class Play:
    def __init__(self, program, stack, served, tracker):
        self._base = served.base
        self._viewer = stack.enter_context(viewers.Viewer(
            str(program), served.base + PATH, tracker, cache=2 * COUNT,
            options=["--segments", "--set=buffer-segments-count=20",
                     "--set=max-cache-bytes=1000000000"]))

    def get_loaded(self):
        return {segment["segment"].removeprefix(self._base): segment["time"]
                for segment in self._viewer.segments}

    def get_cpu(self):
        return ends.get_cpu(self._viewer.process.pid)


def wait(viewer):
    if not browser.wait_until(lambda: len(viewer.get_loaded()) == COUNT,
                              PATIENCE):
        raise TimeoutError(f"only {viewer.get_loaded()}")


def measure(way, program, folder):
    """way: from whom it goes to whom, "Chromium" or "p2phls". program: p2phls-play;
    folder: npm's packages. Returns: MB/s and CPU seconds a GB"""
    with contextlib.ExitStack() as stack:
        served = stack.enter_context(server.Server("/"))
        serve(served, folder)
        tracker = stack.enter_context(packages.Tracker(folder))
        chromium = stack.enter_context(browser.Browser())

        def make(name, sends):
            if name == "p2phls":
                return Play(program, stack, served, tracker.url)
            return Page(chromium, served, tracker.url, sends)

        sender = make(way[0], True)
        wait(sender)
        fetched = len(served.requests())

        def get_cpu():
            return chromium.get_cpu() + sum(end.get_cpu() for end in each)

        each = [sender]
        before = get_cpu()
        each.append(make(way[1], False))
        wait(each[1])
        cpu = get_cpu() - before
        over_http = {request["path"] for request in served.requests()[fetched:]}
        times = sorted(time for path, time in each[1].get_loaded().items()
                       if path not in over_http)
        if len(times) < COUNT // 2:
            raise RuntimeError(f"{way}: over HTTP {sorted(over_http)}")
        return ((len(times) - 1) * SIZE / (times[-1] - times[0]) / 1e6,
                cpu / (len(times) * SIZE / 1e9))
