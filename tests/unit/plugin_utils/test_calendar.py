# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calendars by hand: what is documented, what ends, what takes long, and what only the controller can find wrong."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils import calendar
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.calendar_problems import calendar_problems

BERLIN = "Europe/Berlin"
DAY = 86400


def at(text, zone=BERLIN, fold=0):
    """Epoch seconds of a time of the wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def look(text, **declared):
    return calendar.look({"timezone": BERLIN, **declared}, at(text))


def freeze(rule, lasts=3600, **more):
    return {"rule": rule, "lasts": lasts, "reason": "x", **more}


# By hand: what is documented.


def test_a_freeze_begins_although_the_clocks_skip_its_time_and_only_once_where_it_comes_twice():
    spring = look("2026-03-29T03:45", frozen=[freeze("FREQ=DAILY;BYHOUR=2;BYMINUTE=30")])
    assert (spring["open"], spring["since"]) == (False, at("2026-03-29T03:30"))
    assert spring["until"] == at("2026-03-29T04:30")
    autumn = look("2026-10-25T02:45", frozen=[freeze("FREQ=DAILY;BYHOUR=2;BYMINUTE=30")])
    assert autumn["until"] == at("2026-10-25T02:30", fold=1), "an hour later, the clock shows the same time"


def test_eight_hours_are_eight_hours():
    night = {"rule": "FREQ=DAILY;BYHOUR=22", "lasts": 28800}
    assert look("2026-03-28T23:00", allowed=[night])["until"] == at("2026-03-29T07:00")
    assert look("2026-10-24T23:00", allowed=[night])["until"] == at("2026-10-25T05:00")
    assert look("2026-07-01T23:00", allowed=[night])["until"] == at("2026-07-02T06:00")


def test_until_is_when_a_rollout_may_start_and_not_when_the_freeze_ends():
    hours = {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0", "from": date(2026, 1, 1), "lasts": 28800}
    holidays = {"from": "2026-12-20T00:00", "to": "2027-01-02T00:00", "reason": "holidays"}
    audit = {"from": "2027-01-01", "to": "2027-01-05", "reason": "audit"}
    frozen = look("2027-01-01T12:00", allowed=[hours], frozen=[holidays, audit, holidays])
    assert frozen == {
        "open": False,
        "reason": "frozen (holidays and audit)",
        "since": at("2026-12-17T17:00"),
        "until": at("2027-01-05T09:00"),
        "message": "no rollout may start: frozen (holidays and audit); allowed again from Tue 2027-01-05 09:00 CET",
    }
    outside = look("2026-11-25T17:00", allowed=[hours], frozen=[holidays])
    assert outside["message"] == (
        "no rollout may start: outside the allowed hours; allowed again from Thu 2026-11-26 09:00 CET"
    )
    inside = look("2026-11-26T09:00", allowed=[hours], frozen=[holidays])
    assert (inside["open"], inside["reason"]) == (True, "within the allowed hours")
    assert inside["message"].endswith(", until Thu 2026-11-26 17:00 CET")


def test_seconds_are_shown_where_there_are_some():
    assert look("2026-07-01T09:00", frozen=[freeze("FREQ=DAILY;BYHOUR=9", 30)])["message"].endswith(
        "from Wed 2026-07-01 09:00:30 CEST"
    )


def test_windows_that_touch_are_one():
    always = look("2026-07-01T09:00", allowed=[{"rule": "FREQ=DAILY", "lasts": 90000}])
    assert (always["open"], always["since"], always["until"]) == (True, None, None)
    assert always["message"] == "a rollout may start: within the allowed hours"
    never = look("2026-07-01T09:00", frozen=[freeze("FREQ=DAILY", 90000)])
    assert never["message"] == "no rollout may start: frozen (x); not allowed again within a year"


def test_a_long_window_that_began_long_ago_still_counts():
    long = freeze("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;COUNT=1", 366 * DAY, **{"from": "2026-01-01"})
    assert not look("2027-01-01T12:00", frozen=[long])["open"]
    assert look("2027-01-02T00:00", frozen=[long])["open"]


@pytest.mark.parametrize(
    ("rule", "last", "over"),
    [
        ("FREQ=DAILY;COUNT=3", "2026-01-03T00:30", "2026-01-04T00:30"),
        ("FREQ=DAILY;UNTIL=20260103", "2026-01-03T00:30", "2026-01-04T00:30"),
        ("FREQ=DAILY;BYHOUR=23;UNTIL=20260103", "2026-01-03T23:30", "2026-01-04T23:30"),
        ("FREQ=DAILY;UNTIL=20260102T230000Z", "2026-01-03T00:30", "2026-01-04T00:30"),
        ("FREQ=DAILY;UNTIL=20260102T225959Z", "2026-01-02T00:30", "2026-01-03T00:30"),
        ("FREQ=DAILY;INTERVAL=2;UNTIL=20260104T000000", "2026-01-03T00:30", "2026-01-04T00:30"),
    ],
)
def test_a_rule_that_ends_does(rule, last, over):
    frozen = [freeze(rule, **{"from": "2026-01-01"})]
    assert not look(last, frozen=frozen)["open"]
    after = look(over, frozen=frozen)
    assert (after["open"], after["until"]) == (True, None)
    assert look("2025-12-31T00:30", frozen=frozen)["open"], "it counts from its start"


def test_no_calendar_allows_everything():
    assert calendar.look(None, 0)["open"]
    assert look("2026-07-01T09:00") | {"message": ""} == {
        "open": True, "reason": "not frozen", "since": None, "until": None, "message": "",
    }  # fmt: skip


@pytest.mark.parametrize("now", ["1", None, True, float("nan"), -1, 1.8e12])
def test_a_time_in_another_unit_is_refused(now):
    with pytest.raises(ValueError, match="epoch seconds"):
        calendar.look(None, now)


# Nothing takes long: what is counted is what dateutil hands over, since seconds depend on the machine.


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))),
        "FREQ=DAILY;INTERVAL=3;BYHOUR=" + ",".join(map(str, range(24))),
        "FREQ=WEEKLY;BYHOUR=" + ",".join(map(str, range(24))),
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + ",".join(map(str, range(24))),
        "FREQ=DAILY;COUNT=10000",
    ],
)
def test_a_rule_that_began_long_ago_is_not_gone_through(monkeypatch, rule):
    handed = 0
    real = calendar.rrulestr

    def counting(*args, **options):
        nonlocal handed
        for start in real(*args, **options):
            handed += 1
            yield start

    monkeypatch.setattr(calendar, "rrulestr", counting)
    look("2090-07-01T09:00", frozen=[freeze(rule, **{"from": "1970-01-01"})])
    assert 0 < handed <= 24 * (2 * 366 + 366 + 10)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=DAILY;INTERVAL=3;BYHOUR=9", "2026-01-02"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO", "2026-01-01T18:00"),
        ("FREQ=WEEKLY;INTERVAL=3", "2026-01-01T18:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "2026-01-01"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-15T18:00"),
        ("FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU", "2026-01-01"),
        ("FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2", "2024-01-01"),
    ],
)
def test_what_is_left_out_does_not_change_what_comes(monkeypatch, rule, first):
    """Also a negative control of moving the start: from an arbitrary one, these rules mean other days."""
    window = freeze(rule, **{"from": first})
    moments = [at("2031-05-10T12:00"), at("2044-02-01T00:00")]

    def starts():
        zone = ZoneInfo(BERLIN)
        checked = calendar._checked({"timezone": BERLIN, "frozen": [window]})["frozen"][0]
        every = (calendar.windows(checked, zone, (now - 366 * DAY, now + 366 * DAY)) for now in moments)
        return [
            [start for start, _end in each if start >= now - 366 * DAY]
            for each, now in zip(every, moments, strict=True)
        ]

    moved = starts()
    monkeypatch.setattr(calendar, "_nearer", lambda _rule, first, _since: first)
    assert moved == starts()
    assert any(moved)


# What only the controller can find.


def test_a_rule_that_never_occurs_is_named():
    zone = {"timezone": BERLIN, "allowed": None}
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    right = freeze("FREQ=DAILY", **{"from": None, "to": None})
    wrong = {**right, "rule": rule}
    (problem,) = calendar_problems({**zone, "frozen": [right, wrong]})
    assert (problem.path, problem.expected) == ("service.calendar.frozen[1].rule", "a rule that occurs")
    past = {**right, "rule": "FREQ=DAILY;UNTIL=20251231", "from": "2026-01-01T00:00:00"}
    assert len(calendar_problems({**zone, "frozen": [past]})) == 1
    leap = {**right, "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"}
    dates = {**right, "rule": None, "from": "2026-01-01T00:00:00", "to": "2026-01-02T00:00:00", "lasts": None}
    assert calendar_problems({**zone, "frozen": [leap, dates]}) == []
    assert calendar.look({"timezone": BERLIN, "frozen": [wrong]}, 1.8e9)["open"], "and it ends, all the same"


@pytest.mark.parametrize("name", ["Europe/Berln", "Europe", "leapseconds", "Nowhere"])
def test_a_zone_that_is_none_is_named(name):
    (problem,) = calendar_problems({"timezone": name, "allowed": None, "frozen": []})
    assert problem.path == "service.calendar.timezone"
    assert f"has no {name}" in problem.hint
    with pytest.raises(ValueError, match=f"has no {name}"):
        calendar.look({"timezone": name}, 0)


def test_a_controller_without_zones_says_what_to_install(monkeypatch):
    monkeypatch.setattr(calendar, "available_timezones", set)
    with pytest.raises(ValueError, match="no time zone database: install Debian's tzdata, or Python's for"):
        calendar.time_zone("Nowhere")


def test_a_controller_without_dateutil_says_what_to_install(monkeypatch):
    monkeypatch.setattr(calendar, "rrulestr", None)
    rule = freeze("FREQ=DAILY", **{"from": None, "to": None})
    (problem,) = calendar_problems({"timezone": BERLIN, "allowed": None, "frozen": [rule]})
    assert problem.found.startswith("python-dateutil is not installed for")
    assert problem.hint == "pip install python-dateutil"
    with pytest.raises(ValueError, match="python-dateutil is not installed for"):
        calendar.look({"timezone": BERLIN, "frozen": [rule]}, 0)
    dates = {"from": "2026-01-01", "to": "2026-01-02", "reason": "x"}
    assert not calendar.look({"timezone": BERLIN, "frozen": [dates]}, at("2026-01-01T12:00"))["open"]
