# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.horizon import (
    Horizon,
    convolved,
    hypergeometric,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.table import Table


@st.composite
def tables(draw: st.DrawFn) -> Table:
    n_c, n_b = draw(st.integers(0, 80)), draw(st.integers(1, 300))
    return Table(n_c, draw(st.integers(0, n_c)), n_b, draw(st.integers(0, n_b)))


@given(tables())
def test_one_table_is_fishers_exact_test(table):
    horizon = Horizon()
    horizon.take(table)
    exact = hypergeom.sf(table.c - 1, table.n_c + table.n_b, table.c + table.b, table.n_c)
    assert horizon.p_value == pytest.approx(exact, abs=1e-12)


@settings(max_examples=50)
@given(st.lists(tables(), max_size=6))
def test_several_tables_are_the_sum_of_their_hypergeometrics(several):
    horizon, reference = Horizon(), np.array([1.0])
    for table in several:
        horizon.take(table)
        whole, m = table.n_c + table.n_b, table.c + table.b
        reference = np.convolve(reference, hypergeom.pmf(np.arange(m + 1), whole, m, table.n_c))
    events = sum(table.c for table in several)
    assert horizon.p_value == pytest.approx(min(1.0, reference[events:].sum()), abs=1e-11)


def test_an_outage_of_both_is_no_evidence_and_pooling_it_would_be():
    """The rate changes with the share: the negative control, all in one table, condemns a healthy canary."""
    calm, storm = Table(100, 1, 1900, 19), Table(500, 100, 500, 100)
    stratified, pooled = Horizon(), Horizon()
    stratified.take(calm)
    stratified.take(storm)
    pooled.take(Table(600, 101, 2400, 119))
    assert stratified.p_value > 0.4
    assert pooled.p_value < 1e-20


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_chances_add_up_to_one(n_c, n_b, data):
    m = data.draw(st.integers(0, n_c + n_b))
    first, chances = hypergeometric(n_c, n_b, m)
    assert sum(chances) == pytest.approx(1, abs=1e-11)
    assert first >= max(0, m - n_b) - 1


def test_convolution():
    assert convolved([0.5, 0.5], [0.25, 0.5, 0.25]) == [0.125, 0.375, 0.375, 0.125]
