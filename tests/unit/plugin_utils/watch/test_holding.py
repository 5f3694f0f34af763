# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.watch import signal as signals
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.holding import Holding, hold
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.signal import (
    BACK,
    DONE,
    SILENCE,
    WATCHING,
    Signal,
)


class Balancer:
    """Writes down what is done at a load balancer, and when; each deed takes so many seconds."""

    def __init__(self, world: Any, takes: int = 0) -> None:
        self.world = world
        self.takes = takes
        self.done: list[tuple[str, float]] = []
        self.answer: dict[str, Any] = {"changed": False}

    def act(self, what: str) -> dict[str, Any]:
        self.done.append((what, self.world.now))
        for _second in range(self.takes):
            self.world.sleep(1)
        return self.answer if what in ("prolong", "last") else {"changed": True, "after": "blue"}

    def hold(self, signal: Signal) -> dict[str, Any]:
        acts = (lambda what=what: self.act(what) for what in ("prolong", "last", "back"))
        holding = Holding(*acts, every=20.0)
        return hold(holding, signal, self.world)


@pytest.fixture
def signal(tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch) -> Signal:
    monkeypatch.setattr(signals.time, "time", world.time)
    return Signal(tmp_path / "record", "watch-1", str(os.getppid()))


def breathing(world: Any, signal: Signal, until: int) -> None:
    """Somebody watches, once a second, until then."""
    signal.say(WATCHING)
    for second in range(1, until):
        world.at[second] = lambda: signal.say(WATCHING)


def test_the_way_back_is_prolonged_while_somebody_watches(world: Any, signal: Signal) -> None:
    balancer = Balancer(world)
    breathing(world, signal, 50)
    world.at[50] = lambda: signal.say(DONE)
    assert balancer.hold(signal) == {"changed": False}
    assert [what for what, _at in balancer.done] == ["prolong", "prolong", "last"]
    assert [at for _what, at in balancer.done] == pytest.approx([1020, 1040, 1050], abs=0.2), "and once at its end"


@pytest.mark.parametrize(("late", "takes"), [(0, 0), (7, 0), (3, 4), (19, 15)])
def test_all_load_balancers_are_prolonged_at_the_same_moments(
    world: Any, signal: Signal, late: int, takes: int
) -> None:
    """Whenever each of them began, and however long it takes: all have the same deadline when nobody is left."""
    balancer = Balancer(world, takes)
    breathing(world, signal, 130)
    world.at[130] = lambda: signal.say(DONE)
    for _second in range(late):
        world.sleep(1)
    balancer.hold(signal)
    prolonged = [at for what, at in balancer.done if what == "prolong"]
    assert prolonged == pytest.approx([1020, 1040, 1060, 1080, 1100, 1120], abs=0.2)


def test_users_go_back_within_a_blink_of_the_word(world: Any, signal: Signal) -> None:
    balancer = Balancer(world)
    breathing(world, signal, 7)
    world.at[7] = lambda: signal.say(BACK)
    assert balancer.hold(signal)["after"] == "blue"
    assert balancer.done == [("back", pytest.approx(1007, abs=0.11))]


def test_a_watcher_that_falls_silent_prolongs_nothing(world: Any, signal: Signal) -> None:
    balancer = Balancer(world)
    breathing(world, signal, 25)
    ended = balancer.hold(signal)
    assert ended["failed"]
    assert [what for what, _at in balancer.done] == ["prolong"], "the one of second 20, and none later"
    assert world.now == pytest.approx(1024 + SILENCE, abs=0.2)


def test_the_word_of_another_run_is_none(world: Any, signal: Signal) -> None:
    balancer = Balancer(world)
    Signal(signal.path.parent, "watch-1", "1").say(BACK)
    assert balancer.hold(signal)["failed"]
    assert balancer.done == []


def test_what_cannot_be_prolonged_is_told(world: Any, signal: Signal) -> None:
    balancer = Balancer(world)
    balancer.answer = {"failed": True, "msg": "fence 3 was overtaken"}
    breathing(world, signal, 30)
    assert balancer.hold(signal) == balancer.answer
    signal.complain("lb1", "fence 3 was overtaken")
    assert signal.complaints() == "lb1: fence 3 was overtaken"
    assert Signal(signal.path.parent, "watch-1", "1").complaints() == ""


def test_nothing_is_prolonged_for_a_run_that_is_gone(
    world: Any, signal: Signal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers outlive a killed run, and would go on watching and prolonging for ever."""
    balancer = Balancer(world)
    breathing(world, signal, 50)
    world.at[5] = lambda: monkeypatch.setattr(signals.os, "getppid", lambda: 1)
    ended = balancer.hold(signal)
    assert ended["msg"].startswith("the run is gone")
    assert balancer.done == []
    assert world.now == pytest.approx(1005, abs=0.2)
