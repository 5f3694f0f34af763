# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated traffic of many rollouts at once: Poisson requests, binomial errors, latencies as shares above edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

NORMAL = NormalDist()
#: The baseline's shares above its own p50, 75, 90, 95, 99 and 99.9: the edges that a service would choose.
QUANTILES = (0.5, 0.25, 0.1, 0.05, 0.01, 0.001)
#: Latencies are log-normal; the spread (of the logarithm) of a web service whose p99 is four times its median.
SPREAD = 0.6


@dataclass(frozen=True)
class Traffic:
    """Whole numbers by run and poll; those slower than each edge by edge, run and poll, or None."""

    poll: float
    n_c: np.ndarray
    c: np.ndarray
    n_b: np.ndarray
    b: np.ndarray
    slow_c: np.ndarray | None = None
    slow_b: np.ndarray | None = None

    @property
    def runs(self) -> int:
        """How many rollouts."""
        return int(self.n_c.shape[0])

    def some(self, chosen: slice | np.ndarray) -> Traffic:
        """Some of the runs."""
        slow = {name: None if (a := getattr(self, name)) is None else a[:, chosen] for name in ("slow_c", "slow_b")}
        return replace(self, n_c=self.n_c[chosen], c=self.c[chosen], n_b=self.n_b[chosen], b=self.b[chosen], **slow)


def simulate(
    rng: np.random.Generator,
    runs: int,
    polls: int,
    base: float | np.ndarray,
    canary: float | np.ndarray,
    *,
    poll: float = 10.0,
    rps: float = 100.0,
    share: float = 0.1,
    slow: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Traffic:
    """*base* and *canary* are error rates, for all polls or for each; *slow* shares above each edge, canary's first."""
    shape = (runs, polls)
    n_c, n_b = (rng.poisson(rps * poll * part, shape) for part in (share, 1 - share))
    c, b = rng.binomial(n_c, canary), rng.binomial(n_b, base)
    if slow is None:
        return Traffic(poll, n_c, c, n_b, b)
    return Traffic(poll, n_c, c, n_b, b, _slower(rng, n_c, slow[0]), _slower(rng, n_b, slow[1]))


def odds(base: float, ratio: float) -> float:
    """The rate whose odds are *ratio* times those of *base*."""
    return ratio * base / (1 + (ratio - 1) * base)


def median_up(factor: float) -> tuple[float, ...]:
    """Shares above the baseline's quantiles where every answer takes *factor* times as long."""
    shift = np.log(factor) / SPREAD
    return tuple(1 - NORMAL.cdf(NORMAL.inv_cdf(1 - share) - shift) for share in QUANTILES)


def tail_up(factor: float, tail: float = 0.1) -> tuple[float, ...]:
    """The same where only the slowest *tail* takes *factor* times as long, and so the p99, too."""
    whole = median_up(factor)
    return tuple(max(share, min(moved, tail)) for share, moved in zip(QUANTILES, whole, strict=True))


def _slower(rng: np.random.Generator, n: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Those above each edge, from the lowest edge on: each among those above the edge before."""
    counts, before, share_before = [], n, 1.0
    for share in shares:
        before = rng.binomial(before, share / share_before)
        share_before = share
        counts.append(before)
    return np.stack(counts)
