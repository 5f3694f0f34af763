# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from itertools import product
from math import comb, exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.evidence import (
    ERRORS,
    HARMLESS,
    SLOWER,
    Evidence,
    Rarity,
    log_mean,
    log_sum,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.likelihood import log_likelihoods

ODDS = sorted({*ERRORS, *SLOWER, *HARMLESS, 1.0, 1.25})


def weight(n_c: int, c: int, n_b: int, b: int, psi: float) -> float:
    return comb(n_c, c) * comb(n_b, b) * psi**c


def mean_after(make, tables, psi):
    """The exact mean of an e-process after windows with these margins, when the odds ratio really is *psi*."""
    mean = 0.0
    for counts in product(*(range(max(0, m - n_b), min(n_c, m) + 1) for n_c, n_b, m in tables)):
        evidence, chance = make(), 1.0
        for c, (n_c, n_b, m) in zip(counts, tables, strict=True):
            whole = sum(weight(n_c, h, n_b, m - h, psi) for h in range(max(0, m - n_b), min(n_c, m) + 1))
            chance *= weight(n_c, c, n_b, m - c, psi) / whole
            evidence.take(log_likelihoods(n_c, c, n_b, m - c, ODDS))
        mean += chance * exp(evidence.log_value)
    return mean


TABLES = [(3, 5, 2), (2, 6, 3), (4, 4, 1), (1, 3, 2)]


@pytest.mark.parametrize("weights", [ERRORS, SLOWER])
def test_with_equal_odds_the_evidence_is_one_on_average_to_the_last_digit(weights):
    assert mean_after(lambda: Evidence(weights), TABLES, 1.0) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("true", [0.3, 0.9, 1.2, 1.25])
def test_inside_the_null_it_is_at_most_one(true):
    assert mean_after(lambda: Evidence(ERRORS, 1.25), TABLES, true) <= 1 + 1e-10
    assert mean_after(lambda: Evidence(SLOWER, 1.25), TABLES, true) <= 1 + 1e-10


def test_outside_it_grows():
    assert mean_after(lambda: Evidence(ERRORS), TABLES, 5.0) > 1.3


@pytest.mark.parametrize("true", [2.0, 3.0, 300.0])
def test_a_canary_that_is_worse_gathers_none_for_a_promotion(true):
    mean = mean_after(lambda: Evidence(HARMLESS, 2.0, at_once=1.0), TABLES, true)
    assert mean <= 1 + 1e-10


def test_a_harmless_alternative_would_open_the_gate_and_is_left_out():
    """1.2 against 1.25 grows where the odds are 1.1: it is no part of the test against 1.25."""
    assert set(Evidence(SLOWER, 1.25).parts()) == {1.5, 2.0, 3.0, 5.0, 10.0}
    assert log_sum(Evidence(SLOWER, 1.25).parts().values()) == pytest.approx(log(0.8))


def test_a_late_regression_does_not_have_to_work_off_a_healthy_past():
    healthy, failing = log_likelihoods(100, 2, 900, 18, ODDS), log_likelihoods(100, 10, 900, 18, ODDS)
    late, at_once = Evidence(ERRORS), Evidence(ERRORS, at_once=1 - 1e-300)
    for evidence in (late, at_once):
        for _window in range(120):
            evidence.take(healthy)
    for windows, evidence in ((6, late), (6, at_once)):
        for _window in range(windows):
            evidence.take(failing)
    assert late.log_value > log(100)
    assert at_once.log_value < 0, "the negative control: without late onset the past is held against the evidence"


def test_a_very_long_watch_runs_out_of_what_waits_and_goes_on():
    evidence = Evidence(ERRORS)
    nothing = dict.fromkeys(ODDS, 0.0)
    for _window in range(16_000):
        evidence.take(nothing)
    assert evidence.log_value == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 300), st.data())
def test_rare_events_are_evidence_of_rarity(requests, data):
    events = data.draw(st.integers(0, requests))
    rarity = Rarity(0.01)
    rarity.take(requests, events)
    if events == 0 and requests:
        assert rarity.log_value > 0
    if events > requests / 50 + 1:
        assert rarity.log_value < 0.5


def test_rarity_is_an_e_value_at_its_border():
    requests, rate = 12, 0.2
    mean = 0.0
    for events in range(requests + 1):
        rarity = Rarity(rate)
        rarity.take(requests, events)
        mean += comb(requests, events) * rate**events * (1 - rate) ** (requests - events) * exp(rarity.log_value)
    assert mean == pytest.approx(1)


def test_no_rate_at_all_is_no_evidence():
    rarity = Rarity(0.0)
    rarity.take(100_000, 0)
    assert rarity.log_value == pytest.approx(0)


def test_sums_of_logarithms():
    assert log_sum([]) == -inf
    assert log_sum([-inf, -inf]) == -inf
    assert log_sum([800.0, 800.0]) == pytest.approx(800 + log(2))
    assert log_mean({"a": log(3), "b": log(1), "c": 0.0}, {"a": 0.5, "b": 0.5, "c": 0.0}) == pytest.approx(log(2))
