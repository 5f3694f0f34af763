# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How likely a window's counts are under each odds ratio: Fisher's noncentral hypergeometric distribution.

The canary had ``c`` events in ``n_c`` requests, the baseline ``b`` in ``n_b``. Given ``m = c + b``, the rate that
both share drops out, whatever it is in this window, and what is left depends on the odds ratio psi alone
(McCullagh and Nelder, Generalized Linear Models, 2nd edition 1989, chapter 7: conditional likelihoods)::

    P(c; psi) = C(n_c, c) C(n_b, m - c) psi^c / sum over h of C(n_c, h) C(n_b, m - h) psi^h

Ratios of it between two psi need only ``c log psi - log Z(psi)``, with ``Z(psi)`` that sum divided by its value at
psi = 1. The sum goes outward from the mode, and stops where a term is below 1e-17 of the largest (Liao and Rosen,
The American Statistician 55, 2001: the mode, and the sum by ratios of neighbours).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import lgamma, log, sqrt

#: Where a sum ends: this part of its largest term no longer changes it.
NEGLIGIBLE = 1e-17


def log_likelihoods(n_c: int, c: int, n_b: int, b: int, odds: Iterable[float]) -> dict[float, float]:
    """``log P(c; psi) - log P(c; 1)`` for each psi of *odds*, which are above 0.

    Raises ValueError where there are more events than requests, or less than none.
    """
    if not (0 <= c <= n_c and 0 <= b <= n_b):
        raise ValueError(f"expected from 0 to as many events as requests, but found {c} of {n_c} and {b} of {n_b}")
    m = c + b
    low, high = max(0, m - n_b), min(n_c, m)
    if low == high:  # one arm without requests, no events, or nothing but events: nothing to learn
        return dict.fromkeys(odds, 0.0)
    whole = _log_choose(n_c + n_b, m)
    result = {}
    for psi in odds:
        if psi == 1:
            result[psi] = 0.0
            continue
        h = mode(n_c, n_b, m, psi)
        largest = _log_choose(n_c, h) + _log_choose(n_b, m - h) - whole + h * log(psi)
        result[psi] = c * log(psi) - largest - log(_relative_sum(n_c, n_b, m, psi, h))
    return result


def mode(n_c: int, n_b: int, m: int, psi: float) -> int:
    """The most likely number of the canary's events among *m*, when its odds are *psi* times the baseline's.

    The largest h whose probability is not below that of h - 1: the smaller root of
    ``psi (n_c + 1 - h) (m + 1 - h) = h (n_b - m + h)``, in the form that does not cancel.
    """
    product = psi * (n_c + 1) * (m + 1)
    linear = psi * (n_c + m + 2) + n_b - m
    root = 2 * product / (linear + sqrt(linear * linear - 4 * (psi - 1) * product))
    return max(0, m - n_b, min(n_c, m, int(root)))


def add(one: Mapping[float, float], other: Mapping[float, float]) -> dict[float, float]:
    """Two strata of the same metric together: they are independent given their sums, so their logs add up."""
    return {psi: value + other[psi] for psi, value in one.items()}


def _relative_sum(n_c: int, n_b: int, m: int, psi: float, start: int) -> float:
    """The sum of all terms, in units of the one at *start*."""
    result, rest = 1.0, n_b - m
    term, h = 1.0, start
    while term > NEGLIGIBLE:  # upwards; the factor is 0 after the last
        term *= psi * (n_c - h) * (m - h) / ((h + 1) * (rest + h + 1))
        result += term
        h += 1
    term, h = 1.0, start
    while term > NEGLIGIBLE:  # downwards; 0 after the first
        term *= h * (rest + h) / (psi * (n_c - h + 1) * (m - h + 1))
        result += term
        h -= 1
    return result


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
