# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declarations as people write them: what is filled in, what is refused, and in which words."""

from __future__ import annotations

import dataclasses

import pytest


def problems(outcome):
    return {problem.path: problem for problem in outcome.problems}


@pytest.mark.parametrize("full", [True, False])
def test_a_right_declaration_has_no_problems_and_checking_it_again_changes_nothing(declared, check, full):
    once = check(declared(full))
    assert once.problems == []
    again = check({"service": once.service, "release": once.release})
    assert again == once


def test_defaults_are_filled_in_and_hosts_are_named(declared, check):
    outcome = check(declared(full=False))
    assert outcome.service["entry"] == {
        "address": "10.0.0.10",
        "port": 443,
        "hostnames": ["shop.example.test"],
        "ca_file": None,
    }
    assert outcome.service["strategy"]["drain"] == {"deadline": 30, "close": True}
    assert outcome.service["smoke"] == [{"path": "/", "status": 200, "contains": None}]
    assert outcome.service["probe"]["paths"] == {"keep_alive": ["/"], "new_connection": ["/"]}
    assert outcome.hosts == {
        "routers": ["lb1", "lb2"],
        "blue": ["app1", "app2"],
        "green": ["app3"],
        "ledger": ["ops1"],
    }


def test_a_single_path_stands_for_a_list_of_it(declared, check):
    declaration = declared()
    declaration["service"]["probe"]["paths"]["slow"] = "/slow"
    assert check(declaration).service["probe"]["paths"]["slow"] == ["/slow"]


def test_a_service_without_a_release_is_checked_alone(declared, check):
    outcome = check({"service": declared()["service"]})
    assert outcome.release is None
    assert outcome.problems == []


def test_all_mistakes_are_named_in_one_run(declared, check):
    declaration = declared()
    service = declaration["service"]
    service["entry"]["port"] = "443"
    service["helth"] = service.pop("health")
    service["strategy"]["type"] = "blue-green"
    service["pools"]["green"]["group"] = "gren"
    declaration["release"]["version"] = 2.0
    found = problems(check(declaration, secret_names=("COLOR",)))
    assert set(found) == {
        "service.entry.port",
        "service.helth",
        "service.strategy.type",
        "service.pools.green.group",
        "release.version",
        "release_secrets.COLOR",
    }
    assert found["service.helth"].hint == "did you mean health?"
    assert "without quotes" in found["service.entry.port"].hint
    assert found["service.strategy.type"].hint == "did you mean blue_green?"
    assert found["service.strategy.type"].expected == "blue_green or canary or rolling"
    assert found["service.pools.green.group"].hint == "did you mean green?"
    assert found["release.version"].hint == 'a number in YAML; put it in quotes: "2.0"'


@pytest.mark.parametrize(("key", "value", "hint"), [
    ("hostnames", "https://shop.example.test", "leave out the scheme and the path"),
    ("hostnames", "shop.example.test:443", "leave out the port"),
    ("hostnames", "10.0.0.1", ""),
    ("hostnames", "-shop", ""),
    ("hostnames", "a." * 127 + "toolong", ""),
])  # fmt: skip
def test_hostnames(declared, check, key, value, hint):
    declaration = declared()
    declaration["service"]["entry"][key] = [value]
    (problem,) = check(declaration).problems
    assert (problem.path, problem.hint) == (f"service.entry.{key}[0]", hint)


@pytest.mark.parametrize("address", ["10.0.0.10", "2001:db8::1", "lb.example.test"])
def test_addresses(declared, check, address):
    declaration = declared()
    declaration["service"]["entry"]["address"] = address
    assert check(declaration).problems == []


@pytest.mark.parametrize(("network", "hint"), [
    ("10.0.0.0/33", ""),
    ("everywhere", ""),
    ("10.0.0.1/8", "that is an address within 10.0.0.0/8; write the network itself, or the address alone"),
])  # fmt: skip
def test_networks(declared, check, network, hint):
    declaration = declared()
    declaration["service"]["testers"]["from"] = [network]
    (problem,) = check(declaration).problems
    assert (problem.path, problem.hint) == ("service.testers.from[0]", hint)


def test_groups_must_have_hosts_and_the_ledger_must_be_one(declared, check):
    declaration = declared()
    declaration["service"]["router"]["group"] = "empty"
    declaration["service"]["ledger"]["host"] = "ops2"
    found = problems(check(declaration))
    assert found["service.router.group"].found == '"empty", which is empty'
    assert found["service.ledger.host"].hint == "did you mean ops1?"
    assert check(declaration).hosts["ledger"] == []


@pytest.mark.parametrize("ledger", [
    {"type": "dynamodb", "table": "shop-ledger", "region": "eu-west-1"},
    {"type": "s3", "bucket": "example-shop-ledger", "region": "eu-west-1", "prefix": "a/b/"},
])  # fmt: skip
def test_a_ledger_on_aws_is_spoken_with_from_the_controller(declared, check, ledger):
    declaration = declared()
    declaration["service"]["ledger"] = ledger
    found = check(declaration)
    assert found.problems == []
    assert found.hosts["ledger"] == ["localhost"]
    assert found.service["ledger"] == {**found.service["ledger"], **ledger}
    declaration["service"]["ledger"] = {key: value for key, value in ledger.items() if key != "region"}
    assert "service.ledger.region" in problems(check(declaration)), "each controller has a region of its own"


