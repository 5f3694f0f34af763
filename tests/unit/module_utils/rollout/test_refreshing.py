# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances are replaced in place: the plan, what AWS is asked for, the journal's history and the way back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import cutovers
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.decision import decide
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History, fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.plan import Plan
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.refreshing import checkpoint, goal
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import plan
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.way_back import way_back

DECISION = {"release": "v2", "previous": "v1", "color": "green", "live_color": "green"}
HOSTS = {"routers": ["alb"], "blue": ["localhost"], "green": ["localhost"]}
ON_GREEN = Split.all_on("green")
PHASES = (
    *("install", "refresh-1", "bake-1", "refresh-2", "bake-2"),
    *("refresh-3", "verify", "bake-3", "close"),
)


def planned(shares: list[int], alarms: tuple[str, ...] = (), **decision: Any) -> Plan:
    refresh = {"checkpoints": shares, "max_healthy": 110, "within": 1800, "alarms": list(alarms)}
    service = {
        "name": "shop",
        "smoke": [{"path": "/"}],
        "runtime": {"type": "autoscaling_group", "start_deadline": 300},
        "strategy": {
            "type": "rolling",
            "refresh": refresh,
            "commit_delay": 2,
            "require_healthy": 90,
            "drain": {"deadline": 30, "close": True},
            "bake": {"duration": 10, "max_error_percent": None, "gates": []},
            "max_failed": 0,
            "max_slow_percent": 5,
        },
    }
    return plan(service, {**DECISION, **decision}, HOSTS)


growing = st.lists(st.integers(1, 99), max_size=6, unique=True).map(lambda shares: [*sorted(shares), 100])


@given(growing, st.sampled_from(["blue", "green"]))
def test_each_share_is_watched_and_no_user_is_moved(shares: list[int], color: str) -> None:
    made = planned(shares, color=color, live_color=color)
    phases = [step.phase for step in made.steps]
    assert len({*phases}) == len(phases)
    assert [step.does.partition(" by ones")[0] for step in made.steps if step.phase.startswith("refresh")] == [
        *(f"replace {share} % of the instances of {color}" for share in shares[:-1]),
        f"replace all instances of {color}",
    ]
    for before, after in pairwise(phases):
        assert not before.startswith("refresh") or after.startswith(("bake", "verify")), "nothing goes on unwatched"
    everybody = Split.all_on(color).as_dict()
    assert all(step.split == step.found == everybody and not step.way_back for step in made.steps)
    assert made.longest == sum(step.longest for step in made.steps)


def test_the_plan_says_loudly_how_long_the_way_back_is() -> None:
    made = planned([25, 50, 100], alarms=("shop-errors",))
    assert tuple(step.phase for step in made.steps) == PHASES
    lines = "\n".join(made.lines())
    assert "THE WAY BACK IS NOT ONE WRITE: to go back to v1, every instance that was replaced is replaced" in lines
    assert "(300 s each at most, 1800 s in all)" in lines
    assert "nothing is taken back unless an alarm says so" in lines
    assert "gate: 90 % of green's instances stay healthy, 110 % exist at most" in lines
    assert "gate: no alarm of shop-errors" in lines
    assert "at most 30 min 30 s" in lines


def test_the_first_release_of_all_goes_to_the_other_color_as_ever() -> None:
    made = planned([100], previous=None, live_color="blue")
    assert (made.strategy, [step.phase for step in made.steps][2]) == ("blue_green", "shift")


def group_of(total: int, skipped: int, percent: int) -> int:
    """AWS counts instances that it skips towards a checkpoint."""
    return max(0, ceil(total * percent / 100) - skipped)


def those_left(total: int, skipped: int, percent: int) -> int:
    """It takes the percentage of those that it does not skip."""
    return ceil((total - skipped) * percent / 100)


def all_again(total: int, skipped: int, percent: int) -> int:
    """It takes the percentage of the group, and replaces as many as that."""
    return min(total - skipped, ceil(total * percent / 100))


