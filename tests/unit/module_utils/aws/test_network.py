# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network as it is declared: where subnets lie, who may talk to whom, and what is refused."""

from __future__ import annotations

import ipaddress

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.network import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address

ZONES = ["us-east-1a", "us-east-1b"]


def declaration(**options):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate(options)
    assert not checked.error_messages
    return checked.validated_parameters


def resources(zones=ZONES, **options):
    return {str(one.address): one for one in declared.wanted("shop", declaration(**options), zones)}


def ranges(zones, **options):
    found = resources(zones, **options)
    return {name: one.properties["cidr"] for name, one in found.items() if name.startswith("subnet ")}


def rules(**options):
    return {name.removeprefix("security group rule shop-") for name in resources(**options) if " rule " in name}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cidr": "10.0.0.0/15"}, "cidr: expected an IPv4 range from /16 to /24"),
        ({"cidr": "10.0.0.1/16"}, "cidr: expected an IPv4 range"),
        ({"cidr": "2001:db8::/16"}, "cidr: expected an IPv4 range"),
        ({"zones": ["us-east-1"]}, "zones: expected availability zones"),
        ({"zones": []}, "zones: expected from 1 to 8"),
        ({"zone_count": 9}, "zones: expected from 1 to 8"),
        ({"zones": ["us-east-1a", "us-east-1a"]}, "zones: expected each zone's letter once"),
        ({"clients": ["everyone"]}, "clients: expected IPv4 ranges"),
        ({"flow_logs": {"destination": "logs"}}, "flow_logs.destination: expected the ARN"),
        ({"flow_logs": {"destination": "arn:aws:logs:r:1:log-group:x"}}, "flow_logs.role: expected"),
        ({"rules": [{"group": "App", "from": "app", "ports": "1"}]}, "rules.group: expected small letters"),
        ({"rules": [{"group": "app", "from": "apps", "ports": "1"}]}, "rules.from: expected"),
        ({"rules": [{"group": "app", "from": "app", "ports": "2-1"}]}, "rules.ports: expected"),
        ({"rules": [{"group": "app", "from": "app", "ports": "70000"}]}, "rules.ports: expected"),
    ],
)
def test_each_mistake_is_named(options, told):
    assert [mistake for mistake in declared.check(declaration(**options)) if told in mistake]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"zones": ["eu-central-1c", "eu-central-1a"], "cidr": "172.16.0.0/24"},
        {"clients": ["pl-0123456789abcdef0", "203.0.113.0/24"]},
        {"flow_logs": {"destination": "arn:aws:s3:::bucket"}},
        {
            "rules": [
                {"group": "bastion", "from": "sg-0123", "ports": "22"},
                {"group": "app", "from": "bastion", "ports": "1-2"},
            ]
        },
    ],
)
def test_what_is_right_is_not_refused(options):
    assert not declared.check(declaration(**options))


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "192.168.7.0/24"])
def test_subnets_lie_apart_within_the_network(cidr):
    found = [
        ipaddress.ip_network(one) for one in ranges([f"us-east-1{letter}" for letter in "abcdefgh"], cidr=cidr).values()
    ]
    assert len(found) == 16
    assert all(one.subnet_of(ipaddress.ip_network(cidr)) for one in found)
    assert not any(one.overlaps(other) for one in found for other in found if one is not other)


def test_a_zone_that_comes_or_goes_moves_no_other():
    both = ranges(ZONES)
    assert ranges(["us-east-1b"]).items() < both.items()
    assert both.items() < ranges([*ZONES, "us-east-1c"]).items()


def test_each_tier_lets_in_the_one_before_it_and_calls_nobody():
    assert rules(clients=["203.0.113.0/24"], ports={"load_balancer": [443], "app": [8000]}) == {
        "load-balancer tcp 443 from 203.0.113.0/24",
        "load-balancer tcp 8000 to shop-app",
        "app tcp 8000 from shop-load-balancer",
        "app all all to 0.0.0.0/0",
        "database tcp 5432 from shop-app",
        "cache tcp 6379 from shop-app",
    }


def test_what_lets_the_load_balancer_in_can_be_called_by_it():
    more = rules(rules=[{"group": "admin", "from": "load-balancer", "ports": "9000"}]) - rules()
    assert more == {
        "admin tcp 9000 from shop-load-balancer",
        "load-balancer tcp 9000 to shop-admin",
        "admin all all to 0.0.0.0/0",
    }


def test_a_rule_that_is_declared_twice_is_there_once():
    assert rules(rules=[{"group": "database", "from": "app", "ports": "5432"}]) == rules()


@pytest.mark.parametrize(
    ("nat", "ways"),
    [
        ("none", ["", ""]),
        ("one", ["nat gateway shop-a", "nat gateway shop-a"]),
        ("per_zone", ["nat gateway shop-a", "nat gateway shop-b"]),
    ],
)
def test_private_subnets_go_out_by_the_gateways_there_are(nat, ways):
    found = resources(nat=nat)
    tables = [found[f"route table shop-private-{letter}"] for letter in "ab"]
    assert [str(table.properties["default_route"]) for table in tables] == ways


def test_in_a_network_of_ones_own_there_are_groups_alone():
    found = resources(vpc="vpc-1")
    assert {Address(*one.address).kind for one in found.values()} == {"security group", "security group rule"}
    assert found["security group shop-app"].once["vpc"] == "vpc-1"
