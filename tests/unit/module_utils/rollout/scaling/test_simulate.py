# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traces, and what a simulated run makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.simulate import simulate
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.summary import as_dict, series, summary
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.traces import trace

MADE = policy(
    {
        "policy": {"type": "target_tracking"},
        "target": 50,
        "instances": {"least": 2, "most": 10},
        "metric": {"period": 10, "delivery": 5},
        "boot": 40,
        "scale_in": {"datapoints": 3},
    }
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answer(stamps: list[Any], values: list[float], **more: Any) -> dict[str, Any]:
    return {"MetricDataResults": [{"Id": "requests", "Timestamps": stamps, "Values": values, **more}]}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"type": "step", "low": 1, "high": 2}, [(0, 1), (300, 2), (1800, 2)]),
        ({"type": "spike", "low": 1, "high": 2, "at": 10, "until": 20}, [(0, 1), (10, 2), (20, 1), (3600, 1)]),
        (
            {"type": "ramp", "low": 0, "high": 4, "at": 10, "until": 12, "seconds": 20},
            [(0, 0), (10, 0), (11, 2), (12, 4), (20, 4)],
        ),
        ({"type": "points", "points": [[5, 1], [9, 2]]}, [(5, 1), (9, 2)]),
    ],
)
def test_traces_are_made_of_a_few_numbers(declared, expected):
    assert list(trace(declared)) == expected


def test_a_day_begins_and_ends_low():
    day = trace({"type": "daily", "low": 10, "high": 90, "days": 2})
    assert (day[0][1], day[720][1], day[-1]) == (10, 90, (172_800, 10))


@pytest.mark.parametrize("stamp", [lambda at: at, lambda at: at.isoformat(), lambda at: at.timestamp()])
def test_what_cloudwatch_answers_is_a_trace(stamp):
    """Newest first, as GetMetricData answers by default; datetimes from boto3, texts from a module's result."""
    stamps = [stamp(NOON.replace(minute=minute)) for minute in (2, 1, 0)]
    declared = {"type": "cloudwatch", "answer": answer(stamps, [6000, 1200, 600])}
    assert trace(declared) == [(0, 10), (60, 20), (120, 100), (180, 100)]


def test_a_gap_is_said_and_never_filled_in_unless_asked_for():
    stamps = [NOON.replace(minute=minute) for minute in (0, 1, 4)]
    declared = {"type": "cloudwatch", "answer": answer(stamps, [60, 60, 60])}
    with pytest.raises(ValueError, match=r"no datapoint for 2 of 5 periods, the first at 2026-03-01 12:02:00 UTC"):
        trace(declared)
    assert trace({**declared, "gaps": "zero"}) == [(0, 1), (60, 1), (120, 0), (180, 0), (240, 1), (300, 1)]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"type": "cloudwatch", "answer": answer([NOON], [1], StatusCode="PartialData")}, "found PartialData"),
        ({"type": "cloudwatch", "answer": {**answer([NOON], [1]), "NextToken": "x"}}, "ask for the next page"),
        ({"type": "cloudwatch", "answer": answer([NOON], [1]), "id": "other"}, r"found other \(there is requests\)"),
        ({"type": "cloudwatch", "answer": answer([], [])}, "as many Timestamps as Values"),
        ({"type": "cloudwatch", "answer": answer(["noon"], [1])}, "expected a time"),
        ({"type": "points", "points": [[0, 1], [0, 2]]}, "two instants or more, rising"),
        ({"type": "points", "points": [[0, 1], [1, -2]]}, "loads of 0 or more"),
        ({"type": "points", "points": [[0, 1], [1]]}, "pairs of numbers"),
        ({"type": "points", "points": [[0, 1], [10**9, 1]]}, "over 1209600 s at most"),
        ({"type": "step", "low": 1}, "trace.high: expected"),
        ({"type": "spike", "low": 1, "high": 1, "at": 5, "until": 5}, "rising"),
    ],
)
def test_a_wrong_trace_is_refused(declared, told):
    with pytest.raises(ValueError, match=told):
        trace(declared)


def test_a_spike_is_answered_and_given_back():
    run = simulate(MADE, trace({"type": "spike", "low": 90, "high": 240, "at": 300, "until": 900, "seconds": 1800}))
    assert [(change.before, change.after) for change in run.changes] == [(2, 5), (5, 2)]
    found = summary(run)
    begun, ended = (change.at for change in run.changes)
    # Three full periods from 300 on, delivered 5 s later, seen by the evaluation at 340.
    assert begun == 340
    # 40 s to boot, then two checks ten seconds apart.
    assert found["above_target"] == found["longest_above_target"] == 340 + 40 + 10 - 300
    assert found["instance_hours"] == pytest.approx((2 * 1800 + 3 * (ended - begun)) / 3600, abs=0.001)
    assert (found["changes"], found["flaps"], found["most_instances"]) == (2, 1, 5)
    assert found["highest_percent_of_target"] == 240.0


def test_a_turn_after_a_long_while_is_no_flap():
    run = simulate(MADE, trace({"type": "spike", "low": 90, "high": 240, "at": 300, "until": 3000, "seconds": 3600}))
    assert (summary(run)["changes"], summary(run)["flaps"]) == (2, 0)


def test_the_maximum_is_kept_to():
    run = simulate(MADE, trace({"type": "step", "low": 90, "high": 5000}))
    assert max(run.instances) == 10
    assert summary(run)["above_target"] == 1500


@given(st.lists(st.floats(0, 900), min_size=2, max_size=12), st.integers(1, 400))
def test_a_run_is_the_same_each_time_and_stays_within_the_group(loads, every):
    given_trace = trace({"type": "points", "points": [[index * every, load] for index, load in enumerate(loads)]})
    run = simulate(MADE, given_trace)
    assert run == simulate(MADE, given_trace)
    assert all(2 <= instances <= 10 for instances in run.instances)
    assert len(run.loads) == len(run.capacities) == len(run.instances) == every * (len(loads) - 1)
    # What is drawn hides neither a peak nor a second above the target.
    drawn = series(run, 7)
    assert max(row["load"] for row in drawn) == max(run.loads)
    assert sum(row["above"] for row in drawn) == as_dict(run)["above_target"]
    assert len(drawn) <= 7
