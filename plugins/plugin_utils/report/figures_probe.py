# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of what the probe measured: requests by second, latency by second, latency by period."""

from __future__ import annotations

import math
from typing import Any

from . import scales
from .probe_evidence import PERIODS
from .scales import Axis
from .words import count, counted, milliseconds, names

_TALL = 120
_PERIOD = 34


def _bins(rows: list[dict[str, Any]], time: Axis) -> tuple[int, dict[int, list[dict[str, Any]]]]:
    """(seconds in a bin, {first second: its rows}): as many seconds together as makes a bar 3 pixels wide or more."""
    size = max(1, math.ceil((time.high - time.low) * 3 / (time.end - time.start)))
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["second"] - row["second"] % size, []).append(row)
    return size, found


def _kinds(document: dict[str, Any]) -> dict[str, str]:
    """{release id: color}, so that a release has the hue of the pool that it runs in."""
    color = document["color"] or "green"
    other = "blue" if color == "green" else "green"
    return {document["from"] or "": document["live_color"] or other, document["release"]: color}


def requests(document: dict[str, Any], rows: list[dict[str, Any]], time: Axis) -> dict[str, Any]:
    """Bars of requests a second, stacked by the release that answered, failures always on top and always visible."""
    kinds = _kinds(document)
    size, bins = _bins(rows, time)
    top = scales.ceiling(max(sum(row["sent"] for row in group) for group in bins.values()) / size)
    scale = Axis(0, top, _TALL, 0)
    bars = [_bar(second, size, group, kinds, time, scale) for second, group in bins.items()]
    probe = document["probe"]
    answered = {name for row in rows for name in row["releases"]}
    short_new, short_old = names(document["release"], document["from"])
    known = {document["from"]: short_old, document["release"]: short_new}
    legend = [
        {"kind": kinds.get(name, "other"), "text": known.get(name) or name or "unnamed"} for name in sorted(answered)
    ]
    return {
        "bars": bars,
        "height": _TALL,
        "seconds": size,
        "ticks": [{"at": scale.at(value), "label": f"{value:g}"} for value in (0, top / 2, top)],
        "legend": legend,
        "lanes": _lanes(probe, rows, time),
        "label": f"{counted(probe['sent'], 'request')} over {len(rows)} seconds, {count(probe['failed'])} failed. "
        f"Answered by: {', '.join(entry['text'] for entry in legend) or 'nobody'}.",
    }


def _bar(
    second: int, size: int, group: list[dict[str, Any]], kinds: dict[str, str], time: Axis, scale: Axis
) -> dict[str, Any]:
    sent = sum(row["sent"] for row in group) / size
    failed = sum(row["failed"] for row in group) / size
    by_kind = {"blue": 0.0, "green": 0.0, "other": 0.0}
    for row in group:
        for name, found in row["releases"].items():
            by_kind[kinds.get(name, "other")] += found / size
    x, width = time.at(second), time.at(second + size) - time.at(second)
    parts, level = [], 0.0
    for kind, amount in by_kind.items():
        # A failure may name a release as well; it is drawn once, as a failure.
        until = min(level + amount, max(sent - failed, level))
        if until > level:
            parts.append({"kind": kind, "y": scale.at(until), "height": round(scale.at(level) - scale.at(until), 1)})
        level = until
    if failed:
        y = min(scale.at(sent), scale.start - 2)
        parts.append({"kind": "failed", "y": y, "height": round(max(scale.at(sent - failed) - y, 2), 1)})
    releases = sorted({name for row in group for name in row["releases"]})
    title = f"{counted(sum(row['sent'] for row in group), 'request')}, {sum(row['failed'] for row in group)} failed"
    if releases:
        title += f"; answered by {', '.join(releases)}"
    return {"x": x, "width": round(max(width - (1 if width > 4 else 0.3), 0.5), 1), "parts": parts, "title": title}


def _lanes(probe: dict[str, Any], rows: list[dict[str, Any]], time: Axis) -> list[dict[str, Any]]:
    """Lanes under the bars with a tick for each second in which something went wrong; 'failed' is always there."""
    lanes: list[dict[str, Any]] = []
    for name, key, total in (
        ("failed", "failed", probe["failed"]),
        ("wrong", "wrong", probe["wrong_release"]),
        ("slow", "slow", probe["slow"]),
    ):
        if total or name == "failed":
            ticks = [
                {"x": time.at(row["second"] + 0.5), "title": f"{count(row[key])} {name}"} for row in rows if row[key]
            ]
            lanes.append({"name": name, "total": count(total), "ticks": ticks, "y": len(lanes) * 18})
    return lanes


def latency(rows: list[dict[str, Any]], time: Axis) -> dict[str, Any] | None:
    """Lines of p50 and p99 by second, broken where a second has no measurement. None where there is none at all."""
    values = [row[key] for row in rows for key in ("p50_ms", "p99_ms") if row[key] is not None]
    if not values:
        return None
    scale = scales.latency_axis(values, _TALL, 0)
    lines: list[dict[str, Any]] = []
    for key, name in (("p99_ms", "p99"), ("p50_ms", "p50")):
        points = [(row["second"], row[key]) for row in rows if row[key] is not None]
        if points:
            lines.append({"name": name, "path": _path(points, time, scale), "y": scale.at(points[-1][1])})
    if len(lines) == 2 and lines[1]["y"] - lines[0]["y"] < 13:
        lines[0]["y"] = lines[1]["y"] - 13  # else the two names are written over one another
    worst = max(values)
    return {
        "lines": lines,
        "height": _TALL,
        "ticks": scales.latency_ticks(scale),
        "label": f"Latency by second, median and 99th percentile; the worst of them is {milliseconds(worst)}.",
    }


def _path(points: list[tuple[int, float]], time: Axis, scale: Axis) -> str:
    steps, previous = [], None
    for second, value in points:
        joined = previous is not None and second == previous + 1
        place = f"{time.at(second + 0.5)} {scale.at(value)}"
        # A line to itself: with round caps, a lone second shows as a dot.
        steps.append(f"L{place}" if joined else f"M{place}L{place}")
        previous = second
    return "".join(steps)


def periods(document: dict[str, Any], left: int, right: int) -> dict[str, Any] | None:
    """For before, during and after: a bar from p50 to p99, a tick at p95, a ring at the worst. None without any."""
    found = (document["probe"] or {}).get("latency") or {}
    values = [value for row in found.values() if row for value in row.values() if value is not None]
    if not values:
        return None
    scale = scales.latency_axis(values, left, right)
    rows = []
    for index, name in enumerate(PERIODS):
        row = found.get(name) or {}
        rows.append(
            {"name": name, "y": index * _PERIOD}
            | {key: None if row.get(key) is None else scale.at(row[key]) for key in ("p50", "p95", "p99", "max")}
        )
    return {"rows": rows, "lane": _PERIOD, "height": len(rows) * _PERIOD, "ticks": scales.latency_ticks(scale)}
