# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import (
    DOUBT,
    FIRST,
    OLD,
    RESET,
    SILENT,
    Windows,
)

EDGES = (0.1,)


def sample(at, green, blue, origin="lb1", incarnation="a"):
    counts = {"green": {"other": Counts(*green)}, "blue": {"other": Counts(*blue)}}
    return Sample(at, origin, incarnation, counts)


def reading(*samples, edges=EDGES, **missing):
    return Reading(edges, samples, missing)


def fold(*readings, split=0):
    windows = Windows("green", "blue", split)
    return [windows.add(each, 10.0 * (number + 1)) for number, each in enumerate(readings)]


def test_a_window_is_the_difference_of_two_readings():
    first, second = fold(
        reading(sample(9, (5, 1, (2,)), (50, 2, (20,)))), reading(sample(19, (8, 2, (3,)), (80, 2, (25,)))), split=4
    )
    assert first is None
    assert (second.began, second.ended, second.split, second.edges) == (10, 20, 4, EDGES)
    assert second.canary == {"other": Counts(3, 1, (1,))}
    assert second.baseline == {"other": Counts(30, 0, (5,))}
    assert second.measured
    assert (second.origins, second.gaps) == (("lb1",), {})


def test_origins_are_pooled_and_routes_are_not():
    def of(origin, at, n):
        routes = {"other": Counts(n, 0, (0,)), "pay": Counts(2 * n, 1, (n,))}
        return Sample(at, origin, "a", {"green": routes, "blue": {"other": Counts(9 * n, 0, (0,))}})

    _, window = fold(reading(of("lb1", 1, 0), of("lb2", 1, 0)), reading(of("lb1", 11, 3), of("lb2", 11, 4)))
    assert window.canary == {"other": Counts(7, 0, (0,)), "pay": Counts(14, 0, (7,))}
    assert window.baseline == {"other": Counts(63, 0, (0,))}
    assert window.canary_total == Counts(21, 0, (7,))
    assert window.baseline_total == Counts(63, 0, (0,))


RESETS = {
    "another incarnation": sample(20, (500, 0, (0,)), (500, 0, (0,)), incarnation="b"),
    "fewer requests": sample(20, (50, 0, (0,)), (500, 0, (0,))),
    "fewer errors": sample(20, (500, 0, (0,)), (500, 1, (0,))),
    "fewer slow ones": sample(20, (500, 9, (1,)), (500, 9, (0,))),
    "a route that is gone": Sample(20, "lb1", "a", {"green": {"other": Counts(500, 9, (9,))}}),
}


@pytest.mark.parametrize("after", RESETS.values(), ids=RESETS)
def test_a_reset_leaves_the_origin_out_for_both_arms(after):
    other = [sample(at, (at, 0, (0,)), (at, 0, (0,)), origin="lb2") for at in (10, 20, 30)]
    _, gap, back = fold(
        reading(sample(10, (100, 5, (5,)), (100, 5, (5,))), other[0]),
        reading(after, other[1]),
        reading(replace(after, at=30), other[2]),
    )
    assert gap.gaps == {"lb1": RESET}
    assert gap.canary == gap.baseline == {"other": Counts(10, 0, (0,))}
    assert back.origins == ("lb1", "lb2")
    assert back.gaps == {}


def test_a_color_that_is_gone_for_one_reading_does_not_bring_its_past_along():
    whole = [sample(at, (100 + at, 50, (9,)), (900, 60, (9,))) for at in (10, 30, 40)]
    without = Sample(20, "lb1", "a", {"blue": {"other": Counts(900, 60, (9,))}})
    _, gone, back, after = fold(*map(reading, (whole[0], without, *whole[1:])))
    assert (gone.gaps, back.gaps) == ({"lb1": RESET}, {"lb1": DOUBT})
    assert after.canary == {"other": Counts(10, 0, (0,))}


def test_counters_that_began_anew_twice():
    samples = [sample(10, (90, 5, (5,)), (90, 5, (5,))), sample(20, (7, 0, (0,)), (7, 0, (0,)))]
    samples += [
        sample(30, (9, 0, (0,)), (9, 0, (0,)), incarnation="b"),
        sample(40, (99, 6, (6,)), (99, 6, (6,)), incarnation="b"),
    ]
    _, first, second, after = fold(*map(reading, samples))
    assert (first.gaps, second.gaps, after.gaps) == ({"lb1": RESET}, {"lb1": RESET}, {})


