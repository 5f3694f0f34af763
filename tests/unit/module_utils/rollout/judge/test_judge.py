# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge import case
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.judge import Judge, judge
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import OLD, Window

NOW = Settings(warmup=0)


def watch(windows, settings=NOW, until_decided=True):
    bench = Judge(settings, "green", "blue")
    verdict = None
    for window in windows:
        verdict = bench.observe(window)
        if verdict.decided and until_decided:
            break
    return verdict


def test_a_canary_that_fails_is_regressed_and_says_all_a_person_needs(windows):
    verdict = watch(windows(1, 60, lambda k: 0.05 if k >= 20 else 0.005, 0.005), replace(NOW, min_requests=10_000))
    assert (verdict.word, verdict.decided) == ("regressed", True)
    assert verdict.regression >= verdict.threshold
    assert (verdict.driver.metric, verdict.driver.route) == ("errors", "other")
    assert 1000 <= verdict.driver.since < verdict.ended
    assert 3 < verdict.driver.odds_ratio < 25
    told = verdict.lines()
    assert told[0] == "regressed: green is worse than blue (errors)"
    assert told[1].startswith("green: 2,")
    assert told[3].startswith("since 1970-01-01 00:")
    assert "100 needed" in " ".join(told)


def test_it_says_since_when(windows):
    """The likeliest moment, which chance may move: half of the time it is right to within two windows."""
    since = []
    for seed in range(9):
        seen = windows(seed, 60, lambda k: 0.1 if k >= 20 else 0.005, 0.005)
        since.append(watch(seen, replace(NOW, min_requests=10_000)).driver.since)
    assert 1180 <= sorted(since)[4] <= 1220


def test_a_healthy_canary_is_promoted_and_an_uncertain_one_is_not(windows):
    verdict = watch(windows(2, 180, 0.02, 0.02))
    assert (verdict.word, verdict.decided) == ("healthy", True)
    assert verdict.promotion >= verdict.promotion_threshold
    assert "in no metric is green 2 times as bad as blue" in verdict.lines()[0]
    few = watch(windows(2, 5, 0.02, 0.02))
    assert (few.word, few.decided) == ("inconclusive", False)
    assert few.lines()[0] == "inconclusive so far: there is not enough evidence yet, least in: errors"


def test_a_service_without_errors_can_be_promoted_and_needs_enough_requests_for_it(windows):
    few, enough = watch(windows(3, 20, 0, 0)), watch(windows(3, 120, 0, 0))
    assert (few.word, enough.word) == ("inconclusive", "healthy")
    strict = watch(windows(3, 120, 0, 0), replace(NOW, negligible_errors=0))
    assert strict.word == "inconclusive", "two arms without an error say nothing about their odds"


def test_latency_alone_condemns_too(windows):
    verdict = watch(windows(4, 60, 0.005, 0.005, slow=((0.2, 0.05), (0.2, 0.01))))
    assert verdict.word == "regressed"
    assert verdict.driver.metric == "slower than 0.5 s"
    assert verdict.edge == 0.5
    assert "took longer than 0.5 s" in " ".join(verdict.lines())
    assert "slower than 0.5 s" in verdict.lines()[1]


def test_every_edge_must_be_cleared_before_a_promotion(windows):
    """Errors and the median are fine; one answer in a hundred takes long, and nothing shows that this is no worse."""
    verdict = watch(windows(5, 40, 0.0, 0.0, rps=20, slow=((0.3, 0.015), (0.3, 0.01))))
    assert verdict.word == "inconclusive"
    fine = watch(windows(5, 180, 0.02, 0.02, slow=((0.3, 0.01), (0.3, 0.01))))
    assert fine.word == "healthy"


def test_an_edge_that_all_answers_miss_holds_nothing_back(windows):
    verdict = watch(windows(6, 120, 0.02, 0.02, slow=((1.0, 0.0), (1.0, 0.0))))
    assert verdict.word == "healthy"


