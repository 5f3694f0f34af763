# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Few calls tell that there is nothing to do, and yet no part is lost sight of, wherever a run dies.

A stack's anchors say which sorts of parts they have had (module_utils/aws/parts.py): what was never there is not looked
for.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from harness import Emulator
from whole_stack import WHOLE

_CODE = "function handler(event) { return event.request; }"
_FUNCTIONS = [{"name": "first", "code": _CODE}, {"name": "second", "code": _CODE}]
_APP = {"name": "app", "domain": "origin.example.com"}
_FILES = {"name": "files", "bucket": "shop-files.s3.eu-central-1.amazonaws.com"}
_API = {"name": "api.shop.test", "values": ["192.0.2.1"], "set": "one", "weight": 1}
_HOOK = {"name": "leave", "transition": "terminating", "timeout": 60}

#: Every sort of part that WHOLE does without, by its section.
MORE: dict[str, dict[str, Any]] = {
    "database": {"parameters": {"max_connections": "500"}},
    "cache": {"parameters": {"timeout": 60}},
    "cdn": {"headers": {}, "functions": _FUNCTIONS, "origins": [{"name": "app"}, _FILES], "root_object": "index.html"},
    "compute": {"hooks": [_HOOK], "schedules": [{"name": "morning", "recurrence": "0 7 * * *", "min": 2}]},
    "observability": {"log_groups": [{"name": "app"}], "subscriptions": [{"sqs": "arn:aws:sqs:us-east-1:1:a"}]},
}


def calls(emulator: Emulator, arguments: Mapping[str, Any]) -> list[str]:
    """What the second run of a stack calls; there is nothing for it to do."""
    emulator.must("aws_stack", dict(arguments))
    before = len(emulator.calls())
    again, written = emulator.counting(lambda: emulator.must("aws_stack", dict(arguments)))
    assert (again["changed"], again["plan"], written) == (False, [], [])
    return emulator.operations(before)


def test_thirty_calls_tell_that_there_is_nothing_to_do(emulator: Emulator) -> None:
    made = calls(emulator, WHOLE)
    assert len(made) <= 30, made


def test_what_is_declared_is_looked_for(emulator: Emulator) -> None:
    made = calls(emulator, {**WHOLE, **{name: {**WHOLE[name], **more} for name, more in MORE.items()}})
    assert len(made) > 40, "with every part declared it takes more"


# -- nothing is lost sight of ----------------------------------------------------------------

_BALANCED = [("aws_network", {}), ("aws_load_balancer", {"listeners": [{"port": 80, "protocol": "HTTP"}]})]
_SITE = {"origins": [_APP], "default": {"strategy": "api"}}
_IMAGE = {"image": "ami-0abcdef1234567890", "instance_types": ["t3.small"], "size": {"min": 1, "max": 3}}
_MYSQL = {
    "engine": "mysql",
    "version": "8.0.35",
    "instance_class": "db.t4g.medium",
    "password": "correct-horse-battery-staple",
    "final_snapshot": False,
}
_WEST = {"stack": "other", "region": "us-west-2"}
_ELSEWHERE = {
    "region": "us-west-2",
    "subnet_group": "other-database",
    "security_groups": ["sg-0a1b2c3d4e5f60001"],
    "kms_key": "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555",
}
_CACHE = {"version": "8", "node_type": "cache.t4g.small", "final_snapshot": False, "deletion_protection": False}
_ZONE = {"zone": "shop.test", "create_zone": True}
_WATCHED = {"alarms": [], "users_hurt": False, "deletion_protection": False}

#: By the anchor: module, what it needs, and a declaration without parts and one with them.
CASES: dict[str, tuple[str, list[Any], dict[str, Any], dict[str, Any]]] = {
    "distribution: functions": ("aws_cdn", [], _SITE, {**_SITE, "functions": _FUNCTIONS}),
    "distribution: policies": (
        "aws_cdn",
        [],
        _SITE,
        {"origins": [_APP, _FILES], "headers": {}, "behaviors": [{"path": "/files/*", "origin": "files"}]},
    ),
    "database": ("aws_database", _BALANCED[:1], _MYSQL, {**_MYSQL, "also_versions": ["8.4"]}),
    "database: replicas in other regions": (
        "aws_database",
        [*_BALANCED[:1], ("aws_network", _WEST), ("aws_database", {**_WEST, **_MYSQL})],
        {**_MYSQL, "deletion_protection": False},
        {**_MYSQL, "deletion_protection": False, "replicas": [_ELSEWHERE]},
    ),
    "cache": ("aws_cache", _BALANCED[:1], _CACHE, {**_CACHE, "shards": 2}),
    "autoscaling groups": ("aws_compute", _BALANCED, _IMAGE, {**_IMAGE, **MORE["compute"]}),
    "hosted zone": (
        "aws_dns",
        [],
        {**_ZONE, "records": [_API]},
        {**_ZONE, "records": [{**_API, "health_check": {"host": "eu.shop.test"}}]},
    ),
    "alarm topic": (
        "aws_observability",
        [],
        {**_WATCHED, "dashboard": False},
        {**_WATCHED, "dashboard": True, **MORE["observability"]},
    ),
}


