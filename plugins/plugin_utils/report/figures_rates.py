# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of what the judge compared: the share of errors, and of slow answers, of both releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import scales
from .curves import ARMS, TALL, TOP, Point, apart, line, spread, stretches
from .scales import Axis
from .watch_words import colors, short_names
from .words import count, percent

# Pixels: one dot stands for the windows of so long a stretch.
_STRETCH = 9
# As wide as the words that say that nothing was judged yet.
_WAITING = 92


@dataclass(frozen=True)
class _Share:
    """What is a share of all answers: ``key`` counts it in a point, ``were`` says it in the middle of a sentence."""

    key: str
    were: str
    caption: str
    label: str


def errors(document: dict[str, Any], time: Axis) -> dict[str, Any] | None:
    """The share of errors, over all steps; None where no window was judged."""
    share = _Share("errors", "were errors", "Share of errors in all answers", "Error rates")
    return _rates(document, in_order(document), time, share)


def slower(document: dict[str, Any], time: Axis) -> dict[str, Any] | None:
    """The share of answers slower than the edge that tells most in the end; None where latency was not judged.

    The last step's judge chose that edge, and counted the steps before by it as well.
    """
    told = [watch["slower"] for watch in document["watches"] if watch["slower"]]
    if not told:
        return None
    were = f"took longer than {told[-1]['edge']:g} s"
    caption = f"Share of answers that {were}"
    return _rates(document, told[-1]["points"], time, _Share("slower", were, caption, caption))


def in_order(document: dict[str, Any]) -> list[Point]:
    """The points of all watched steps."""
    points = [point for watch in document["watches"] for point in watch["history"]]
    return sorted(points, key=lambda point: point["ended"])


def _rates(document: dict[str, Any], points: list[Point], time: Axis, share: _Share) -> dict[str, Any] | None:
    """Of each release: a band between the bounds, the mean so far as a line, and dots for single stretches of time.

    None where no window was judged (a warm-up that never ended, nothing measured).
    """
    judged = [point for point in points if all(point[arm]["mean"] is not None for arm in ARMS)]
    if not judged:
        return None
    top = _ceiling(judged)
    scale = Axis(0, top, TOP + TALL, TOP)
    arms = []
    for arm, color, name in zip(ARMS, colors(document), short_names(document), strict=True):
        last = judged[-1][arm]
        arms.append(
            {"color": color, "name": name, "value": percent(last["mean"], 1)}
            | {"bands": [_band(part, arm, time, scale) for part in stretches(judged)]}
            | {"lines": [_mean(part, arm, time, scale) for part in stretches(judged)]}
            | {"dots": _dots(points, arm, time, scale, share)}
            | {"x": time.at(judged[-1]["ended"]), "y": scale.at(last["mean"])}
        )
    apart(arms)
    said = [_said(arm, judged[-1][key]) for arm, key in zip(arms, ARMS, strict=True)]
    return {
        "caption": share.caption,
        # The release before lies below: it has the narrow band, and the new one is what one looks for.
        "arms": arms[::-1],
        "height": TOP + TALL,
        "waiting": _waiting(points, judged, time),
        "ticks": [{"at": scale.at(part), "label": f"{100 * part:g} %"} for part in (0, top / 2, top)],
        "label": f"{share.label}, at the end: {'; '.join(said)}.",
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
    ends = [part[-1][arm]["high"] or 0.0 for part in stretches(judged) for arm in ARMS]
    return min(1.0, scales.ceiling(max([1.1 * at_last, *(end for end in ends if end <= 2 * at_last)])))


def _band(points: list[Point], arm: str, time: Axis, scale: Axis) -> str:
    known = [point for point in points if point[arm]["low"] is not None and point[arm]["high"] is not None]
    places = [(time.at(point["ended"]), scale.at(point[arm]["high"]), scale.at(point[arm]["low"])) for point in known]
    kept = spread(places)
    if len(kept) < 2:
        return ""
    there = [f"{x} {high}" for x, high, _low in kept]
    back = [f"{x} {low}" for x, _high, low in reversed(kept)]
    return f"M{'L'.join(there + back)}Z"


def _mean(points: list[Point], arm: str, time: Axis, scale: Axis) -> str:
    """Where the mean so far is above the axis, there is no line: one along its edge would tell another number."""
    within = [point for point in points if point[arm]["mean"] <= scale.high]
    return line(spread([(time.at(point["ended"]), scale.at(point[arm]["mean"])) for point in within]))


def _dots(points: list[Point], arm: str, time: Axis, scale: Axis, share: _Share) -> list[dict[str, Any]]:
    """A dot for the windows of a stretch of some pixels together; a mark at the edge where it is above the axis."""
    found: dict[tuple[int, int], list[int]] = {}
    for point in points:
        counts = point[arm]
        if counts["requests"] and counts[share.key] is not None:
            stretch = int((time.at(point["ended"]) - time.start) // _STRETCH)
            # Windows of two splits are no one's rate together.
            pooled = found.setdefault((point["split"], stretch), [0, 0])
            pooled[0] += counts["requests"]
            pooled[1] += counts[share.key]
    return [
        {
            "x": round(time.start + (stretch + 0.5) * _STRETCH, 1),
            "y": scale.at(events / requests),
            "above": events / requests > scale.high,
            "title": f"{count(events)} of {count(requests)} {share.were}",
        }
        for (_split, stretch), (requests, events) in found.items()
    ]


def _said(arm: dict[str, Any], rates: dict[str, Any]) -> str:
    bounds = ""
    if rates["low"] is not None and rates["high"] is not None:
        bounds = f", between {percent(rates['low'], 1)} and {percent(rates['high'], 1)}"
    return f"{arm['name']} ({arm['color']}) {arm['value']}{bounds}"
