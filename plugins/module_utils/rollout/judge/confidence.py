# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between which two numbers a rate lies, at every moment at once: for drawing, and for a person's judgement.

For a number of events S in n requests and any number x fixed in advance, ``exp(x S - n log(1 + p (e^x - 1)))`` is
not expected to grow, p being the mean of the requests' probabilities so far, which may drift: the logarithm is
concave in p. A mixture over x and the inequality of Ville give bounds that hold at all n together (Howard, Ramdas,
McAuliffe and Sekhon, Annals of Statistics 49, 2021: confidence sequences). Each side is solved by bisection.
"""

from __future__ import annotations

from collections.abc import Callable
from math import expm1, log, log1p

from .evidence import log_sum

#: Numbers x, and so the sizes of deviations, that the mixture looks for; from millions of events to a handful.
SCALES = tuple(2.0**power for power in range(-9, 3))
STEPS = 26


def interval(events: int, requests: int, alpha: float = 0.05, burst: float = 1.0) -> tuple[float, float]:
    """Bounds that hold the mean rate at all moments with a probability of 1 - *alpha*; (0, 1) without requests."""
    if not requests:
        return 0.0, 1.0
    rate, enough = events / requests, log(2 / alpha)
    return (
        _bound(0.0, rate, lambda p: _evidence(events, requests, p, 1, burst) >= enough),
        _bound(1.0, rate, lambda p: _evidence(events, requests, p, -1, burst) >= enough),
    )


def _evidence(events: int, requests: int, p: float, sign: int, burst: float) -> float:
    """The logarithm of the evidence that the rate is above *p* (sign 1) or below it (sign -1)."""
    each = (
        (sign * x * events - requests * log1p(max(p * expm1(sign * x), -1 + 1e-15))) / burst - log(len(SCALES))
        for x in SCALES
    )
    return log_sum(each)


def _bound(outside: float, inside: float, refused: Callable[[float], bool]) -> float:
    """The border between rates that are refused, from *outside*, and those that are not, around *inside*."""
    if not refused(outside):
        return outside
    for _step in range(STEPS):
        middle = (outside + inside) / 2
        outside, inside = (middle, inside) if refused(middle) else (outside, middle)
    return outside
