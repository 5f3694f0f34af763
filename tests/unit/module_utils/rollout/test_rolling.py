# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.topology import Inventory, misfits
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.plan import Plan
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.rolling import enough, rolling, to_restore
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

DECISION = {"release": "v2", "previous": "v1", "color": "green", "live_color": "blue"}


def service(capacity: float = 50, healthy: int = 100) -> dict[str, Any]:
    return {
        "name": "shop",
        "smoke": [{"path": "/"}],
        "runtime": {"start_deadline": 30},
        "strategy": {
            "type": "rolling",
            "capacity": capacity,
            "commit_delay": 2,
            "require_healthy": healthy,
            "drain": {"deadline": 30, "close": True},
            "bake": {"duration": 10, "max_error_percent": None, "gates": []},
            "max_failed": 0,
            "max_slow_percent": 5,
        },
    }


def planned(number: int, capacity: float = 50) -> Plan:
    hosts = [f"app{host}" for host in range(1, number + 1)]
    return rolling(service(capacity), DECISION, {"routers": ["lb1"], "blue": hosts, "green": hosts})


def test_two_hosts_change_places_one_after_the_other() -> None:
    steps = planned(2).steps
    assert [step.phase for step in steps] == [
        *("drain-1", "install-1", "verify-1", "shift-1", "bake-1"),
        *("drain-2", "install-2", "verify-2", "bake-2", "close"),
    ]
    assert [step.split["green"] for step in steps] == [0, 0, 0, 100, 100, 100, 100, 100, 100, 100]
    assert [step.member for step in steps if step.phase.startswith("install")] == ["app1", "app2"]
    assert [step.hosts for step in steps if step.phase.startswith("install")] == [("app1",), ("app2",)]
    assert [step.way_back for step in steps] == [True] * 5 + [False] * 4 + [True]


@given(st.integers(2, 120))
def test_each_host_in_service_has_as_many_users_as_any_other(number: int) -> None:
    new, old, share = 0, number, 0
    for step in planned(number).steps:
        kind = step.phase.partition("-")[0]
        if kind == "drain":
            old -= 1
        if kind == "shift":
            share = step.split["green"]
        if kind == "bake":
            new += 1
        if kind == "drain":  # the moment with the fewest hosts
            assert new + old == number - 1
            assert abs(share - 100 * new / (number - 1)) <= 0.5
    assert (new, old, share) == (number, 0, 100)


@given(st.integers(2, 40), st.floats(1, 100))
def test_silence_takes_users_back_as_long_as_the_old_release_can_carry_them(number: int, capacity: float) -> None:
    for step in planned(number, capacity).steps[:-1]:
        left = number - int(step.phase.partition("-")[2])
        assert step.way_back == (left >= enough(number, capacity))
        assert not step.way_back or left >= 1


@given(st.integers(2, 40), st.integers(1, 100))
def test_a_shift_asks_for_no_more_hosts_than_there_are(number: int, healthy: int) -> None:
    hosts = [f"app{host}" for host in range(number)]
    plan = rolling(service(healthy=healthy), DECISION, {"routers": ["lb1"], "blue": hosts, "green": hosts})
    for step in plan.steps:
        if step.phase.startswith("shift"):
            new = int(step.phase.partition("-")[2])
            mine = [new] if step.split["green"] == 100 else [new, number - new]
            assert all(100 * members >= step.require_healthy * number for members in mine)


@pytest.mark.parametrize(
    "hosts",
    [
        {"routers": ["lb1"], "blue": ["app1"], "green": ["app1"]},
        {"routers": ["lb1"], "blue": ["app1", "app2"], "green": ["app3", "app4"]},
    ],
)
def test_hosts_that_this_cannot_be_done_with(hosts: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="both colors on the same hosts, two at least"):
        rolling(service(), DECISION, hosts)


def seen(blue: dict[str, str], green: dict[str, str]) -> dict[str, Any]:
    return {"pools": {"blue": {"members": blue}, "green": {"members": green}}}


