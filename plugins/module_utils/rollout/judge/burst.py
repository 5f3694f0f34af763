# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much more the counts scatter than independent requests would: retries and bursts come together.

A burst lands on one arm as a whole, so that chance alone makes differences that a test of single requests takes for
evidence. Count sessions or first attempts where that is possible. Otherwise measure, on the old release alone,
before a canary gets traffic, how far slices of it (its load balancers, say) differ from one another, and divide
every logarithm of a likelihood ratio by the factor: an e-value to a power below 1 is still one (Jensen). The
factor is Pearson's chi-squared over its degrees of freedom, the usual measure of overdispersion (McCullagh and Nelder,
Generalized Linear Models, chapter 4), plus twice its own standard error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

#: Fewer windows say too little about the scatter.
WINDOWS = 180


def burst_factor(windows: Iterable[Sequence[tuple[int, int]]]) -> float | None:
    """The factor, at least 1, from each window's slices, each (requests, events); None where there are too few.

    Slices should have about the canary's size. A window without events, or with nothing but events, tells nothing.
    """
    found = [(chi, freedom) for chi, freedom in map(_scatter, windows) if freedom]
    if len(found) < WINDOWS:
        return None
    freedom = sum(each for _chi, each in found)
    ratio = sum(chi for chi, _freedom in found) / freedom
    return max(1.0, ratio * (1 + 2 * sqrt(2 / freedom)))


def _scatter(slices: Sequence[tuple[int, int]]) -> tuple[float, int]:
    """Chi-squared and its degrees of freedom, of one window's slices."""
    counted = [(requests, events) for requests, events in slices if requests]
    n, m = sum(requests for requests, _events in counted), sum(events for _requests, events in counted)
    if len(counted) < 2 or not 0 < m < n:
        return 0.0, 0
    rate = m / n
    chi = sum((events - requests * rate) ** 2 / (requests * rate * (1 - rate)) for requests, events in counted)
    # The mean of chi-squared given both margins is exactly its degrees of freedom times n / (n - 1).
    return chi * (n - 1) / n, len(counted) - 1
