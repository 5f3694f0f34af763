# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report for a terminal: at most 16 lines, each within the width, of text that cannot drive the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .verdict import verdict
from .watch_words import terminal
from .words import columns, count, duration, fit, lane, milliseconds, one_line

_SGR = {"good": "32", "warn": "33", "bad": "31", "calm": "36", "soft": "2", "strong": "1"}
_MARKS = {"good": "\u2714", "warn": "!", "bad": "\u2718", "calm": "="}
_BARS = {"done": "\u2501", "failed": "\u00d7", "unfinished": "\u2504"}
_LEVELS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_MOST_LINES = 16
_LABEL = 10
_AFTER = 13


def render_summary(document: dict[str, Any], width: int = 80, color: bool = False) -> list[str]:
    """The lines to show for a report document on a terminal of `width` columns; ANSI colors only with `color`."""
    width = max(40, min(width, 100))
    found = verdict(document)
    lines = [
        _paint(f" {_MARKS[found.tone]} ", (found.tone, "strong"), color)
        + _paint(fit(f"{found.title}  ({found.badge})", width - 3), (found.tone, "strong"), color)
    ]
    lines += [f"   {text}" for text in _wrap(found.sentence, width - 3, 2)]
    if document["outcome"] in ("failed", "rolled_back"):
        lines += [_paint(f"   {text}", ("bad",), color) for text in _because(document, width - 3)]
    rest = [*_requests(document, width, color), *_latency(document, width), *_watches(document, width, color)]
    rest += _gap(document, width, color)
    rest.append(_paint(f"   {fit(_foot(document), width - 3)}", ("soft",), color))
    return [*lines, *_lanes(document, width, color, _MOST_LINES - len(lines) - len(rest)), *rest]


def _gap(document: dict[str, Any], width: int, color: bool) -> list[str]:
    """The first thing that is not known, unless the verdict says it already (when there was no probe at all)."""
    gaps = document["missing"]
    if not gaps or (document["probe"] is None and len(gaps) == 1):
        return []
    more = f" (+{len(gaps) - 1} more in the report)" if len(gaps) > 1 else ""
    return [_paint(f"   {fit('not known: ' + one_line(gaps[0]), width - 3 - len(more))}{more}", ("warn",), color)]


def _paint(text: str, styles: Iterable[str], color: bool) -> str:
    return f"\x1b[{';'.join(_SGR[style] for style in styles)}m{text}\x1b[0m" if color else text


def _wrap(text: str, width: int, most: int) -> list[str]:
    """`text` in at most `most` lines of at most `width` columns; what does not fit ends in an ellipsis."""
    lines = [""]
    words = text.split()
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if columns(longer) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[index:]])
            break
    return [fit(line, width) for line in lines]


def _because(document: dict[str, Any], width: int) -> list[str]:
    """The reason in a line or two: the failing phase's message and the first host's own words, or why it was closed."""
    errors = [phase["error"] for phase in document["phases"] if "error" in phase]
    if document["outcome"] == "rolled_back" or not errors:
        reason = document["closed_because"]
        return _wrap(one_line(reason), width, 2) if reason else []
    lines = _wrap(one_line(errors[-1]["message"]), width, 2)
    hosts = list(errors[-1]["hosts"].items())
    if hosts:
        more = f" (and {len(hosts) - 1} more)" if len(hosts) > 1 else ""
        lines.append(fit(f"{one_line(hosts[0][0])}{more}: {one_line(hosts[0][1])}", width))
    return lines


def _span(document: dict[str, Any]) -> tuple[float, float]:
    """(start, seconds) of the axis that phases and requests share."""
    probe = document["probe"]
    rows = probe["by_second"] if probe else []
    starts = [document["started"], *(row["second"] for row in rows[:1])]
    ends = [phase["started"] + (phase["seconds"] or 0) for phase in document["phases"]]
    ends += [row["second"] + 1 for row in rows[-1:]]
    return min(starts), max(max(ends, default=0) - min(starts), 1e-3)


def _room(width: int) -> int:
    return width - 3 - _LABEL - _AFTER - 2


