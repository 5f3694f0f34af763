# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools on Auto Scaling groups: no hosts, the router of AWS, and no secret in what instances boot with."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.check import checked
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.topology import Inventory
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import plan

INVENTORY = Inventory({"all": ["alb", "app1"], "load_balancers": ["alb"], "blue": ["app1"]}, {"alb": "alb"})
ON_AWS = {"stack": "shop", "region": "eu-central-1"}
SERVICE = {
    "name": "shop",
    "entry": {"address": "10.0.0.10", "hostnames": ["shop.example.test"]},
    "pools": {"blue": {"port": 8000}, "green": {"port": 8000}},
    "router": {"type": "alb", "group": "load_balancers", "table": "shop-ledger", **ON_AWS},
    "ledger": {"type": "dynamodb", "table": "shop-ledger", "region": "eu-central-1"},
    "runtime": {
        "type": "autoscaling_group",
        "artifacts": "s3://shop-releases/",
        "command": "/usr/bin/python3 {artifact}",
        "user": "shop",
        **ON_AWS,
    },
    "testers": {"from": ["10.0.0.0/24"]},
    "smoke": [{"path": "/"}],
    "strategy": {"type": "blue_green"},
}
ARN = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/token"


def problems(way=(), value=None, **more):
    service = copy.deepcopy(SERVICE)
    inner = service
    for part in way[:-1]:
        inner = inner[part]
    if way:
        inner[way[-1]] = value
    return [f"{problem.path}: {problem.expected}" for problem in checked(service, None, INVENTORY, **more).problems]


def test_its_pools_are_dealt_with_from_the_controller():
    found = checked(SERVICE, None, INVENTORY)
    assert found.problems == []
    assert found.hosts == {"routers": ["alb"], "blue": ["localhost"], "green": ["localhost"], "ledger": ["localhost"]}
    decision = {"release": "v2", "previous": "v1", "color": "green", "live_color": "blue"}
    lines = plan(found.service, decision, found.hosts).lines()
    assert "   gate: every instance answers ready with this release" in lines
    assert "   gate: 100 % of green's instances are up on every load balancer" in lines


@pytest.mark.parametrize(
    ("way", "value", "told"),
    [
        (("pools", "blue", "group"), "blue", "service.pools.blue.group: none with the runtime autoscaling_group"),
        (
            ("router",),
            {"type": "haproxy", "group": "load_balancers"},
            "service.router.type: alb with Auto Scaling groups",
        ),
        (("strategy",), {"type": "rolling"}, "service.strategy.refresh: a mapping with the runtime autoscaling_group"),
        (
            ("strategy",),
            {"type": "rolling", "refresh": {"checkpoints": [50, 25, 100]}},
            "service.strategy.refresh.checkpoints: percentages that grow and end with 100",
        ),
        (
            ("strategy",),
            {"type": "rolling", "refresh": {"checkpoints": [25, 50]}},
            "service.strategy.refresh.checkpoints: percentages that grow and end with 100",
        ),
        (
            ("strategy",),
            {"type": "rolling", "refresh": {"alarms": [f"alarm-{number}" for number in range(11)]}},
            "service.strategy.refresh.alarms: 10 at most",
        ),
        (
            ("strategy",),
            {"type": "rolling", "require_healthy": 50, "refresh": {"max_healthy": 160}},
            "service.strategy.refresh.max_healthy: at most 100 above require_healthy, 50",
        ),
        (
            ("strategy",),
            {"type": "rolling", "refresh": {"within": 4000}},
            "service.probe.max_seconds: at least 12662",
        ),
        (("strategy",), {"type": "blue_green", "refresh": {}}, "service.strategy.refresh: a known key"),
        (("strategy",), {"type": "rolling", "refresh": {}, "steps": []}, "service.strategy.steps: a known key"),
        (("runtime", "artifacts"), "s3://shop-releases", "service.runtime.artifacts: a place in a bucket"),
        (("runtime", "lookups"), [{"name": "TOKEN", "arn": "hunter2"}], "service.runtime.lookups[0].arn: the ARN of"),
        (
            ("runtime",),
            {"type": "systemd", "command": "/usr/bin/python3 {artifact}", "user": "shop"},
            "service.pools.blue.group: the group of the pool's hosts",
        ),
    ],
)
def test_what_does_not_go_with_it_is_told(way, value, told):
    assert problems(way, value)[0].startswith(told)


def test_one_group_is_refreshed_in_place():
    service = {**SERVICE, "strategy": {"type": "rolling", "refresh": {}}}
    found = checked(service, None, INVENTORY)
    assert found.problems == []
    assert found.service["strategy"]["refresh"] == {
        "checkpoints": [25, 50, 100],
        "max_healthy": 110,
        "within": 1800,
        "alarms": [],
    }
    assert checked(found.service, None, INVENTORY).service == found.service
    decision = {"release": "v2", "previous": "v1", "color": "green", "live_color": "green"}
    assert plan(found.service, decision, found.hosts).steps[1].phase == "refresh-1"


def test_hosts_have_nothing_to_refresh():
    pools = {"blue": {"group": "blue", "port": 8000}, "green": {"group": "blue", "port": 8001}}
    runtime = {"type": "systemd", "command": "/usr/bin/python3 {artifact}", "user": "shop"}
    service = {**SERVICE, "pools": pools, "runtime": runtime, "strategy": {"type": "rolling", "refresh": {}}}
    told = [f"{problem.path}: {problem.expected}" for problem in checked(service, None, INVENTORY).problems]
    assert "service.strategy.refresh: none with the runtime systemd" in told


def test_secrets_are_looked_up_on_instances_alone():
    assert problems(("runtime", "lookups"), [{"name": "TOKEN", "arn": ARN}]) == []
    assert problems(secret_names=["TOKEN"])[0].startswith("release_secrets: none with the runtime autoscaling_group")
