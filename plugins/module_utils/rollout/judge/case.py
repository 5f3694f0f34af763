# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The case against a canary and the case for it, as they stand after each window: numbers, and no words yet."""

from __future__ import annotations

from math import log

from .evidence import FAST, FORGIVEN, Evidence, log_mean, log_sum
from .horizon import Horizon
from .likelihood import add, log_likelihoods
from .onset import Onset
from .settings import Settings
from .strata import Strata, Stratum
from .table import ERRORS_METRIC, Metric, metrics
from .trial import Trial
from .windows import Window

#: The test at the horizon also asks whether harmless odds explain what was seen: not if they do so this seldom.
DOUBT = 0.1


class Case:
    """Folds windows into evidence. All evidence is the natural logarithm of an e-value."""

    def __init__(self, settings: Settings, edges: tuple[float, ...], began: float) -> None:
        """*edges* in seconds, empty where latency is not measured; *began* in epoch seconds."""
        self._settings = settings
        self._began = began
        self._strata = Strata()
        self.trials = tuple(Trial(metric, settings) for metric in metrics(edges))
        self._weights = settings.weights(latency=bool(edges))
        self._horizon_alpha = settings.horizon_alpha(latency=bool(edges))
        self._forgiven = max(FORGIVEN, settings.effect)
        self._fast = Evidence(FAST, self._forgiven)
        self._fast_onset = Onset()
        self._horizon, self._harmless = Horizon(), Horizon(settings.effect)
        self.p_value: float | None = None
        self.regressed = self._by_horizon = False

    def warming(self, window: Window) -> bool:
        """Whether a window belongs to the warm-up."""
        return window.began < self._began + self._settings.warmup

    def take(self, window: Window) -> None:
        """One more window, in the order of time."""
        warming = self.warming(window)
        strata = self._strata.add(window, (warming, window.split))
        if warming:
            self._take_warm(window.began, strata)
        else:
            for trial in self.trials:
                trial.take(window.began, strata)
            if self._settings.horizon is not None and self.p_value is None:
                for _route, table in ERRORS_METRIC.tables(strata):
                    self._horizon.take(table)
                    self._harmless.take(table)
        self._decide(window)

    def _take_warm(self, began: float, strata: list[Stratum]) -> None:
        """Errors alone: that a release is slow at first is what the warm-up is for."""
        odds = (self._forgiven, *FAST)
        together, seen = dict.fromkeys(odds, 0.0), []
        for route, table in ERRORS_METRIC.tables(strata):
            likelihoods = log_likelihoods(table.n_c, table.c, table.n_b, table.b, odds)
            likelihoods = {psi: value / self._settings.burst for psi, value in likelihoods.items()}
            together = add(together, likelihoods)
            seen.append((route, table, likelihoods[min(FAST)] - likelihoods[self._forgiven]))
        if seen:
            self._fast.take(together)
            self._fast_onset.take(began, seen)

    def _decide(self, window: Window) -> None:
        """A regression once shown stays shown: the guarantee is for the first time."""
        if self.regression >= self.threshold and self.effect >= 0:
            self.regressed = True
        horizon = self._settings.horizon
        if horizon is not None and self.p_value is None and window.ended >= self._began + horizon:
            self.p_value = self._horizon.p_value ** (1 / self._settings.burst)
            harmful = self._harmless.p_value <= DOUBT
            if self.p_value <= self._horizon_alpha and harmful and not self.regressed:
                self.regressed = self._by_horizon = True

    @property
    def threshold(self) -> float:
        """What ``regression`` must reach."""
        return -log(self._settings.sequential_alpha)

    @property
    def promotion_threshold(self) -> float:
        """What ``promotion`` must reach."""
        return -log(self._settings.beta)

    @property
    def regression(self) -> float:
        """Evidence that the canary is worse: the weighted mean of errors, latency and the warm-up's quick test."""
        return self._mean(
            self._fast.log_value,
            {trial.metric: trial.regression for trial in self.trials},
        )

    @property
    def effect(self) -> float:
        """The same against an odds ratio that is harmless: below 0 no difference is called a regression."""
        return self._mean(self._fast.log_value, {trial.metric: trial.effect for trial in self.trials})

    def _mean(self, fast: float, by_metric: dict[Metric, float]) -> float:
        edges = [value for metric, value in by_metric.items() if metric.edge is not None]
        tests = {"fast": fast, "errors": by_metric[ERRORS_METRIC]}
        if edges:
            tests["latency"] = log_sum(edges) - log(len(edges))
        return log_mean(tests, self._weights)

    @property
    def promotion(self) -> float:
        """Evidence for a promotion: that of the metric that is furthest from being cleared.

        Every metric must be cleared by itself, each at beta: what is promoted is worse in none of them, and the
        chance of a wrong promotion is still at most beta (Berger, Technometrics 24, 1982: intersection-union tests).
        """
        return min(trial.clearance for trial in self.trials)

    @property
    def holding_back(self) -> Trial:
        """The metric that is furthest from being cleared."""
        return min(self.trials, key=lambda trial: trial.clearance)

    @property
    def lead(self) -> tuple[Metric, Onset]:
        """What speaks most against the canary: the metric, and since when it does."""
        if self._by_horizon:
            return ERRORS_METRIC, self.trials[0].onset
        leads = [(self._weigh("fast", self._fast.log_value), ERRORS_METRIC, self._fast_onset)]
        for trial in self.trials:
            test = "errors" if trial.metric.edge is None else "latency"
            leads.append((self._weigh(test, trial.regression), trial.metric, trial.onset))
        _evidence, metric, onset = max(leads, key=lambda lead: lead[0])
        return metric, onset

    def _weigh(self, test: str, evidence: float) -> float:
        edges = max(1, len(self.trials) - 1) if test == "latency" else 1
        return log_mean({test: evidence - log(edges)}, self._weights)
