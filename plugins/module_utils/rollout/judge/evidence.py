# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evidence that may be looked at as often as one likes: e-processes over one metric's windows.

An e-process starts at 1 and, while its null holds, is not expected to grow: that it ever reaches 1/alpha has a
probability of at most alpha, at whatever moment one stops (Ville 1939; Ramdas, Gruenwald, Vovk and Shafer,
Statistical Science 38, 2023). Each window multiplies by a ratio of likelihoods (Wald, Annals of Mathematical
Statistics 16, 1945), mixed over alternatives with weights (Robbins, Annals of Mathematical Statistics 41, 1970).
The null is an odds ratio of at most psi0 (at least, for alternatives below it): the ratio is monotone in the
canary's events, so that the border is the worst case. Everything is kept as natural logarithms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, inf, log, log1p

#: Alternatives for errors, odds ratio -> weight: from half as many again to nothing but errors. Tenfold has a little
#: more than threefold: with .1 and .15, +5 points at 0.5 % (eleven times the odds) took more than 1.6 times the bound.
ERRORS = {1.5: 0.25, 2.0: 0.3, 3.0: 0.12, 5.0: 0.1, 10.0: 0.13, 300.0: 0.1}
#: Alternatives for answers slower than an edge, where a small shift moves many.
SLOWER = dict.fromkeys((1.2, 1.5, 2.0, 3.0, 5.0, 10.0), 1 / 6)
#: Alternatives of the quick test during the warm-up, and the odds ratio that a release may have while it gets warm.
FAST = {10.0: 0.5, 300.0: 0.5}
FORGIVEN = 3.0
#: Alternatives to "at least twice the odds", for a promotion.
HARMLESS = {0.5: 0.1, 0.8: 0.2, 1.0: 0.5, 1.2: 0.2}

#: The part of the evidence that bets on a regression from the first window on; the rest waits for a late one.
AT_ONCE = 0.8
#: A window's share of what still waits: one twentieth.
PACE = 1 / 20


class Evidence:
    """One metric against one null: a mixture over odds ratios and, with *at_once* below 1, over onsets.

    A regression that begins at window k is met by what still waited then (as in the procedures of Shiryaev 1963
    and Roberts 1966, with a prior on the onset that makes the sum a martingale instead of a detector): evidence
    gathered for a healthy canary before does not have to be worked off first.
    """

    def __init__(self, weights: Mapping[float, float], null: float = 1.0, at_once: float = AT_ONCE) -> None:
        """*weights* by odds ratio; they are made to sum to 1, without those that the null allows."""
        within = {psi: weight for psi, weight in weights.items() if psi > null} if at_once < 1 else dict(weights)
        whole = sum(within.values())
        self._weights = {psi: log(weight / whole) for psi, weight in within.items()}
        self._null = null
        self._active = dict.fromkeys(within, log(at_once))
        self._waiting = 1 - at_once
        self._windows = 0

    def take(self, likelihoods: Mapping[float, float]) -> None:
        """One more window: ``log P(c; psi) - log P(c; 1)`` by psi, the null's own psi among them."""
        add = self._waiting * PACE if self._windows else 0.0
        self._waiting -= add
        self._windows += 1
        for psi, active in self._active.items():
            ratio = likelihoods[psi] - likelihoods[self._null]
            self._active[psi] = log_sum((active, log(add))) + ratio if add else active + ratio

    def parts(self) -> dict[float, float]:
        """The logarithm of what each odds ratio contributes to the e-value."""
        return {psi: weight + self._active[psi] for psi, weight in self._weights.items()}

    @property
    def log_value(self) -> float:
        """The logarithm of the e-value."""
        waiting = (log(self._waiting),) if self._waiting > 0 else ()
        return log_sum((*self.parts().values(), *waiting))


class Rarity:
    """Evidence that events are rare: against the null that, window by window, at least *rate* of the requests are.

    A binomial ratio of likelihoods for rates below the null's. No comparison of two arms can tell anything where
    neither has an event; that the canary answered thousands of requests without one does.
    """

    #: Alternatives as parts of the null's rate, and their weights.
    WEIGHTS = ((0.0, 0.3), (0.1, 0.4), (0.35, 0.3))

    def __init__(self, rate: float) -> None:
        """*rate* is from 0 to below 1; 0 gives evidence for nothing."""
        self._rate = rate
        self._logs = [0.0] * len(self.WEIGHTS)

    def take(self, requests: int, events: int, burst: float = 1.0) -> None:
        """One more window's counts; *burst* as in burst.py."""
        if self._rate <= 0:
            return
        for number, (part, _weight) in enumerate(self.WEIGHTS):
            alike = (requests - events) * (log1p(-part * self._rate) - log1p(-self._rate))
            events_part = events * log(part) if part else (-inf if events else 0.0)
            self._logs[number] += (alike + events_part) / burst

    @property
    def log_value(self) -> float:
        """The logarithm of the e-value."""
        return log_sum(log(weight) + value for (_part, weight), value in zip(self.WEIGHTS, self._logs))


def log_sum(logs: Iterable[float]) -> float:
    """The logarithm of the sum of what has these logarithms; -inf for nothing."""
    values = list(logs)
    largest = max(values, default=-inf)
    if largest == -inf:
        return -inf
    return largest + log(sum(exp(value - largest) for value in values))


def log_mean(logs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of e-values by name, as logarithms: again an e-value, whatever their dependence.

    Vovk and Wang, Annals of Statistics 49, 2021. Products of e-values of one window's metrics are none.
    """
    return log_sum(value + log(weights[name]) for name, value in logs.items() if weights[name] > 0)
