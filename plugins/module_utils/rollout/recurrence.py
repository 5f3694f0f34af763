# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recurrence rules as RFC 5545, section 3.3.10, writes them: read strictly, so that none means what nobody meant.

Which moments a rule stands for is the controller's to find (plugin_utils/calendar.py); here is what its text says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

MOST_A_DAY = 24
"""Windows that a rule may begin on one day. It keeps the search for the next one short."""

_DAY = r"(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = {
    "INTERVAL": (1, 366),
    "COUNT": (1, 10_000),
    "BYSECOND": (0, 59),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (1, 366),
}
_SINGLE = ("INTERVAL", "COUNT")
_FROM_THE_END = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_ONLY = {
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
    "BYYEARDAY": ("YEARLY",),
    "BYWEEKNO": ("YEARLY",),
}
_DAYS = ("BYDAY", "BYMONTHDAY", "BYYEARDAY")


@dataclass(frozen=True)
class Rule:
    """A rule's parts by their names, as they were written."""

    parts: Mapping[str, str]

    @property
    def needs_start(self) -> str:
        """What makes the rule mean nothing until its start is known; empty where it means the same from any."""
        if "COUNT" in self.parts:
            return "COUNT counts from it"
        if self.parts.get("INTERVAL", "1") != "1":
            return "INTERVAL counts from it"
        if self.parts["FREQ"] != "DAILY" and not any(name in self.parts for name in _DAYS):
            return "the rule does not say on which days, and takes that of its start"
        return ""

    @property
    def endless(self) -> str:
        """The rule's text without UNTIL, which :meth:`ended` knows."""
        return ";".join(f"{name}={value}" for name, value in self.parts.items() if name != "UNTIL")

    def ended(self, local: datetime, at: float) -> bool:
        """Whether UNTIL is before a start, which is *local* on the wall clock (naive) and *at* in epoch seconds.

        A date alone lasts until that day is over; a time without Z is one of the wall clock.
        """
        until = self.parts.get("UNTIL")
        if until is None:
            return False
        limit = _moment(until)
        if until.endswith("Z"):
            return at > limit.replace(tzinfo=timezone.utc).timestamp()
        return local.date() > limit.date() if "T" not in until else local > limit


def parsed(text: str) -> Rule:
    """The rule; ValueError says what is wrong with it."""
    parts: dict[str, str] = {}
    for item in text.split(";"):
        name, equals, value = item.partition("=")
        if not equals:
            raise ValueError(f"{item or 'an empty part'} is not NAME=value; parts are separated by one semicolon each")
        if name in parts:
            raise ValueError(f"{name} is there twice")
        parts[name] = value
    if "FREQ" not in parts:
        raise ValueError("write the rule alone, beginning with FREQ=, in capitals")
    for name, value in parts.items():
        _check(name, value)
    _agree(parts)
    return Rule(parts)


def _check(name: str, value: str) -> None:
    if name == "FREQ":
        _frequency(value)
    elif name == "UNTIL":
        _moment(value)
    elif name == "WKST":
        _fits(name, value, _DAY, "one of MO, TU, WE, TH, FR, SA, SU")
    elif name == "BYDAY":
        one = rf"([+-]?[1-9]\d?)?{_DAY}"
        _fits(name, value, rf"{one}(,{one})*", "days such as MO,TU or, of a month, 1MO,-1FR")
    elif name in _NUMBERS:
        _numbers(name, value)
    else:
        raise ValueError(f"{name} is no part of a rule; known are FREQ, UNTIL, WKST, BYDAY, {', '.join(_NUMBERS)}")


def _frequency(value: str) -> None:
    if value in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise ValueError(f"FREQ={value} is too often; write FREQ=DAILY, and the hours as BYHOUR")
    _fits("FREQ", value, "DAILY|WEEKLY|MONTHLY|YEARLY", "DAILY, WEEKLY, MONTHLY or YEARLY")


def _fits(name: str, value: str, pattern: str, expected: str) -> None:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{name} is to be {expected}")


def _numbers(name: str, value: str) -> None:
    low, high = _NUMBERS[name]
    sign = "[+-]?" if name in _FROM_THE_END else ""
    either = f", or from -{high} to -{low}" if sign else ""
    expected = f"{'a number' if name in _SINGLE else 'numbers'} from {low} to {high}{either}"
    one = rf"{sign}[0-9]{{1,5}}"
    _fits(name, value, one if name in _SINGLE else rf"{one}(,{one})*", expected)
    if not all(low <= abs(int(number)) <= high for number in value.split(",")):
        raise ValueError(f"{name} is to be {expected}")


def _moment(text: str) -> datetime:
    if re.fullmatch(r"[0-9]{8}(T[0-9]{6}Z?)?", text):
        try:
            day, hour = text[:8], text[9:15] or "000000"
            return datetime.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}T{hour[:2]}:{hour[2:4]}:{hour[4:]}")
        except ValueError:
            pass
    raise ValueError("UNTIL is to be a date such as 20261231, or a time such as 20261231T180000 (with Z: in UTC)")


def _agree(parts: Mapping[str, str]) -> None:
    """What the RFC forbids, and what readers of rules understand in different ways."""
    often = parts["FREQ"]
    for name, allowed in _ONLY.items():
        if name in parts and often not in allowed:
            raise ValueError(f"{name} goes with FREQ={' or '.join(allowed)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("COUNT or UNTIL, not both")
    if "BYWEEKNO" in parts and "BYDAY" not in parts:
        raise ValueError("BYWEEKNO needs BYDAY: which days of the week")
    if "BYSETPOS" in parts and not any(name.startswith("BY") for name in parts if name != "BYSETPOS"):
        raise ValueError("BYSETPOS picks from what another part starting with BY lists")
    _ordinals(often, parts)
    starts = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        starts *= len(set(map(int, parts[name].split(",")))) if name in parts else 1
    if starts > MOST_A_DAY:
        raise ValueError(
            f"it begins {starts} times a day, at most {MOST_A_DAY} are possible; use fewer and longer ones"
        )


def _ordinals(often: str, parts: Mapping[str, str]) -> None:
    numbered = [abs(int(found)) for found in re.findall(r"[+-]?\d+", parts.get("BYDAY", ""))]
    if not numbered:
        return
    if often not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts:
        raise ValueError("a numbered day such as 1MO goes with FREQ=MONTHLY or YEARLY, without BYWEEKNO")
    most = 53 if often == "YEARLY" and "BYMONTH" not in parts else 5
    if max(numbered) > most:
        raise ValueError(f"a numbered day goes up to {most} there")


def starts_at(text: str | None) -> datetime | None:
    """The moment of the wall clock that a checked declaration holds as text."""
    return None if text is None else datetime.fromisoformat(text)
