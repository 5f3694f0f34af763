# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network where AWS answers as no emulator does: what is still in use, half gone, or refused without an error."""

from __future__ import annotations

import pytest
from a_clock import Clock
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.network import declared, ec2
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.declared import (
    ANYWHERE,
    GROUP,
    LOG,
    NAT,
    RULE,
    SUBNET,
    TABLE,
    VPC,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.found import read
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.kinds import FlowLog, RouteTable, Subnet
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.security_groups import (
    SecurityGroup,
    SecurityGroupRule,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)

LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/flow"
BUCKET = "arn:aws:s3:::shop-flow"


@pytest.fixture
def clock(monkeypatch):
    its = Clock()
    monkeypatch.setattr(ec2, "time", its)
    return its


# -- what is still in use --------------------------------------------------------------------

IN_USE = refuses(
    "ec2",
    "delete_subnet",
    "DependencyViolation",
    "The subnet 'subnet-1' has dependencies and cannot be deleted.",
    SubnetId="subnet-1",
)
SUBNETTED = Found(Address(SUBNET, "shop-public-a"), {"id": "subnet-1"}, {})


@pytest.mark.parametrize(
    "last",
    [
        gives("ec2", "delete_subnet", SubnetId="subnet-1"),
        refuses("ec2", "delete_subnet", "InvalidSubnetID.NotFound", SubnetId="subnet-1"),
    ],
)
def test_what_is_still_in_use_is_removed_as_soon_as_it_is_free(last, clock):
    with vendor(IN_USE, IN_USE, last) as aws:
        Subnet(aws).delete(SUBNETTED)
    assert clock.slept == [5.0, 5.0]


def test_what_stays_in_use_is_told_of(clock):
    clock.pause = 601.0
    with (
        vendor(IN_USE, IN_USE) as aws,
        pytest.raises(StackError, match=r"has dependencies and cannot be deleted\. \(DependencyViolation\)"),
    ):
        Subnet(aws).delete(SUBNETTED)
    assert clock.slept == [5.0]


def test_what_is_refused_for_another_reason_is_not_tried_again(clock):
    refused = refuses("ec2", "delete_security_group", "UnauthorizedOperation", "denied", GroupId="sg-1")
    with vendor(refused) as aws, pytest.raises(StackError, match="not allowed: ec2:DeleteSecurityGroup"):
        SecurityGroup(aws).delete(Found(Address(GROUP, "shop-app"), {"id": "sg-1"}, {}))
    assert not clock.slept


# -- ways ------------------------------------------------------------------------------------

WAY = {"RouteTableId": "rtb-1", "DestinationCidrBlock": ANYWHERE}


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("nat-1", "", gives("ec2", "delete_route", **WAY)),
        ("nat-1", "", refuses("ec2", "delete_route", "InvalidRoute.NotFound", **WAY)),
        ("nowhere", "nat-2", gives("ec2", "replace_route", **WAY, NatGatewayId="nat-2")),
        ("", "igw-1", gives("ec2", "create_route", **WAY, GatewayId="igw-1")),
    ],
)
def test_a_way_out_comes_and_goes(before, after, asked):
    address = Address(TABLE, "shop-private-a")
    with vendor(asked) as aws:
        found = Found(address, {"id": "rtb-1"}, {"default_route": before, "subnets": frozenset()})
        wanted = Wanted(address, {"default_route": after, "subnets": frozenset()})
        RouteTable(aws).change(found, wanted, {"default_route"})


# -- records of connections ------------------------------------------------------------------


def logged(destination, role):
    """What is declared of flow logs, with its VPC there."""
    given = {"flow_logs": {"destination": destination, "role": role, "traffic": "all"}}
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not checked.error_messages
    there = declared.wanted("shop", checked.validated_parameters, ["eu-central-1a"])
    (one,) = [one for one in there if one.address.kind == LOG]
    assert one.properties["vpc"] == Address(VPC, "shop").ref()
    return Wanted(one.address, {**one.properties, "vpc": "vpc-1"}, one.once)


def records(answer, destination, role):
    kind = "s3" if destination == BUCKET else "cloud-watch-logs"
    tags = [{"Key": "Name", "Value": "shop"}, {"Key": STACK_TAG, "Value": "shop"}]
    return gives(
        "ec2",
        "create_flow_logs",
        answer,
        ResourceType="VPC",
        ResourceIds=["vpc-1"],
        TrafficType="ALL",
        LogDestinationType=kind,
        LogDestination=destination,
        TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": tags}],
        **({"DeliverLogsPermissionArn": role} if role else {}),
    )


@pytest.mark.parametrize(
    ("destination", "role"), [(BUCKET, None), (LOG_GROUP, "arn:aws:iam::123456789012:role/writes-logs")]
)
def test_connections_are_recorded_where_it_is_declared(destination, role):
    with vendor(records({"FlowLogIds": ["fl-1"], "Unsuccessful": []}, destination, role)) as aws:
        assert FlowLog(aws).create(logged(destination, role)) == {"id": "fl-1", "name": "shop"}


def test_a_record_that_aws_does_not_begin_is_told_of_though_it_answers_without_an_error():
    message = "Access Denied for LogDestination: shop-flow. Please check LogDestination permission"
    error = {"Error": {"Code": "400", "Message": message}, "ResourceId": "vpc-1"}
    answer = records({"FlowLogIds": [], "Unsuccessful": [error]}, BUCKET, None)
    with vendor(answer) as aws, pytest.raises(StackError, match="Access Denied for LogDestination: shop-flow"):
        FlowLog(aws).create(logged(BUCKET, None))


