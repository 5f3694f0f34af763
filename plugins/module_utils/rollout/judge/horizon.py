# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One exact test at a moment that was declared in advance: has the canary had more errors than chance explains?

Given each stratum's total m and both numbers of requests, the canary's events are hypergeometric where there is no
difference, whatever the common rates are. Their sum over the strata is what is judged, by its exact distribution
(Mehta, Patel and Gray, Journal of the American Statistical Association 80, 1985: several two-by-two tables with
one odds ratio). Looked at once it needs fewer requests than a test that may be looked at always.
"""

from __future__ import annotations

from collections.abc import Sequence

from .likelihood import NEGLIGIBLE, mode
from .table import Table


class Horizon:
    """Gathers the tables of a watch until its horizon, for the null that the odds ratio is *psi*."""

    def __init__(self, psi: float = 1.0) -> None:
        self._psi = psi
        self._first, self._chances = 0, [1.0]
        self._events = 0

    def take(self, table: Table) -> None:
        """One more stratum: convolved at once, so that no moment has all the work."""
        first, chances = hypergeometric(table.n_c, table.n_b, table.c + table.b, self._psi)
        self._first, self._chances = trimmed(self._first + first, convolved(self._chances, chances))
        self._events += table.c

    @property
    def p_value(self) -> float:
        """The chance of at least as many events of the canary's as there were."""
        return min(1.0, sum(self._chances[max(0, self._events - self._first) :]))


def hypergeometric(n_c: int, n_b: int, m: int, psi: float = 1.0) -> tuple[int, list[float]]:
    """The canary's events among *m*: the smallest number whose chance is not negligible, and the chances from it on.

    Outward from the mode as in likelihood.py; noncentral where *psi* is not 1.
    """
    h = low = mode(n_c, n_b, m, psi)
    below, above = [1.0], []
    while below[-1] > NEGLIGIBLE:
        below.append(below[-1] * low * (n_b - m + low) / (psi * (n_c - low + 1) * (m - low + 1)))
        low -= 1
    chance = 1.0
    while chance > NEGLIGIBLE:
        chance *= psi * (n_c - h) * (m - h) / ((h + 1) * (n_b - m + h + 1))
        h += 1
        above.append(chance)
    chances = [*reversed(below), *above]
    whole = sum(chances)
    return low, [chance / whole for chance in chances]


def convolved(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The distribution of a sum of two independent numbers."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    result = [0.0] * (len(longer) + len(shorter) - 1)
    for shift, factor in enumerate(shorter):
        for number, chance in enumerate(longer, start=shift):
            result[number] += factor * chance
    return result


def trimmed(first: int, chances: list[float]) -> tuple[int, list[float]]:
    """Without the ends whose chances are negligible."""
    floor = max(chances) * NEGLIGIBLE
    low = next(number for number, chance in enumerate(chances) if chance > floor)
    high = len(chances) - next(number for number, chance in enumerate(reversed(chances)) if chance > floor)
    return first + low, chances[low:high]
