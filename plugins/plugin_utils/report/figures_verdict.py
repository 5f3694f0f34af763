# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of what the judge saw: error rates of both releases with their bounds, and how the evidence grew.

Both drawings have a strip of the watched steps on top, and share the time axis of all the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import exp
from typing import Any

from . import scales
from .scales import Axis
from .watch_words import colors, short_names
from .words import count, percent

_STRIP = 18
_TOP = 28
_TALL = 150
# Pixels: a drawing needs no more points than this lets through, and one dot stands for the windows of a stretch.
_APART = 1.5
_STRETCH = 9
# Parts of what is enough. Below the lowest nothing more is to be learned, above the highest it has long been enough.
_LEAST, _MOST = -0.4, 1.2
_LABEL = 13
# As wide as the words that say that nothing was judged yet.
_WAITING = 92

Point = dict[str, Any]
ARMS = ("canary", "baseline")


def verdict(document: dict[str, Any], time: Axis) -> dict[str, Any] | None:
    """{steps, strip, rates, evidence}; None where no window was kept."""
    points = [point for watch in document["watches"] for point in watch["history"]]
    points.sort(key=lambda point: point["ended"])
    if not points:
        return None
    return {
        "steps": _steps(document, time),
        "strip": _STRIP,
        "rates": _rates(document, points, time),
        "evidence": _evidence(document, points, time),
    }


def _steps(document: dict[str, Any], time: Axis) -> list[dict[str, Any]]:
    """A bar for each watched step; a label that does not fit (about 7 pixels a letter) is left to the title."""
    steps = []
    for watch in document["watches"]:
        if watch["history"]:
            x = time.at(watch["began"])
            end = time.at(max(watch["began"] + (watch["seconds"] or 0), watch["history"][-1]["ended"]))
            text = "" if watch["percent"] is None else f"{watch['percent']:g} %"
            steps.append(
                {"x": x, "width": round(max(end - x, 2), 1), "word": watch["word"]}
                | {"label": text if 7 * len(text) <= end - x else "", "title": f"{text} {watch['word']}".strip()}
            )
    return steps


def _stretches(points: Iterable[Point]) -> Iterator[list[Point]]:
    """The points of each split: no line leads from one to the next, since nothing was counted in between."""
    for _split, group in groupby(points, key=lambda point: point["split"]):
        yield list(group)