def test_a_missing_origin_is_said_and_comes_back_with_all_it_counted():
    _, gap, back = fold(
        reading(sample(10, (100, 5, (5,)), (900, 5, (5,)))),
        reading(lb1="timed out"),
        reading(sample(30, (120, 6, (5,)), (1100, 5, (5,)))),
    )
    assert not gap.measured
    assert (gap.canary, gap.baseline, gap.gaps) == ({}, {}, {"lb1": "timed out"})
    assert back.canary == {"other": Counts(20, 1, (0,))}
    assert back.baseline == {"other": Counts(200, 0, (0,))}


def test_what_was_never_asked_or_is_new_or_old_is_said():
    here = sample(10, (1, 0, (0,)), (1, 0, (0,)))
    there = sample(20, (1, 0, (0,)), (1, 0, (0,)), origin="lb2")
    _, first = fold(reading(here), reading(there))
    assert first.gaps == {"lb1": SILENT, "lb2": FIRST}
    _, stale, _back = fold(reading(here), reading(here), reading(sample(30, (3, 0, (0,)), (1, 0, (0,)))))
    assert stale.gaps == {"lb1": OLD}
    assert not stale.measured
    assert _back.canary == {"other": Counts(2, 0, (0,))}


def test_an_error_counted_before_its_request_is_neither_lost_nor_too_many():
    """A source that reads its counters one after the other may be ahead of itself by a request."""
    _, early, late = fold(
        reading(sample(10, (0, 0, (0,)), (9, 0, (0,)))),
        reading(sample(20, (0, 1, (1,)), (18, 0, (0,)))),
        reading(sample(30, (1, 1, (1,)), (27, 0, (0,)))),
    )
    assert early.canary == {"other": Counts(0, 0, (0,))}
    assert late.canary == {"other": Counts(1, 1, (1,))}


def test_latency_that_one_origin_does_not_measure_is_measured_by_none():
    readings = [
        reading(sample(at, (at, 0, (at,)), (at, 0, (0,))), sample(at, (at, 0), (at, 0), origin="lb2"))
        for at in (10, 20)
    ]
    window = fold(*readings)[1]
    assert window.canary == {"other": Counts(20, 0)}


def test_latency_that_begins_to_be_measured_counts_from_then_on():
    _, without, with_ = fold(
        reading(sample(10, (10, 0), (10, 0))),
        reading(sample(20, (20, 0, (4,)), (20, 0, (4,)))),
        reading(sample(30, (30, 0, (5,)), (30, 0, (6,)))),
    )
    assert without.canary == {"other": Counts(10, 0)}
    assert with_.canary == {"other": Counts(10, 0, (1,))}
    assert with_.baseline == {"other": Counts(10, 0, (2,))}


def test_other_edges_time_that_goes_back_and_an_origin_twice_are_refused():
    windows = Windows("green", "blue")
    here = sample(10, (1, 0, (0,)), (1, 0, (0,)))
    windows.add(reading(lb1="down", edges=()), 1.0)
    windows.add(reading(here), 10.0)
    with pytest.raises(ValueError, match="from after 10"):
        windows.add(reading(here), 10.0)
    with pytest.raises(ValueError, match=r"expected the edges \[0.1\]"):
        windows.add(reading(here, edges=(0.2,)), 20.0)
    with pytest.raises(ValueError, match="one sample for each origin"):
        windows.add(reading(here, here), 20.0)
    assert windows.add(reading(lb1="down", edges=()), 20.0).gaps == {"lb1": "down"}


steps = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["there", "missing", "reset"])), max_size=12
)


@given(steps, steps)
def test_no_request_is_counted_twice_or_invented(one, other):
    """Whatever goes missing or begins anew: the windows hold what happened between two looks of one incarnation."""
    windows = Windows("green", "blue")
    state = {origin: {"n": 0, "incarnation": 0, "since": None} for origin in ("lb1", "lb2")}
    counted = expected = 0
    at = 0.0
    for number in range(max(len(one), len(other))):
        at += 10
        samples, missing, sure = [], {}, 0
        for origin, script in (("lb1", one), ("lb2", other)):
            if number >= len(script):
                missing[origin] = "gone"
                continue
            green, blue, what = script[number]
            now = state[origin]
            if what == "reset":
                now.update(n=0, incarnation=now["incarnation"] + 1, since=None)
            now["n"] += green
            if what == "missing":
                missing[origin] = "no answer"
                continue
            sure += now["n"] - now["since"] if now["since"] is not None else 0
            now["since"] = now["n"]
            counts = {"green": {"other": Counts(now["n"], 0)}, "blue": {"other": Counts(10_000 * number + blue, 0)}}
            samples.append(Sample(at, origin, str(now["incarnation"]), counts))
        window = windows.add(Reading((), tuple(samples), missing), at)
        if window is not None:
            counted += window.canary_total.requests
            expected += sure
    assert counted == expected
