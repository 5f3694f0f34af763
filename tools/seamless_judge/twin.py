# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge's arithmetic on arrays: every run and poll at once. agreement.py holds it to the judge's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.special import gammaln

NEGLIGIBLE = 1e-17
#: After so many terms, sums that are complete are put aside.
SIEVE = 16


def log_likelihoods(
    n_c: np.ndarray, c: np.ndarray, n_b: np.ndarray, b: np.ndarray, odds: Iterable[float]
) -> dict[float, np.ndarray]:
    """As judge/likelihood.py, elementwise; each distinct margin is computed once."""
    margins, where = np.unique(np.stack([a.ravel() for a in (n_c, n_b, c + b)]), axis=1, return_inverse=True)
    where = where.ravel()
    result = {}
    for psi in odds:
        if psi == 1:
            result[psi] = np.zeros(n_c.shape)
            continue
        normaliser = _log_normaliser(*margins.astype(float), psi)
        result[psi] = np.log(psi) * c - normaliser[where].reshape(n_c.shape)
    return result


def _log_normaliser(n_c: np.ndarray, n_b: np.ndarray, m: np.ndarray, psi: float) -> np.ndarray:
    product = psi * (n_c + 1) * (m + 1)
    linear = psi * (n_c + m + 2) + n_b - m
    root = np.floor(2 * product / (linear + np.sqrt(linear**2 - 4 * (psi - 1) * product)))
    mode = np.clip(root, np.maximum(0, m - n_b), np.minimum(n_c, m))
    largest = _log_choose(n_c, mode) + _log_choose(n_b, m - mode) - _log_choose(n_c + n_b, m) + mode * np.log(psi)
    sums = 1 + _one_side(n_c, n_b, m, psi, mode, 1) + _one_side(n_c, n_b, m, psi, mode, -1)
    return largest + np.log(sums)


def _one_side(n_c: np.ndarray, n_b: np.ndarray, m: np.ndarray, psi: float, start: np.ndarray, step: int) -> np.ndarray:
    """The terms above (step 1) or below (-1) *start*, in units of the one there."""
    total = np.zeros(start.shape)
    alive = np.arange(start.size)
    sums, term, h = np.zeros(start.size), np.ones(start.size), start.copy()
    n_c, m, rest = n_c.copy(), m.copy(), n_b - m
    while alive.size:
        for _term in range(SIEVE):
            if step > 0:
                term *= psi * (n_c - h) * (m - h) / ((h + 1) * (rest + h + 1))
            else:
                term *= h * (rest + h) / (psi * (n_c - h + 1) * (m - h + 1))
            sums += term
            h += step
            np.maximum(term, 0, out=term)  # beyond the last term the factors change their sign
            h = np.where(term == 0, start[alive], h)
            term = np.where(term < NEGLIGIBLE, 0.0, term)
        open_ = term > 0
        total[alive[~open_]] = sums[~open_]
        alive, sums, term, h, n_c, m, rest = (a[open_] for a in (alive, sums, term, h, n_c, m, rest))
    return total


def evidence(
    likelihoods: Mapping[float, np.ndarray],
    complete: np.ndarray,
    weights: Mapping[float, float],
    null: float = 1.0,
    at_once: float = 0.8,
    pace: float = 1 / 20,
) -> np.ndarray:
    """As judge/evidence.py: log e-values by run and poll; a poll that completes no stratum changes none."""
    within = {psi: weight for psi, weight in weights.items() if psi > null or at_once == 1}
    whole = sum(within.values())
    runs, polls = complete.shape
    active = {psi: np.full(runs, np.log(at_once)) for psi in within}
    waiting, begun = np.full(runs, 1 - at_once), np.zeros(runs, dtype=bool)
    result = np.zeros((runs, polls))
    for poll in range(polls):
        now = complete[:, poll]
        add = np.where(begun & now, waiting * pace, 0.0)
        waiting = waiting - add
        begun |= now
        parts = []
        with np.errstate(divide="ignore"):
            for psi, weight in within.items():
                ratio = np.where(now, likelihoods[psi][:, poll] - likelihoods[null][:, poll], 0.0)
                active[psi] = np.logaddexp(active[psi], np.log(add)) + ratio
                parts.append(active[psi] + np.log(weight / whole))
            parts.append(np.log(waiting))
        result[:, poll] = np.logaddexp.reduce(parts)
    return result


def rarity(requests: np.ndarray, events: np.ndarray, rate: float, weights: Iterable[tuple[float, float]]) -> np.ndarray:
    """As judge/evidence.py's Rarity: the logarithm of the e-value by run and poll."""
    if rate <= 0:
        return np.zeros(requests.shape)
    n, k = requests.cumsum(axis=1), events.cumsum(axis=1)
    parts = []
    for part, weight in weights:
        alike = (n - k) * (np.log1p(-part * rate) - np.log1p(-rate))
        told = k * np.log(part) if part else np.where(k > 0, -np.inf, 0.0)
        parts.append(alike + told + np.log(weight))
    return np.logaddexp.reduce(parts)


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