def _spread(places: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The places (x first) that are far enough apart to be told apart, the last one among them."""
    kept: list[tuple[float, ...]] = []
    for place in places[:-1]:
        if not kept or place[0] - kept[-1][0] >= _APART:
            kept.append(place)
    return [*kept, *places[-1:]]


def _line(places: list[tuple[float, ...]]) -> str:
    """A path. With round caps, a lone place shows as a dot."""
    if not places:
        return ""
    steps = [f"{x} {y}" for x, y in places]
    return f"M{steps[0]}L{'L'.join(steps[1:] or steps)}"


# -- rates --------------------------------------------------------------------------------------------------------


def _rates(document: dict[str, Any], points: list[Point], time: Axis) -> dict[str, Any] | None:
    """Of each release: a band between the bounds, the mean so far as a line, and dots for single stretches of time.

    None where no window was judged (a warm-up that never ended, nothing measured).
    """
    judged = [point for point in points if all(point[arm]["mean"] is not None for arm in ARMS)]
    if not judged:
        return None
    top = _ceiling(judged)
    scale = Axis(0, top, _TOP + _TALL, _TOP)
    arms = []
    for arm, color, name in zip(ARMS, colors(document), short_names(document), strict=True):
        last = judged[-1][arm]
        arms.append(
            {"color": color, "name": name, "value": percent(last["mean"], 1)}
            | {"bands": [_band(part, arm, time, scale) for part in _stretches(judged)]}
            | {"lines": [_mean(part, arm, time, scale) for part in _stretches(judged)]}
            | {"dots": _dots(points, arm, time, scale)}
            | {"x": time.at(judged[-1]["ended"]), "y": scale.at(last["mean"])}
        )
    _apart(arms)
    said = [_said(arm, judged[-1][key]) for arm, key in zip(arms, ARMS, strict=True)]
    return {
        # The release before lies below: it has the narrow band, and the new one is what one looks for.
        "arms": arms[::-1],
        "height": _TOP + _TALL,
        "waiting": _waiting(points, judged, time),
        "ticks": [{"at": scale.at(part), "label": f"{100 * part:g} %"} for part in (0, top / 2, top)],
        "label": f"Error rates, at the end: {'; '.join(said)}.",
    }


def _waiting(points: list[Point], judged: list[Point], time: Axis) -> float | None:
    """The middle of the time before the first window that was judged, if there is room to say so."""
    start, end = time.at(points[0]["began"]), time.at(judged[0]["began"])
    return round((start + end) / 2, 1) if end - start >= _WAITING else None


def _ceiling(judged: list[Point]) -> float:
    """The top of the axis: what is known at last fits, and what was known at the end of a step where that is not much.

    How little was known at first is cut off: it is no rate, and would press all rates to the bottom.
    """
    known = [judged[-1][arm][key] or 0.0 for arm in ARMS for key in ("mean", "high")]
    known += [point[arm]["low"] or 0.0 for point in judged for arm in ARMS]
    at_last = max(known)
    ends = [part[-1][arm]["high"] or 0.0 for part in _stretches(judged) for arm in ARMS]
    return min(1.0, scales.ceiling(max([1.1 * at_last, *(end for end in ends if end <= 2 * at_last)])))


def _band(points: list[Point], arm: str, time: Axis, scale: Axis) -> str:
    known = [point for point in points if point[arm]["low"] is not None and point[arm]["high"] is not None]
    places = [(time.at(point["ended"]), scale.at(point[arm]["high"]), scale.at(point[arm]["low"])) for point in known]
    spread = _spread(places)
    if len(spread) < 2:
        return ""
    there = [f"{x} {high}" for x, high, _low in spread]
    back = [f"{x} {low}" for x, _high, low in reversed(spread)]
    return f"M{'L'.join(there + back)}Z"


def _mean(points: list[Point], arm: str, time: Axis, scale: Axis) -> str:
    """Where the mean so far is above the axis, there is no line: one along its edge would tell another number."""
    within = [point for point in points if point[arm]["mean"] <= scale.high]
    return _line(_spread([(time.at(point["ended"]), scale.at(point[arm]["mean"])) for point in within]))


def _dots(points: list[Point], arm: str, time: Axis, scale: Axis) -> list[dict[str, Any]]:
    """A dot for the windows of a stretch of some pixels together; a mark at the edge where it is above the axis."""
    found: dict[tuple[int, int], list[int]] = {}
    for point in points:
        counts = point[arm]
        if counts["requests"] and counts["errors"] is not None:
            stretch = int((time.at(point["ended"]) - time.start) // _STRETCH)
            # Windows of two splits are no one's rate together.
            pooled = found.setdefault((point["split"], stretch), [0, 0])
            pooled[0] += counts["requests"]
            pooled[1] += counts["errors"]
    return [
        {
            "x": round(time.start + (stretch + 0.5) * _STRETCH, 1),
            "y": scale.at(errors / requests),
            "above": errors / requests > scale.high,
            "title": f"{count(errors)} of {count(requests)} were errors",
        }
        for (_split, stretch), (requests, errors) in found.items()
    ]


def _said(arm: dict[str, Any], rates: dict[str, Any]) -> str:
    bounds = ""
    if rates["low"] is not None and rates["high"] is not None:
        bounds = f", between {percent(rates['low'], 1)} and {percent(rates['high'], 1)}"
    return f"{arm['name']} ({arm['color']}) {arm['value']}{bounds}"


def _apart(named: list[dict[str, Any]]) -> None:
    """Moves the names (`text_y`) of two lines that end close together, each away from the other, the upper one up."""
    for one in named:
        one["text_y"] = one["y"]
    for upper, lower in pairwise(sorted(named, key=lambda one: one["y"])):
        lacks = _LABEL - (lower["y"] - upper["y"])
        if lacks > 0:
            # Down only as far as the axis' own labels begin.
            down = min(lacks / 2, max(0.0, _TOP + _TALL - lower["y"]))
            lower["text_y"] = round(lower["y"] + down, 1)
            upper["text_y"] = round(upper["y"] - (lacks - down), 1)


# -- evidence -----------------------------------------------------------------------------------------------------


def _evidence(document: dict[str, Any], points: list[Point], time: Axis) -> dict[str, Any] | None:
    """Two lines as parts of what is enough: against the new release, and for it. None where neither was kept."""
    scale = Axis(_LEAST, _MOST, _TOP + _TALL, _TOP)
    lines: list[dict[str, Any]] = []
    for name, key in (("against", "regression"), ("for", "promotion")):
        known = [point for point in points if _part(point, key) is not None]
        if known:
            end = _part(known[-1], key) or 0.0
            lines.append(
                {"name": name, "part": end, "x": time.at(known[-1]["ended"]), "y": scale.at(end)}
                | {"beyond": f"{end:.1f} \N{MULTIPLICATION SIGN}" if end > _MOST else ""}
                | {"paths": [_line(_spread(_places(part, key, time, scale))) for part in _stretches(known)]}
            )
    if not lines:
        return None
    _apart(lines)
    new = short_names(document)[0]
    said = [f"{line['name']} {new} reached {_percentage(line['part'])} of what is enough" for line in lines]
    return {
        "lines": lines,
        "height": _TOP + _TALL,
        "enough": {"y": scale.at(1), "text": _needed(points)},
        "ticks": [{"at": scale.at(part), "label": label} for part, label in ((0, "none"), (1, "enough"))],
        "label": f"Evidence, at the end: {'; '.join(said)} ({_needed(points)}).",
    }


def _part(point: Point, key: str) -> float | None:
    """Evidence as a part of its threshold; None where either is not known."""
    needed = point["threshold" if key == "regression" else f"{key}_threshold"]
    return point[key] / needed if point[key] is not None and needed else None


def _places(points: list[Point], key: str, time: Axis, scale: Axis) -> list[tuple[float, ...]]:
    return [(time.at(point["ended"]), scale.at(_part(point, key) or 0.0)) for point in points]


def _percentage(part: float) -> str:
    return f"{100 * max(part, 0.0):.0f} %"


def _needed(points: list[Point]) -> str:
    """'100 to 1', or both where they differ. Thresholds are logarithms, as evidence is."""
    against, promotes = points[-1]["threshold"], points[-1]["promotion_threshold"]
    texts = ["?" if found is None else f"{exp(min(found, 600.0)):,.0f} to 1" for found in (against, promotes)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} against it, {texts[1]} for it"
