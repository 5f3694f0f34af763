# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many of the canary's requests it takes to find a rise, or to clear a healthy canary.

Wald's bound for two samples is the fewest that any test with these error rates needs on average: the evidence that
the likelier explanation gains, request by request, over the best explanation without a difference. What is needed in
95 runs of 100 was measured as a multiple of it (``make bench-judge`` measures it again).
"""

from __future__ import annotations

from math import inf, log, sqrt
from statistics import NormalDist

#: Requests that find a rise in 95 runs of 100, as a multiple of Wald's bound.
FOUND = 3.2
#: Requests that clear a healthy canary in 95 runs of 100, as a multiple of the mean that evidence needs.
CLEARED = 3.0
STEPS = 60


def divergence(p: float, q: float) -> float:
    """Kullback and Leibler's, from rate *q* to rate *p*: what one request tells when p is right and q was believed."""
    told = 0.0
    for one, other in ((p, q), (1 - p, 1 - q)):
        if one > 0:
            told += one * log(one / other) if other > 0 else inf
    return max(told, 0.0)


def bound(base: float, raised: float, share: float, alpha: float) -> float:
    """Wald's bound in canary requests, for rates *base* and *raised*; *share* is the canary's part of all requests."""
    pooled = share * raised + (1 - share) * base
    gained = divergence(raised, pooled) + (1 - share) / share * divergence(base, pooled)
    return log(1 / alpha) / gained if gained > 0 else inf


def requests_at_every_poll(base: float, raised: float, share: float, alpha: float) -> float:
    """Canary requests in which a test at every poll finds the rise 95 times of 100."""
    return FOUND * bound(base, raised, share, alpha)


def requests_at_the_end(base: float, raised: float, share: float, alpha: float) -> float:
    """Canary requests with which one exact test finds the rise 95 times of 100, by the normal approximation.

    The canary's events less its share of all: their mean, and their scatter without and with a difference.
    """
    if raised <= base:
        return inf
    pooled, rest = share * raised + (1 - share) * base, 1 - share
    without = sqrt(rest * pooled * (1 - pooled))
    with_it = sqrt(rest * rest * raised * (1 - raised) + share * rest * base * (1 - base))
    normal = NormalDist()
    distance = normal.inv_cdf(1 - alpha) * without + normal.inv_cdf(0.95) * with_it
    # Half an event is what the steps of a whole number cost.
    return (distance / (rest * (raised - base))) ** 2 + 0.5 / (rest * (raised - base))


def requests_to_clear(base: float, share: float, worse: float, beta: float) -> float:
    """Canary requests that show, 95 times of 100, that a healthy canary has not *worse* times the odds."""
    if not 0 < base < 1:
        return inf
    return CLEARED * log(1 / beta) / _gained_against(base, share, worse)


def requests_to_be_rare(base: float, negligible: float, beta: float) -> float:
    """Canary requests that show, 95 times of 100, a rate below *negligible*."""
    if base >= negligible:
        return inf
    return CLEARED ** (base > 0) * log(1 / beta) / divergence(base, negligible)


def _gained_against(base: float, share: float, worse: float) -> float:
    """Evidence from one canary request (and its baseline's) against *worse* odds, whatever the common rate may be.

    The explanation with *worse* odds that fits a healthy canary best: a minimum over the baseline's rate, which is
    convex in its logit, found by halving the slope's interval.
    """

    def cost(rate: float) -> float:
        raised = worse * rate / (1 + (worse - 1) * rate)
        return divergence(base, raised) + (1 - share) / share * divergence(base, rate)

    low, high = base / worse / 2, base
    for _step in range(STEPS):
        third = (high - low) / 3
        if cost(low + third) < cost(high - third):
            high -= third
        else:
            low += third
    return cost((low + high) / 2)