def test_a_shared_outage_is_no_regression_and_no_health(windows):
    bench = Judge(replace(NOW, min_requests=2500))
    seen = [bench.observe(window) for window in windows(7, 40, *[lambda k: 0.6 if 10 <= k < 30 else 0.005] * 2)]
    assert {verdict.word for verdict in seen} == {"inconclusive", "healthy"}
    during = [verdict for verdict in seen if verdict.service_down]
    assert len(during) > 15
    assert {verdict.word for verdict in during} == {"inconclusive"}
    assert "the service itself is failing" in " ".join(during[-1].lines())


def test_missing_data_is_inconclusive_and_decided(windows, one):
    gaps = [one(number, origins=(), gaps={"lb1": "timed out"}) for number in range(50, 53)]
    verdict = watch([*windows(8, 5, 0.02, 0.02), *gaps])
    assert (verdict.word, verdict.decided) == ("inconclusive", True)
    assert "lb1: timed out" in verdict.reason
    assert verdict.lines()[-1] == "left out: lb1: timed out"


def test_nobody_is_promoted_while_nothing_can_be_counted(windows, one):
    """What it was like says nothing of now; a source with nothing new yet, as between two scrapes, is no trouble."""
    well = list(windows(5, 180, 0.02, 0.02))
    blind, nothing_new = (one(180, origins=(), gaps={"lb1": why}) for why in ("timed out", OLD))
    said = [watch([*well, *more], until_decided=False) for more in ([], [blind], [blind, one(181)], [nothing_new])]
    assert [verdict.word for verdict in said] == ["healthy", "inconclusive", "healthy", "healthy"]
    assert not said[1].decided
    assert "nothing can be counted just now" in said[1].reason


def test_what_was_left_out_for_a_while_is_still_said_in_the_end(windows, one):
    few = list(windows(8, 6, 0.02, 0.02))
    few[3] = replace(few[3], origins=("lb2",), gaps={"lb1": "its counters began anew"})
    assert watch(few[:4]).lines()[-1] == "left out: lb1: its counters began anew"
    assert watch(few).lines()[-1] == "left out before: lb1: 1 of 6 windows, lately: its counters began anew"


def test_vanished_traffic_is_inconclusive(windows, one):
    verdict = watch([*windows(8, 5, 0.02, 0.02), *[one(n, Counts(0, 0), Counts(0, 0)) for n in range(5, 9)]])
    assert verdict.vanished
    assert (verdict.word, verdict.decided) == ("inconclusive", True)


def test_data_that_never_came(one):
    verdict = watch([one(n, origins=(), gaps={}) for n in range(3)])
    assert "no origin answered" in verdict.reason
    assert verdict.as_dict()["canary"]["errors_rate"]["estimate"] is None


def test_edges_are_known_from_the_first_window_that_measured(windows, one):
    bench = Judge(NOW)
    bench.observe(one(0, origins=(), gaps={"lb1": "timed out"}))
    later = [replace(each, began=each.began + 10, ended=each.ended + 10) for each in windows(9, 2, 0, 0)]
    bench.observe(replace(later[0], edges=(0.1,)))
    with pytest.raises(ValueError, match="with the edges"):
        bench.observe(replace(later[1], edges=(0.2,)))


def test_windows_out_of_order_are_refused(one):
    bench = Judge(NOW)
    bench.observe(one(3, Counts(1, 0), Counts(9, 0)))
    with pytest.raises(ValueError, match="expected a window from"):
        bench.observe(one(2, Counts(1, 0), Counts(9, 0)))


def test_the_limit_ends_in_inconclusive(windows):
    verdict = watch(windows(10, 60, 0.005, 0.005, rps=5), replace(NOW, limit=120))
    assert (verdict.word, verdict.decided) == ("inconclusive", True)
    assert verdict.reason.startswith("after 120 s ")
    assert verdict.ended == 1120


