# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge's figures: each a question to simulated rollouts, with the limit that it must keep. Shares in percent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from seamless_bench.table import Figure

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.burst import WINDOWS, burst_factor
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.power import bound
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings

from .traffic import QUANTILES, Traffic, median_up, odds, simulate, tail_up
from .verdicts import NEVER, Outcome, verdicts

#: The judge as it is by default. What the warm-up adds is measured apart (speed.py): the arrays have none.
PLAIN = Settings(warmup=0)
ENDED = replace(PLAIN, horizon=600)
BASES, RATES = (0.005, 0.02), (100, 1000)
TEN_MINUTES, HALF_AN_HOUR = 60, 180
RISES = {"x2": 0.01, "x5": 0.025, "+5 points": 0.055, "all failing": 1.0}


@dataclass
class Bench:
    """Chance from one printed seed, and how many runs there are of what the table asks for."""

    rng: np.random.Generator
    scale: float = 1.0

    def runs(self, number: int) -> int:
        """So many runs, or fewer for a quick look."""
        return max(20, round(number * self.scale))

    def simulate(self, runs: int, polls: int, base: object, canary: object, **more: object) -> Traffic:
        """As traffic.simulate, with the bench's chance and its number of runs."""
        return simulate(self.rng, self.runs(runs), polls, base, canary, **more)


def percent(what: str, share: float, limit: float | None) -> Figure:
    """A share as a figure."""
    return Figure(what, 100 * float(share), "%", limit)


def false_alarms(bench: Bench) -> Iterator[Figure]:
    """A/A: both arms alike, watched for ten minutes whatever speaks for a promotion."""
    for base in BASES:
        for rps in RATES:
            at = f"{100 * base:g} % errors, {rps} rps"
            traffic = bench.simulate(20_000, TEN_MINUTES, base, base, rps=rps, slow=(QUANTILES, QUANTILES))
            yield percent(f"A/A aborted, {at}, errors and latency", verdicts(traffic, PLAIN).aborts, 0.5)
            errors = replace(traffic, slow_c=None, slow_b=None)
            yield percent(f"A/A aborted, {at}, errors alone", verdicts(errors, PLAIN).aborts, 0.5)
            yield percent(f"A/A aborted, {at}, errors alone, with the end test", verdicts(errors, ENDED).aborts, 1)


def outages(bench: Bench) -> Iterator[Figure]:
    """Both arms fail (and are slow) forty times as often for a minute."""
    for base in BASES:
        for rps in RATES:
            times = np.ones(TEN_MINUTES)
            times[20:26] = 40
            slow = [np.minimum(1, share * times) for share in QUANTILES]
            rates = np.minimum(1, base * times)
            traffic = bench.simulate(10_000, TEN_MINUTES, rates, rates, rps=rps, slow=(slow, slow))
            what = f"aborted in an outage of both (x40 for 60 s), {100 * base:g} % errors, {rps} rps"
            yield percent(what, verdicts(traffic, ENDED).aborts, 1)


def harmless(bench: Bench) -> Iterator[Figure]:
    """Odds of 1.1 in everything that is measured."""
    shares = [odds(share, 1.1) for share in QUANTILES]
    for base in BASES:
        for rps in RATES:
            traffic = bench.simulate(10_000, TEN_MINUTES, base, odds(base, 1.1), rps=rps, slow=(shares, QUANTILES))
            what = f"aborted for harmless odds of 1.1, {100 * base:g} % errors, {rps} rps"
            errors = replace(traffic, slow_c=None, slow_b=None)
            yield percent(f"{what}, errors and latency", verdicts(traffic, PLAIN).aborts, 2)
            yield percent(f"{what}, errors alone", verdicts(errors, PLAIN).aborts, 2)
            yield percent(f"{what}, errors and latency, with the end test", verdicts(traffic, ENDED).aborts, 2)
            yield percent(f"{what}, errors alone, with the end test", verdicts(errors, ENDED).aborts, 2)


def found(bench: Bench) -> Iterator[Figure]:
    """What must be found in ten minutes at 100 rps and 10 % share, errors and latency measured."""
    for name, rate in RISES.items():
        if name != "x2":
            traffic = bench.simulate(10_000, TEN_MINUTES, 0.005, rate, slow=(QUANTILES, QUANTILES))
            yield percent(f"not found in 10 min: {name} at 0.5 %", 1 - verdicts(traffic, PLAIN).aborts, 0.1)
    traffic = bench.simulate(10_000, TEN_MINUTES, 0.005, 0.01, slow=(QUANTILES, QUANTILES))
    errors = replace(traffic, slow_c=None, slow_b=None)
    missed = "not found in 10 min: x2 at 0.5 %"
    yield percent(f"{missed}, errors alone, with the end test", 1 - verdicts(errors, ENDED).aborts, 5)
    yield percent(f"{missed}, errors and latency, with the end test", 1 - verdicts(traffic, ENDED).aborts, None)
    yield percent(f"{missed}, errors alone, without the end test", 1 - verdicts(errors, PLAIN).aborts, None)


