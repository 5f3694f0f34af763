# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.steps import ALLOWANCE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import blue_green

HOSTS = {"routers": ["lb1", "lb2"], "blue": ["app1", "app2"], "green": ["app3"]}


def service(**strategy: Any) -> dict[str, Any]:
    return {
        "name": "storefront",
        "smoke": [{"path": "/"}],
        "runtime": {"start_deadline": 30},
        "strategy": {
            "type": "blue_green",
            "commit_delay": 2,
            "require_healthy": 100,
            "drain": {"deadline": 30},
            "bake": {"duration": 10, "max_error_percent": None, "gates": []},
            "max_failed": 0,
            "max_slow_percent": 5,
            **strategy,
        },
    }


def decision(**more: Any) -> dict[str, Any]:
    return {"color": "green", "live_color": "blue", "release": "v2", "previous": "v1", **more}


seconds = st.integers(0, 10_000)


@given(seconds, seconds, seconds, st.sampled_from(["blue", "green"]), st.sampled_from([None, "v1"]))
def test_every_plan_is_whole(delay: int, drain: int, bake: int, color: str, previous: str | None) -> None:
    live = "blue" if color == "green" else "green"
    declared = service(
        commit_delay=delay, drain={"deadline": drain}, bake={"duration": bake, "max_error_percent": 5, "gates": []}
    )
    plan = blue_green(declared, decision(color=color, live_color=live, previous=previous), HOSTS)
    assert tuple(step.phase for step in plan.steps) == PHASES
    assert (
        plan.longest
        == sum(step.longest for step in plan.steps)
        == 30 + delay + drain + bake + sum(ALLOWANCE[phase] for phase in PHASES)
    )
    # Users are moved once, by the shift, and by nothing before it.
    assert [step.split[color] for step in plan.steps] == [0, 0, 100, 100, 100, 100]
    assert all(sum(step.split.values()) == 100 for step in plan.steps)
    assert [step.found[color] for step in plan.steps if step.found] == [0, 0, 0, 100, 100, 100]
    assert plan.steps[0].hosts == tuple(HOSTS[color])
    assert all(step.hosts == ("lb1", "lb2") for step in plan.steps[1:])


@given(st.sampled_from(["release", "previous", "color"]), st.sampled_from(["commit_delay", "require_healthy"]))
def test_the_digest_stands_for_this_plan_and_no_other(what: str, how: str) -> None:
    plan = blue_green(service(), decision(), HOSTS)
    assert plan.digest == blue_green(service(), decision(), HOSTS).digest
    changed = {"release": "v3", "previous": None, "color": "blue"}[what]
    assert plan.digest != blue_green(service(), decision(**{what: changed}), HOSTS).digest
    assert plan.digest != blue_green(service(**{how: 7}), decision(), HOSTS).digest
    assert plan.digest != blue_green(service(), decision(), {**HOSTS, "routers": ["lb1"]}).digest


def test_the_plan_is_read_by_people() -> None:
    plan = blue_green(service(bake={"duration": 110, "max_error_percent": None, "gates": []}), decision(), HOSTS)
    lines = plan.lines()
    assert lines[0] == f"plan {plan.digest}: storefront v1 (blue) -> v2 (green), blue_green, at most 5 min 52 s"
    assert lines[1:5] == [
        "1. install: put v2 on green",
        "   on app3; then blue 100 % / green 0 %; at most 2 min 30 s",
        "   gate: the artifact's digest is the declared one",
        "   gate: every host answers ready with this release",
    ]
    assert "   gate: v1 in blue stays able to take all traffic" in lines
    assert "   on lb1, lb2; then blue 0 % / green 100 %; at most 12 s" in lines
    assert plan.as_dict()["digest"] == plan.digest


def test_a_bake_waits_for_its_gates() -> None:
    tasks = {"type": "tasks", "file": "/srv/check.yml", "within": 30}
    approval = {"type": "approval", "within": 600}
    without = {"duration": 110, "max_error_percent": None, "gates": []}
    plain, gated = (
        blue_green(service(bake={**without, "gates": gates}), decision(), HOSTS) for gates in ([], [tasks, approval])
    )
    assert gated.longest == plain.longest + 30 + 600 + 60
    assert gated.digest != plain.digest
    assert [line for line in gated.lines() if line not in plain.lines() and "gate:" in line] == [
        "   gate: the tasks of /srv/check.yml succeed within 30 s",
        "   gate: a person approves within 600 s (promote.yml)",
    ]
    bake = next(step for step in gated.steps if step.phase == "bake")
    assert bake.watch == {
        "least": 110,
        "most": 770,
        "requests": 0,
        "gates": [tasks, approval],
        "inconclusive": "back",
    }


def test_a_first_release_promises_no_way_back() -> None:
    lines = blue_green(service(), decision(previous=None), HOSTS).lines()
    assert "storefront nothing (blue) -> v2 (green)" in lines[0]
    assert not any("stays able" in line for line in lines)


@pytest.mark.parametrize("missing", ["blue", "routers"])
def test_a_plan_needs_the_hosts_of_its_steps(missing: str) -> None:
    hosts = {name: members for name, members in HOSTS.items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        blue_green(service(), decision(color="blue", live_color="green"), hosts)
