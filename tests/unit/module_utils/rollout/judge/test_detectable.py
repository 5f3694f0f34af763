# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.detectable import (
    Expected,
    outlook,
    seconds_to_find,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.power import (
    bound,
    divergence,
    gained_against,
    requests_at_every_poll,
    requests_at_the_end,
    requests_to_be_rare,
    requests_to_clear,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings

shares = st.floats(0.01, 0.5)
rates = st.floats(0.0001, 0.4)


def test_the_bound_is_the_one_that_was_published():
    """Errors of 0.5 % and a tenth of the traffic: for five times as many, and for five points more."""
    found = [log(100) / (divergence(p1, p) + 9 * divergence(0.005, p)) for p1, p in ((0.025, 0.007), (0.055, 0.01))]
    assert [bound(0.005, raised, 0.1, 0.01) for raised in (0.025, 0.055)] == pytest.approx(found)
    assert [round(each, -1) for each in found] == [270, 70]


def test_divergence_at_its_borders():
    assert divergence(0.0, 0.0) == divergence(1.0, 1.0) == divergence(0.3, 0.3) == 0
    assert divergence(0.1, 0.0) == divergence(0.9, 1.0) == float("inf")


@given(rates, shares, st.floats(1.3, 3), st.floats(1.1, 2))
def test_a_larger_rise_and_a_larger_share_need_fewer_requests(base, share, ratio, more):
    raised = min(0.9, base * ratio)
    higher = min(0.99, raised * more)
    for needed in (requests_at_every_poll, requests_at_the_end):
        assert needed(base, higher, share, 0.01) < needed(base, raised, share, 0.01)
    assert bound(base, raised, 0.1, 0.001) > bound(base, raised, 0.1, 0.01)
    assert bound(base, base, 0.1, 0.01) == float("inf")


@given(st.floats(0.001, 0.6), shares, st.floats(1.2, 4))
def test_the_best_fit_with_given_odds_is_the_best(base, share, worse):
    def cost(rate: float) -> float:
        raised = worse * rate / (1 + (worse - 1) * rate)
        return divergence(base, raised) + (1 - share) / share * divergence(base, rate)

    best = minimize_scalar(cost, bounds=(base / worse / 3, base), method="bounded", options={"xatol": 1e-12}).fun
    assert gained_against(base, base, share, worse) == pytest.approx(best, rel=1e-5)


def test_no_rise_is_never_found_and_a_harmless_one_is_not_either():
    assert requests_at_the_end(0.01, 0.01, 0.1, 0.005) > 1e20
    assert requests_at_the_end(0.01, 0.012, 0.1, 0.1, 1.25) == float("inf")


@pytest.mark.parametrize("alpha", [1e-6, 1e-4, 0.01])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_canary_with_most_of_the_users_has_an_outlook(share: float, alpha: float) -> None:
    needed = [requests_at_the_end(0.0, raised, share, alpha) for raised in (0.001, 0.01, 0.1, 0.5, 1.0)]
    assert needed == sorted(needed, reverse=True), "more errors need fewer requests"
    assert min(needed) > 0


def test_what_clears_a_healthy_canary():
    assert requests_to_clear(0.0, 0.1, 2, 0.01) == requests_to_clear(1.0, 0.1, 2, 0.01) == float("inf")
    assert requests_to_clear(0.02, 0.1, 2, 0.01) < requests_to_clear(0.005, 0.1, 2, 0.01)
    assert requests_to_be_rare(0.002, 0.001, 0.01) == float("inf")
    assert requests_to_be_rare(0.0, 0.001, 0.01) < requests_to_be_rare(0.0005, 0.001, 0.01) < float("inf")


def test_the_plan_says_what_can_be_found_and_cleared():
    expected = Expected(100, 0.1, 0.005, {0.1: 0.5, 0.5: 0.01})
    seen = outlook(expected, 1800, Settings(horizon=1800))
    errors, median, tail = seen.findings
    assert (errors.metric, median.metric, tail.metric) == ("errors", "slower than 0.1 s", "slower than 0.5 s")
    assert 0.006 < errors.raised < 0.01
    assert 1.2 < errors.ratio < 2
    assert 0.5 < median.raised < 0.6
    assert seen.clears
    assert "a healthy canary is cleared in about " in seen.lines()[-1]
    assert "errors: found 95 times of 100 is a rise from 0.5 % to 0." in seen.lines()[1]
    json.dumps(seen.as_dict(), allow_nan=False)


def test_edges_that_are_measured_take_their_part_of_the_evidence_known_or_not():
    rules, named = Settings(warmup=0), Expected(100, 0.1, 0.005, {0.5: 0.01})
    alone, measured = (outlook(Expected(100, 0.1, 0.005, edges=edges), 600, rules).findings for edges in (0, 9))
    assert alone[0].raised < measured[0].raised
    assert measured == outlook(named, 600, rules).findings[:1], "errors have half, however many edges there are"
    called = Expected(100, 0.1, 0.005, {"slow answers": 0.01}, 9)
    (_errors, one), (_same, of_nine) = outlook(named, 600, rules).findings, outlook(called, 600, rules).findings
    assert of_nine.metric == "slow answers"
    assert one.raised < of_nine.raised, "the other half is divided among the edges"
    assert (one.base, one.seconds) == (of_nine.base, of_nine.seconds)


def test_a_rise_of_less_than_is_called_worse_may_be_cleared_before_it_is_found():
    told = [outlook(Expected(rps, 0.1, 0.005), 600, Settings()).lines()[1] for rps in (100, 1000)]
    first = "if it is not cleared first (less than 2 times the odds)"
    assert [first in line for line in told] == [False, True]


def test_the_end_test_finds_smaller_rises_of_errors_and_of_nothing_else():
    expected = Expected(100, 0.1, 0.005, {0.5: 0.01})
    plain, ended = (outlook(expected, 600, Settings(horizon=horizon)) for horizon in (None, 600))
    assert ended.findings[0].raised < plain.findings[0].raised
    assert ended.findings[1].raised > plain.findings[1].raised, "half of alpha is spent at the end"
    before = outlook(expected, 300, Settings(horizon=600))
    assert before.findings[0].raised > ended.findings[0].raised
    elsewhere, late = (outlook(expected, 600, Settings(horizon=600), end).findings[0].raised for end in (0, 400))
    assert elsewhere > plain.findings[0].raised, "half of alpha is spent for a test in another step"
    assert elsewhere > late > ended.findings[0].raised, "what a late source has counted by then"


def test_too_little_traffic_is_said():
    nothing = outlook(Expected(0.01, 0.05, 0.01), 60, Settings())
    assert nothing.findings[0].raised is None
    assert nothing.findings[0].ratio is None
    assert "nothing can be found in so few requests" in nothing.lines()[1]
    slow = outlook(Expected(1, 0.1, 0.01), 600, Settings())
    assert not slow.clears
    assert "longer than this, so that the verdict may be inconclusive" in slow.lines()[-1]
    never = outlook(Expected(100, 0.1, 0.0), 600, Settings(negligible_errors=0))
    assert never.findings[0].seconds is None
    assert "never cleared (errors): declare what share is negligible" in never.lines()[-1]
    json.dumps([nothing.as_dict(), slow.as_dict(), never.as_dict()], allow_nan=False)


def test_rare_errors_and_edges_that_all_miss_are_cleared_too():
    quiet = outlook(Expected(100, 0.1, 0.0, {0.1: 1.0}), 1800, Settings())
    assert quiet.clears
    assert quiet.findings[1].raised is None
    assert ", times" not in quiet.lines()[1]


@settings(max_examples=15)
@given(st.floats(0.02, 0.5))
def test_seconds_to_find_are_the_inverse(raised):
    expected, rules = Expected(100, 0.1, 0.01), Settings()
    seconds = seconds_to_find(expected, raised, rules)
    found = outlook(expected, seconds + 1, rules).findings[0].raised
    assert found <= raised * 1.001
    before = outlook(expected, rules.warmup + (seconds - rules.warmup) * 0.9, rules).findings[0].raised
    assert before is None or before > raised * 0.999


def test_seconds_to_find_slow_answers_are_those_of_their_own_weight():
    expected, rules = Expected(100, 0.1, 0.0, {"slow answers": 0.01}, 9), Settings(warmup=0)
    seconds = seconds_to_find(expected, 0.06, rules, "slow answers")
    at, before = (outlook(expected, seconds * part, rules).findings[1].raised for part in (1.001, 0.98))
    assert at <= 0.06 * 1.001 < before
    few = Expected(100, 0.1, 0.0, {"slow answers": 0.01}, 2)
    assert seconds_to_find(few, 0.06, rules, "slow answers") < seconds


def test_the_test_at_the_end_may_find_what_no_look_does():
    expected, rules = Expected(100, 0.1, 0.005), Settings(warmup=0, horizon=600)
    ended = outlook(expected, 600, rules).findings[0].raised * 1.001
    assert seconds_to_find(expected, ended, rules) == 600
    assert seconds_to_find(expected, ended, rules, end=0) > 600
    assert seconds_to_find(expected, 0.5, rules) < 600


def test_a_rise_that_is_none_is_refused():
    for wrong in (0.01, 0.005, 1.1):
        with pytest.raises(ValueError, match="expected a rise from"):
            seconds_to_find(Expected(100, 0.1, 0.01), wrong, Settings())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rps": 0}, "more than 0 requests a second"),
        ({"share": 0}, "share of the canary between 0 and 1"),
        ({"share": 1}, "share of the canary between 0 and 1"),
        ({"errors": 1.5}, "share of errors from 0 to 1"),
        ({"slow": {0.1: -1}}, "share of slower than 0.1 s from 0 to 1"),
    ],
)
def test_what_is_expected_must_make_sense(wrong, told):
    with pytest.raises(ValueError, match=told):
        Expected(**{"rps": 100, "share": 0.1, "errors": 0.01, **wrong})
