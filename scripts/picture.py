#!/usr/bin/python3
# p2phls: HLS over the other viewers of the same stream
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws what viewers (tests/fixtures/viewers.py) loaded from where, as SVG: all of
them together, from the first one's start."""

import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT = 640, 300, 70, 60, 190
SOURCES = {"http-fetched": ("#c0504d", "from the web server"),
           "p2p-fetched": ("#4f81bd", "from peers")}


def count(viewers, began, moment):
    """Bytes loaded until then by all, by source."""
    totals = dict.fromkeys(SOURCES, 0)
    for viewer in viewers:
        said = [line for line in viewer.lines if line["clock"] - began <= moment]
        for name in totals:
            totals[name] += said[-1].get(name, 0) if said else 0
    return totals


def round_step(span, parts):
    """A round number of which about parts make span."""
    step = 10 ** math.floor(math.log10(span / parts))
    return step * next(n for n in (1, 2, 5, 10) if n * step * parts >= span)


def text(x, y, words, anchor="start", colour="black"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" '
            f'fill="{colour}">{words}</text>')


def line(x1, y1, x2, y2, style):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'{style}/>')


def draw_axes(across, up, seconds, top):
    grey = 'stroke="#ddd"'
    step = round_step(top / 1e6, 5)
    for number in range(int(top / 1e6 / step) + 1):
        y = up(number * step * 1e6)
        yield line(LEFT, y, LEFT + WIDTH, y, grey)
        yield text(LEFT - 8, y + 4, f"{number * step:g} MB", "end")
    step = round_step(seconds, 10)
    for number in range(int(seconds / step) + 1):
        yield text(across(number * step), TOP + HEIGHT + 20,
                   f"{number * step:g} s", "middle")


def draw_areas(across, up, totals):
    """Each source upon those before it, and its name at its end."""
    floor, everything = [0] * len(totals), max(1, sum(totals[-1].values()))
    label = TOP + HEIGHT + 18
    for name, (colour, words) in SOURCES.items():
        roof = [low + total[name] for low, total in zip(floor, totals)]
        there = [f"{across(i):.1f},{up(y):.1f}" for i, y in enumerate(roof)]
        back = [f"{across(i):.1f},{up(y):.1f}" for i, y in enumerate(floor)]
        yield (f'<polygon points="{" ".join(there + back[::-1])}" '
               f'fill="{colour}"/>')
        label = min(label - 36, up((roof[-1] + floor[-1]) / 2))
        size = totals[-1][name]
        yield text(LEFT + WIDTH + 10, label, words, colour=colour)
        yield text(LEFT + WIDTH + 10, label + 16, f"{size / 1e6:.1f} MB, "
                   f"{100 * size / everything:.0f} %", colour=colour)
        floor = roof


def draw_joins(across, viewers, began):
    for number, viewer in enumerate(viewers, 1):
        x = across(viewer.begun - began)
        yield line(x, TOP - 6, x, TOP + HEIGHT,
                   'stroke="#888" stroke-dasharray="2 4"')
        yield text(x, TOP - 10, number, "middle", "#666")


def draw(viewers, path):
    began = min(viewer.begun for viewer in viewers)
    seconds = max(1, math.ceil(max((said["clock"] - began for viewer in viewers
                                    for said in viewer.lines), default=0)))
    totals = [count(viewers, began, second) for second in range(seconds + 1)]
    top = max(1, sum(totals[-1].values()))
    names = "1 joins" if len(viewers) == 1 else f"1 to {len(viewers)} join"

    def across(second):
        return LEFT + WIDTH * second / seconds

    def up(size):
        return TOP + HEIGHT * (1 - size / top)

    path.write_text("\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}"'
        f' height="{TOP + HEIGHT + 40}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>',
        text(LEFT, 20, "What all viewers together have loaded; above: when "
             f"viewers {names}"),
        *draw_axes(across, up, seconds, top), *draw_areas(across, up, totals),
        *draw_joins(across, viewers, began), "</svg>\n"]), encoding="utf-8")
