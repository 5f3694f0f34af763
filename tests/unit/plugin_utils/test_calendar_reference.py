# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calendars against a reference that knows no rules: it asks each minute of each day, and walks on until it changes."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils import calendar

BERLIN = "Europe/Berlin"
MINUTE, DAY = 60, 86400
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Around both changes of the clocks: 02:00 CET is 03:00 CEST on 29 March, 03:00 CEST is 02:00 CET on 25 October.
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
BEFORE, AFTER = 9, 7


# The reference.


@functools.cache
def first_instants(change):
    """The first instant of each minute of the wall clock in the days around *change*, found by walking through them."""
    start = datetime(change.year, change.month, change.day, tzinfo=UTC).timestamp() - (BEFORE + 1) * DAY
    found = {}
    for instant in range(int(start), int(start) + (BEFORE + AFTER + 2) * DAY, MINUTE):
        found.setdefault(datetime.fromtimestamp(instant, ZoneInfo(BERLIN)).replace(tzinfo=None), instant)
    return found


def instant_of(wall, change):
    """A minute that never comes is what it would have been before the change: one hour later on the new clock."""
    known = first_instants(change)
    return known.get(wall) or known[wall + timedelta(hours=1)]


def reference_windows(rule, change):
    """``rule``: days (a predicate of a date), hours, minutes, lasts."""
    for number in range(-BEFORE, AFTER + 1):
        day = change + timedelta(days=number)
        for hour in rule["hours"] if rule["on"](day) else ():
            start = instant_of(datetime.combine(day, time(hour, rule["minute"])), change)
            yield start, start + rule["lasts"]


def reference(allowed, frozen, change):
    """Tells of a moment whether it is open."""
    hours = None if allowed is None else [span for rule in allowed for span in reference_windows(rule, change)]
    freezes = [span for rule in frozen for span in reference_windows(rule, change)]

    def is_open(moment):
        frozen_now = any(start <= moment < end for start, end in freezes)
        return not frozen_now and (hours is None or any(start <= moment < end for start, end in hours))

    return is_open


def state_and_end(is_open, now):
    """Whether it is open, and when that changes; None where not within three days."""
    later = range(now + MINUTE, now + 3 * DAY, MINUTE)
    return is_open(now), next((moment for moment in later if is_open(moment) != is_open(now)), None)


@st.composite
def rules(draw, change):
    """A rule, and the same as a predicate of days."""
    hours = draw(st.sets(st.sampled_from([0, 1, 2, 3, 9, 23]), min_size=1, max_size=3))
    minute = draw(st.sampled_from([0, 30]))
    lasts = draw(st.sampled_from([60, 1800, 3600, 7200, 28800, DAY, 2 * DAY]))
    first = change - timedelta(days=draw(st.integers(3, 500)))
    kind = draw(st.sampled_from(["daily", "weekly", "monthly", "count", "until"]))
    interval = draw(st.integers(1, 3))
    text = f"BYHOUR={','.join(map(str, sorted(hours)))};BYMINUTE={minute}"
    if kind == "weekly":
        days = draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
        monday = first - timedelta(days=first.weekday())
        text = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(sorted(days))};{text}"

        def on(day):
            return day >= first and NAMES[day.weekday()] in days and (day - monday).days // 7 % interval == 0

    elif kind == "monthly":
        days = draw(st.sets(st.integers(1, 31), min_size=1, max_size=5))
        text = f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, sorted(days)))};{text}"

        def on(day):
            return day >= first and day.day in days

    else:
        times = draw(st.integers(1, 12))
        first = change - timedelta(days=times) if kind == "count" else first
        interval = 1 if kind == "count" else interval
        last = first + timedelta(days=times) if kind != "daily" else date.max
        ends = {
            "count": f"COUNT={(times + 1) * len(hours)};",
            "until": f"UNTIL={last:%Y%m%d};",
            "daily": "",
        }[kind]
        text = f"FREQ=DAILY;INTERVAL={interval};{ends}{text}"

        def on(day):
            return first <= day <= last and (day - first).days % interval == 0

    return {
        "declared": {"rule": text, "from": first, "lasts": lasts},
        "on": on,
        "hours": sorted(hours),
        "minute": minute,
        "lasts": lasts,
    }


@st.composite
def cases(draw):
    change = draw(st.sampled_from(CHANGES))
    allowed = draw(st.none() | st.lists(rules(change), min_size=1, max_size=3))
    frozen = draw(st.lists(rules(change), max_size=3))
    midnight = int(datetime(change.year, change.month, change.day, tzinfo=UTC).timestamp())
    # Windows of two days begin at most two days before: the reference knows all that cover these moments.
    now = midnight + draw(st.integers(-30 * 60, 40 * 60)) * MINUTE
    return change, allowed, frozen, now


def found(allowed, frozen, now):
    declared = {
        "timezone": BERLIN,
        "allowed": None if allowed is None else [rule["declared"] for rule in allowed],
        "frozen": [{**rule["declared"], "reason": "x"} for rule in frozen],
    }
    state = calendar.look(declared, now)
    until = state["until"]
    return state["open"], None if until is None or until >= now + 3 * DAY else until


@settings(deadline=None)
@given(cases())
def test_the_state_and_its_end_are_those_of_the_reference(case):
    change, allowed, frozen, now = case
    assert found(allowed, frozen, now) == state_and_end(reference(allowed, frozen, change), now)


# The negative control: the two mistakes that are easily made with clocks that change.

NIGHT = {"on": lambda _day: True, "hours": [22], "minute": 0, "lasts": 28800}
NIGHT["declared"] = {"rule": "FREQ=DAILY;BYHOUR=22", "lasts": 28800}
SKIPPED = {"on": lambda _day: True, "hours": [2], "minute": 30, "lasts": 3600}
SKIPPED["declared"] = {"rule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "lasts": 3600}


def disagreements(rule):
    """Over every half hour of the days of both changes."""
    wrong = 0
    for change in CHANGES:
        start = int(datetime(change.year, change.month, change.day, tzinfo=UTC).timestamp()) - 7200
        is_open = reference(None, [rule], change)
        for now in range(start, start + DAY, 1800):
            wrong += found(None, [rule], now)[0] != is_open(now)
    return wrong


def test_windows_that_end_by_the_wall_clock_are_caught(monkeypatch):
    assert disagreements(NIGHT) == 0
    real = calendar.windows

    def by_wall_clock(window, zone, seen):
        for start, end in real(window, zone, seen):
            wall = datetime.fromtimestamp(start, zone).replace(tzinfo=None) + timedelta(seconds=end - start)
            yield start, wall.replace(tzinfo=zone).timestamp()

    monkeypatch.setattr(calendar, "windows", by_wall_clock)
    assert disagreements(NIGHT) > 0


def test_windows_that_begin_by_the_new_clock_are_caught(monkeypatch):
    assert disagreements(SKIPPED) == 0
    monkeypatch.setattr(calendar, "_instant", lambda local, zone: local.replace(tzinfo=zone, fold=1).timestamp())
    assert disagreements(SKIPPED) > 0
