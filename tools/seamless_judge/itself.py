# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge itself, not its arrays: how long it takes, what its warm-up does, and whether the arrays agree with it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from seamless_bench.table import Figure

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.strata import Stratum
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.table import Metric
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.trial import Trial

from .agreement import decide, disagreements
from .cases import BASES, ENDED, PLAIN, RISES, TEN_MINUTES, Bench, percent
from .traffic import QUANTILES, Traffic, odds, tail_up
from .verdicts import NEVER


def agreement(bench: Bench) -> Iterator[Figure]:
    """Runs in which the judge decides otherwise than its arrays, or at another poll: none, or nothing here counts."""
    slow, alike = (tail_up(1.5), QUANTILES), (QUANTILES, QUANTILES)
    differ = 0
    for canary, rps, latency, settings, promote in (
        (0.005, 100, alike, PLAIN, True),
        (0.005, 100, slow, PLAIN, True),
        (0.01, 60, None, ENDED, False),
        (odds(0.005, 1.1), 1000, alike, ENDED, False),
        (0.025, 2, None, PLAIN, True),
        (0.0, 100, None, replace(PLAIN, negligible_errors=0.01), True),
        (0.02, 100, None, replace(PLAIN, burst=3), False),
    ):
        traffic = bench.simulate(60, TEN_MINUTES, 0.005, canary, rps=rps, slow=latency)
        differ += disagreements(traffic, settings, promote)
    yield Figure("runs in which the judge and its arrays differ, of seven times 60", differ, "", 0)


def speed(_bench: Bench) -> Iterator[Figure]:
    """All that one edge of one window costs: every odds ratio, all evidence; the median of 50, in processor time."""
    stratum = Stratum("other", Counts(1000, 5, (520,)), Counts(9000, 45, (4480,)))
    taken = []
    for _time in range(50):
        trial = Trial(Metric(0.1, 0), Settings())
        began = time.process_time()
        trial.take(0.0, [stratum])
        taken.append(1000 * (time.process_time() - began))
    yield Figure("one metric edge, one window, 1000 canary requests", statistics.median(taken), "ms", 2)


def warm_up(bench: Bench) -> Iterator[Figure]:
    """The default settings, warm-up and all; and a dead canary that never leaves its warm-up."""
    for base in BASES:
        traffic = bench.simulate(1_000, TEN_MINUTES, base, base)
        aborted = [decide(traffic, run, Settings(), False)[0] != NEVER for run in range(traffic.runs)]
        yield percent(f"A/A aborted, {100 * base:g} % errors, 100 rps, the judge as by default", np.mean(aborted), 0.5)
    one = np.ones((bench.runs(300), 30), dtype=np.int64)
    n_b = bench.rng.poisson(9, one.shape)
    dead = Traffic(10.0, one, one, n_b, bench.rng.binomial(n_b, 0.005))
    failed = [decide(dead, run, Settings(warmup=300), False)[0] + 1 for run in range(dead.runs)]
    yield Figure("failed requests of a dead canary in its warm-up, one a poll, p95", float(np.quantile(failed, 0.95)))
    cold = bench.simulate(1_000, TEN_MINUTES, 0.005, np.where(np.arange(TEN_MINUTES) < 3, RISES["x5"] / 2, 0.005))
    for name, settings in (("left out", Settings()), ("judged", PLAIN)):
        aborted = [decide(cold, run, settings, False)[0] != NEVER for run in range(cold.runs)]
        what = f"aborted for 2.5 times the errors in its first 30 s, these {name}"
        yield percent(what, np.mean(aborted), 1 if settings.warmup else None)


CASES = (agreement, speed, warm_up)