readings = st.sampled_from([group_of, those_left, all_again])


def asked_for(total: int, there: int, wanted: int, percent: int, reading: Callable[[int, int, int], int]) -> int:
    """How many are new in the end, as the refreshes are asked for one after the other (instance_refresh._drive)."""
    started, blunt = -1, False
    for _ in range(1000):
        if there >= wanted:
            return there
        blunt, started = there == started, there
        there += reading(total, there, percent if blunt else checkpoint(total, there, wanted))
    raise AssertionError("it never got there")


@given(st.integers(1, 100), st.integers(0, 100), st.integers(1, 99), readings)
def test_a_share_is_reached_and_never_passed_however_aws_counts(
    total: int, there: int, percent: int, reading: Callable[[int, int, int], int]
) -> None:
    there, wanted = min(there, total), goal(total, percent)
    assert asked_for(total, there, wanted, percent, reading) == max(there, wanted)


@given(st.integers(101, 5000), st.integers(0, 5000), st.integers(1, 99), readings)
def test_in_a_large_group_it_is_passed_by_less_than_a_percent(
    total: int, there: int, percent: int, reading: Callable[[int, int, int], int]
) -> None:
    there, wanted = min(there, total), goal(total, percent)
    reached = asked_for(total, there, wanted, percent, reading)
    assert max(there, wanted) <= reached < max(there + 1, wanted + total / 100)


def test_the_declared_share_alone_would_be_passed() -> None:
    """The negative control: 50 %, asked for where a quarter is new, by one who counts none of these."""
    assert 1 + all_again(4, 1, 50) > goal(4, 50)


def book(journal: Any, done: int, intended: bool = False) -> Any:
    """A journal of v1 on green, then of v2 in its place, which has come so far."""
    made = planned([25, 50, 100])
    said = journal().released("r1", "v1", "green", None)
    said.opened("r2", "v2", "green", "v1", plan=made.as_dict(), live_color="green").phases("r2", PHASES[:done])
    return said.say("r2", ("phase.intended", {"phase": PHASES[done]})) if intended else said


def test_the_journal_knows_what_may_have_been_replaced(journal: Any) -> None:
    installed = fold(book(journal, 1).events)
    assert installed.current is not None
    assert (installed.current.in_place, installed.current.traffic_touched) == (True, False)
    assert dict(installed.installed) == {"green": "v1"}, "a version of the launch template replaces nothing"
    begun = fold(book(journal, 1, intended=True).events)
    assert begun.current is not None
    assert begun.current.traffic_touched
    assert begun.current.splits() == {ON_GREEN}
    assert History.from_dict(begun.as_dict()) == begun
    decision = decide(begun, {"alb": ON_GREEN}, "v2", in_place=True)
    assert (decision.action, decision.phase) == ("resume", "refresh-1")
    assert (decision.color, decision.live_color) == ("green", "green")


def test_a_release_replaces_the_live_one_where_its_users_are(journal: Any) -> None:
    history = fold(journal().released("r1", "v1", "green", None).events)
    here = decide(history, {"alb": ON_GREEN}, "v2", in_place=True)
    assert (here.action, here.color, here.live_color, here.previous) == ("start", "green", "green", "v1")
    assert here.message == "release v2 replaces v1 in green, where its users are"
    assert decide(history, {"alb": ON_GREEN}, "v2").color == "blue"
    assert decide(history, {"alb": ON_GREEN}, "v1", in_place=True).action == "nothing"
    first = decide(History(), {"alb": Split.all_on("blue")}, "v1", in_place=True)
    assert (first.color, first.live_color) == ("green", "blue")