def test_enough_hosts_come_back_first_and_those_without_users_before_others() -> None:
    hosts = ["app1", "app2", "app3", "app4"]
    blue = {"app1": "MAINT", "app2": "DOWN L4CON", "app3": "DOWN L4CON", "app4": "UP L7OK"}
    green = {"app1": "UP L7OK", "app2": "UP L7OK", "app3": "DRAIN L7OK", "app4": "DOWN L4CON"}
    found = to_restore({"lb1": seen(blue, green), "lb2": {"failed": True}}, hosts, "blue", 50)
    assert found == {"first": ["app3"], "rest": ["app1", "app2"]}
    assert to_restore({"lb1": seen(blue, green)}, hosts, "blue", 25)["first"] == []
    assert to_restore({"lb1": seen(blue, green)}, hosts, "blue", 100)["rest"] == []


def test_a_host_that_one_load_balancer_misses_is_missing() -> None:
    up, down = {"app1": "UP L7OK", "app2": "UP L7OK"}, {"app1": "UP L7OK", "app2": "DOWN L4CON"}
    found = to_restore({"lb1": seen(up, down), "lb2": seen(down, down)}, ["app1", "app2"], "blue", 50)
    assert found == {"first": [], "rest": ["app2"]}
    assert to_restore({}, ["app1", "app2"], "blue", 50) == {"first": ["app1"], "rest": ["app2"]}


@given(st.integers(1, 1000), st.floats(1, 100))
def test_one_host_at_least_is_enough(total: int, capacity: float) -> None:
    assert 1 <= enough(total, capacity) <= total


def test_the_journal_knows_a_host_that_has_left_its_users(journal: Any) -> None:
    plan = planned(2)
    names = [step.phase for step in plan.steps]
    said = journal().released("r1", "v1", "blue", None).opened("r2", "v2", "green", "v1", plan=plan.as_dict())
    said.say("r2", ("phase.intended", {"phase": "drain-1"}))
    current = fold(said.events).current
    assert current is not None
    assert (current.traffic_touched, current.next_phase) == (True, "drain-1")
    assert current.splits() == {Split.all_on("blue")}

    said.phases("r2", names[:2])
    assert "green" not in fold(said.events).installed, "on one host of two"
    said.phases("r2", names[2:]).closed("r2")
    done = fold(said.events)
    assert (done.live_color, done.live_release) == ("green", "v2")
    assert dict(done.installed) == {"blue": "v1", "green": "v2"}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ({"blue": ["app1", "app2"], "green": ["app1", "app3"]}, "blue: app1, app2; green: app1, app3"),
        ({"blue": ["app1"], "green": ["app1"]}, "one host"),
        ({"blue": ["app1", "app2"], "green": ["app2", "app1"]}, None),
    ],
)
def test_the_declaration_says_which_hosts_it_needs(groups: dict[str, list[str]], found: str | None) -> None:
    pools = {color: {"group": color, "port": 8001 + number} for number, color in enumerate(("blue", "green"))}
    problems = list(misfits({"strategy": {"type": "rolling"}, "pools": pools}, Inventory(groups)))
    assert [problem.where for problem in problems] == ([("service", "strategy", "type")] if found else [])
    assert found is None or found in problems[0].found


@pytest.mark.parametrize(("lasts", "expected"), [(200, None), (199, "at least 200, for 2 hosts one after the other")])
def test_the_probe_has_to_see_every_host(lasts: float, expected: str | None) -> None:
    pools = {color: {"group": "app", "port": 8001 + number} for number, color in enumerate(("blue", "green"))}
    strategy = {"type": "rolling", "commit_delay": 2, "drain": {"deadline": 58}, "bake": {"duration": 10}}
    declared = {
        "strategy": strategy,
        "pools": pools,
        "runtime": {"start_deadline": 30},
        "probe": {"max_seconds": lasts},
    }
    problems = list(misfits(declared, Inventory({"app": ["app1", "app2"]})))
    assert [problem.expected for problem in problems] == ([expected] if expected else [])
