# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.confidence import interval


@given(st.integers(1, 100_000), st.data())
def test_the_rate_seen_is_within(requests, data):
    events = data.draw(st.integers(0, requests))
    low, high = interval(events, requests)
    assert 0 <= low <= events / requests <= high <= 1


def test_nothing_is_known_without_requests():
    assert interval(0, 0) == (0.0, 1.0)


def test_more_requests_and_less_certainty_are_narrower():
    def width(*arguments: float) -> float:
        low, high = interval(*arguments)
        return high - low

    assert width(50, 1000) > width(500, 10_000) > width(5000, 100_000)
    assert width(50, 1000, 0.01) > width(50, 1000, 0.1)
    assert width(50, 1000, 0.05, 4.0) > width(50, 1000)


def test_it_is_not_uselessly_wide():
    low, high = interval(50, 1000)
    assert 0.025 < low < 0.05 < high < 0.08
    assert interval(0, 1000)[1] < 0.01


@pytest.mark.parametrize("drift", [False, True])
def test_it_holds_at_all_moments_at_once_also_where_the_rate_drifts(drift):
    """The bounds at 90 % are left at any of 40 moments in at most one run of ten; a fixed-size interval is, in most."""
    rng = np.random.default_rng(7)
    rates = 0.02 + (0.04 * (np.arange(40) % 13 == 3) if drift else np.zeros(40))
    means = rates.cumsum() / np.arange(1, 41)
    left = naive = 0
    for _run in range(20):
        events = rng.binomial(100, rates).cumsum()
        sizes = 100 * np.arange(1, 41)
        bounds = [interval(int(s), int(n), 0.1) for s, n in zip(events, sizes, strict=True)]
        left += any(not low <= mean <= high for (low, high), mean in zip(bounds, means, strict=True))
        estimate = events / sizes
        half = 1.645 * np.sqrt(np.maximum(estimate * (1 - estimate), 1e-9) / sizes)
        naive += bool((abs(estimate - means) > half).any())
    assert left <= 3
    assert naive >= 7, "the negative control: an interval for one look does not hold at forty"