# -- what is there ---------------------------------------------------------------------------


def tagged(**ids):
    return [
        {"ResourceId": one.replace("_", "-"), "Key": key, "Value": value}
        for one, name in ids.items()
        for key, value in ((STACK_TAG, "shop"), ("Name", name))
    ]


def what_there_is(*answers):
    with vendor(*answers) as aws:
        # Calls that are made at the same time come in their order: an answer is for one of them alone.
        return {str(one.address): one for one in read(aws, "10.0.0.0/16")}


def test_a_record_of_connections_is_read_as_it_is_declared():
    log = {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "LogDestination": BUCKET, "TrafficType": "REJECT"}
    found = what_there_is(
        gives("ec2", "describe_tags", {"Tags": tagged(fl_1="shop")}),
        gives("ec2", "describe_flow_logs", {"FlowLogs": [log]}, FlowLogIds=["fl-1"]),
    )
    assert found == {
        "flow log shop": Found(
            Address(LOG, "shop"),
            {"id": "fl-1", "name": "shop"},
            {"vpc": "vpc-1", "destination": BUCKET, "traffic": "reject"},
        )
    }


def test_a_record_of_connections_whose_tags_are_the_last_to_go_is_there_no_more():
    assert not what_there_is(
        gives("ec2", "describe_tags", {"Tags": tagged(fl_1="shop")}),
        refuses("ec2", "describe_flow_logs", "InvalidFlowLogId.NotFound", FlowLogIds=["fl-1"]),
    )


def test_somebody_elses_subnet_in_the_network_is_left_alone():
    place = {"VpcId": "vpc-1", "AvailabilityZone": "eu-central-1a"}
    subnets = [
        {**place, "SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/20"},
        {**place, "SubnetId": "subnet-2", "CidrBlock": "10.0.16.0/20"},
    ]
    mine = {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}
    found = what_there_is(
        gives("ec2", "describe_tags", {"Tags": tagged(vpc_1="shop", subnet_2="shop-private-a")}),
        gives("ec2", "describe_route_tables", {"RouteTables": []}, **mine),
        gives("ec2", "describe_subnets", {"Subnets": subnets}, **mine),
        gives("ec2", "describe_vpc_attribute", {"EnableDnsHostnames": {"Value": True}}),
    )
    assert sorted(found) == ["subnet shop-private-a", "vpc shop"]
    assert found["subnet shop-private-a"].ids["id"] == "subnet-2"


@pytest.mark.parametrize(
    ("state", "busy"),
    [("available", ""), ("pending", "pending"), ("failed", None), ("deleting", None), ("deleted", None)],
)
def test_a_nat_gateway_that_goes_or_never_came_is_there_no_more(state, busy):
    addresses = [{"AllocationId": "eipalloc-1"}]
    gateway = {"NatGatewayId": "nat-1", "SubnetId": "subnet-1", "State": state, "NatGatewayAddresses": addresses}
    found = what_there_is(
        gives("ec2", "describe_tags", {"Tags": tagged(nat_1="shop-a")}),
        gives("ec2", "describe_nat_gateways", {"NatGateways": [gateway]}),
    )
    words = {"subnet": "subnet-1", "elastic_ip": "eipalloc-1"}
    there = Found(Address(NAT, "shop-a"), {"id": "nat-1", "name": "shop-a"}, words, busy=busy or "")
    assert list(found.values()) == ([] if busy is None else [there])


# -- who may talk to whom --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        ("pl-0123", {"PrefixListIds": [{"PrefixListId": "pl-0123"}]}),
        ("2001:db8::/32", {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}),
        ("sg-0123", {"UserIdGroupPairs": [{"GroupId": "sg-0123"}]}),
        ("192.0.2.0/24", {"IpRanges": [{"CidrIp": "192.0.2.0/24"}]}),
    ],
)
def test_a_rule_names_the_other_side_as_aws_calls_its_sort(peer, told):
    words = {"group": "sg-1", "egress": False, "protocol": "tcp", "ports": "8000-8010", "peer": peer}
    address = Address(RULE, "one")
    permission = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8010, **told}
    made = {"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1"}]}
    asked = {"GroupId": "sg-1", "IpPermissions": [permission]}
    answers = (
        gives("ec2", "authorize_security_group_ingress", made, **asked),
        refuses("ec2", "authorize_security_group_ingress", "InvalidPermission.Duplicate", **asked),
        gives("ec2", "revoke_security_group_ingress", **asked),
        refuses("ec2", "revoke_security_group_ingress", "InvalidPermission.NotFound", **asked),
    )
    with vendor(*answers) as aws:
        kind = SecurityGroupRule(aws)
        assert kind.create(Wanted(address, words)) == {"id": "sgr-1"}
        assert kind.create(Wanted(address, words)) == {}  # by a call whose answer was lost
        kind.delete(Found(address, {"id": "sgr-1"}, words))
        kind.delete(Found(address, {"id": "sgr-1"}, words))


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ({"load_balancer": [443, 0]}, ["ports.load_balancer: expected ports from 1 to 65535, but found 0"]),
        ({"database": 65536}, ["ports.database: expected ports from 1 to 65535, but found 65536"]),
        ({"app": [1, 65535], "cache": 6380}, []),
    ],
)
def test_a_port_that_cannot_be_is_told_of(ports, told):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate({"ports": ports})
    assert not checked.error_messages
    assert declared.check(checked.validated_parameters) == told
