# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said when a phase begins."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.plan import Plan, Step
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.progress import entered

OLD, NEW = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}


def step(phase: str, longest: float, split: dict[str, int], found: dict[str, int] | None = None) -> Step:
    return Step(phase, f"do the {phase}", ("lb1",), split, (), longest, found=found)


@pytest.fixture
def plan() -> dict[str, Any]:
    steps = step("install", 128, OLD), step("shift", 12, NEW, OLD), step("close", 15, NEW, NEW)
    return Plan("shop", "v2", "v1", "green", "blue", "blue_green", steps).as_dict()


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("install", "1 of 3, install: 0 % of users on the new release; at most 2 min 8 s, 2 min 35 s to the end"),
        ("shift", "2 of 3, shift: 0 % -> 100 % of users on the new release; at most 12 s, 27 s to the end"),
        ("close", "3 of 3, close: 100 % of users on the new release; at most 15 s"),
    ],
)
def test_a_phase_that_begins_says_what_it_does_to_users_and_how_long_it_may_take(
    plan: dict[str, Any], phase: str, said: str
) -> None:
    assert entered(plan, phase, {}) == said


def test_what_the_probe_has_met_is_said_where_it_is_known(plan: dict[str, Any]) -> None:
    assert entered(plan, "shift", {"sent": 12345, "failed": 0}).endswith("; 12,345 requests so far, 0 failed")
    assert "requests" not in entered(plan, "shift", {"sent": None, "failed": "no"})


def test_a_phase_of_another_plan_is_refused(plan: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"one of the plan's phases \(install, shift, close\), found bake"):
        entered(plan, "bake", {})
