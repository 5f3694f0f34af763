# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of others, from their published descriptions, on the same traffic.

* **Flagger's** default check: each minute, at least 99 % of the canary's own requests succeed; the fifth failed check
  rolls back (docs.flagger.app, metrics and deployment strategies: ``interval: 1m``, ``threshold: 5``, ``min: 99``).
* **Kayenta's** judge: the samples are per-minute error rates of both; the canary is "high" where the lower end of the
  98 % interval of the Mann-Whitney test's shift is above 0.25 times the shift's estimate (Hodges and Lehmann's), as
  its NetflixACAJudge has it. Judged each minute from the fifth, the first for which a 98 % interval exists.
* **A z-test** of two proportions at 0.05, one-sided, on all counts so far, at every poll.
"""

from __future__ import annotations

import numpy as np

from .traffic import Traffic
from .verdicts import NEVER, Outcome

MINUTE = 60.0
SUCCESS, FAILED_CHECKS = 0.99, 5
CONFIDENCE, EFFECT = 0.98, 0.25
Z = 1.6449


def flagger(traffic: Traffic) -> Outcome:
    """Five failed checks of the canary's success rate."""
    n_c, c, polls = _minutes(traffic, traffic.n_c, traffic.c)
    failed = (c > (1 - SUCCESS) * n_c).cumsum(axis=1) >= FAILED_CHECKS
    return _first(traffic, failed, polls)


def kayenta(traffic: Traffic) -> Outcome:
    """Mann-Whitney on per-minute error rates."""
    n_c, c, polls = _minutes(traffic, traffic.n_c, traffic.c)
    n_b, b, _polls = _minutes(traffic, traffic.n_b, traffic.b)
    canary, baseline = c / np.maximum(n_c, 1), b / np.maximum(n_b, 1)
    high = np.zeros(canary.shape, dtype=bool)
    for minutes in range(1, canary.shape[1] + 1):
        rank = _rank(minutes)
        if rank:
            shifts = (canary[:, :minutes, None] - baseline[:, None, :minutes]).reshape(canary.shape[0], -1)
            shifts.sort(axis=1)
            high[:, minutes - 1] = shifts[:, rank - 1] > EFFECT * abs(np.median(shifts, axis=1))
    return _first(traffic, high, polls)


def z_test(traffic: Traffic) -> Outcome:
    """Looked at again and again as if it were the first time."""
    n_c, c, n_b, b = (a.cumsum(axis=1) for a in (traffic.n_c, traffic.c, traffic.n_b, traffic.b))
    pooled = (c + b) / np.maximum(n_c + n_b, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (c / n_c - b / n_b) / np.sqrt(pooled * (1 - pooled) * (1 / n_c + 1 / n_b))
    return _first(traffic, np.nan_to_num(z) > Z, 1)


def _minutes(traffic: Traffic, *counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Sums by whole minute, and how many polls a minute has."""
    polls = int(MINUTE / traffic.poll)
    whole = traffic.n_c.shape[1] // polls
    one, other = (a[:, : whole * polls].reshape(a.shape[0], whole, polls).sum(axis=2) for a in counts)
    return one, other, polls


def _rank(n: int) -> int:
    """Which of the n * n sorted differences is the interval's lower end; 0 where there are too few for one."""
    ways = np.zeros(n * n + 1)  # in how many ways U takes each value: choose n of 2 n ranks
    ways[0] = 1
    for each in range(1, n + 1):
        for value in range(n * n, n + each - 1, -1):
            ways[value] -= ways[value - n - each]
        for value in range(each, n * n + 1):
            ways[value] += ways[value - each]
    tail = ways.cumsum() / ways.sum()
    return int((tail <= (1 - CONFIDENCE) / 2).sum())


def _first(traffic: Traffic, bad: np.ndarray, polls: int) -> Outcome:
    """The poll at which each run's first alarm came."""
    found = bad.any(axis=1)
    at = np.where(found, (bad.argmax(axis=1) + 1) * polls - 1, NEVER)
    requests = traffic.n_c.cumsum(axis=1)[np.arange(traffic.runs), at]
    return Outcome(at, np.full(traffic.runs, NEVER), requests)
