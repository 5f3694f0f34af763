# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole way from counters to a verdict, for a canary that is as good as the old release: nobody may abort it.

Counters of two load balancers, a split that grows, an outage of both releases, readings that miss something and
counters that begin anew. The same harness gives the same counters to folds that do what ours must not, and sees them
abort.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.judge import Judge
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import Window, Windows

RULES = Settings(warmup=0, min_requests=10**7)
POLLS = 40
CALM, OUTAGE = 0.002, 0.1


@dataclass
class Balancer:
    """One load balancer's counters, cumulative until it is reloaded."""

    name: str
    incarnation: int = 0
    counts: dict[str, Counts] = field(default_factory=lambda: {"green": Counts(0, 0), "blue": Counts(0, 0)})

    def serve(self, rng, share, rate):
        for color, part in (("green", share), ("blue", 1 - share)):
            requests = int(rng.poisson(1000 * part))
            before = self.counts[color]
            errors = int(rng.binomial(requests, rate))
            self.counts[color] = Counts(before.requests + requests, before.errors + errors)

    def reload(self):
        self.incarnation += 1
        self.counts = {"green": Counts(0, 0), "blue": Counts(0, 0)}

    def sample(self, at, without=()):
        counts = {color: {"other": counts} for color, counts in self.counts.items() if color not in without}
        return Sample(at, self.name, str(self.incarnation), counts)


class Trusting(Windows):
    """What is missing counts as zero, and what began anew is taken as if it had not."""

    def _why_not(self, sample):
        return None if sample.origin in self._last else super()._why_not(sample)

    def _difference(self, sample, color):
        before, now = self._last[sample.origin].counts.get(color, {}), sample.counts.get(color, {})
        was = before.get("other", Counts(0, 0))
        counts = now.get("other", Counts(0, 0))
        requests = max(0, counts.requests - was.requests)
        return {"other": Counts(requests, min(requests, max(0, counts.errors - was.errors)))}

    def _without_what_ran_ahead(self, sample):
        return sample


def rollout(
    seed,
    fold=Windows,
    share=lambda poll: 0.1,
    rate=lambda poll: CALM,
    missing=(),
    reloads=(),
    fill=False,
    judge=Judge,
    balancer=Balancer,
):
    """The judge's last word on one rollout. With *fill* what is missing is given as zeros instead of being said."""
    rng = np.random.default_rng(seed)
    balancers = [balancer("lb1"), balancer("lb2")]
    bench, split, windows, last = judge(RULES), 0, fold("green", "blue", 0), None
    for poll in range(POLLS):
        at = 10.0 * (poll + 1)
        for each in balancers:
            if (poll, each.name) in reloads:
                each.reload()
            each.serve(rng, share(poll), rate(poll))
        gone = {name for number, name in missing if number == poll}
        samples = [b.sample(at, ("green",) if b.name in gone else ()) for b in balancers if fill or b.name not in gone]
        window = windows.add(Reading((), tuple(samples), {} if fill else dict.fromkeys(gone, "timed out")), at)
        last = bench.observe(window) if window else last
        if poll + 1 < POLLS and share(poll + 1) != share(poll):
            split += 1
            windows = fold("green", "blue", split)
            windows.add(Reading((), tuple(each.sample(at) for each in balancers)), at)
    return last.word


def early_outage(poll):
    return OUTAGE if 5 <= poll < 15 else CALM


def aborts(**how):
    return sum(rollout(seed, **how) == "regressed" for seed in range(6))


MISSING = [(30, "lb1"), (30, "lb2")]


def test_a_missing_sample_is_left_out():
    assert aborts(rate=early_outage, missing=MISSING) == 0


def test_the_negative_control_a_missing_sample_as_zero_aborts_a_healthy_canary():
    assert aborts(fold=Trusting, rate=early_outage, missing=MISSING, fill=True) == 6


def test_zeros_given_as_counts_are_found_out_by_our_fold_as_a_reset():
    assert aborts(rate=early_outage, missing=MISSING, fill=True) == 0


def test_counters_that_begin_anew_are_left_out():
    assert aborts(rate=early_outage, reloads=[(20, "lb1"), (28, "lb2")]) == 0


def growing(poll):
    return 0.05 if poll < 20 else 0.5


def outage_of_the_second_split(poll):
    return CALM if poll < 20 else OUTAGE


def test_a_growing_split_in_an_outage_of_both_is_no_regression():
    assert aborts(share=growing, rate=outage_of_the_second_split) == 0


class Pooling:
    """In place of the judge: everything so far in one window, each time."""

    def __init__(self, rules):
        self._rules, self._sums = rules, {"canary": Counts(0, 0), "baseline": Counts(0, 0)}

    def observe(self, window):
        for arm, counts in (("canary", window.canary_total), ("baseline", window.baseline_total)):
            before = self._sums[arm]
            self._sums[arm] = Counts(before.requests + counts.requests, before.errors + counts.errors)
        arms = [{"other": self._sums[arm]} for arm in ("canary", "baseline")]
        return Judge(self._rules).observe(Window(0.0, window.ended, *arms, origins=("lb1",)))


def test_the_negative_control_windows_pooled_across_splits_abort_a_healthy_canary():
    assert aborts(share=growing, rate=outage_of_the_second_split, judge=Pooling) == 6


class Worse(Balancer):
    """Three errors more of the new release in each ten seconds."""

    def serve(self, rng, share, rate):
        super().serve(rng, share, rate)
        green = self.counts["green"]
        self.counts["green"] = Counts(green.requests, min(green.requests, green.errors + 3))


@pytest.mark.parametrize("missing", [[], MISSING])
def test_the_harness_finds_a_canary_that_is_worse(missing):
    """Otherwise nothing above would say anything."""
    assert aborts(missing=missing, balancer=Worse) == 6