def test_both_colors_on_one_host_need_two_ports(declared, check):
    declaration = declared()
    declaration["service"]["pools"] = {
        "blue": {"group": "blue", "port": 8001},
        "green": {"group": "blue", "port": 8002},
    }
    assert check(declaration).problems == []
    declaration["service"]["pools"]["green"]["port"] = 8001
    (problem,) = check(declaration).problems
    assert problem.path == "service.pools.green.port"
    assert problem.found == "8001, at which app1 has blue on app1 already"


def test_two_names_of_one_address_are_one_place(declared, check, inventory):
    twice = dataclasses.replace(inventory, addresses={**inventory.addresses, "app3": "10.0.0.3"})
    (problem,) = check(declared(), twice).problems
    assert problem.found == "8000, at which app3 has blue on app1 already"


def test_a_pool_on_a_load_balancer_must_leave_the_entry_alone(declared, check):
    declaration = declared()
    declaration["service"]["pools"]["blue"] = {"group": "load_balancers", "port": 443}
    (problem,) = check(declaration).problems
    assert problem.path == "service.pools.blue.port"


def test_the_probe_needs_paths_weights_and_enough_time(declared, check):
    declaration = declared()
    probe = declaration["service"]["probe"]
    del probe["paths"]["post"], probe["paths"]["stream"]
    probe["max_seconds"] = 51
    found = problems(check(declaration))
    assert found["service.probe.paths.post"].hint == "probe.mix.post asks for it"
    assert found["service.probe.paths.stream"].hint == "probe.streams asks for it"
    assert found["service.probe.max_seconds"].expected.startswith("at least 52,")
    gates = [{"type": "tasks", "file": "/srv/check.yml", "within": 100}, {"type": "approval"}]
    declaration["service"]["strategy"]["bake"] = {"duration": 5, "gates": gates}
    found = problems(check(declaration))
    assert found["service.probe.max_seconds"].expected.startswith("at least 3752,"), "nobody else sees the bake's end"
    probe["mix"] = {"keep_alive": 0}
    assert "service.probe.mix" in problems(check(declaration))


def test_what_the_probe_holds_ends_before_the_drain_closes_it(declared, check):
    declaration = declared()
    service = declaration["service"]
    service["strategy"]["drain"] = {"deadline": 15, "close": True}
    service["probe"] |= {"streams": 1, "stream_seconds": 14, "websockets": 1, "websocket_seconds": 15}
    (problem,) = check(declaration).problems
    assert (problem.path, problem.expected) == (
        "service.probe.websocket_seconds",
        "less than strategy.drain.deadline, which is 15",
    )
    service["strategy"]["drain"]["close"] = False
    assert not check(declaration).problems


def test_a_mix_has_weights_by_kind(declared, check):
    declaration = declared()
    declaration["service"]["probe"]["mix"] = ["keep_alive"]
    (problem,) = check(declaration).problems
    assert problem.expected.startswith("a mapping; for any of keep_alive, new_connection, slow, post: a number")


def test_an_authority_that_nobody_asks_is_a_mistake(declared, check):
    declaration = declared()
    declaration["service"]["probe"]["tls"] = False
    assert set(problems(check(declaration))) == {"service.entry.ca_file"}
    declaration["service"]["entry"]["ca_file"] = None
    assert check(declaration).problems == []


def test_a_message_repeats_no_more_than_a_line(declared, check):
    declaration = declared()
    declaration["service"]["name"] = "x\n" * 500
    (problem,) = check(declaration).problems
    assert len(problem.found) < 90
    assert "\n" not in str(problem)
    declaration["service"]["name"] = ["x"]
    assert check(declaration).problems[0].found == "a list of 1 items"


def test_names_to_choose_from(declared, check, inventory):
    declaration = declared()
    declaration["service"]["router"]["group"] = "xyz"
    (problem,) = check(declaration).problems
    assert problem.hint == "known are blue, empty, green, load_balancers"
    declaration["service"]["ledger"]["host"] = "nowhere"
    found = problems(check(declaration, dataclasses.replace(inventory, groups={})))
    assert found["service.ledger.host"].hint == "there is none yet"


@pytest.mark.parametrize(
    ("horizon", "warmup", "expected"),
    [
        (None, 700, None),
        (600, 0, None),
        (60, 60, "more than 60, which is judge.warmup"),
        (601, 0, "at most 600, which is what all steps may last together"),
        (0, 0, "a number of seconds from 1 to 86400"),
    ],
)
def test_a_horizon_that_no_step_reaches_is_refused(declared, check, horizon, warmup, expected):
    declaration = declared(full=False)
    steps = [{"percent": 10, "least": 60, "most": 200}, {"percent": 50, "least": 60, "most": 400}]
    judge = {"warmup": warmup} | ({} if horizon is None else {"horizon": horizon})
    declaration["service"]["strategy"] = {"type": "canary", "steps": steps, "judge": judge}
    found = {one.path: one.expected for one in check(declaration).problems}
    assert found == ({} if expected is None else {"service.strategy.judge.horizon": expected})