def test_a_cold_start_is_forgiven_and_a_broken_one_is_not(windows):
    warm = Settings(warmup=30, min_requests=10_000)
    cold = watch(windows(11, 40, lambda k: 0.02 if k < 3 else 0.005, 0.005), warm, until_decided=False)
    assert cold.word != "regressed"
    judged_cold = watch(windows(11, 40, lambda k: 0.06 if k < 3 else 0.005, 0.005), replace(warm, warmup=0))
    assert judged_cold.word == "regressed", "the negative control: without a warm-up the same start condemns it"
    broken = watch(windows(11, 3, 1.0, 0.005), warm)
    assert (broken.word, broken.windows) == ("regressed", 0)
    assert (broken.ended, broken.driver.metric) == (1010, "errors")
    waiting = watch(windows(11, 2, 0.005, 0.005), warm)
    assert waiting.reason == "the warm-up is not over"


def test_without_a_warm_up_a_dead_release_is_found_no_later_than_by_the_quick_test(windows):
    alike = ((0.2, 0.01), (0.2, 0.01))
    for seed in range(12):
        ended = [
            watch(
                windows(seed, 60, 1.0, 0.005, rps=rps, slow=alike), Settings(warmup=warmup, min_requests=10_000)
            ).ended
            for rps in (1, 3)
            for warmup in (0, 3600)
        ]
        assert ended[0] <= ended[1] and ended[2] <= ended[3]


def test_three_times_the_errors_are_forgiven_in_the_warm_up(windows, monkeypatch):
    warm = Settings(warmup=30)

    def aborted() -> int:
        return sum(watch(windows(seed, 3, 0.015, 0.005), warm).word == "regressed" for seed in range(400))

    assert aborted() == 0
    monkeypatch.setattr(case, "FORGIVEN", warm.effect)
    assert aborted() >= 3, "the negative control: a quick test of whether there is any harm"


def test_a_small_difference_is_harmless_however_certain(windows):
    rules = replace(NOW, min_requests=10**7)
    slow = ((0.225, 0.0), (0.2, 0.0))
    harmless = watch(windows(12, 60, 0.02, 0.02, rps=400, slow=slow), rules)
    assert harmless.regression > harmless.threshold
    assert harmless.word == "inconclusive"
    unasked = watch(windows(12, 60, 0.02, 0.02, rps=400, slow=slow), replace(rules, effect=1))
    assert unasked.word == "regressed", "the negative control: without the gate traffic alone condemns it"


def test_the_horizon_finds_what_is_too_small_for_the_test_at_every_poll(windows):
    sequential = [watch(windows(seed, 60, 0.01, 0.005, rps=60), NOW).word for seed in range(12)]
    both = [watch(windows(seed, 60, 0.01, 0.005, rps=60), replace(NOW, horizon=600)) for seed in range(12)]
    assert [verdict.word for verdict in both].count("regressed") > sequential.count("regressed")
    late = [verdict for verdict in both if verdict.p_value is not None and verdict.word == "regressed"]
    assert late
    assert "test at the horizon: p = " in " ".join(late[0].lines())
    assert late[0].driver.metric == "errors"


def test_once_regressed_is_regressed(windows):
    verdict = watch(windows(13, 120, lambda k: 0.2 if k < 3 else 0.0, 0.005), until_decided=False)
    assert verdict.word == "regressed"
    assert verdict.driver.since == 1000


def test_some_evidence_against_it_delays_a_promotion(windows):
    """Long healthy, then a little worse: for a promotion there is still plenty of evidence, and it has to wait."""
    bench = Judge(replace(NOW, min_requests=0, alpha=1e-6))
    said = [bench.observe(window) for window in windows(14, 110, lambda k: 0.02 if k < 100 else 0.09, 0.02)]
    delayed = [verdict for verdict in said if "decides before a promotion" in verdict.reason]
    assert delayed
    assert all(verdict.promotion >= verdict.promotion_threshold for verdict in delayed)


