# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in a network follows it into another zone, and gets other security groups, without being made anew."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

_BALANCER: dict[str, Any] = {"listeners": [{"port": 80, "protocol": "HTTP"}]}
_DATABASE = {"version": "16", "instance_class": "db.t4g.medium"}
_CACHE = {"version": "8", "node_type": "cache.t4g.small"}


def _of_balancer(emulator: Emulator) -> set[str]:
    balancer = emulator.client("elbv2").describe_load_balancers(Names=["shop"])["LoadBalancers"][0]
    return {zone["SubnetId"] for zone in balancer["AvailabilityZones"]}


def _of_database(emulator: Emulator) -> set[str]:
    group = emulator.client("rds").describe_db_subnet_groups(DBSubnetGroupName="shop-database")["DBSubnetGroups"][0]
    return {one["SubnetIdentifier"] for one in group["Subnets"]}


def _of_cache(emulator: Emulator) -> set[str]:
    asked = {"CacheSubnetGroupName": "shop-cache"}
    group = emulator.client("elasticache").describe_cache_subnet_groups(**asked)["CacheSubnetGroups"][0]
    return {one["SubnetIdentifier"] for one in group["Subnets"]}


@pytest.mark.parametrize(
    ("module", "declared", "tier", "subnets", "what"),
    [
        ("aws_load_balancer", _BALANCER, "public", _of_balancer, "load balancer shop"),
        ("aws_database", _DATABASE, "private", _of_database, "database subnets shop-database"),
        ("aws_cache", _CACHE, "private", _of_cache, "cache subnets shop-cache"),
    ],
)
def test_another_zone_is_followed(
    emulator: Emulator, module: str, declared: dict[str, Any], tier: str, subnets: Any, what: str
) -> None:
    arguments = {"stack": "shop", **declared}
    emulator.must("aws_network", {"stack": "shop", "zone_count": 2})
    emulator.must(module, arguments)
    assert len(subnets(emulator)) == 2
    network = emulator.must("aws_network", {"stack": "shop", "zone_count": 3})["resources"]
    dry = emulator.must(module, arguments, check=True)
    assert len(subnets(emulator)) == 2
    done = emulator.must(module, arguments)
    assert (dry["plan"], done["plan"]) == ([f"~ change {what}: subnets"],) * 2
    assert subnets(emulator) == {its["id"] for name, its in network.items() if name.startswith(f"subnet shop-{tier}-")}
    assert emulator.must(module, arguments)["changed"] is False


def test_a_load_balancer_gets_other_security_groups(emulator: Emulator) -> None:
    network = emulator.must("aws_network", {"stack": "shop"})["resources"]
    arguments = {"stack": "shop", **_BALANCER}
    emulator.must("aws_load_balancer", arguments)
    others = [network[f"security group shop-{name}"]["id"] for name in ("load-balancer", "app")]
    done = emulator.must("aws_load_balancer", {**arguments, "security_groups": others})
    assert done["plan"] == ["~ change load balancer shop: security_groups"]
    balancer = emulator.client("elbv2").describe_load_balancers(Names=["shop"])["LoadBalancers"][0]
    assert sorted(balancer["SecurityGroups"]) == sorted(others)
    assert emulator.must("aws_load_balancer", {**arguments, "security_groups": others[::-1]})["changed"] is False