def test_what_was_replaced_can_be_replaced_again(journal: Any) -> None:
    said = book(journal, len(PHASES)).closed("r2")
    done = fold(said.events)
    assert (done.live_color, done.live_release, dict(done.installed)) == ("green", "v2", {"green": "v2"})
    way = way_back(done)
    assert (way.in_place, way.color, way.release, way.leaves) == (True, "green", "v1", "v2")
    assert way.message == "v1 replaces v2 in green again"
    assert way_back(fold(journal().say("r2", ("ledger.carried", {"state": done.carried()})).events)) == way

    said.opened("r3", "v1", "green", "v2", kind="rollback", live_color="green")
    undoing = decide(fold(said.events), {"alb": ON_GREEN}, "v2", in_place=True)
    assert (undoing.action, undoing.color, undoing.live_color, undoing.previous) == ("go_back", "green", "green", "v1")
    assert way_back(fold(said.events)).in_place
    said.say("r3", ("rollback.done", {})).closed("r3", "rolled_back")
    back = fold(said.events)
    assert (back.live_release, back.went_back, dict(back.installed)) == ("v1", True, {"green": "v1"})
    assert "nothing to change" in way_back(back).message


def test_a_failed_one_leaves_what_was_there(journal: Any) -> None:
    said = book(journal, 3).say("r2", ("rollback.intended", {"reason": "slow"}), ("rollback.done", {}))
    history = fold(said.closed("r2", "rolled_back").events)
    assert (history.live_release, dict(history.installed)) == ("v1", {"green": "v1"})
    failed = fold(book(journal, 0, intended=True).closed("r2", "failed").events)
    assert (failed.live_release, dict(failed.installed)) == ("v1", {"green": "v1"})


def test_a_later_move_to_the_other_color_goes_back_to_this_one(journal: Any) -> None:
    said = book(journal, len(PHASES)).closed("r2").released("r3", "v3", "blue", "v2")
    way = way_back(fold(said.events))
    assert (way.in_place, way.color, way.release) == (False, "green", "v2")


def test_driving_the_routers_to_the_live_color_undoes_nothing(journal: Any) -> None:
    said = book(journal, len(PHASES)).closed("r2")
    said.opened("r3", "v2", "green", "v2", kind="rollback", live_color="green").closed("r3", "rolled_back")
    assert way_back(fold(said.events)).release == "v1"


def events(*said: tuple[str, float, dict[str, Any]], **opened: Any) -> list[dict[str, Any]]:
    first = {"release": "v2", "from": "v1", "color": "green", "live_color": "green", **opened}
    told = [("rollout.opened", 0.0, first), *said]
    return [{"type": type_, "at": at, "data": data} for type_, at, data in told]


SHARES = (
    ("phase.intended", 10.0, {"phase": "refresh-1"}),
    ("phase.done", 20.0, {"phase": "refresh-1", "result": {"percent": 50}}),
    ("phase.intended", 30.0, {"phase": "refresh-2"}),
)
LAST = ("phase.done", 40.0, {"phase": "refresh-2", "result": {"percent": 100}})
INTENDED, GONE = ("rollback.intended", 50.0, {"reason": "slow"}), ("rollback.done", 60.0, {})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (SHARES, []),
        ((*SHARES, LAST), [(10.0, 40.0, "v1", "v2")]),
        ((*SHARES, INTENDED, GONE), [(10.0, 60.0, "v1", "v2"), (60.0, 60.0, "v2", "v1")]),
        ((*SHARES, LAST, INTENDED, GONE), [(10.0, 40.0, "v1", "v2"), (50.0, 60.0, "v2", "v1")]),
    ],
)
def test_either_release_is_right_while_instances_are_replaced(said: Any, found: list[tuple[Any, ...]]) -> None:
    assert [(one["first"], one["at"], one["from"], one["to"]) for one in cutovers(events(*said))] == found


def test_a_rollback_of_its_own_replaces_from_its_opening_on() -> None:
    told = events(GONE, kind="rollback", release="v1", **{"from": "v2"})
    assert cutovers(told) == [{"at": 60.0, "first": 0.0, "from": "v2", "to": "v1"}]
