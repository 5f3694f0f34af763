# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The geometry of the page's figures. Plain numbers: the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import scales
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.figures import Canvas
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.scales import Axis
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.words import duration

WIDE = Canvas(width=960, left=110, right=64, spacing=80)
NARROW = Canvas(width=344, left=92, right=48, spacing=56)

_LANE = 26
_HEIGHT = 180


def reaction(found: Mapping[str, Any], canvas: Canvas) -> dict[str, Any]:
    """A lane for each part, from the overload on, and a line at the limit."""
    right = canvas.width - canvas.right
    # A limit far beyond would leave the parts no room: it is said in words then.
    shown = max(found["seconds"], found["limit"] if found["limit"] <= 4 * found["seconds"] else 0, 1)
    time = Axis(0, shown, canvas.left, right)
    lanes, begun = [], 0.0
    for index, part in enumerate(found["parts"]):
        x, end = time.at(begun), time.at(begun + part["seconds"])
        lanes.append(
            {
                "name": part["name"],
                "y": index * _LANE,
                "x": x,
                "width": round(end - x, 1),
                "late": begun + part["seconds"] > found["limit"],
                "total": f"{part['seconds']:g} s",
            }
        )
        begun += part["seconds"]
    told = ", then ".join(f"{part['name']} {part['seconds']:g} s" for part in found["parts"] if part["seconds"])
    return {
        **_frame(canvas, time, 0),
        "height": len(lanes) * _LANE,
        "lanes": lanes,
        "limit": time.at(found["limit"]) if found["limit"] <= shown else None,
        "label": f"From overload to added capacity in service: {told}; {found['seconds']:g} s in all.",
    }


def run(found: Mapping[str, Any], canvas: Canvas) -> dict[str, Any]:
    """The load and what the instances in service are to carry, over time."""
    rows: Sequence[Mapping[str, Any]] = found["series"]
    end = found["begin"] + found["seconds"]
    time = Axis(found["begin"], end, canvas.left, canvas.width - canvas.right)
    top = scales.ceiling(max(max(row["load"], row["capacity"]) for row in rows))
    value = Axis(0, top, _HEIGHT, 0)
    ends = [*(row["at"] for row in rows[1:]), end]
    return {
        **_frame(canvas, time, found["begin"]),
        "height": _HEIGHT,
        "values": [{"at": value.at(part * top / 2), "label": f"{part * top / 2:g}"} for part in range(3)],
        "lines": {name: _stairs(rows, ends, name, time, value) for name in ("load", "capacity")},
        "above": [
            {
                "x": time.at(row["at"]),
                # A little wider, or neighbours would show a seam.
                "width": max(round(time.at(until) - time.at(row["at"]) + 0.4, 1), 1),
                "y": value.at(row["load"]),
                "height": round(value.at(row["capacity"]) - value.at(row["load"]), 1),
                "title": f"{duration(row['above'])} above the target, up to {row['load']:.4g} requests a second",
            }
            for row, until in zip(rows, ends, strict=True)
            if row["above"]
        ],
        "label": (
            f"{found['name']}: the load is above the target for {duration(found['above_target'])} of"
            f" {duration(found['seconds'])}, at most {found['highest_percent_of_target']:g} percent of it."
        ),
    }


def _frame(canvas: Canvas, time: Axis, origin: float) -> dict[str, Any]:
    return {
        "width": canvas.width,
        "left": canvas.left,
        "right": canvas.width - canvas.right,
        "ticks": scales.time_ticks(time, origin, canvas.spacing),
    }


def _stairs(rows: Sequence[Mapping[str, Any]], ends: Sequence[float], name: str, time: Axis, value: Axis) -> str:
    """An SVG path: each value from its second to the next one's."""
    path = f"M{time.at(rows[0]['at'])} {value.at(rows[0][name])}"
    for row, until in zip(rows, ends, strict=True):
        path += f"V{value.at(row[name])}H{time.at(until)}"
    return path
