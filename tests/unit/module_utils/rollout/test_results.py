# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import (
    answers,
    clocks_apart,
    drain_result,
    failures,
    pools_short,
)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({"changed": True}, None),
        ({"failed": False, "msg": "fine"}, None),
        ({"failed": True, "msg": "disk full"}, "disk full"),
        ({"unreachable": True, "msg": "timed out"}, "timed out"),
        ({"skipped": True}, "failed without a message"),
        ({}, "no answer: the host cannot be reached, or failed before"),
        (None, "no answer: the host cannot be reached, or failed before"),
    ],
)
def test_only_a_success_is_one(result: dict[str, Any] | None, why: str | None) -> None:
    found = failures({"lb1": {"__done": result}}, ["lb1"], "__done")
    assert found == ({} if why is None else {"lb1": why})


def test_who_is_asked_and_never_answered_is_not_forgotten() -> None:
    hostvars = {"lb1": {"__done": {"changed": False}}, "lb2": {}}
    assert set(answers(hostvars, ["lb1", "lb2", "lb3"], "__done")) == {"lb1", "lb2", "lb3"}
    assert set(failures(hostvars, ["lb1", "lb2", "lb3"], "__done")) == {"lb2", "lb3"}
    assert failures(hostvars, [], "__done") == {}


@given(st.floats(-5, 5), st.floats(0, 2), st.floats(0, 1))
def test_a_clock_is_wrong_only_when_that_is_certain(offset: float, uncertainty: float, tolerance: float) -> None:
    seen = {"lb1": {"clock_offset": offset, "clock_uncertainty": uncertainty}}
    nearest = max(0.0, abs(offset) - uncertainty)  # the true distance is at least this
    assert bool(clocks_apart(seen, tolerance)) == (nearest > tolerance)


def test_the_distance_of_a_clock_is_told_with_its_uncertainty() -> None:
    seen = {"lb1": {"clock_offset": -1.5, "clock_uncertainty": 0.02}}
    assert clocks_apart(seen, 0.1) == {"lb1": "-1.500 s (known to 0.020 s)"}


@pytest.mark.parametrize(
    ("healthy", "total", "percent", "short"),
    [(2, 2, 100, False), (1, 2, 100, True), (1, 2, 50, False), (0, 2, 0, True), (0, 0, 0, True), (1, 3, 33.4, True)],
)
def test_a_pool_needs_its_percentage_and_at_least_one(healthy: int, total: int, percent: float, short: bool) -> None:
    seen = {"lb1": {"pools": {"blue": {"healthy": healthy, "total": total}}}}
    assert pools_short(seen, "blue", percent) == ({"lb1": f"{healthy} of {total}"} if short else {})


def test_draining_takes_as_long_as_its_slowest_router() -> None:
    one = {"sessions_left": 1, "closed": 2, "seconds": 1.5}
    two = {"sessions_left": 0, "closed": 3, "seconds": 0.5}
    assert drain_result({"lb1": one, "lb2": two}) == {"sessions_left": 1, "closed": 5, "seconds": 1.5}
    unknown = {"sessions_left": None, "closed": 0, "seconds": 30.0}
    assert drain_result({"lb1": one, "alb": unknown}) == {"sessions_left": None, "closed": 2, "seconds": 30.0}
    assert drain_result({"lb1": {"skipped": True}}) == {"sessions_left": 0, "closed": 0, "seconds": 0.0}
