# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge decides in each of many runs, and when. Without a warm-up: that is a question of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import hypergeom

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.case import DOUBT
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.evidence import (
    ERRORS,
    HARMLESS,
    SLOWER,
    Rarity,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.strata import ENOUGH
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.traffic import FEW, RECENT
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.trial import CLEARANCE

from . import twin
from .traffic import Traffic

#: Runs that are in memory at once, as a number of polls.
CHUNK = 400_000
NEVER = -1


@dataclass(frozen=True)
class Outcome:
    """By run: the poll that decided, or NEVER, and the canary's requests by then (all, where it never did)."""

    regressed: np.ndarray
    healthy: np.ndarray
    requests: np.ndarray

    @property
    def aborts(self) -> float:
        """The share of runs that were called regressed (and not healthy before)."""
        return float((self.regressed != NEVER).mean())

    @property
    def promotions(self) -> float:
        """The share of runs that were called healthy (and not regressed before)."""
        return float((self.healthy != NEVER).mean())


@dataclass(frozen=True)
class _Ripe:
    """The tables of one metric once tiny polls are merged; zeros where a poll completed none."""

    n_c: np.ndarray
    c: np.ndarray
    n_b: np.ndarray
    b: np.ndarray
    complete: np.ndarray


def verdicts(traffic: Traffic, settings: Settings, promote: bool = False) -> Outcome:
    """Every run judged. Without *promote* a run is watched to its end whatever speaks for it."""
    if settings.warmup or (settings.burst > 1 and (promote or settings.horizon)):
        raise ValueError("the array form has no warm-up, and bursts only for a regression: use the judge itself")
    size = max(1, CHUNK // traffic.n_c.shape[1])
    parts = [
        _verdicts(traffic.some(slice(first, first + size)), settings, promote) for first in range(0, traffic.runs, size)
    ]
    return Outcome(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("regressed", "healthy", "requests"))
    )


def _verdicts(traffic: Traffic, settings: Settings, promote: bool) -> Outcome:
    metrics = [_merged(traffic, traffic.c, traffic.b)]
    if traffic.slow_c is not None and traffic.slow_b is not None:
        metrics += [_merged(traffic, *slow) for slow in zip(traffic.slow_c, traffic.slow_b, strict=True)]
    regression, effect, clearance = [], [], []
    for number, ripe in enumerate(metrics):
        weights = SLOWER if number else ERRORS
        odds = {*weights, 1.0, settings.effect, *((*HARMLESS, settings.worse) if promote else ())}
        exact = twin.log_likelihoods(ripe.n_c, ripe.c, ripe.n_b, ripe.b, odds)
        likelihoods = {psi: value / settings.burst for psi, value in exact.items()}
        regression.append(twin.evidence(likelihoods, ripe.complete, weights))
        effect.append(twin.evidence(likelihoods, ripe.complete, weights, settings.effect))
        if promote:
            clearance.append(_clearance(likelihoods, ripe, settings, bool(number)))
    total, gate = _mean(regression, settings), _mean(effect, settings)
    bad = (total >= -np.log(settings.sequential_alpha)) & (gate >= 0)
    if settings.horizon is not None:
        at = int(settings.horizon / traffic.poll) - 1
        open_ = ~bad[:, : at + 1].any(axis=1)
        alpha = settings.horizon_alpha(latency=len(metrics) > 1)
        bad[open_, at] |= _harmful_at_the_end(metrics[0], open_, at, alpha, settings.effect)
    good = np.zeros_like(bad)
    if promote:
        good = (np.min(clearance, axis=0) >= -np.log(settings.beta)) & (total < -np.log(settings.sequential_alpha) / 2)
        good &= (traffic.n_c.cumsum(axis=1) >= settings.min_requests) & ~_service_down(traffic, settings)
    return _first(traffic, bad, good)


def _first(traffic: Traffic, bad: np.ndarray, good: np.ndarray) -> Outcome:
    last = bad.shape[1]
    first_bad = np.where(bad.any(axis=1), bad.argmax(axis=1), last)
    first_good = np.where(good.any(axis=1), good.argmax(axis=1), last)
    decided = np.minimum(first_bad, first_good)
    requests = traffic.n_c.cumsum(axis=1)[np.arange(bad.shape[0]), np.minimum(decided, last - 1)]
    regressed = np.where((first_bad <= first_good) & (first_bad < last), first_bad, NEVER)
    healthy = np.where(first_good < first_bad, first_good, NEVER)
    return Outcome(regressed, healthy, requests)


def _merged(traffic: Traffic, c: np.ndarray, b: np.ndarray) -> _Ripe:
    """As judge/strata.py, for one route."""
    runs, polls = traffic.n_c.shape
    out = [np.zeros((runs, polls), dtype=np.int64) for _ in range(4)]
    pending = np.zeros((4, runs), dtype=np.int64)
    complete = np.zeros((runs, polls), dtype=bool)
    for poll in range(polls):
        counts = np.stack([traffic.n_c[:, poll], c[:, poll], traffic.n_b[:, poll], b[:, poll]])
        pending += counts * ((counts[0] > 0) & (counts[2] > 0))
        now = pending[0] >= ENOUGH
        for array, value in zip(out, pending, strict=True):
            array[now, poll] = value[now]
        complete[:, poll] = now
        pending[:, now] = 0
    return _Ripe(*out, complete)


def _clearance(likelihoods: dict[float, np.ndarray], ripe: _Ripe, settings: Settings, slow: bool) -> np.ndarray:
    """As judge/trial.py."""
    negligible = settings.negligible_slow if slow else settings.negligible_errors
    parts = (
        twin.evidence(likelihoods, ripe.complete, HARMLESS, settings.worse, at_once=1.0),
        twin.rarity(ripe.n_c, ripe.c, negligible, Rarity.WEIGHTS),
        twin.rarity(ripe.n_b, ripe.n_b - ripe.b, negligible if slow else 0.0, Rarity.WEIGHTS),
    )
    return np.logaddexp.reduce([part + np.log(weight) for part, weight in zip(parts, CLEARANCE, strict=True)])


def _mean(values: list[np.ndarray], settings: Settings) -> np.ndarray:
    """As judge/case.py: errors, and the mean of the edges."""
    weights = settings.weights(latency=len(values) > 1)
    errors = values[0] + np.log(weights["errors"])
    if len(values) == 1:
        return errors
    slower = np.logaddexp.reduce(values[1:]) - np.log(len(values) - 1)
    return np.logaddexp(errors, slower + np.log(weights["latency"]))


def _service_down(traffic: Traffic, settings: Settings) -> np.ndarray:
    """As judge/traffic.py: the polls that ended within the last minute."""
    back = int(RECENT // traffic.poll) + 1
    sums = []
    for counts in (traffic.n_b, traffic.b):
        cumulative = np.pad(counts.cumsum(axis=1), ((0, 0), (back, 0)))
        sums.append(cumulative[:, back:] - cumulative[:, :-back])
    requests, errors = sums
    return (requests >= FEW) & (errors >= settings.outage * requests)


def _harmful_at_the_end(ripe: _Ripe, open_: np.ndarray, at: int, alpha: float, effect: float) -> np.ndarray:
    """As judge/horizon.py, for the runs that are *open_*; no where the normal approximation leaves no doubt."""
    n_c, c, n_b, b = (array[open_, : at + 1].astype(float) for array in (ripe.n_c, ripe.c, ripe.n_b, ripe.b))
    n, m = n_c + n_b, c + b
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nan_to_num(m * n_c / n).sum(axis=1)
        spread = np.nan_to_num(m * n_c * n_b * (n - m) / (n * n * (n - 1))).sum(axis=1)
        above = c.sum(axis=1) - mean
        # Harmless odds move the mean by about the variance times their logarithm; both tests need more than this.
        far = (above > 2 * np.sqrt(spread)) & (above - spread * np.log(effect) > 0.5 * np.sqrt(spread))
    harmful = np.zeros(n_c.shape[0], dtype=bool)
    for run in np.flatnonzero(far):
        values = np.arange(int(np.minimum(m[run], n_c[run]).max()) + 1)
        all_chances = hypergeom.pmf(values, n[run][:, None], m[run][:, None], n_c[run][:, None])
        null, harmless = np.ones(1), np.ones(1)
        for chances in all_chances[m[run] > 0]:
            tilted = chances * effect**values
            null, harmless = np.convolve(null, chances), np.convolve(harmless, tilted / tilted.sum())
        seen = int(c[run].sum())
        harmful[run] = null[seen:].sum() <= alpha and harmless[seen:].sum() <= DOUBT
    return harmful
