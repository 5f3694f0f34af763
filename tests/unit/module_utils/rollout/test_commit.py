# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import (
    LONGEST_DELAY,
    commit_delay,
    commit_result,
    cutovers,
)

ON_BLUE, ON_GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}


def moved(at: float | None) -> dict[str, Any]:
    return {"before": ON_BLUE, "after": ON_GREEN, "committed_at": at}


def event(type_: str, **data: Any) -> dict[str, Any]:
    return {"type": type_, "data": data}


def opened(**more: Any) -> dict[str, Any]:
    return event("rollout.opened", **{"release": "v2", "from": "v1", **more})


def done(type_: str, *at: float, **more: Any) -> dict[str, Any]:
    return event(type_, result={"committed_at": {f"lb{n}": moment for n, moment in enumerate(at, 1)}}, **more)


def test_a_commit_is_as_wide_as_its_routers_are_apart() -> None:
    assert commit_result({"lb1": moved(10.0005), "lb2": moved(10.0) | {"answered_at": 10.25}}, 10.0) == {
        "at": 10.0,
        "committed_at": {"lb1": 10.0005, "lb2": 10.0},
        "answered_at": {"lb2": 10.25},
        "skew_ms": 0.5,
        "before": ON_BLUE,
        "after": ON_GREEN,
    }


@pytest.mark.parametrize("other", [moved(None), {"failed": True, "msg": "no answer"}])
def test_one_router_alone_has_nothing_to_be_apart_from(other: dict[str, Any]) -> None:
    result = commit_result({"lb1": other, "lb2": moved(10.0)}, 10.0)
    assert (result["committed_at"], result["skew_ms"]) == ({"lb2": 10.0}, None)
    assert (result["before"], result["after"]) == (ON_BLUE, ON_GREEN), "a router that is away has no say"


def test_nothing_was_committed_where_nobody_answered() -> None:
    result = commit_result({"lb1": {"failed": True}}, 10.0)
    assert (result["committed_at"], result["after"]) == ({}, None)


def test_a_release_moves_users_once_and_its_rollback_moves_them_back() -> None:
    story = [opened(), done("phase.done", 10.0, 10.5, phase="shift"), done("phase.done", phase="drain")]
    assert cutovers(story) == [{"at": 10.5, "first": 10.0, "from": "v1", "to": "v2"}]
    assert cutovers([*story, done("rollback.done", 20.0)])[1:] == [
        {"at": 20.0, "first": 20.0, "from": "v2", "to": "v1"}
    ]


def test_a_finished_rollout_that_is_undone_goes_from_its_release_to_the_one_before() -> None:
    story = [opened(release="v1", **{"from": "v2"}, kind="rollback"), done("rollback.done", 20.0)]
    assert cutovers(story) == [{"at": 20.0, "first": 20.0, "from": "v2", "to": "v1"}]
    # Finished by the next run, after some of the routers only.
    assert cutovers([*story, done("rollback.done", 30.0)])[1:] == [
        {"at": 30.0, "first": 30.0, "from": "v2", "to": "v1"}
    ]


def test_users_move_until_the_last_router_has_said_that_it_obeyed() -> None:
    """A load balancer that is short of processor time gives the old release until then, by right."""
    result = {"committed_at": {"lb1": 10.0, "lb2": 10.0}, "answered_at": {"lb1": 10.001, "lb2": 10.2}}
    story = [opened(), event("phase.done", phase="shift", result=result)]
    assert cutovers(story) == [{"at": 10.2, "first": 10.0, "from": "v1", "to": "v2"}]


def test_a_commit_that_failed_half_way_claims_no_instant() -> None:
    """Only one router was moved, and back: before that instant both releases answered, by right."""
    assert cutovers([opened(), event("rollback.intended", reason="lb2 failed"), done("rollback.done", 20.0)]) == []


@pytest.mark.parametrize("story", [[], [opened()], [opened(), event("phase.done", phase="shift", result=None)]])
def test_no_users_moved_no_cutover(story: list[dict[str, Any]]) -> None:
    assert cutovers(story) == []


def test_a_router_that_had_moved_before_its_controller_died_still_tells_when() -> None:
    moved = {"lb1": {"committed_at": None, "in_force_since": 10.0, "after": {"blue": 0, "green": 100}}}
    assert commit_result(moved, 12.0)["committed_at"] == {"lb1": 10.0}


def test_an_instant_is_as_far_away_as_the_slowest_router_needs() -> None:
    assert commit_delay({"lb1": {"took": 0.4}, "lb2": {"took": 0.3}}, 2) == 2, "what is declared is the least"
    assert commit_delay({"lb1": {"took": 0.4}, "lb2": {"took": 3.0}}, 2) == 6, "and as much again for the controller"


@pytest.mark.parametrize("took", [0.4, 3.0])
def test_each_further_attempt_takes_twice_as_long_but_never_for_ever(took: float) -> None:
    delays = [commit_delay({"lb1": {"took": took}}, 2, attempt) for attempt in (1, 2, 3)]
    assert delays == [min(delays[0] * times, LONGEST_DELAY) for times in (1, 2, 4)]
    assert commit_delay({"lb1": {"took": took}}, 60, 3) == 60, "what is declared is never shortened"


@pytest.mark.parametrize("answers", [{}, {"lb1": {"failed": True}}, {"lb1": {"took": None}}])
def test_what_was_not_measured_takes_what_is_declared(answers: dict[str, Any]) -> None:
    assert commit_delay(answers, 1.5) == 1.5