def requests(bench: Bench) -> Iterator[Figure]:
    """Mean canary requests until a rise is found, errors alone, one second between polls; as multiples of the bound."""
    for name, polls in (("x2", 3000), ("x5", 600), ("+5 points", 200)):
        traffic = bench.simulate(10_000, polls, 0.005, RISES[name], poll=1.0)
        outcome = verdicts(traffic, PLAIN)
        least = bound(0.005, RISES[name], 0.1, PLAIN.alpha)
        yield Figure(
            f"mean requests to find {name} at 0.5 %, 1 s polls", float(outcome.requests.mean()) / least, "x bound", 1.6
        )


def latency(bench: Bench) -> Iterator[Figure]:
    """Median canary requests until slower answers are found, errors being equal and measured as well."""
    for name, shares in (("the p99 x1.5 in the tail", tail_up(1.5)), ("the median +20 %", median_up(1.2))):
        traffic = bench.simulate(2_000, TEN_MINUTES, 0.005, 0.005, slow=(shares, QUANTILES))
        outcome = verdicts(traffic, PLAIN)
        least = min(
            bound(base, raised, 0.1, PLAIN.alpha)
            for base, raised in zip(QUANTILES, shares, strict=True)
            if raised > base
        )
        median = float(np.median(outcome.requests)) / float(least)
        yield Figure(f"median requests to find {name}, 10 s polls", median, "x bound", 3.5)


def failing(bench: Bench) -> Iterator[Figure]:
    """A canary that fails every request, and gets one at each poll; the baseline nine."""
    runs, polls = bench.runs(5_000), 60
    for name, settings in (("", PLAIN), (", with the end test", ENDED)):
        one = np.ones((runs, polls), dtype=np.int64)
        n_b = bench.rng.poisson(9, one.shape)
        traffic = Traffic(10.0, one, one, n_b, bench.rng.binomial(n_b, 0.005))
        failed = np.quantile(verdicts(traffic, settings).requests, 0.95)
        yield Figure(f"failed requests of a dead canary, one a poll{name}, p95", float(failed), "", 7)


def promotions(bench: Bench) -> Iterator[Figure]:
    """Half an hour: who is promoted, and who must not be."""
    for base in BASES:
        for ratio in (2, 3):
            traffic = bench.simulate(5_000, HALF_AN_HOUR, base, odds(base, ratio))
            wrong = verdicts(traffic, PLAIN, promote=True).promotions
            yield percent(f"promoted with {ratio} times the odds of {100 * base:g} % errors", wrong, 1)
    worse = tuple(odds(share, 2) if share == 0.01 else share for share in QUANTILES)
    traffic = bench.simulate(5_000, HALF_AN_HOUR, 0.005, 0.005, slow=(worse, QUANTILES))
    yield percent("promoted with 2 times the odds above the p99 alone", verdicts(traffic, PLAIN, True).promotions, 1)
    for base in (0.0, *BASES):
        traffic = bench.simulate(5_000, HALF_AN_HOUR, base, base, slow=(QUANTILES, QUANTILES))
        for name, seen in (("latency", traffic), ("", replace(traffic, slow_c=None, slow_b=None))):
            held = 1 - verdicts(seen, PLAIN, promote=True).promotions
            measured = "errors and latency" if name else "errors alone"
            yield percent(f"A/A not promoted in 30 min, {100 * base:g} % errors, {measured}", held, 1)


def bursts(bench: Bench) -> Iterator[Figure]:
    """Errors in bursts of five on one arm at a time: without and with the factor measured on the old release."""

    def count(n: np.ndarray) -> np.ndarray:
        return np.minimum(n, 5 * bench.rng.poisson(n * 0.02 / 5))

    quiet = bench.simulate(5_000, TEN_MINUTES, 0.02, 0.02)
    traffic = replace(quiet, c=count(quiet.n_c), b=count(quiet.n_b))
    slices = np.full((2 * WINDOWS, 10), 100)
    factor = burst_factor(
        [list(zip(n, k, strict=True)) for n, k in zip(slices.tolist(), count(slices).tolist(), strict=True)]
    )
    yield percent("A/A aborted, errors in bursts of 5, without a factor", verdicts(traffic, PLAIN).aborts, None)
    told = "A/A aborted, errors in bursts of 5, with the measured factor"
    yield percent(told, verdicts(traffic, replace(PLAIN, burst=factor or 1.0)).aborts, 1)


def compared(outcome: Outcome, rate: float, base: float = 0.005) -> tuple[float, float]:
    """Mean canary requests until found as a multiple of the bound, of the runs that were; and the share found."""
    seen = outcome.regressed != NEVER
    mean = float(outcome.requests[seen].mean()) if seen.any() else float("nan")
    return mean / bound(base, rate, 0.1, PLAIN.alpha), float(seen.mean())


CASES: tuple[Callable[[Bench], Iterator[Figure]], ...] = (
    false_alarms, outages, harmless, found, requests, latency, failing, promotions, bursts,
)  # fmt: skip