def points(*short: int) -> list[Any]:
    """How many writes a run is killed after: *short* are those that `make test` has time for."""
    return [pytest.param(number, marks=() if number in short else pytest.mark.long) for number in range(9)]


class Stack:
    """A stack of one module, as its runs leave it."""

    def __init__(self, emulator: Emulator, case: str) -> None:
        self.emulator = emulator
        self.module, self.needs, self.without, self.parts = CASES[case]

    def begin(self, *runs: Mapping[str, Any]) -> dict[str, dict[str, int]]:
        """What is there after these *runs* in a world of its own."""
        self.emulator.reset()
        for module, arguments in self.needs:
            self.emulator.must(module, {"stack": "shop", **arguments})
        for declared in runs:
            self.run(declared)
        return self.emulator.state()

    def run(self, declared: Mapping[str, Any]) -> None:
        """A run that nothing disturbs."""
        self.emulator.must(self.module, {"stack": "shop", **declared})

    def killed(self, declared: Mapping[str, Any], number: int) -> None:
        """A run whose controller dies after so many writes."""
        self.emulator.trouble(hold_after_writes=number)
        run = self.emulator.start_module(self.module, {"stack": "shop", **declared})
        while self.emulator.held() == 0 and run.poll() is None:
            time.sleep(0.02)
        run.kill()
        run.communicate()
        self.emulator.trouble()

    def same(self, declared: Mapping[str, Any], undisturbed: dict[str, dict[str, int]]) -> None:
        """After one more run it is as if nothing had happened, and the next one has nothing to do."""
        self.run(declared)
        assert self.emulator.state() == undisturbed
        again = self.emulator.must(self.module, {"stack": "shop", **declared})
        assert again["plan"] == []


@pytest.mark.parametrize("number", points(1))
@pytest.mark.parametrize("case", CASES)
def test_a_run_that_lets_go_of_parts_and_is_killed_loses_none(emulator: Emulator, case: str, number: int) -> None:
    stack = Stack(emulator, case)
    undisturbed = stack.begin(stack.without, stack.parts, stack.without)
    stack.begin(stack.without, stack.parts)
    stack.killed(stack.without, number)
    stack.same(stack.without, undisturbed)


@pytest.mark.parametrize("number", points(2))
@pytest.mark.parametrize("case", CASES)
def test_parts_of_a_run_that_was_killed_can_be_let_go_of(emulator: Emulator, case: str, number: int) -> None:
    stack = Stack(emulator, case)
    undisturbed = stack.begin(stack.without)
    stack.killed(stack.parts, number)
    stack.same(stack.without, undisturbed)


@pytest.mark.long
@pytest.mark.parametrize("number", range(16))
@pytest.mark.parametrize("case", CASES)
def test_a_stack_whose_making_was_killed_twice_can_do_without_parts(emulator: Emulator, case: str, number: int) -> None:
    stack = Stack(emulator, case)
    undisturbed = stack.begin(stack.parts, stack.without)
    stack.begin()
    stack.killed(stack.parts, number)
    stack.killed(stack.without, 1)
    stack.same(stack.without, undisturbed)


def test_without_its_mark_a_part_would_be_lost(emulator: Emulator) -> None:
    stack = Stack(emulator, "autoscaling groups")
    undisturbed = stack.begin(stack.without, stack.parts, stack.without)
    stack.begin(stack.without, stack.parts)
    mark = {"ResourceType": "auto-scaling-group", "Key": "seamless:has"}
    tags = [{**mark, "ResourceId": f"shop-{color}"} for color in ("blue", "green")]
    emulator.client("autoscaling").delete_tags(Tags=tags)
    with pytest.raises(AssertionError):
        stack.same(stack.without, undisturbed)
