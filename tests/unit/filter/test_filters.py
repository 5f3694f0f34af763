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

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event

PLUGINS = Path(__file__).resolve().parents[3] / "plugins" / "filter"
NAMES = [
    "break_glass_events",
    "calendar_state",
    "campaign_decision",
    "campaign_plan",
    "campaign_story",
    "campaign_way_back",
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
    "rollout_entered",
    "rollout_plan",
    "service_status",
    "stage_begun",
    "stage_result",
    "stage_steps",
    "stage_undo",
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
            "bake": {"duration": 1, "max_error_percent": None, "gates": []},
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
        **campaign(),
    }


def campaign() -> dict[str, Any]:
    """A campaign's stages, and what ledger_info says of one that was begun."""
    stage = {"name": "edge", "router": {"type": "route53"}, "service": "edge", "steps": [100], "to": None}
    stages = [{**stage, "bake": 0, "check": None}]
    opened = {"kind": "campaign", "release": "v2", "from": "v1", "color": "", "live_color": ""}
    opened |= call("campaign_decision", EMPTY, [], "v2", stages)["opens"]
    said = [
        ("rollout.opened", opened),
        ("phase.intended", {"phase": "stage-1", "found": BLUE, "to": "green"}),
    ]
    events = [
        Event(number, 1000.0 + number, "everywhere", "c1", type_, 1, {"name": "ada"}, data)
        for number, (type_, data) in enumerate(said, start=1)
    ]
    read = {"history": fold(events).as_dict(), "events": [event.as_dict() for event in events]}
    return {"stages": stages, "read": read}


def test_a_campaign_takes_what_the_modules_return() -> None:
    read, stages = campaign()["read"], campaign()["stages"]
    decision = call("campaign_decision", read["history"], read["events"], "v2", stages)
    assert (decision["action"], decision["campaign"]["left"]) == ("resume", ["stage-1"])
    (stage,) = call("campaign_way_back", read["history"], read["events"])["to_undo"]
    assert call("stage_undo", stage, {"split": {"blue": 0, "green": 100}}, "v2")["how"] == "roll_back"
    assert call("stage_begun", stages[0], {"split": BLUE}) == {"found": BLUE, "to": "green"}
    assert call("stage_begun", stages[0], {"split": BLUE}, True)["to"] == "blue"
    region = {"name": "eu", "rollout": {}}
    assert call("stage_begun", region, {"history": EMPTY}) == {"before": {"live": None, "rollout": None}}
    undo = call(
        "stage_undo",
        {"phase": "stage-1", "declared": region, "begun": {"before": {"live": "v1"}}},
        {"history": {**EMPTY, "live_release": "v2"}},
        "v2",
    )
    assert undo["how"] == "roll_back"
    assert call("campaign_story", []) == []
    assert call(
        "campaign_plan",
        [stages[0], {**region, "rollout": {"longest": 60, "inventory": ["eu"]}, "bake": 0, "check": None}],
        "v2",
        {"eu": {"history": {**EMPTY, "live_release": "v1"}}},
    )[2].endswith("; now v1")


def test_decision_plan_and_way_back_take_what_the_modules_return() -> None:
    decision = call("rollout_decision", EMPTY, {"lb1": {"split": {"blue": "100", "green": "0"}}}, "v1")
    assert (decision["action"], decision["color"]) == ("start", "green")
    plan = call("rollout_plan", decision, declared()["service"], declared()["hosts"])
    assert plan["lines"][0].startswith(f"plan {plan['digest']}: storefront nothing (blue) -> v1 (green)")
    hooks = {"close": {"after": ["/srv/hooks/tell.yml"]}}
    hooked = call("rollout_plan", decision, declared()["service"], declared()["hosts"], hooks, "60")
    assert "   hook after: tell.yml" in hooked["lines"]
    assert hooked["longest"] == plan["longest"] + 60
    status = '{"sent": 1475, "failed": 2}'
    assert call("rollout_entered", plan, "install", status).endswith("; 1,475 requests so far, 2 failed")
    for unread in ("", '{"sent": 14', "[]"):
        assert call("rollout_entered", plan, "install", unread).startswith("1 of 6, install: 0 % of users")
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
        ("campaign_way_back", (EMPTY, []), "no campaign is in the journal"),
        ("campaign_story", ([{"schema": 2}],), "journal: expected schema 1"),
        (
            "stage_begun",
            ({"router": {}, "to": None}, {"split": {"blue": 90, "green": 10}}),
            "nobody says where users go",
        ),
        ("stage_steps", ({"found": BLUE, "to": "green"}, [100], {"blue": 90, "green": 10}), "somebody has moved it"),
        ("stage_result", ({"before": {"live": None}}, EMPTY, "v1"), "no release is live"),
        ("stage_undo", ({"phase": "stage-1", "declared": {"rollout": {}}, "begun": {}}, {}, "v1"), "history"),
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
        ("rollout_entered", ({"steps": [{"phase": "shift"}]}, "bake"), r"expected one of the plan's phases \(shift\)"),
        ("rollout_plan", ({}, {"strategy": {"type": "hope"}}, {}), "service.strategy.type: expected one of blue_green"),
        ("service_status", ({"lb1": {}}, "storefront", None, {}, {}), "service_status: an answer lacks 'split'"),
        ("way_back", (EMPTY,), "no release has ever been rolled out"),
        ("way_back", (None, {"lb1": BLUE}), "Now: lb1: blue 100 % / green 0 %"),
    ],
)
def test_wrong_input_is_told_by_the_filters_own_words(name: str, args: tuple[Any, ...], told: str) -> None:
    with pytest.raises((AnsibleFilterError, AnsibleError), match=told):
        call(name, *args)
