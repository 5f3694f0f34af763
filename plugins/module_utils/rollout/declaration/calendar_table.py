# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ``service.calendar``: when a rollout of the service may start.

Times are those of the wall clock in ``timezone``. Whether the zone exists and a rule ever occurs is for the controller
to find (plugins/plugin_utils/declaration/calendar_problems.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..recurrence import parsed, starts_at
from .containers import Key, ListOf, Section
from .kinds import INVALID, Number, Parsed, Text
from .problem import Problem, Where, shown

YEARS = (1970, 2099)
LONGEST = 366 * 86400
"""Seconds that one window of a rule may last."""


@dataclass(frozen=True)
class LocalTime:
    """A date (its first moment) or a time of the wall clock, as a text or as what YAML makes of one."""

    expected: str = f"a date or local time from {YEARS[0]} to {YEARS[1]}, such as 2026-12-20 or 2026-12-20T18:00"

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The time as text, ``2026-12-20T18:00:00``."""
        found = _moment(value)
        if found is not None and found.tzinfo is None and YEARS[0] <= found.year <= YEARS[1]:
            return found.isoformat(timespec="seconds")
        offset = re.search(r":\d\d\s*(Z|[+-]\d\d:?\d\d)$", str(value)) or (found is not None and found.tzinfo)
        hint = "leave out the offset: it is local time in service.calendar.timezone" if offset else ""
        problems.append(Problem(where, shown(value), self.expected, hint))
        return INVALID


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - of the wall clock; its zone is declared
    if isinstance(value, str) and re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", value
    ):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


@dataclass(frozen=True)
class WindowSection(Section):
    """A section of a window, whose keys have to agree with each other."""

    def check(self, value: Any, where: Where, problems: list[Problem]) -> Any:
        """The section; its keys are held against each other where each is right by itself."""
        before = len(problems)
        window = super().check(value, where, problems)
        if len(problems) == before:
            problems.extend(_disagreements(window, where))
        return window


def _disagreements(window: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    if window["rule"] is None:
        yield from _dates(window, where)
        return
    if window.get("to") is not None:
        yield Problem((*where, "to"), shown(window["to"]), "none beside rule", "say how long with lasts")
    if window["lasts"] is None:
        yield Problem((*where, "lasts"), "no such key", LASTS.expected, "how long each window of the rule lasts")
    because = parsed(window["rule"]).needs_start
    if because and window["from"] is None:
        yield Problem((*where, "from"), "no such key", FROM.expected, because)


def _dates(window: Mapping[str, Any], where: Where) -> Iterator[Problem]:
    for name in ("from", "to"):
        if window[name] is None:
            yield Problem((*where, name), "no such key", FROM.expected, "a window has from and to, or rule and lasts")
    if window["lasts"] is not None:
        yield Problem((*where, "lasts"), shown(window["lasts"]), "none without rule", "say until when with to")
    start, end = starts_at(window["from"]), starts_at(window["to"])
    if start is not None and end is not None and end <= start:
        yield Problem((*where, "to"), shown(window["to"]), f"a time after from, which is {window['from']}")


ZONE = Text(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", "a time zone such as Europe/Berlin")
RULE = Parsed(parsed, "a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9;BYMINUTE=0")
FROM = LocalTime()
LASTS = Number(1, LONGEST, "seconds", whole=True)
REASON = Text(r"[^\n]*\S[^\n]*", "a text on one line")

ALLOWED = WindowSection(
    {
        "rule": Key(RULE, "When a window begins; what it does not say of the time is that of from, or midnight."),
        "from": Key(
            FROM, "From when on the rule counts (its DTSTART); needed where it counts or does not name days.", None
        ),
        "lasts": Key(LASTS, "How long a window lasts, in seconds that pass, also across a change of the clocks."),
    }
)

FROZEN = WindowSection(
    {
        "from": Key(FROM, "When the freeze begins; beside a rule, from when on that counts.", None),
        "to": Key(FROM, "When it is over; not beside a rule.", None),
        "rule": Key(RULE, "When a freeze begins that recurs.", None),
        "lasts": Key(LASTS, "How long one that recurs lasts.", None),
        "reason": Key(REASON, "Why, for whoever is stopped by it."),
    }
)

CALENDAR = Section(
    {
        "timezone": Key(ZONE, "The zone whose wall clock all times here are of."),
        "allowed": Key(
            ListOf(ALLOWED, least=1), "The only windows in which a rollout may start; null: at any time.", None
        ),
        "frozen": Key(ListOf(FROZEN), "Windows in which none may start, whatever is allowed.", []),
    }
)
