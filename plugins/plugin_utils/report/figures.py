# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of the page's figures. Plain numbers: the template draws them, and the charts share one time axis."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from . import scales
from .figures_probe import latency, periods, requests
from .figures_verdict import verdict
from .scales import Axis
from .words import counted, duration, lane, phase_name

_LANE = 26
# A phase of 8 ms in a rollout of minutes is still to be seen.
_NARROWEST_BAR = 3.0
_NUMBERED_BAR = 14.0


@dataclass(frozen=True)
class Canvas:
    """How wide a figure is, and the gutters for labels left and right of its plot, in pixels."""

    width: int
    left: int
    right: int
    spacing: int


WIDE = Canvas(width=960, left=76, right=76, spacing=80)
NARROW = Canvas(width=344, left=56, right=56, spacing=56)


def figures(document: dict[str, Any], canvas: Canvas) -> dict[str, Any] | None:
    """The geometry of all figures for one page width; None where nothing happened that could be drawn."""
    rows = document["probe"]["by_second"] if document["probe"] else []
    if not rows and not document["phases"]:
        return None
    time = _time_axis(document, rows, canvas)
    return {
        "width": canvas.width,
        "left": canvas.left,
        "right": canvas.width - canvas.right,
        "ticks": scales.time_ticks(time, document["started"], canvas.spacing),
        "marks": _marks(document, time),
        "gantt": _gantt(document, time),
        "split": _split(document, time),
        "requests": requests(document, rows, time) if rows else None,
        "latency": latency(rows, time) if rows else None,
        "verdict": verdict(document, time),
        "periods": periods(document, canvas.left, canvas.width - canvas.right),
    }


def _time_axis(document: dict[str, Any], rows: list[dict[str, Any]], canvas: Canvas) -> Axis:
    ends = [phase["started"] + (phase["seconds"] or 0) for phase in document["phases"]]
    starts = [document["started"]]
    if rows:
        starts.append(rows[0]["second"])
        ends.append(rows[-1]["second"] + 1)
    ends.extend(point["at"] for point in document["split"])
    end = max([*ends, document["finished"] or 0])
    return Axis(min(starts), max(end, min(starts) + 1), canvas.left, canvas.width - canvas.right)


def _marks(document: dict[str, Any], time: Axis) -> list[dict[str, Any]]:
    """One line for each instant at which the split changed."""
    marks = []
    for before, point in pairwise(document["split"]):
        live = document["live_color"]
        back = live is not None and point[live] > before[live]
        marks.append({"x": time.at(point["at"]), "kind": "back" if back else "shift"})
    return marks


def _gantt(document: dict[str, Any], time: Axis) -> dict[str, Any]:
    """A lane for each kind of phase: a release in several steps enters some of them several times."""
    lanes: dict[str, dict[str, Any]] = {}
    for phase in document["phases"]:
        name, numeral = lane(phase["name"])
        row = lanes.setdefault(name, {"name": name, "y": len(lanes) * _LANE, "bars": [], "spent": 0.0, "known": True})
        x = time.at(phase["started"])
        end = time.at(phase["started"] + phase["seconds"]) if phase["seconds"] is not None else time.end
        spent = "no outcome" if phase["seconds"] is None else duration(phase["seconds"])
        width = round(max(end - x, _NARROWEST_BAR), 1)
        row["bars"].append(
            {
                "x": min(x, time.end - _NARROWEST_BAR),
                "width": width,
                "outcome": phase["outcome"],
                "label": numeral if width >= _NUMBERED_BAR and phase["outcome"] != "failed" else "",
                "title": f"{phase_name(phase['name'])}: {phase['outcome']}, {spent}",
            }
        )
        row["spent"] += phase["seconds"] or 0.0
        row["known"] = row["known"] and phase["seconds"] is not None
    for row in lanes.values():
        row["total"] = duration(row["spent"]) if row["known"] else "?"
        row["failed"] = any(drawn["outcome"] == "failed" for drawn in row["bars"])
    said = [f"{phase_name(phase['name'])} {phase['outcome']}" for phase in document["phases"]]
    return {
        "lanes": list(lanes.values()),
        "lane": _LANE,
        "height": max(len(lanes), 1) * _LANE,
        "label": f"{counted(len(said), 'phase')} in order: {', '.join(said)}." if said else "No phase was entered.",
    }


def _split(document: dict[str, Any], time: Axis) -> dict[str, Any] | None:
    """Rectangles, green on top of blue, from each change of the split to the next."""
    points = document["split"]
    if not points:
        return None
    height = 64
    areas = []
    for index, point in enumerate(points):
        x = time.at(point["at"])
        end = time.at(points[index + 1]["at"]) if index + 1 < len(points) else time.end
        top = 0.0
        for color in ("green", "blue"):
            tall = round(height * point[color] / 100, 1)
            text = f"{color} {point[color]:g} %"
            # About 7 pixels a letter: a label that does not fit is left to the title.
            room = (end - x - 12) / 7 if tall >= 16 else 0
            if tall:
                areas.append(
                    {"x": x, "y": top, "width": max(round(end - x, 1), 1), "height": tall, "color": color}
                    | {"text": text, "label": next((each for each in (text, color) if len(each) <= room), None)}
                )
            top += tall
    said = "; then ".join(f"blue {point['blue']:g} %, green {point['green']:g} %" for point in points)
    return {"areas": areas, "height": height, "label": f"Share of the traffic: {said}."}
