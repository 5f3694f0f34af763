# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``service.calendar`` as people write it: what YAML makes of a date, which keys belong together, what is said."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.calendar_table import CALENDAR
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.service_table import SERVICE

RULE = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"
HOURS = {"rule": RULE, "lasts": 28800}
DATES = {"from": "2026-12-20T00:00", "to": "2027-01-02T00:00", "reason": "holidays"}
RECURRING = {"rule": RULE, "from": "2026-01-01", "lasts": 3600, "reason": "stand-up"}


def checked(calendar):
    problems = []
    return CALENDAR.check(calendar, ("service", "calendar"), problems), problems


def calendar(frozen=DATES):
    return {"timezone": "Europe/Berlin", "allowed": [HOURS], "frozen": [frozen]}


def test_a_calendar_is_filled_in_and_checking_it_again_changes_nothing():
    once, problems = checked(calendar(frozen=RECURRING))
    assert problems == []
    assert once["allowed"] == [{"rule": RULE, "from": None, "lasts": 28800}]
    assert once["frozen"] == [{**RECURRING, "from": "2026-01-01T00:00:00", "to": None}]
    assert checked(once) == (once, [])
    assert checked({"timezone": "UTC"}) == ({"timezone": "UTC", "allowed": None, "frozen": []}, [])


def test_a_service_needs_none():
    assert SERVICE.keys["calendar"].default is None


@pytest.mark.parametrize(
    "value",
    ["2026-12-20", "2026-12-20T00:00", "2026-12-20 00:00:00", datetime.date(2026, 12, 20),
     datetime.datetime(2026, 12, 20)],  # noqa: DTZ001 - as YAML makes it
)  # fmt: skip
def test_a_date_is_a_text_or_what_yaml_makes_of_it(value):
    found, problems = checked(calendar(frozen={**DATES, "from": value}))
    assert (found["frozen"][0]["from"], problems) == ("2026-12-20T00:00:00", [])


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2026-02-30", ""),
        ("20261220", ""),
        ("2026-W01-1", ""),
        ("tomorrow", ""),
        ("2100-01-01", ""),
        ("1969-12-31", ""),
        (20261220, ""),
        ("2026-12-20T00:00Z", "leave out the offset"),
        ("2026-12-20T00:00:00+01:00", "leave out the offset"),
        (datetime.datetime(2026, 12, 20, tzinfo=datetime.UTC), "leave out the offset"),
    ],
)
def test_what_is_no_local_time_is_refused(value, hint):
    _found, (problem,) = checked(calendar(frozen={**DATES, "from": value}))
    assert problem.path == "service.calendar.frozen[0].from"
    assert problem.expected.startswith("a date or local time from 1970 to 2099")
    assert problem.hint.startswith(hint) and bool(hint) == bool(problem.hint)


@pytest.mark.parametrize(
    ("changes", "path", "told"),
    [
        ({"timezone": "Europe/../etc"}, "timezone", "a time zone such as"),
        ({"timezone": None}, "timezone", "a time zone such as"),
        ({"allowed": []}, "allowed", "a list, of at least 1"),
        ({"frosen": []}, "frosen", "did you mean frozen"),
        ({"allowed": [{"rule": RULE}]}, "allowed[0].lasts", "no such key"),
        ({"allowed": [{"lasts": 60}]}, "allowed[0].rule", "no such key"),
        ({"allowed": [{**HOURS, "rule": "FREQ=SECONDLY"}]}, "allowed[0].rule", "FREQ=SECONDLY is too often"),
        ({"allowed": [{**HOURS, "rule": f"{RULE};COUNT=3"}]}, "allowed[0].from", "COUNT counts from it"),
        ({"allowed": [{**HOURS, "lasts": 0}]}, "allowed[0].lasts", "seconds from 1 to 31622400"),
        ({"allowed": [HOURS, {**HOURS, "lasts": "60"}]}, "allowed[1].lasts", "write it without quotes"),
        ({"frozen": [{"from": "2026-01-01", "reason": "x"}]}, "frozen[0].to", "rule and lasts"),
        ({"frozen": [{"to": "2026-01-01", "reason": "x"}]}, "frozen[0].from", "rule and lasts"),
        ({"frozen": [{**DATES, "to": "2026-12-20"}]}, "frozen[0].to", "a time after from"),
        ({"frozen": [{**DATES, "lasts": 60}]}, "frozen[0].lasts", "say until when with to"),
        ({"frozen": [{**DATES, "reason": " "}]}, "frozen[0].reason", "a text on one line"),
        ({"frozen": [{"from": DATES["from"], "to": DATES["to"]}]}, "frozen[0].reason", "no such key"),
        ({"frozen": [{**RECURRING, "to": "2027-01-01"}]}, "frozen[0].to", "say how long with lasts"),
        ({"frozen": [{"rule": RULE, "reason": "x"}]}, "frozen[0].lasts", "how long each window"),
        ({"frozen": [{**RECURRING, "rule": RULE + ";", "to": 1}]}, "frozen[0].to", "a date or local time"),
    ],
)
def test_a_mistake_is_found_at_its_place(changes, path, told):
    _found, problems = checked({**calendar(), **changes})
    named = {problem.path: str(problem) for problem in problems}
    assert told in named[f"service.calendar.{path}"]
    assert len(named) == 1 or path == "frozen[0].to", "one mistake is said once"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dates() | st.just(RULE),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(st.sampled_from(["rule", "from", "to", "lasts", "reason", "x"]), each)
    ),
    max_leaves=9,
)


@given(ANYTHING, ANYTHING)
def test_nothing_makes_the_check_itself_fail(allowed, frozen):
    once, problems = checked({"timezone": "UTC", "allowed": allowed, "frozen": frozen})
    if not problems:
        assert checked(once) == (once, [])
