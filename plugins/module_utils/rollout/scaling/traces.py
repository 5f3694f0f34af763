# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traces of traffic: pairs of a second and a load, in force until the next; the last one only ends the trace."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ..declaration.containers import Key, ListOf, Section, Variants
from ..declaration.kinds import INVALID, Choice, Number, Text
from ..declaration.problem import Problem, Where, shown

Trace = Sequence[tuple[float, float]]

LONGEST = 14 * 86_400
"""Seconds of a trace, at most: a replay goes second by second."""

_LOAD = Number(0, 10_000_000, "requests a second")
_AT = Number(0, LONGEST, "seconds")
_LONG = Number(1, LONGEST, "seconds")


@dataclass(frozen=True)
class _Anything:
    """A value that somebody else's reader checks."""

    expected: str

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """A mapping or a pair is left as it is."""
        if isinstance(value, (Mapping, list, tuple)):
            return value
        problems.append(Problem(where, shown(value), self.expected))
        return INVALID


TRACE = Variants(
    {
        "step": Section(
            {
                "low": Key(_LOAD, "The load before."),
                "high": Key(_LOAD, "The load from then on."),
                "at": Key(_AT, "When it changes.", 300),
                "seconds": Key(_LONG, "How long the trace is.", 1800),
            }
        ),
        "ramp": Section(
            {
                "low": Key(_LOAD, "The load before."),
                "high": Key(_LOAD, "The load after."),
                "at": Key(_AT, "When it begins to grow.", 300),
                "until": Key(_AT, "When it has grown.", 900),
                "seconds": Key(_LONG, "How long the trace is.", 1800),
            }
        ),
        "spike": Section(
            {
                "low": Key(_LOAD, "The load before and after."),
                "high": Key(_LOAD, "The load in between."),
                "at": Key(_AT, "When it begins.", 300),
                "until": Key(_AT, "When it ends.", 480),
                "seconds": Key(_LONG, "How long the trace is.", 3600),
            }
        ),
        "daily": Section(
            {
                "low": Key(_LOAD, "The load at night, where the trace begins."),
                "high": Key(_LOAD, "The load half a day later."),
                "days": Key(Number(1, 14, "days", whole=True), "How many.", 1),
            }
        ),
        "points": Section({"points": Key(ListOf(_Anything("a pair of second and load"), 2), "The trace itself.")}),
        "cloudwatch": Section(
            {
                "answer": Key(_Anything("what GetMetricData answered"), "The answer, with all of its pages."),
                "id": Key(
                    Text(r"[a-z]\w*", "the id of a query"), "Which of its results. By default the only one.", None
                ),
                "period": Key(Number(1, 86_400, "seconds", whole=True), "The period that was asked for.", 60),
                "gaps": Key(
                    Choice(("refuse", "zero")),
                    "A load balancer without requests sends no datapoint: take as 0?",
                    "refuse",
                ),
            }
        ),
    },
    "Where the trace comes from.",
)


def trace(declared: object) -> Trace:
    """The trace of a declaration. Raises ValueError, naming every mistake and what was expected."""
    problems: list[Problem] = []
    found = TRACE.check(declared, ("trace",), problems)
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    made: Trace = _MAKERS[found.pop("type")](**found)
    instants = [at for at, _load in made]
    rising = all(before < after for before, after in zip(instants, instants[1:]))
    if len(made) < 2 or not rising or instants[-1] - instants[0] > LONGEST:
        raise ValueError(f"trace: expected two instants or more, rising, over {LONGEST} s at most")
    return made


def step(low: float, high: float, at: float, seconds: float) -> Trace:
    """One load, and from one instant on another."""
    return [(0, low), (at, high), (seconds, high)]


def spike(low: float, high: float, at: float, until: float, seconds: float) -> Trace:
    """A load that rises for a while."""
    return [(0, low), (at, high), (until, low), (seconds, low)]


def ramp(low: float, high: float, at: float, until: float, seconds: float) -> Trace:
    """A load that grows by the same each second, between two instants."""
    growing = max(int(until - at), 1)
    risen = [(at + second, low + (high - low) * second / growing) for second in range(growing)]
    return [(0, low), *risen, (at + growing, high), (seconds, high)]


def daily(low: float, high: float, days: int) -> Trace:
    """A wave that takes a day, a value for each minute."""
    middle, swing = (low + high) / 2, (high - low) / 2
    minutes = range(0, days * 86_400 + 1, 60)
    return [(second, middle - swing * math.cos(2 * math.pi * second / 86_400)) for second in minutes]


def points(points: Sequence[Sequence[float]]) -> Trace:
    """A trace that was written down."""
    try:
        pairs = [(float(at), float(load)) for at, load in points]
    except (TypeError, ValueError):
        raise ValueError("trace.points: expected pairs of numbers, [second, requests a second]") from None
    if any(load < 0 or not math.isfinite(load) for _at, load in pairs):
        raise ValueError("trace.points: expected loads of 0 or more")
    return pairs


def cloudwatch(answer: Mapping[str, Any], id: str | None, period: int, gaps: str) -> Trace:  # noqa: A002 - as AWS has it
    """The sums of RequestCount that GetMetricData answered, as requests a second from the first datapoint on.

    Raises ValueError where something is missing: a page, a result or, with *gaps* ``refuse``, a datapoint.
    """
    result = _result(answer, id)
    stamps, values = result.get("Timestamps") or [], result.get("Values") or []
    if not stamps or len(stamps) != len(values):
        raise ValueError("trace.answer: expected as many Timestamps as Values, and one at least")
    loads = {_second(stamp): float(value) / period for stamp, value in zip(stamps, values)}
    begin, end = min(loads), max(loads)
    missing = [at for at in range(begin, end, period) if at not in loads]
    if missing and gaps == "refuse":
        raise ValueError(
            f"trace.answer: no datapoint for {len(missing)} of {(end - begin) // period + 1} periods, the first at"
            f" {datetime.fromtimestamp(missing[0], timezone.utc):%Y-%m-%d %H:%M:%S} UTC;"
            " with gaps: zero they count as no requests"
        )
    loads.update(dict.fromkeys(missing, 0.0))
    last = loads[end]
    return [*((at - begin, loads[at]) for at in sorted(loads)), (end + period - begin, last)]


def _result(answer: Mapping[str, Any], wanted: str | None) -> Mapping[str, Any]:
    results = answer.get("MetricDataResults") or []
    chosen = [one for one in results if wanted in (None, one.get("Id"))]
    if len(chosen) != 1:
        ids = ", ".join(str(one.get("Id")) for one in results) or "none"
        raise ValueError(f"trace.id: expected the id of one result, found {wanted or 'no id'} (there is {ids})")
    status = chosen[0].get("StatusCode", "Complete")
    if status != "Complete" or answer.get("NextToken"):
        raise ValueError(f"trace.answer: expected a complete result, found {status}: ask for the next page as well")
    result: Mapping[str, Any] = chosen[0]
    return result


def _second(stamp: object) -> int:
    """Epoch seconds of a datetime, an ISO 8601 text, or a number."""
    if isinstance(stamp, (int, float)):
        return int(stamp)
    try:
        moment = stamp if isinstance(stamp, datetime) else datetime.fromisoformat(str(stamp).replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"trace.answer: expected a time, found {shown(stamp)}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


_MAKERS: Mapping[str, Any] = {
    "step": step,
    "ramp": ramp,
    "spike": spike,
    "daily": daily,
    "points": points,
    "cloudwatch": cloudwatch,
}
