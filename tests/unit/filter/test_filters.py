# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each filter by its name, as templates use it; what they compute is tested with the domain."""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar, trust_as_template

PLUGINS = Path(__file__).resolve().parents[3] / "plugins" / "filter"
NAMES = [
    "break_glass_events",
    "calendar_state",
    "clocks_apart",
    "commit_delay",
    "commit_result",
    "cutovers",
    "drain_result",
    "host_answers",
    "host_failures",
    "pools_short",
    "release_id",
    "rollout_decision",
    "rollout_plan",
    "service_status",
    "way_back",
]
BLUE = {"blue": 100, "green": 0}
EMPTY: dict[str, Any] = {"rollouts": []}


def module(name: str) -> Any:
    return importlib.import_module(f"ansible_collections.seamless.delivery.plugins.filter.{name}")


def call(name: str, *args: Any) -> Any:
    return module(name).FilterModule().filters()[name](*args)


@pytest.fixture(scope="session", autouse=True)
def plugins() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the finder is there already: tests/unit/conftest.py
        init_plugin_loader()


@pytest.mark.parametrize("name", sorted(path.stem for path in PLUGINS.glob("*.py")))
def test_documentation_and_example_are_those_of_the_filter(name: str) -> None:
    documentation = yaml.safe_load(module(name).DOCUMENTATION)
    assert documentation["name"] == name
    assert list(module(name).FilterModule().filters()) == [name]
    assert yaml.safe_load(module(name).RETURN)["_value"]["type"]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_can_be_run(name: str) -> None:
    (task,) = yaml.safe_load(module(name).EXAMPLES)
    hostvars = {"lb1": {"__answer": {"changed": False}}, "lb2": {"__answer": {"changed": True}}}
    templar = Templar(DataLoader(), variables={**task.get("vars", {}), "hostvars": hostvars, **declared()})
    if "ansible.builtin.assert" in task:
        assert templar.evaluate_conditional(trust_as_template(task["ansible.builtin.assert"]["that"]))
        return
    said = task.get("ansible.builtin.debug", {}).get("msg") or task["seamless.delivery.say"]["lines"]
    assert templar.template(trust_as_template(said)) is not None


def declared() -> dict[str, Any]:
    service = {
        "name": "storefront",
        "smoke": [],
        "runtime": {"start_deadline": 1},
        "strategy": {
            "type": "blue_green",
            "commit_delay": 2,
            "require_healthy": 100,
            "drain": {"deadline": 1},
            "bake": {"duration": 1, "max_error_percent": None},
            "max_failed": 0,
            "max_slow_percent": 5,
        },
    }
    hosts = {"routers": ["lb1"], "blue": ["app1"], "green": ["app2"]}
    decision = {"color": "green", "live_color": "blue", "release": "v1", "previous": None}
    history = {"live_color": "green", "live_release": "v2", "installed": {"blue": "v1"}, "rollouts": []}
    ledger = {"history": history, "held": False, "described": "", "torn": ""}
    pools = {color: {"healthy": 1, "total": 1} for color in BLUE}
    answers = {"lb1": {"split": BLUE, "pools": pools, "fence": 0}}
    return {
        "service": service,
        "hosts": hosts,
        "decision": decision,
        "ledger": ledger,
        "answers": answers,
        "releases": {},
    }


def test_decision_plan_and_way_back_take_what_the_modules_return() -> None:
    decision = call("rollout_decision", EMPTY, {"lb1": {"split": {"blue": "100", "green": "0"}}}, "v1")
    assert (decision["action"], decision["color"]) == ("start", "green")
    plan = call("rollout_plan", decision, declared()["service"], declared()["hosts"])
    assert plan["lines"][0].startswith(f"plan {plan['digest']}: storefront nothing (blue) -> v1 (green)")
    history = {**EMPTY, "live_color": "green", "live_release": "v2", "installed": {"blue": "v1"}}
    assert call("way_back", history)["split"] == BLUE
    assert call("way_back", None, {"lb1": BLUE}, "green")["color"] == "green"


def test_status_takes_what_the_modules_return() -> None:
    found = call("service_status", declared()["answers"], "storefront", None, {}, declared()["hosts"])
    assert found["live"] == "blue"


@pytest.mark.parametrize(
    ("name", "args", "told"),
    [
        (
            "break_glass_events",
            ({"lb1": [{"at": 1}]}, EMPTY),
            "break_glass_events: a note of a load balancer cannot be",
        ),
        (
            "calendar_state",
            ({"timezone": "UTC"}, "now"),
            "calendar_state: expected the time in epoch seconds, found 'now'",
        ),
        (
            "calendar_state",
            ({"timezone": "Mars/Base"}, 0),
            "calendar_state: the controller's time zone database has no",
        ),
        ("calendar_state", ("x", 0), "calendar_state: service.calendar: expected a mapping"),
        ("clocks_apart", ({"lb1": {}}, 0.1), "clocks_apart: expected the routers' answers by host: 'clock_offset'"),
        ("commit_delay", ({"lb1": None}, 2), "commit_delay: expected the routers' answers by host"),
        ("commit_result", ({"lb1": None}, 1.0), "commit_result: expected the routers' results by host"),
        ("cutovers", ([{"type": "note"}],), "cutovers: expected the events of a journal: 'data'"),
        ("drain_result", ({"lb1": {"seconds": 1}},), "drain_result: expected the routers' answers by host"),
        ("host_answers", ({}, None, "x"), "host_answers: expected hostvars and a list of hosts"),
        ("host_failures", ({}, None, "x"), "host_failures: expected hostvars and a list of hosts"),
        ("pools_short", ({"lb1": {"failed": True}}, "blue", 100), "pools_short: expected the routers' answers by host"),
        ("release_id", ({"version": "1"},), "release_id: release: expected digest"),
        ("release_id", ("1.0",), "release_id: "),
        ("rollout_decision", (EMPTY, {}, "v1"), "no router answered"),
        ("rollout_decision", (EMPTY, {"lb1": {"split": {}}}, "v1"), "split: expected exactly the colors"),
        ("rollout_plan", ({}, {"strategy": {"type": "hope"}}, {}), "service.strategy.type: expected one of blue_green"),
        ("service_status", ({"lb1": {}}, "storefront", None, {}, {}), "service_status: an answer lacks 'split'"),
        ("way_back", (EMPTY,), "no release has ever been rolled out"),
        ("way_back", (None, {"lb1": BLUE}), "Now: lb1: blue 100 % / green 0 %"),
    ],
)
def test_wrong_input_is_told_by_the_filters_own_words(name: str, args: tuple[Any, ...], told: str) -> None:
    with pytest.raises((AnsibleFilterError, AnsibleError), match=told):
        call(name, *args)
