# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS can only replace, and does not remove while something stands on it."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from harness import Emulator
from test_stack import killed_after

from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.kinds import TargetGroup

_COMPUTE = {"image": "ami-12c6146b", "instance_types": ["t3.micro"], "size": {"min": 1, "max": 2}}
_RULES = [{"priority": 10, "paths": ["/api/*"]}, {"priority": 20, "paths": ["/old/*"], "to": "https"}]


def declared(port: int, **more: Any) -> dict[str, Any]:
    """A load balancer whose pools have this *port*, which AWS cannot change of a target group."""
    listeners = [{"port": 80, "protocol": "HTTP", "rules": _RULES}]
    balancer = {"pools": {"port": port}, "listeners": listeners, **more}
    return {"stack": "shop", "network": {}, "load_balancer": balancer, "compute": _COMPUTE}


@pytest.fixture
def shop(emulator: Emulator) -> Emulator:
    """It stands, and green has everybody."""
    emulator.must("aws_stack", declared(80))
    elb = emulator.client("elbv2")
    for listener in elb.describe_listeners(LoadBalancerArn=balancer(emulator))["Listeners"]:
        groups = {one["TargetGroupName"]: one["TargetGroupArn"] for one in elb.describe_target_groups()["TargetGroups"]}
        weights = {"shop-blue": 0, "shop-green": 100}
        forward = {"TargetGroups": [{"TargetGroupArn": groups[name], "Weight": weights[name]} for name in groups]}
        action = {"Type": "forward", "ForwardConfig": forward}
        elb.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=[action])
    return emulator


def balancer(emulator: Emulator) -> str:
    """The load balancer's ARN."""
    found: str = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    return found


def weights(emulator: Emulator) -> dict[str, int]:
    """What the listener gives each pool."""
    elb = emulator.client("elbv2")
    names = {one["TargetGroupArn"]: one["TargetGroupName"] for one in elb.describe_target_groups()["TargetGroups"]}
    listener = elb.describe_listeners(LoadBalancerArn=balancer(emulator))["Listeners"][0]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    return {names[one["TargetGroupArn"]]: one["Weight"] for one in groups}


def test_pools_that_serve_are_not_replaced_by_accident(shop: Emulator) -> None:
    refused, written = shop.counting(lambda: shop.run_module("aws_stack", declared(8080)))
    assert written == []
    assert "nothing was changed. target group shop-blue would be removed and made anew" in refused["msg"]
    assert "make it as another stack beside this one, and move users there first" in refused["msg"]


def test_pools_are_replaced_with_what_forwards_to_them_and_the_split_stays(shop: Emulator) -> None:
    there, before = balancer(shop), shop.state()
    asked = {**declared(8080), "deletion_protection": False}
    dry = shop.must("aws_stack", asked, check=True)
    done = shop.must("aws_stack", asked)
    assert done["plan"] == dry["plan"]
    told = [line for line in done["plan"] if line.startswith("! replace")]
    assert "! replace target group shop-green: REMOVED AND MADE ANEW, for AWS cannot change port in place" in told
    listener = "! replace listener shop:80: REMOVED AND MADE ANEW, for AWS does not remove target group shop-blue,"
    assert any(line.startswith(listener) for line in told)
    assert len(told) == 5, "two pools, the listener, and its rules"
    assert (balancer(shop), shop.state()) == (there, before)
    assert weights(shop) == {"shop-blue": 0, "shop-green": 100}
    again, written = shop.counting(lambda: shop.must("aws_stack", asked))
    assert (again["plan"], written) == ([], [])


def test_aws_refuses_the_order_of_old(shop: Emulator) -> None:
    """The emulator does, so that the test above can fail."""
    with mock.patch.object(TargetGroup, "held_by", frozenset()):
        failed = shop.run_module("aws_stack", {**declared(8080), "deletion_protection": False})
    assert "ResourceInUse" in failed["msg"]


@pytest.mark.parametrize("number", [2, 5, 8])
def test_a_replacement_that_is_killed_is_gone_on_with(shop: Emulator, number: int) -> None:
    before = shop.state()
    asked = {**declared(8080), "deletion_protection": False}
    killed_after(shop, number, asked)
    assert shop.must("aws_stack", asked)["changed"] is True
    assert shop.state() == before
    assert shop.must("aws_stack", asked)["plan"] == []


def test_a_cluster_is_replaced_with_its_instances(emulator: Emulator) -> None:
    network = emulator.own_network()
    cluster = {
        "stack": "shop",
        "engine": "aurora-postgresql",
        "version": "16.4",
        "instance_class": "db.r7g.large",
        "subnets": network["subnets"],
        "security_groups": network["security_groups"],
        "final_snapshot": False,
        "deletion_protection": False,
    }
    emulator.must("aws_database", cluster)
    told = emulator.must("aws_database", {**cluster, "user": "somebody"})["plan"]
    assert [line.partition(":")[0] for line in told] == [
        "! replace database cluster shop-cluster",
        "! replace database shop",
    ]
    assert emulator.must("aws_database", {**cluster, "user": "somebody"})["plan"] == []
