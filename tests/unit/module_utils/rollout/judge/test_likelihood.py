# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom, nchypergeom_fisher

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.likelihood import (
    add,
    log_likelihoods,
    mode,
)

ODDS = (0.05, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 10.0, 300.0)


@st.composite
def tables(draw: st.DrawFn, most: int = 400) -> tuple[int, int, int, int]:
    n_c, n_b = draw(st.integers(0, most)), draw(st.integers(1, most))
    return n_c, draw(st.integers(0, n_c)), n_b, draw(st.integers(0, n_b))


@given(tables(), st.sampled_from(ODDS))
def test_it_is_fishers_noncentral_hypergeometric_distribution(table, psi):
    n_c, c, n_b, b = table
    m, exact = c + b, Fraction(str(psi))
    weights = {h: comb(n_c, h) * comb(n_b, m - h) for h in range(max(0, m - n_b), min(n_c, m) + 1)}
    ratio = exact**c * sum(weights.values()) / sum(weight * exact**h for h, weight in weights.items())
    # Whole numbers, for they are far below what a float can hold.
    reference = log(ratio.numerator) - log(ratio.denominator)
    assert log_likelihoods(*table, [psi])[psi] == pytest.approx(reference, abs=1e-8)


@given(tables(60), st.sampled_from(ODDS))
def test_no_ratio_grows_on_average_where_the_null_holds(table, psi):
    """What makes it an e-value: over all outcomes with this margin, weighed by the null, the mean is 1."""
    n_c, c, n_b, b = table
    m = c + b
    mean = sum(
        hypergeom.pmf(h, n_c + n_b, m, n_c) * exp(log_likelihoods(n_c, h, n_b, m - h, [psi])[psi])
        for h in range(max(0, m - n_b), min(n_c, m) + 1)
    )
    assert mean == pytest.approx(1, rel=1e-8)


@given(tables(200), st.sampled_from(ODDS))
def test_the_mode_is_the_largest_term(table, psi):
    n_c, c, n_b, b = table
    m = c + b
    low, high = max(0, m - n_b), min(n_c, m)
    found = mode(n_c, n_b, m, psi)
    assert low <= found <= high

    def step(h: int) -> float:
        return psi * (n_c - h + 1) * (m - h + 1) / (h * (n_b - m + h))

    assert found == low or step(found) >= 1 - 1e-9
    assert found == high or step(found + 1) <= 1 + 1e-9


@given(tables())
def test_more_errors_of_the_canary_speak_more_for_higher_odds(table):
    n_c, c, n_b, b = table
    if c < n_c and b > 0:
        now, more = log_likelihoods(*table, [3.0]), log_likelihoods(n_c, c + 1, n_b, b - 1, [3.0])
        assert more[3.0] > now[3.0]


@pytest.mark.parametrize("table", [(0, 0, 50, 3), (50, 3, 0, 0), (20, 0, 80, 0), (20, 20, 80, 80), (0, 0, 0, 0)])
def test_where_nothing_can_be_learned_nothing_is(table):
    assert set(log_likelihoods(*table, ODDS).values()) == {0.0}


@pytest.mark.parametrize("table", [(5, 6, 10, 0), (5, 0, 10, 11), (5, -1, 10, 0), (5, 0, 10, -1)])
def test_impossible_counts_are_refused(table):
    with pytest.raises(ValueError, match="as many events as requests"):
        log_likelihoods(*table, ODDS)


def test_large_counts_are_as_exact():
    n_c, n_b = 100_000, 900_000
    found = log_likelihoods(n_c, 5100, n_b, 44_900, [1.5])[1.5]
    exact = nchypergeom_fisher.logpmf(5100, n_c + n_b, 50_000, n_c, 1.5)
    central = hypergeom.logpmf(5100, n_c + n_b, 50_000, n_c)
    assert isclose(found, exact - central, rel_tol=1e-6)


def test_strata_add_up():
    assert add({1.0: 0.0, 2.0: 0.5}, {1.0: 0.0, 2.0: -0.25}) == {1.0: 0.0, 2.0: 0.25}
