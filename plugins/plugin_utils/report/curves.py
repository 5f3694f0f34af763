# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drawings of the verdict share: where they lie, and how points become lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

STRIP = 18
TOP = 28
TALL = 150
# Pixels: a drawing needs no more points than this lets through.
_APART = 1.5
_LABEL = 13

Point = dict[str, Any]
ARMS = ("canary", "baseline")


def stretches(points: Iterable[Point]) -> Iterator[list[Point]]:
    """The points of each split: no line leads from one to the next, since nothing was counted in between."""
    for _split, group in groupby(points, key=lambda point: point["split"]):
        yield list(group)


def spread(places: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The places (x first) that are far enough apart to be told apart, the last one among them."""
    kept: list[tuple[float, ...]] = []
    for place in places[:-1]:
        if not kept or place[0] - kept[-1][0] >= _APART:
            kept.append(place)
    return [*kept, *places[-1:]]


def line(places: Sequence[tuple[float, ...]]) -> str:
    """A path. With round caps, a lone place shows as a dot."""
    if not places:
        return ""
    steps = [f"{x} {y}" for x, y in places]
    return f"M{steps[0]}L{'L'.join(steps[1:] or steps)}"


def apart(named: list[dict[str, Any]]) -> None:
    """Moves the names (`text_y`) of two lines that end close together, each away from the other, the upper one up."""
    for one in named:
        one["text_y"] = one["y"]
    for upper, lower in pairwise(sorted(named, key=lambda one: one["y"])):
        lacks = _LABEL - (lower["y"] - upper["y"])
        if lacks > 0:
            # Down only as far as the axis' own labels begin.
            down = min(lacks / 2, max(0.0, TOP + TALL - lower["y"]))
            lower["text_y"] = round(lower["y"] + down, 1)
            upper["text_y"] = round(upper["y"] - (lacks - down), 1)
