# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that is gathered about one metric: evidence of a regression, of one that matters, and for a promotion."""

from __future__ import annotations

from collections.abc import Iterable
from math import log

from .evidence import ERRORS, HARMLESS, SLOWER, Evidence, Rarity, log_sum
from .likelihood import add, log_likelihoods
from .onset import Onset
from .settings import Settings
from .strata import Stratum
from .table import Metric, Table

#: How the evidence for a promotion is divided: between the odds being less than ``worse`` times the baseline's,
#: the canary's events being rare, and the baseline's being nearly everything.
CLEARANCE = (0.7, 0.25, 0.05)


class Trial:
    """One metric. Every number is the natural logarithm of an e-value."""

    def __init__(self, metric: Metric, settings: Settings) -> None:
        self.metric = metric
        self._burst = settings.burst
        weights = ERRORS if metric.edge is None else SLOWER
        negligible = settings.negligible_errors if metric.edge is None else settings.negligible_slow
        self._regression = Evidence(weights)
        self._effect = Evidence(weights, settings.effect)
        self._harmless = Evidence(HARMLESS, settings.worse, at_once=1.0)
        self._rare = Rarity(negligible)
        self._common = Rarity(0.0 if metric.edge is None else negligible)
        self._odds = sorted({*weights, *HARMLESS, 1.0, settings.effect, settings.worse})
        self._onsets = {psi: Onset() for psi in weights}

    def take(self, began: float, strata: Iterable[Stratum]) -> None:
        """The strata that one window completed. Where latency was not measured in it, nothing is learned."""
        tables = self.metric.tables(strata)
        if not tables:
            return
        seen = [(route, table, self._likelihoods(table)) for route, table in tables]
        together = dict.fromkeys(self._odds, 0.0)
        for _route, table, likelihoods in seen:
            together = add(together, likelihoods)
            self._rare.take(table.n_c, table.c, self._burst)
            self._common.take(table.n_b, table.n_b - table.b, self._burst)
        for evidence in (self._regression, self._effect, self._harmless):
            evidence.take(together)
        for psi, onset in self._onsets.items():
            onset.take(began, [(route, table, likelihoods[psi]) for route, table, likelihoods in seen])

    def _likelihoods(self, table: Table) -> dict[float, float]:
        exact = log_likelihoods(table.n_c, table.c, table.n_b, table.b, self._odds)
        return {psi: value / self._burst for psi, value in exact.items()}

    @property
    def regression(self) -> float:
        """Against an odds ratio of at most 1."""
        return self._regression.log_value

    @property
    def effect(self) -> float:
        """Against an odds ratio that is harmless: a small difference gathers no evidence, whatever the traffic."""
        return self._effect.log_value

    @property
    def clearance(self) -> float:
        """Against harm: at least ``worse`` times the odds, and a share of such answers that is not negligible.

        Each part is an e-value under that null, and so is their mean. The first needs events to compare; the second
        is for a canary that has next to none, and the third for an edge that next to all of the baseline's answers
        miss: there is nothing left to get worse. (Errors have no third: a baseline that only fails clears nobody.)
        """
        parts = (self._harmless.log_value, self._rare.log_value, self._common.log_value)
        return log_sum(log(weight) + value for weight, value in zip(CLEARANCE, parts))

    @property
    def onset(self) -> Onset:
        """The likeliest onset: that of the odds ratio for which the evidence has grown most."""
        return self._onsets[max(self._onsets, key=lambda psi: (self._onsets[psi].gain, psi))]