def test_each_split_needs_requests_of_its_own_and_the_evidence_goes_on(windows):
    bench = Judge(NOW)
    for window in windows(15, 60, 0.02, 0.02):
        first = bench.observe(window)
    assert first.word == "healthy"
    later = [
        replace(window, began=window.began + 600, ended=window.ended + 600, split=1)
        for window in windows(16, 3, 0.02, 0.02, share=0.04)
    ]
    second = [bench.observe(window) for window in later]
    assert [verdict.word for verdict in second] == ["inconclusive", "inconclusive", "healthy"]
    assert "requests that canary needs in this split" in second[0].reason


def test_bursts_need_more_evidence(windows):
    plain = watch(windows(17, 60, 0.03, 0.005))
    careful = watch(windows(17, 60, 0.03, 0.005), replace(NOW, burst=4))
    assert plain.word == "regressed"
    assert plain.ended < careful.ended
    warm = Settings(warmup=30, burst=100)
    assert watch(windows(17, 3, 1.0, 0.0), warm).regression < watch(windows(17, 3, 1.0, 0.0), Settings()).regression


def test_the_history_is_what_was_seen(windows, one):
    bench = Judge(Settings(warmup=20), "green", "blue")
    for window in windows(18, 12, 0.02, 0.02):
        verdict = bench.observe(window)
    history = bench.history()
    assert [point["judged"] for point in history] == [False, False] + [True] * 10
    assert history[-1]["regression"] == verdict.regression
    assert history[-1]["canary"]["mean"] == verdict.canary.errors / verdict.canary.requests
    assert all(point["baseline"]["low"] <= point["baseline"]["high"] for point in history)
    assert history[0]["canary"]["mean"] is None
    assert len(bench.points) == 12
    json.dumps(history, allow_nan=False)


def test_the_history_has_the_telling_edge_where_latency_is_measured(windows, one):
    bench = Judge(NOW)
    for window in windows(19, 5, 0.02, 0.02, slow=((0.3, 0.05), (0.3, 0.01))):
        verdict = bench.observe(window)
    bench.observe(one(5, Counts(100, 1), Counts(900, 9), edges=window.edges))
    *measured, without = bench.history()
    assert verdict.edge == 0.5
    assert measured[-1]["canary"]["slower"]["mean"] == verdict.canary.slower / verdict.canary.requests
    assert sum(point["canary"]["slower"]["slower"] for point in measured if point["judged"]) == verdict.canary.slower
    assert measured[-1]["baseline"]["slower"]["high"] < 0.05
    assert without["canary"]["slower"] is None
    assert Judge(NOW).history() == []
    empty = Judge(NOW)
    empty.observe(one(0, Counts(0, 0), Counts(9, 0, (0, 0)), edges=(0.1, 0.5)))
    assert empty.history()[0]["canary"]["slower"]["mean"] is None


def test_without_windows_there_is_no_verdict():
    assert judge([], NOW) is None


counts = st.builds(
    lambda n, e, s: Counts(n, min(n, e), (min(n, s),)), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)
)
routes = st.dictionaries(st.sampled_from(["pay", "other"]), counts, max_size=2)
several = st.lists(st.tuples(routes, routes, st.integers(0, 1), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(several, st.sampled_from([Settings(warmup=0), Settings(warmup=25, horizon=60, limit=80, burst=2)]))
def test_a_replay_says_what_was_said_whatever_happened(steps, rules):
    windows, split = [], 0
    for number, (canary, baseline, more, measured) in enumerate(steps):
        split += more
        arms, origins = (canary, baseline) if measured else ({}, {}), ("lb1",) if measured else ()
        windows.append(Window(10.0 * number, 10.0 * number + 10, *arms, origins=origins, edges=(0.1,), split=split))
    bench = Judge(rules)
    live = [bench.observe(window) for window in windows]
    for number in range(len(windows)):
        assert judge(windows[: number + 1], rules) == live[number]
    for verdict in live:
        assert verdict.word in ("healthy", "regressed", "inconclusive")
        assert verdict.word == "inconclusive" or verdict.decided
        json.dumps(verdict.as_dict(), allow_nan=False)
        assert all(isinstance(line, str) and line for line in verdict.lines())
