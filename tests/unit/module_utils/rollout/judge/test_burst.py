# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.burst import WINDOWS, burst_factor


def slices(rng, windows, size, burst):
    """Ten slices of 100 requests at 2 %, whose errors come in bursts of *size*."""
    for _window in range(windows):
        yield [(100, int(min(100, size * rng.poisson(2 / size)))) for _slice in range(10 if burst else 2)]


def test_independent_requests_have_a_factor_of_about_one():
    rng = np.random.default_rng(1)
    independent = [[(100, int(rng.binomial(100, 0.02))) for _slice in range(4)] for _window in range(400)]
    assert 1.0 <= burst_factor(independent) < 1.25


@pytest.mark.parametrize("size", [3, 6])
def test_bursts_are_measured_with_something_to_spare(size):
    factor = burst_factor(slices(np.random.default_rng(2), 600, size, True))
    assert size * 0.85 < factor < size * 1.4


def test_too_few_windows_say_nothing():
    calm = [(100, 2), (100, 1)]
    assert burst_factor([calm] * (WINDOWS - 1)) is None
    assert burst_factor([calm] * WINDOWS) == 1.0
    assert burst_factor([[(100, 2)], [(100, 0), (100, 0)], [(9, 9), (9, 9)], [(9, 1), (0, 0)]] * WINDOWS) is None
