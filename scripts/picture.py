#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws what viewers (tests/fixtures/viewers.py) loaded from where, as SVG."""

WIDTH, HEIGHT, LEFT, TOP = 800, 300, 70, 40
COLOURS = {"http-fetched": ("#c0504d", "from the web server"),
           "p2p-fetched": ("#4f81bd", "from peers")}


def count(viewers):
    """Bytes loaded in each second since the first began, by source."""
    began = min(viewer.begun for viewer in viewers)
    seconds = 1 + int(max((line["clock"] - began for viewer in viewers
                           for line in viewer.lines), default=0))
    bars = {name: [0] * (seconds + 1) for name in COLOURS}
    for viewer in viewers:
        for name, row in bars.items():
            before = 0
            for line in viewer.lines:
                row[int(line["clock"] - began)] += line.get(name, 0) - before
                before = line.get(name, 0)
    return bars


def draw(viewers, path):
    bars = count(viewers)
    rows = list(zip(*bars.values()))
    top = max([1, *map(sum, rows)])
    step = WIDTH / max(1, len(rows))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 90}" '
             f'height="{HEIGHT + 80}" font-family="sans-serif" font-size="12">'
             f'<rect width="100%" height="100%" fill="white"/>']
    for second, values in enumerate(rows):
        y = TOP + HEIGHT
        for (colour, _), value in zip(COLOURS.values(), values):
            tall = HEIGHT * value / top
            y -= tall
            parts.append(f'<rect x="{LEFT + second * step:.1f}" y="{y:.1f}" '
                         f'width="{step * 0.9:.1f}" height="{tall:.1f}" '
                         f'fill="{colour}"/>')
    for number, (colour, text) in enumerate(COLOURS.values()):
        x = LEFT + number * 200
        parts.append(f'<rect x="{x}" y="12" width="12" height="12" '
                     f'fill="{colour}"/><text x="{x + 18}" y="22">{text}</text>')
    for part in range(5):
        y = TOP + HEIGHT * (1 - part / 4)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" '
                     f'text-anchor="end">{top * part / 4 / 1e3:.0f} KB</text>'
                     f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.0f}" '
                     f'y2="{y:.0f}" stroke="#ccc" stroke-width="0.5"/>')
    for second in range(0, len(rows), max(1, len(rows) // 10)):
        parts.append(f'<text x="{LEFT + second * step:.0f}" '
                     f'y="{TOP + HEIGHT + 18}">{second} s</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP + HEIGHT + 36}">loaded by all '
                 f'{len(viewers)} viewers in each second</text></svg>\n')
    path.write_text("".join(parts), encoding="utf-8")
