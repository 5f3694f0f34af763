# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.promises import settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.watching import Move, Watched
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.juries import (
    LEAST_ERRORS,
    CanaryJury,
    CeilingJury,
    ProbeJury,
    thinned,
)
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.watcher import Means, Pace, watch

DECLARED = {
    "alpha": 0.01,
    "beta": 0.01,
    "warmup": 0,
    "missing": 5,
    "horizon": None,
    "negligible_error_percent": 0.1,
    "negligible_slow_percent": 0.5,
    "burst": 1,
}
RULES = settings(DECLARED, poll=1.0)
NAMES = ("v2", "v1")


class Traffic:
    """Cumulative counts of both colors, second by second, at these rates; green is the canary."""

    def __init__(self, new_errors: float, old_errors: float = 0.01, share: int = 20, rate: int = 200) -> None:
        self.random = random.Random(7)
        self.at = 1000.0
        self.errors = {"green": new_errors, "blue": old_errors}
        self.rate = {"green": rate * share // 100, "blue": rate * (100 - share) // 100}
        self.counts = {"green": [0, 0], "blue": [0, 0]}

    def second(self, missing: str = "") -> tuple[float, Reading]:
        self.at += 1
        for color, counts in self.counts.items():
            counts[0] += self.rate[color]
            counts[1] += sum(self.random.random() < self.errors[color] for _ in range(self.rate[color]))
        if missing:
            return self.at, Reading((), (), {"lb1": missing})
        counted = {color: {"other": Counts(*counts)} for color, counts in self.counts.items()}
        return self.at, Reading((), (Sample(self.at, "lb1", "a", counted),))


def decided(jury: CanaryJury, traffic: Traffic, seconds: int = 600) -> tuple[str, int]:
    for second in range(seconds):
        found = jury.observe(*traffic.second())
        if found.decided:
            return found.word, second
    return "open", seconds


def test_a_release_that_is_no_worse_is_called_healthy() -> None:
    jury = CanaryJury(RULES, "green", NAMES)
    assert decided(jury, Traffic(0.01))[0] == "healthy"


def test_a_release_that_fails_is_found_within_seconds() -> None:
    jury = CanaryJury(RULES, "green", NAMES)
    assert decided(jury, Traffic(1.0)) == ("regressed", 1)
    found = jury.observe(*Traffic(1.0).second())
    assert "v2 is worse than v1" in decided_why(Traffic(0.5))
    assert found.word in ("regressed", "inconclusive")


def decided_why(traffic: Traffic) -> str:
    jury = CanaryJury(RULES, "green", NAMES)
    for _ in range(60):
        found = jury.observe(*traffic.second())
        if found.decided:
            assert found.evidence >= 1
            assert found.detail()["word"] == found.word
            assert found.history()
            return found.why
    return "nothing"


def test_what_was_kept_says_the_same_as_what_was_seen() -> None:
    """A watch that is interrupted goes on with the same evidence, also that of the steps before."""
    first, second = ([traffic.second() for _ in range(30)] for traffic in (Traffic(0.02), Traffic(0.02, share=50)))
    second = [(at + 100, reading) for at, reading in second]
    straight = CanaryJury(RULES, "green", NAMES, [first])
    for at, reading in second:
        seen = straight.observe(at, reading)
    resumed = CanaryJury(RULES, "green", NAMES, [first], second[:-1]).observe(*second[-1])
    assert (resumed.word, resumed.evidence, resumed.requests) == (seen.word, seen.evidence, seen.requests)
    assert resumed.detail() == seen.detail()


def ended(horizon: int | None) -> Move:
    """How a step of two minutes ends, with a rise that is hard to find and a test at the *horizon*."""
    traffic = Traffic(0.016)
    began, first = traffic.second()
    jury = CanaryJury(settings({**DECLARED, "horizon": horizon}), "green", NAMES, kept=[(began, first)])
    means = Means(lambda: traffic.second()[1], *([lambda *_more: ()] * 6))
    clock = SimpleNamespace(time=lambda: traffic.at, sleep=lambda seconds: None)
    move, found = watch(Watched(least=2, most=120), 20, began, jury, means, clock, Pace(1, 3, 5))
    assert traffic.at == began + 120
    assert (found.detail()["p_value"] is not None) == (horizon is not None)
    return move


def test_a_step_that_lasts_until_the_horizon_is_tested_there() -> None:
    """The negative control: the same traffic without that test has no verdict."""
    assert ended(120).why.startswith("regressed: v2 is worse than v1 (errors)")
    assert ended(None).why.startswith("no verdict after 120 s")


def test_the_horizon_is_that_of_the_first_step() -> None:
    """Steps begin where the one before ended; the test is of all of them, once."""
    rules = settings({**DECLARED, "horizon": 60, "negligible_error_percent": 0})
    traffic = Traffic(0.01)
    first = [traffic.second() for _ in range(31)]
    jury = CanaryJury(rules, "green", NAMES, [first], [traffic.second()])
    seen = {}
    for _ in range(40):
        at, reading = traffic.second()
        seen[at - first[0][0]] = jury.observe(at, reading).detail()["p_value"]
    assert {after for after, p_value in seen.items() if p_value is None} == set(map(float, range(32, 60)))
    assert len({p_value for p_value in seen.values() if p_value is not None}) == 1


def test_the_answers_of_this_step_alone_are_counted_for_it() -> None:
    first = [traffic.second() for traffic in [Traffic(0.0)] for _ in range(10)]
    later = Traffic(0.0, share=50)
    later.at = 2000.0
    jury = CanaryJury(RULES, "green", NAMES, [first])
    for _ in range(4):
        found = jury.observe(*later.second())
    assert found.requests == 3 * 100
    assert found.colors == {
        "v1": {"requests": 300, "errors": found.colors["v1"]["errors"]},
        "v2": {"requests": 300, "errors": 0},
    }


def test_counts_that_stay_away_are_said_and_end_it() -> None:
    jury, traffic = CanaryJury(RULES, "green", NAMES), Traffic(0.01)
    for _ in range(5):
        assert not jury.observe(*traffic.second()).lost
    found = [jury.observe(*traffic.second(missing="no route to host")) for _ in range(6)]
    assert not found[0].lost
    assert found[-1].lost
    assert found[-1].word == "inconclusive"


def test_counts_that_do_not_come_for_long_end_it_however_long_each_look_takes() -> None:
    """A load balancer that drops what it is asked keeps each look waiting for seconds; RULES allow for five."""
    jury, traffic = CanaryJury(RULES, "green", NAMES), Traffic(0.01)
    jury.observe(*traffic.second())
    began = traffic.at
    while not jury.observe(*traffic.second(missing="timed out")).lost:
        traffic.at += 1.5
    assert 5 <= traffic.at - began <= 10


def test_people_are_told_what_is_left_out_and_that_the_service_itself_is_down() -> None:
    jury, traffic = CanaryJury(RULES, "green", NAMES), Traffic(0.01)
    assert [jury.observe(*traffic.second()).notes for _ in range(3)] == [(), [], []]
    assert jury.observe(*traffic.second(missing="timed out")).notes == ["left out: lb1: timed out"]
    traffic.errors = {"green": 1.0, "blue": 1.0}
    found = [jury.observe(*traffic.second()) for _ in range(20)][-1]
    assert [note.partition(":")[0] for note in found.notes] == ["the service itself is failing"]
    assert not found.decided


def test_counts_that_cannot_be_compared_end_it() -> None:
    jury, traffic = CanaryJury(RULES, "green", NAMES), Traffic(0.01)
    at, reading = traffic.second()
    jury.observe(at, reading)
    assert jury.observe(at - 5, reading).lost


def test_a_ceiling_is_held_against_all_answers() -> None:
    traffic = Traffic(0.02, share=100)
    jury = CeilingJury(5, "green", "v2")
    words = {jury.observe(*traffic.second()).word for _ in range(30)}
    assert words == {"inconclusive", "healthy"}
    traffic.errors["green"] = 0.5
    found = [jury.observe(*traffic.second()) for _ in range(10)][-1]
    assert found.word == "regressed"
    assert "5 % are allowed" in found.why


def test_a_few_errors_are_no_rate() -> None:
    jury = CeilingJury(0.001, "green", "v2")
    counts = [Counts(0, 0), Counts(LEAST_ERRORS - 1, LEAST_ERRORS - 1)]
    readings = [
        (float(at), Reading((), (Sample(float(at), "lb1", "a", {"green": {"other": each}}),)))
        for at, each in enumerate(counts)
    ]
    found = [jury.observe(*reading) for reading in readings]
    assert found[-1].word == "healthy"


def test_a_ceiling_without_counts_is_no_pass() -> None:
    jury = CeilingJury(5, "green", "v2", missing_polls=3)
    found = [jury.observe(float(at), Reading((), (), {"lb1": "away"})) for at in range(6)]
    assert {each.word for each in found} == {"inconclusive"}
    assert found[-1].lost == "lb1: away"


def test_the_probe_alone_finds_nothing_by_itself() -> None:
    assert ProbeJury().observe(0.0, Reading((), ())).word == "healthy"


@pytest.mark.parametrize("number", [0, 1, 239, 240, 241, 5000])
def test_a_history_is_thinned_evenly_with_its_end(number: int) -> None:
    points = [{"at": at} for at in range(number)]
    kept = thinned(points)
    assert len(kept) == min(number, 240)
    assert kept[-1:] == points[-1:]
    assert [each["at"] for each in kept] == sorted({each["at"] for each in kept})
