# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of what the judge saw: the rates of both releases with their bounds, and how the evidence grew.

All these drawings have a strip of the watched steps on top, and share the time axis of all the others.
"""

from __future__ import annotations

from math import exp
from typing import Any

from . import figures_rates
from .curves import STRIP, TALL, TOP, Point, apart, line, spread, stretches
from .scales import Axis
from .watch_words import short_names

# Parts of what is enough. Below the lowest nothing more is to be learned, above the highest it has long been enough.
_LEAST, _MOST = -0.4, 1.2


def verdict(document: dict[str, Any], time: Axis) -> dict[str, Any] | None:
    """{steps, strip, rates, slower, evidence}; None where no window was kept."""
    points = figures_rates.in_order(document)
    if not points:
        return None
    return {
        "steps": _steps(document, time),
        "strip": STRIP,
        "rates": figures_rates.errors(document, time),
        "slower": figures_rates.slower(document, time),
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


def _evidence(document: dict[str, Any], points: list[Point], time: Axis) -> dict[str, Any] | None:
    """Two lines as parts of what is enough: against the new release, and for it. None where neither was kept."""
    scale = Axis(_LEAST, _MOST, TOP + TALL, TOP)
    lines: list[dict[str, Any]] = []
    for name, key in (("against", "regression"), ("for", "promotion")):
        known = [point for point in points if _part(point, key) is not None]
        if known:
            end = _part(known[-1], key) or 0.0
            lines.append(
                {"name": name, "part": end, "x": time.at(known[-1]["ended"]), "y": scale.at(end)}
                | {"beyond": f"{end:.1f} \N{MULTIPLICATION SIGN}" if end > _MOST else ""}
                | {"paths": [line(spread(_places(part, key, time, scale))) for part in stretches(known)]}
            )
    if not lines:
        return None
    apart(lines)
    new = short_names(document)[0]
    said = [f"{one['name']} {new} reached {_percentage(one['part'])} of what is enough" for one in lines]
    return {
        "lines": lines,
        "height": TOP + TALL,
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
