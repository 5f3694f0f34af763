# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Reading
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.watching import ABORT, PROMOTE, Move, Watched
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.watcher import Finding, Means, Pace, watch

STEP = Watched(least=10, most=60)
PACE = Pace(poll=1, listen=3, progress=5)


class Stage:
    """A watch in a world of its own, with a verdict that a test may change while it goes on."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.finding = Finding("inconclusive", False, "too early to tell", 50, {"v2": {"requests": 50, "errors": 0}})
        self.asked: list[dict[str, Any]] = []
        self.unmet: list[str] = []
        self.trouble = ""
        self.kept: list[float] = []
        self.shown: list[str] = []
        self.listened: list[float] = []
        self.alive = 0

    def observe(self, at: float, reading: Reading) -> Finding:
        return self.finding

    def ask(self) -> list[dict[str, Any]]:
        self.listened.append(self.world.now)
        return list(self.asked)

    def breathe(self) -> None:
        self.alive += 1

    def find(self, word: str, why: str) -> None:
        self.finding = Finding(word, True, why, 50, self.finding.colors, 1.0)

    def run(self, step: Watched = STEP) -> Move:
        means = Means(
            count=lambda: Reading((), ()),
            keep=lambda at, reading: self.kept.append(at),
            ask=self.ask,
            checks=lambda: list(self.unmet),
            alive=self.breathe,
            trouble=lambda: self.trouble,
            show=self.shown.append,
        )
        move, found = watch(step, 5, 1000.0, self, means, self.world, PACE)
        assert found is self.finding
        return move


@pytest.fixture
def stage(world: Any) -> Stage:
    return Stage(world)


def ask(action: str, at: float) -> dict[str, Any]:
    return {"action": action, "at": at, "reason": "because", "who": {"name": "bob", "host": "laptop"}}


def test_it_goes_on_as_soon_as_it_may(stage: Stage) -> None:
    stage.find("healthy", "no worse")
    assert stage.run().action == PROMOTE
    assert stage.world.now == pytest.approx(1010, abs=1.1)


def test_it_turns_back_at_the_very_poll_that_finds_it(stage: Stage) -> None:
    stage.world.at[4] = lambda: stage.find("regressed", "half of them fail")
    assert stage.run() == Move(ABORT, "half of them fail")
    assert stage.world.now == pytest.approx(1004, abs=0.1)


def test_it_counts_every_second_and_keeps_what_it_counted(stage: Stage) -> None:
    stage.run()
    assert stage.kept == pytest.approx([1000.0 + second for second in range(61)], abs=0.1)
    assert stage.alive == len(stage.kept)


def test_it_listens_every_few_seconds(stage: Stage) -> None:
    stage.world.at[20] = lambda: stage.asked.append(ask("abort", 1020))
    assert "bob on laptop asked to abort" in stage.run().why
    assert stage.world.now - 1020 <= PACE.listen + PACE.poll
    assert max(b - a for a, b in itertools.pairwise(stage.listened)) <= PACE.listen + PACE.poll


def test_it_listens_once_more_before_anybody_is_moved_further(stage: Stage) -> None:
    """An abort that comes between two looks is not overtaken by the promotion."""
    stage.find("healthy", "no worse")
    stage.world.at[10] = lambda: stage.asked.append(ask("abort", 1010))
    assert stage.run(Watched(least=10.0, most=60)).action == ABORT


def test_a_gate_is_looked_at_once_more_before_anybody_is_moved_further(stage: Stage) -> None:
    stage.find("healthy", "no worse")
    stage.world.at[10] = lambda: stage.unmet.append("the check fails")
    assert stage.run().action == ABORT
    assert stage.world.now >= 1060


def test_trouble_ends_it(stage: Stage) -> None:
    stage.world.at[3] = lambda: setattr(stage, "trouble", "lb1: away")
    assert stage.run() == Move(ABORT, "lb1: away")


def test_an_approval_waits_from_when_all_else_held(stage: Stage) -> None:
    stage.find("healthy", "no worse")
    move = stage.run(Watched(least=10, most=60, approval=100))
    assert move.why == "nobody approved within 100 s"
    assert stage.world.now == pytest.approx(1110, abs=2)
    assert any("a person has to approve" in line for line in stage.shown)


def test_what_people_should_know_is_told_once_for_as_long_as_it_lasts(stage: Stage) -> None:
    def noting(*notes: str) -> None:
        stage.finding = replace(stage.finding, notes=notes)

    stage.world.at[5] = lambda: noting("left out: lb2: away")
    stage.world.at[9] = lambda: noting("left out: lb2: away", "left out: lb1: away")
    stage.world.at[20] = noting
    stage.world.at[30] = lambda: noting("left out: lb2: away")
    stage.run(Watched(least=1, most=40))
    told = [line.strip() for line in stage.shown if "left out" in line]
    assert told == [f"{at}  left out: {host}: away" for at, host in (("0:05", "lb2"), ("0:09", "lb1"), ("0:30", "lb2"))]


def test_people_see_a_line_every_few_seconds_and_when_something_changes(stage: Stage) -> None:
    stage.world.at[7] = lambda: stage.asked.append(ask("pause", 1007))
    stage.world.at[30] = lambda: stage.asked.append(ask("resume", 1030))
    stage.run(Watched(least=1, most=20))
    assert "0:00" in stage.shown[0]
    assert "  5 %" in stage.shown[0]
    assert sum("bob on laptop asked to pause: because" in line for line in stage.shown) == 1
    assert any("paused" in line for line in stage.shown)
    assert len(stage.shown) <= 2 + (stage.world.now - 1000) / PACE.progress + 4
