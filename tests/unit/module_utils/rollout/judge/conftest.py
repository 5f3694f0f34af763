# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traffic to judge: windows with chosen rates, from a seed, without a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import Window

EDGES = (0.1, 0.5)


def window(number: int, canary: Any = None, baseline: Any = None, **more: Any) -> Window:
    """The *number*-th window of 10 s; counts by route, or those of the route "other"."""
    arms = [arm if isinstance(arm, dict) else {"other": arm or Counts(0, 0)} for arm in (canary, baseline)]
    return Window(1000.0 + 10 * number, 1010.0 + 10 * number, *arms, **{"origins": ("lb1",), **more})


def traffic(
    seed: int,
    windows: int,
    canary: float | Callable[[int], float],
    baseline: float | Callable[[int], float],
    rps: float = 100,
    share: float = 0.1,
    slow: tuple[tuple[float, ...], tuple[float, ...]] | None = None,
    **more: Any,
) -> Iterator[Window]:
    """Windows of Poisson traffic with these error rates (by window's number) and shares slower than each edge."""
    rng = np.random.default_rng(seed)
    for number in range(windows):
        arms = []
        for arm, rate, part in ((0, canary, share), (1, baseline, 1 - share)):
            requests = int(rng.poisson(rps * 10 * part))
            errors = int(rng.binomial(requests, rate(number) if callable(rate) else rate))
            slower = _slower(rng, requests, slow[arm]) if slow else ()
            arms.append(Counts(requests, errors, slower))
        yield window(number, *arms, edges=EDGES if slow else (), **more)


def _slower(rng: np.random.Generator, requests: int, shares: tuple[float, ...]) -> tuple[int, ...]:
    latencies = rng.random(requests)
    return tuple(int((latencies < share).sum()) for share in shares)


@pytest.fixture(scope="session")
def windows() -> Callable[..., Iterator[Window]]:
    """:func:`traffic`, for tests that import nothing from a conftest."""
    return traffic


@pytest.fixture(scope="session")
def one() -> Callable[..., Window]:
    """:func:`window`."""
    return window