def _lanes(document: dict[str, Any], width: int, color: bool, most: int) -> list[str]:
    """A bar chart of the phases by kind; the last `most` where there are more."""
    lanes: dict[str, list[dict[str, Any]]] = {}
    for phase in document["phases"]:
        lanes.setdefault(lane(phase["name"])[0], []).append(phase)
    start, span = _span(document)
    shown = list(lanes.items())[-most:] if most > 0 else []
    return [_lane(name, entered, start, _room(width) / span, _room(width), color) for name, entered in shown]


def _lane(name: str, entered: list[dict[str, Any]], start: float, scale: float, room: int, color: bool) -> str:
    cells = [" "] * room
    for phase in entered:
        first = min(int((phase["started"] - start) * scale), room - 1)
        length = max(1, round((phase["seconds"] or 0) * scale))
        for cell in range(first, min(first + length, room)):
            cells[cell] = _BARS[phase["outcome"]]
    outcomes = {phase["outcome"] for phase in entered}
    took = duration(sum(phase["seconds"] or 0 for phase in entered))
    after = "failed" if "failed" in outcomes else "no outcome" if "unfinished" in outcomes else took
    tone = {"failed": "bad", "no outcome": "warn"}.get(after, "calm")
    label = fit(one_line(name), _LABEL)
    padding = " " * (_LABEL - columns(label))
    return f"   {label}{padding} {_paint(''.join(cells), (tone,), color)} {after:>{_AFTER}}"


def _requests(document: dict[str, Any], width: int, color: bool) -> list[str]:
    """Requests over time: a bar's height is what was sent, a cross is a second with a failure, a blank a silent one."""
    probe = document["probe"]
    if not probe or not probe["by_second"]:
        return []
    room = _room(width)
    start, span = _span(document)
    cells: dict[int, list[tuple[int, int]]] = {}
    for row in probe["by_second"]:
        first = int((row["second"] - start) / span * room)
        # A second may be wider than a cell or narrower: it is drawn in each cell that it touches.
        for cell in range(first, max(first + 1, int((row["second"] + 1 - start) / span * room))):
            cells.setdefault(min(cell, room - 1), []).append((row["sent"], row["failed"]))
    means = {cell: sum(sent for sent, _failed in found) / len(found) for cell, found in cells.items()}
    highest = max(*means.values(), 1)
    drawn = []
    for cell in range(room):
        if any(failed for _sent, failed in cells.get(cell, [])):
            drawn.append(_paint(_BARS["failed"], ("bad", "strong"), color))
        else:
            drawn.append(_LEVELS[min(int(8 * means[cell] / highest), 7)] if means.get(cell) else " ")
    rate = "" if probe["rate"] is None else f"{count(round(probe['rate']))}/s"
    return [f"   {'requests':<{_LABEL}} {''.join(drawn)} {rate:>{_AFTER}}"]


def _latency(document: dict[str, Any], width: int) -> list[str]:
    periods = document["probe"]["latency"] if document["probe"] else {}
    said = [
        f"{period} {milliseconds(found['p50'])}/{milliseconds(found['p99'])}"
        for period, found in periods.items()
        if found and found["p50"] is not None and found["p99"] is not None
    ]
    return [fit(f"   {'p50/p99':<{_LABEL}} {', '.join(said)}", width)] if said else []


def _watches(document: dict[str, Any], width: int, color: bool) -> list[str]:
    """What the watched steps came to."""
    lines = []
    for label, (text, tone) in zip(("verdict", ""), terminal(document), strict=False):
        shown = fit(text, width - 3 - _LABEL - 1)
        lines.append(f"   {label:<{_LABEL}} {_paint(shown, (tone,), color) if tone else shown}")
    return lines


def _foot(document: dict[str, Any]) -> str:
    """Where and who: what one looks for when scrolling back through a terminal."""
    who = document["who"]
    parts = [document["environment"], document["rollout"], who["name"] and f"by {who['name']}"]
    if document["seconds"] is not None:
        parts.append(duration(document["seconds"]))
    return " \u00b7 ".join(one_line(part) for part in parts if part)
