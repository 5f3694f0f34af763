# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules as people write them: what is refused, in which words, and what a rule says without being evaluated."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.recurrence import parsed


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0",
        "BYDAY=1MO,-1FR;FREQ=MONTHLY;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1;UNTIL=20301231",
        "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO;WKST=SU",
        "FREQ=YEARLY;BYDAY=53MO;COUNT=3",
        "FREQ=YEARLY;BYYEARDAY=100,-1;UNTIL=20301231T235959Z",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,15,30,45",
    ],
)
def test_a_right_rule_is_kept_as_it_is(text):
    assert ";".join(f"{name}={value}" for name, value in parsed(text).parts.items()) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "an empty part is not NAME=value"),
        ("FREQ=DAILY;", "an empty part"),
        ("RRULE:FREQ=DAILY", "write the rule alone"),
        ("freq=daily", "in capitals"),
        ("FREQ=SECONDLY", "FREQ=SECONDLY is too often; write FREQ=DAILY"),
        ("FREQ=MINUTELY;BYHOUR=9", "too often"),
        ("FREQ=HOURLY", "too often"),
        ("FREQ=FORTNIGHTLY", "FREQ is to be DAILY, WEEKLY"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER is no part of a rule"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is to be a number from 1 to 366"),
        ("FREQ=DAILY;INTERVAL=1,2", "INTERVAL is to be a number"),
        ("FREQ=DAILY;COUNT=-1", "COUNT is to be"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR is to be numbers from 0 to 23"),
        ("FREQ=DAILY;BYHOUR=٩", "BYHOUR is to be"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "or from -31 to -1"),
        ("FREQ=DAILY;BYHOUR=", "BYHOUR is to be"),
        ("FREQ=WEEKLY;BYDAY=MONDAY", "BYDAY is to be days such as"),
        ("FREQ=WEEKLY;WKST=1MO", "WKST is to be one of"),
        ("FREQ=WEEKLY;BYDAY=1MO", "a numbered day such as 1MO goes with"),
        ("FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO", "without BYWEEKNO"),
        ("FREQ=MONTHLY;BYDAY=6MO", "goes up to 5"),
        ("FREQ=YEARLY;BYDAY=54MO", "goes up to 53"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY goes with FREQ=DAILY or MONTHLY or YEARLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY goes with FREQ=YEARLY"),
        ("FREQ=DAILY;BYWEEKNO=1;BYDAY=MO", "BYWEEKNO goes with"),
        ("FREQ=YEARLY;BYWEEKNO=1", "BYWEEKNO needs BYDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260101", "COUNT or UNTIL"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL is to be a date"),
        ("FREQ=DAILY;UNTIL=2026-01-01", "UNTIL is to be a date"),
        ("FREQ=DAILY;BYMINUTE=0,1,2,3,4;BYSECOND=0,1,2,3,4", "it begins 25 times a day, at most 24"),
    ],
)
def test_a_wrong_rule_is_refused_in_words(text, told):
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        parsed(text)


@given(st.text(alphabet="FREQDAILYBUNT=;,0123456789-+", max_size=40) | st.text(max_size=20))
def test_nothing_but_a_value_error_comes_out(text):
    with contextlib.suppress(ValueError):
        assert parsed(text).parts["FREQ"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("FREQ=DAILY", ""),
        ("FREQ=DAILY;INTERVAL=1", ""),
        ("FREQ=YEARLY;BYDAY=MO", ""),
        ("FREQ=MONTHLY;BYMONTHDAY=1", ""),
        ("FREQ=DAILY;INTERVAL=2", "INTERVAL counts"),
        ("FREQ=DAILY;COUNT=2", "COUNT counts"),
        ("FREQ=WEEKLY;BYHOUR=9", "does not say on which days"),
        ("FREQ=YEARLY;BYMONTH=12", "does not say on which days"),
    ],
)
def test_a_rule_says_whether_it_means_something_without_a_start(text, told):
    needs = parsed(text).needs_start
    assert told in needs
    assert bool(told) == bool(needs)


@pytest.mark.parametrize(
    ("until", "local", "ended"),
    [
        ("20261231", "2026-12-31T23:59:59", False),  # the whole day, which dateutil takes for its first moment
        ("20261231", "2027-01-01T00:00:00", True),
        ("20261231T180000", "2026-12-31T18:00:00", False),
        ("20261231T180000", "2026-12-31T18:00:01", True),
        ("20261231T180000Z", "2026-12-31T19:00:00", False),
        ("20261231T180000Z", "2026-12-31T19:00:01", True),
    ],
)
def test_a_rule_has_ended_after_its_until(until, local, ended):
    wall = datetime.fromisoformat(local)
    at = wall.replace(tzinfo=UTC).timestamp() - 3600  # one hour east of Greenwich
    rule = parsed(f"FREQ=DAILY;UNTIL={until}")
    assert rule.ended(wall, at) == ended
    assert rule.endless == "FREQ=DAILY"
    assert not parsed("FREQ=DAILY").ended(wall, at)
