# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a rollout of a service may start: ``service.calendar`` held against a moment.

A window begins at a time of the wall clock and lasts for seconds that pass, so that a night's eight hours are eight
hours also when the clocks change. Where the clocks skip its time, it begins as if they had not been changed yet (02:30
is 03:30 then); a time that comes twice is the first. That is what RFC 5545, sections 3.3.5 and 3.3.10, says of both.
Section 3.3.10 also says that a recurring time which is skipped be left out; a freeze must not be, so it is not.
"""

from __future__ import annotations

import difflib
import itertools
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

try:
    from dateutil.rrule import rrulestr
except ImportError:  # told where a calendar is declared; nobody else needs it
    rrulestr = None

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.calendar_table import CALENDAR
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.recurrence import Rule, parsed, starts_at
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.windows import Window, state

HORIZON = 366 * 86400
"""Seconds before and after a moment that are looked at. What changes further away is told as None."""

_LATEST = 4_102_444_800  # 2100-01-01: a number beyond it is rather milliseconds
_CYCLE = 19 * 400
"""Years that rules are moved by. The calendar repeats itself, weekdays included, after 400 years, and dateutil searches
up to the year 9999: a rule that never occurs is found out within some 300 years instead of 8000."""

_WARM_UP = timedelta(days=8)
"""By which a search begins early: dateutil takes the first week of FREQ=WEEKLY only from its start on."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # strftime's are those of the operator's locale


def look(calendar: Mapping[str, Any] | None, now: float) -> dict[str, Any]:
    """Whether a rollout may start at *now* (epoch seconds): ``open``, ``reason``, ``since``, ``until``, ``message``.

    ``since`` and ``until`` are epoch seconds, None where the state has not changed, or will not, within HORIZON.
    ``until`` is when it is another one: of a frozen service, not when the freeze ends but when a rollout may start.
    Raises ValueError for a calendar that cannot be read, and where what reads it is not installed.
    """
    if isinstance(now, bool) or not isinstance(now, (int, float)) or not 0 <= now < _LATEST:
        raise ValueError(f"expected the time in epoch seconds, found {now!r}")
    if calendar is None:
        return {
            "open": True,
            "reason": "no calendar is declared",
            "since": None,
            "until": None,
            "message": "a rollout may start: no calendar is declared",
        }
    calendar = _checked(calendar)
    zone = time_zone(calendar["timezone"])
    seen = (now - HORIZON, now + HORIZON)
    allowed = calendar["allowed"]
    spans = None if allowed is None else [span for window in allowed for span in windows(window, zone, seen)]
    frozen = [(window["reason"], list(windows(window, zone, seen))) for window in calendar["frozen"]]
    found = state(spans, [span for _reason, each in frozen for span in each], now, seen)
    because = [reason for reason, each in frozen if any(start <= now < end for start, end in each)]
    if because:
        reason = f"frozen ({' and '.join(dict.fromkeys(because))})"
    elif found.open:
        reason = "not frozen" if allowed is None else "within the allowed hours"
    else:
        reason = "outside the allowed hours"
    told = {"open": found.open, "reason": reason, "since": found.since, "until": found.until}
    return {**told, "message": _message(told, zone)}


def windows(window: Mapping[str, Any], zone: tzinfo, seen: Window) -> Iterator[Window]:
    """Those windows of a checked item of ``allowed`` or ``frozen`` that *seen* may touch, in epoch seconds."""
    if window["rule"] is None:
        yield _instant(starts_at(window["from"]), zone), _instant(starts_at(window["to"]), zone)
        return
    since = _wall_clock(seen[0] - window["lasts"], zone) - _WARM_UP
    until = _wall_clock(seen[1], zone) + timedelta(days=1)  # clocks may be set back in between
    rule = parsed(window["rule"])
    for start in itertools.takewhile(lambda start: start <= until, _starts(rule, starts_at(window["from"]), since)):
        at = _instant(start, zone)
        if not rule.ended(start, at):
            yield at, at + window["lasts"]


def occurs(window: Mapping[str, Any], zone: tzinfo) -> bool:
    """Whether a checked item of ``allowed`` or ``frozen`` ever occurs."""
    if window["rule"] is None:
        return True
    rule = parsed(window["rule"])
    start = next(_starts(rule, starts_at(window["from"]), datetime(2000, 1, 1)), None)  # noqa: DTZ001 - wall clock
    return start is not None and not rule.ended(start, _instant(start, zone))


def time_zone(name: str) -> ZoneInfo:
    """The zone of that name; ValueError says why there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
    if not known:
        raise ValueError(
            f"this controller has no time zone database: install Debian's tzdata, or Python's for {sys.executable}"
        )
    close = difflib.get_close_matches(name, known, n=1)
    raise ValueError(
        f"the controller's time zone database has no {name}" + (f"; did you mean {close[0]}?" if close else "")
    )


def missing() -> str:
    """What is not installed of what rules need; empty when all is there."""
    return "" if rrulestr else f"python-dateutil is not installed for {sys.executable}, which reads service.calendar"


def _checked(calendar: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    checked = CALENDAR.check(calendar, ("service", "calendar"), problems)
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return dict(checked)


def _starts(rule: Rule, first: datetime | None, since: datetime) -> Iterator[datetime]:
    """When the rule's windows begin on the wall clock, in order: all since *first*, or at least those since *since*."""
    if not rrulestr:
        raise ValueError(missing())
    begin = _nearer(rule, first, since) if first else since.replace(hour=0, minute=0, second=0, microsecond=0)
    for start in rrulestr(rule.endless, dtstart=begin.replace(year=begin.year + _CYCLE)):
        yield start.replace(year=start.year - _CYCLE)


def _nearer(rule: Rule, first: datetime, since: datetime) -> datetime:
    """A start not after *since* from which the rule goes on as it does from *first*: what is long past is left out."""
    if since <= first or "COUNT" in rule.parts:
        return first
    if days := {"DAILY": 1, "WEEKLY": 7}.get(rule.parts["FREQ"]):
        step = timedelta(days=days * int(rule.parts.get("INTERVAL", "1")))
        return first + (since - first) // step * step
    return first if rule.needs_start else datetime.combine(since, first.time())


def _instant(local: datetime, zone: tzinfo) -> float:
    return local.replace(tzinfo=zone, fold=0).timestamp()


def _wall_clock(at: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)


def _message(told: Mapping[str, Any], zone: tzinfo) -> str:
    until = None if told["until"] is None else said(told["until"], zone)
    if told["open"]:
        return f"a rollout may start: {told['reason']}" + (f", until {until}" if until else "")
    then = f"allowed again from {until}" if until else "not allowed again within a year"
    return f"no rollout may start: {told['reason']}; {then}"


def said(at: float, zone: tzinfo) -> str:
    """A moment as people of that zone read it, ``Thu 2026-11-26 09:00 CET``."""
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return f"{_WEEKDAYS[local.weekday()]} {local:{'%Y-%m-%d %H:%M:%S %Z' if local.second else '%Y-%m-%d %H:%M %Z'}}"
