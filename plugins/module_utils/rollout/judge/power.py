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
STEPS = 48


def divergence(p: float, q: float) -> float:
    """Kullback and Leibler's, from rate *q* to rate *p*: what one request tells when p is right and q was believed."""
    if abs(p - q) <= 1e-12 * q:
        return 0.0  # equal but for the last digit: what is left would be rounding, and pass for evidence
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


def requests_at_every_poll(
    base: float, raised: float, share: float, alpha: float, effect: float = 1.0, gate: float = 1.0
) -> float:
    """Canary requests in which a test at every poll finds the rise 95 times of 100.

    It must also be told from harmless odds, *effect*: evidence that begins with the weight *gate* and must reach 1.
    """
    needed = bound(base, raised, share, alpha)
    if gate < 1:
        needed = max(needed, log(1 / gate) / gained_against(base, raised, share, effect))
    return FOUND * needed


def requests_at_the_end(base: float, raised: float, share: float, alpha: float, null: float = 1.0) -> float:
    """Canary requests with which one exact test against odds of at most *null* finds the rise 95 times of 100.

    By the normal approximation of the canary's events given both arms' sum, with the null's skewness (Cornish and
    Fisher, 1938) and half an event for the steps of whole numbers.
    """
    q = _matched(share * raised + (1 - share) * base, share, null)
    q_raised = _with_odds(q, null)
    if raised <= q_raised:
        return inf
    of_canary, of_baseline = share * q_raised * (1 - q_raised), (1 - share) * q * (1 - q)
    slope = of_canary / (of_canary + of_baseline)
    variance = (1 - slope) * q_raised * (1 - q_raised)
    scatter = (1 - slope) ** 2 * raised * (1 - raised)
    scatter += slope * slope * (1 - share) / share * base * (1 - base)
    z, power = NormalDist().inv_cdf(1 - alpha), NormalDist().inv_cdf(0.95)
    skewed = (z * z - 1) * (1 - 2 * slope) / 6 + 0.5
    # n d = z sqrt(n v) + skewed + power sqrt(n s), a quadratic in sqrt(n). A canary with most of the users may have so
    # much negative skewness that it has no root: then the point that comes closest, which asks for more than none.
    wide, distance = z * sqrt(variance) + power * sqrt(scatter), raised - q_raised
    return ((wide + sqrt(max(0.0, wide * wide + 4 * distance * skewed))) / (2 * distance)) ** 2


def requests_to_clear(base: float, share: float, worse: float, beta: float) -> float:
    """Canary requests that show, 95 times of 100, that a healthy canary has not *worse* times the odds."""
    if not 0 < base < 1:
        return inf
    return CLEARED * log(1 / beta) / gained_against(base, base, share, worse)


def requests_to_be_rare(base: float, negligible: float, beta: float) -> float:
    """Canary requests that show, 95 times of 100, a rate below *negligible*."""
    if base >= negligible:
        return inf
    return CLEARED ** (base > 0) * log(1 / beta) / divergence(base, negligible)


def gained_against(base: float, raised: float, share: float, odds: float) -> float:
    """Evidence from one canary request (and its baseline's) against *odds*, whatever the common rate may be.

    Of all explanations with these odds the one that fits best: the cost is convex in the logit of the rate.
    """

    def cost(rate: float) -> float:
        return divergence(raised, _with_odds(rate, odds)) + (1 - share) / share * divergence(base, rate)

    low, high = sorted((base, raised / (odds - (odds - 1) * raised)))
    for _step in range(STEPS):
        third = (high - low) / 3
        if cost(low + third) < cost(high - third):
            high -= third
        else:
            low += third
    return max(cost((low + high) / 2), 1e-300)


def _with_odds(rate: float, odds: float) -> float:
    """The rate whose odds are *odds* times those of *rate*."""
    return odds * rate / (1 + (odds - 1) * rate)


def _matched(pooled: float, share: float, odds: float) -> float:
    """The baseline's rate with which both arms together have *pooled*, the canary's odds being *odds* times its."""
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        rate = (low + high) / 2
        if share * _with_odds(rate, odds) + (1 - share) * rate < pooled:
            low = rate
        else:
            high = rate
    return (low + high) / 2
