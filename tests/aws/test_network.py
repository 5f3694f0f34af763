# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network keeps its rules exact, leaves alone what is not its own, and refuses what would take it apart."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

SHOP: dict[str, Any] = {"stack": "shop"}
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.fixture
def network(emulator: Emulator) -> dict[str, Any]:
    """The identifiers of a stack's network."""
    found: dict[str, Any] = emulator.must("aws_network", SHOP)["resources"]
    return found


def test_reading_it_takes_five_calls(emulator: Emulator, network: dict[str, Any]) -> None:
    before = len(emulator.calls())
    assert emulator.must("aws_network", SHOP)["resources"] == network
    assert len(emulator.operations(before)) == 5


def test_a_rule_made_by_hand_goes_and_a_group_made_by_hand_stays(emulator: Emulator, network: dict[str, Any]) -> None:
    ec2 = emulator.client("ec2")
    group = ec2.create_security_group(GroupName="ours", Description="ours", VpcId=network["vpc shop"]["id"])["GroupId"]
    for one in (group, network["security group shop-database"]["id"]):
        ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[EVERYTHING])
    done = emulator.must("aws_network", SHOP)
    assert done["plan"] == ["- delete security group rule shop-database all all from 0.0.0.0/0"]
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]


def test_a_route_made_by_hand_stays_and_a_lost_one_comes_back(emulator: Emulator, network: dict[str, Any]) -> None:
    ec2, table = emulator.client("ec2"), network["route table shop-public"]["id"]
    gateway = network["internet gateway shop"]["id"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", GatewayId=gateway)
    assert emulator.must("aws_network", SHOP)["changed"] is False
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    assert emulator.must("aws_network", SHOP)["plan"] == ["~ change route table shop-public: default_route"]


@pytest.mark.usefixtures("network")
def test_another_range_is_refused(emulator: Emulator) -> None:
    refused, written = emulator.counting(
        lambda: emulator.run_module("aws_network", {**SHOP, "cidr": "10.1.0.0/16", "deletion_protection": False})
    )
    assert "AWS cannot change a VPC's first range" in refused["msg"]
    assert written == []


def test_a_second_range_is_no_other(emulator: Emulator, network: dict[str, Any]) -> None:
    vpc = network["vpc shop"]["id"]
    emulator.client("ec2").associate_vpc_cidr_block(VpcId=vpc, CidrBlock="100.64.0.0/16")
    assert emulator.must("aws_network", SHOP)["changed"] is False


@pytest.mark.usefixtures("network")
def test_a_stack_whose_name_begins_the_same_is_another(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop-app"})
    assert emulator.must("aws_network", SHOP)["changed"] is False
    emulator.must("aws_network", {**SHOP, "state": "absent", "deletion_protection": False})
    assert emulator.must("aws_network", {"stack": "shop-app"})["changed"] is False


def test_what_has_lost_its_name_is_not_taken_for_unwanted(emulator: Emulator, network: dict[str, Any]) -> None:
    subnet = network["subnet shop-public-a"]["id"]
    emulator.client("ec2").create_tags(Resources=[subnet], Tags=[{"Key": "Name", "Value": "Front"}])
    refused, written = emulator.counting(lambda: emulator.run_module("aws_network", SHOP))
    assert f"{subnet}: expected a tag Name that begins with shop" in refused["msg"]
    assert written == []


@pytest.mark.usefixtures("network")
def test_zones_are_kept_once_chosen(emulator: Emulator) -> None:
    emulator.must("aws_network", {**SHOP, "zones": ["us-east-1d", "us-east-1e"]})
    assert emulator.must("aws_network", SHOP)["changed"] is False


def test_a_network_of_ones_own_gets_the_groups_alone(emulator: Emulator) -> None:
    vpc = emulator.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    done = emulator.must("aws_network", {**SHOP, "vpc": vpc})
    assert all("security group" in line for line in done["plan"])
    assert emulator.must("aws_network", {**SHOP, "vpc": vpc})["changed"] is False


@pytest.mark.parametrize("operation", ["CreateVpc", "CreateInternetGateway", "AllocateAddress"])
def test_what_a_lost_answer_has_doubled_is_gone_after_the_next_run(emulator: Emulator, operation: str) -> None:
    shop = {**SHOP, "nat": "one"}
    emulator.trouble(failing=[{"operation": operation, "code": "InternalError", "done": True}])
    before = emulator.must("aws_network", shop)["resources"]
    (line,) = emulator.must("aws_network", shop)["plan"]
    assert line.startswith("- delete spare ")
    again = emulator.must("aws_network", shop)
    assert (again["changed"], again["resources"]) == (False, before)
