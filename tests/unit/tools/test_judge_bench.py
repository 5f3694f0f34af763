# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small and fixed part of `make bench-judge`, and the same harness catching judges that are wrong."""

from __future__ import annotations

import json

import bench_judge
import numpy as np
import pytest
from seamless_judge import cases, comparison, itself, promises, rivals, twin
from seamless_judge.agreement import disagreements
from seamless_judge.traffic import QUANTILES, median_up, odds, simulate, tail_up
from seamless_judge.verdicts import NEVER, verdicts

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.evidence import ERRORS
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings

PLAIN = cases.PLAIN


@pytest.fixture
def rng():
    return np.random.default_rng(42)


def test_a_healthy_canary_is_left_alone_by_the_judge_and_not_by_a_test_repeated_at_every_poll(rng):
    traffic = simulate(rng, 400, 60, 0.02, 0.02)
    assert verdicts(traffic, PLAIN).aborts <= 0.01
    assert verdicts(traffic, cases.ENDED).aborts <= 0.015
    assert rivals.z_test(traffic).aborts > 0.2, "the negative control: the harness sees who looks too often"
    assert rivals.flagger(traffic).aborts == 1, "the negative control: an absolute threshold below the base rate"


def test_an_outage_of_both_is_no_regression(rng):
    rates = np.where((np.arange(60) >= 20) & (np.arange(60) < 26), 0.2, 0.005)
    traffic = simulate(rng, 300, 60, rates, rates)
    assert verdicts(traffic, PLAIN).aborts <= 0.01
    pooled = [int(a[:, :26].sum(axis=1)[0]) for a in (traffic.n_c, traffic.c, traffic.n_b, traffic.b)]
    assert pooled[1] > 100


def test_what_is_worse_is_found_and_not_promoted(rng):
    assert verdicts(simulate(rng, 200, 60, 0.005, 0.025), PLAIN).aborts == 1
    outcome = verdicts(simulate(rng, 200, 180, 0.02, odds(0.02, 2)), PLAIN, promote=True)
    assert outcome.promotions <= 0.02
    assert outcome.aborts > 0.97


def test_a_healthy_one_is_promoted(rng):
    assert verdicts(simulate(rng, 200, 180, 0.005, 0.005), PLAIN, promote=True).promotions > 0.97
    slow = simulate(rng, 40, 180, 0.0, 0.0, slow=(QUANTILES, QUANTILES))
    assert verdicts(slow, PLAIN, promote=True).promotions > 0.9


def test_without_late_onset_a_late_regression_is_missed(rng):
    """Thirty healthy minutes, then five times the errors for one."""
    rates = np.where(np.arange(186) < 180, 0.02, 0.1)
    traffic = simulate(rng, 60, 186, 0.02, rates)
    likelihoods = twin.log_likelihoods(traffic.n_c, traffic.c, traffic.n_b, traffic.b, {*ERRORS, 1.0})
    always = np.ones(traffic.n_c.shape, dtype=bool)
    late, at_once = (twin.evidence(likelihoods, always, ERRORS, at_once=part) for part in (0.8, 1.0))
    assert (late[:, -1] > np.log(100)).mean() > 0.8
    assert (at_once[:, -1] > np.log(100)).mean() < 0.1, "the negative control"


def test_slower_answers_are_found(rng):
    for shares in (tail_up(1.5), median_up(1.2)):
        traffic = simulate(rng, 60, 60, 0.005, 0.005, slow=(shares, QUANTILES))
        assert verdicts(traffic, PLAIN).aborts == 1


@pytest.mark.parametrize(
    ("canary", "rps", "slow", "settings", "promote"),
    [
        (0.005, 100, (QUANTILES, QUANTILES), PLAIN, True),
        (0.01, 60, None, cases.ENDED, False),
        (0.03, 2, None, PLAIN, True),
        (0.02, 100, None, Settings(warmup=0, burst=3), False),
    ],
)
def test_the_arrays_say_what_the_judge_says(rng, canary, rps, slow, settings, promote):
    traffic = simulate(rng, 12, 60, 0.005, canary, rps=rps, slow=slow)
    assert disagreements(traffic, settings, promote) == 0


def test_the_arrays_refuse_what_they_do_not_do(rng):
    traffic = simulate(rng, 2, 3, 0.005, 0.005)
    for settings, promote in ((Settings(), False), (Settings(warmup=0, burst=2), True)):
        with pytest.raises(ValueError, match="use the judge itself"):
            verdicts(traffic, settings, promote)


def test_the_rules_of_others():
    assert [rivals._rank(n) for n in (4, 5, 6, 10)] == [0, 2, 4, 20]
    rng = np.random.default_rng(3)
    worse = simulate(rng, 50, 60, 0.005, 0.055)
    for rule in (rivals.flagger, rivals.kayenta):
        outcome = rule(worse)
        assert set(outcome.regressed) == {29}, "five minutes, whatever happens"
        assert 2500 < outcome.requests.mean() < 3500
    assert set(rivals.flagger(simulate(rng, 50, 60, 0.005, 0.005)).regressed) == {NEVER}


def test_the_bench_asks_every_question_of_the_table_and_keeps_its_answers(monkeypatch, capsys):
    kept = {}

    def keep(name, figures):
        kept[name] = figures
        return int(not all(figure.met for figure in figures))

    def question(bench):
        yield cases.percent("aborted", verdicts(bench.simulate(1000, 6, 0.02, 0.02), PLAIN).aborts, 100)

    asked = {case.__name__ for group in (itself, cases, promises, comparison) for case in group.CASES}
    assert asked >= {
        "false_alarms",
        "outages",
        "harmless",
        "found",
        "requests",
        "latency",
        "failing",
        "promotions",
        "speed",
    }
    for group in (itself, promises, comparison):
        monkeypatch.setattr(group, "CASES", ())
    monkeypatch.setattr(cases, "CASES", (question,))
    monkeypatch.setattr(bench_judge, "keep", keep)
    assert bench_judge.main(["--part", "0.02", "7"]) == 0
    assert "seed 7, 0.02 of the runs" in capsys.readouterr().out
    json.dumps([figure.__dict__ for figure in kept["judge"]])
    again = cases.Bench(np.random.default_rng([7, 0]), 0.02)
    assert [figure.value for figure in question(again)] == [figure.value for figure in kept["judge"]]
