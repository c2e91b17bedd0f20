# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What players choose of two variants when the network carries the lower one and
every second segment of both is in the gateway's cache. As it is over HTTP, over the
gateway, and over one that does not hold ends back."""

import concurrent.futures
import json
import os
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.dont_write_bytecode = True
sys.path += [f"{ROOT}/tests/fixtures", f"{ROOT}/tests/interop"]
import browser  # noqa: E402
import media  # noqa: E402
import packages  # noqa: E402
import server  # noqa: E402
from gateways import Gateway  # noqa: E402

SECONDS = 20
KBITS = 800                       # low has 0.4, high 1.4 Mbit/s
WAYS = "http", "gateway", "unpaced"
PATIENCE = 120
PAGE = """<!DOCTYPE html><video muted></video><script src="/hls.js"></script>
<script>
const video = document.querySelector("video"), levels = [];
let stalled = 0, since = 0, begun = 0;
video.onwaiting = () => { if (begun) since = performance.now(); };
video.onplaying = () => {
  begun = begun || performance.now();
  if (since) stalled += performance.now() - since;
  since = 0;
};
function play(url) {
  const hls = new Hls(), start = performance.now();
  hls.on(Hls.Events.FRAG_LOADED, (_, data) => {
    if (data.frag.sn !== "initSegment") levels.push(data.frag.level);
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  video.play();
  return new Promise((done) => {
    const end = (outcome) => done({outcome, levels, stalled: stalled / 1000,
        took: (performance.now() - start) / 1000});
    video.onended = () => end("eos");
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (data.fatal) end(data.details);
    });
  });
}
</script>"""


def play_hlsdemux2(_, url):
    """In a process of its own."""
    told = json.dumps({"mode": "playbin3", "uri": url, "sync": True,
                       "wait": True, "source_name": "souphttpsrc",
                       "seconds": PATIENCE})
    done = subprocess.run(
        ["/usr/bin/python3", f"{ROOT}/tests/interop/player.py", told],
        check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout.strip().splitlines()[-1])
    rates = [message["bitrate"] for name, message in result["messages"]
             if name == "adaptive-streaming-statistics"
             and "bitrate" in message]
    # Each sink tells of the same stall.
    stalls = max(result["stalls"].values(), key=sum, default=[])
    return {"outcome": result["outcome"], "switches": len(rates),
            "stalled": sum(stalls), "took": result["took"]}


def play_hlsjs(origin, url):
    with browser.Browser() as chromium:
        page = chromium.open(f"{origin.base}/page.html")
        said = page.call("play", url, timeout=PATIENCE)
    levels = said["levels"]
    return {"switches": sum(a != b for a, b in zip(levels, levels[1:])), **said}


def play_ffmpeg(_, url):
    """At its own speed, as if to show it; it chooses once, and never again."""
    began = time.monotonic()
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-re", "-i", url, "-map", "0:p:0",
         "-c", "copy", "-f", "null", "-"], check=False, timeout=PATIENCE)
    return {"outcome": "error" if done.returncode else "eos", "switches": 0,
            "stalled": 0, "took": time.monotonic() - began}


PLAYERS = {"hlsdemux2": play_hlsdemux2, "hls.js": play_hlsjs,
           "ffmpeg": play_ffmpeg}


def watch(program, root, player, way):
    with server.Server(root, kbits=KBITS) as origin:
        url = f"{origin.base}/master/master.m3u8"
        folder = packages.find()
        if folder:
            origin.files["/hls.js"] = \
                (folder / "hls.js/dist/hls.min.js").read_bytes()
        origin.files["/page.html"] = PAGE.encode()
        if way == "http":
            return PLAYERS[player](origin, url)
        wanted = [f"{origin.base}/master/{variant}/seg{n}.ts"
                  for n in range(1, SECONDS // media.SEGMENT_SECONDS, 2)
                  for variant in ("high", "low")]
        with Gateway(url, f"--origin={origin.base}",
                     f"--pace-eos={int(way == 'gateway')}",
                     program=program) as gateway:
            gateway.load(wanted)
            return PLAYERS[player](origin, gateway.url)


def run(program, players):
    """Returns: rows of what was seen, and whether the gateway was as HTTP is"""
    root = media.make("master", seconds=SECONDS)
    rows = []
    for player in players:
        if player == "hls.js" and not (browser.PROGRAM and packages.find()):
            print(f"no {player}: Chromium or npm is not there", flush=True)
            continue
        with concurrent.futures.ThreadPoolExecutor(len(WAYS)) as pool:
            seen = dict(zip(WAYS, pool.map(lambda way, player=player: watch(
                program, root, player, way), WAYS)))
        good = all(seen[way]["outcome"] == "eos" for way in WAYS) and \
            seen["gateway"]["switches"] <= seen["http"]["switches"]
        row = (player, *(f"{seen[way]['switches']} "
                         f"({seen[way]['stalled']:.1f} s)" for way in WAYS),
               "yes" if good else "**no**")
        print(" | ".join(row), flush=True)
        rows.append(row)
    return rows
