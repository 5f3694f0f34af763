# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network as AWS describes it, in the words of its declaration.

API: Amazon EC2, version 2016-11-15, ``Describe*``. One call tells what there is of a stack. Only that is described, and
nothing twice: a gateway's attachment, a gateway endpoint's tables and the VPC's ranges show in the route tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..resource import STACK_TAG, Address, Found, StackError
from ..session import Aws
from .declared import ANYWHERE, ELASTIC_IP, ENDPOINT, GATEWAY, GROUP, LOG, NAT, SPARE, SUBNET, TABLE, VPC, rule_address

# What an identifier's beginning says: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_KINDS = {
    "vpc": VPC,
    "igw": GATEWAY,
    "subnet": SUBNET,
    "eipalloc": ELASTIC_IP,
    "nat": NAT,
    "rtb": TABLE,
    "sg": GROUP,
    "vpce": ENDPOINT,
    "fl": LOG,
}
_GONE = ("deleting", "deleted", "failed")

Tagged = Mapping[str, Address]
Described = Mapping[str, Any]


def tagged(aws: Aws) -> Tagged:
    """The address of each resource that carries the stack's tag, by its id; one call.

    Raises StackError for one whose name is lost: it would be taken for one that is not wanted any more.
    """
    filters = [
        {"Name": "key", "Values": [STACK_TAG, "Name"]},
        {"Name": "value", "Values": [aws.stack, f"{aws.stack}-*"]},
    ]
    rows = list(aws.pages("ec2", "describe_tags", "Tags", Filters=filters))
    ours = {row["ResourceId"] for row in rows if (row["Key"], row["Value"]) == (STACK_TAG, aws.stack)}
    names = {row["ResourceId"]: row["Value"] for row in rows if row["Key"] == "Name"}
    kinds = {one: kind for one in sorted(ours) if (kind := _KINDS.get(one.partition("-")[0]))}
    if nameless := ", ".join(one for one in kinds if one not in names):
        raise StackError(
            f"{nameless}: expected a tag Name that begins with {aws.stack}, as the stack has given it: give it back, or"
            f" take the tag {STACK_TAG} away if the stack is to leave it alone"
        )
    return {one: Address(kind, names[one]) for one, kind in kinds.items()}


def read(aws: Aws, cidr: str) -> Iterator[Found]:
    """All that there is of a stack's network; two calls deep. Its VPC may have other ranges besides *cidr*."""
    there = tagged(aws)
    of = {kind: [one for one, address in there.items() if address.kind == kind] for kind in _KINDS.values()}
    calls: dict[str, Callable[[], Any]] = {}
    if of[VPC]:
        mine = {"Filters": [{"Name": "vpc-id", "Values": of[VPC]}]}
        calls[TABLE] = partial(_all, aws, "describe_route_tables", "RouteTables", **mine)
        calls[SUBNET] = partial(_all, aws, "describe_subnets", "Subnets", **mine)
        calls[VPC] = lambda: {vpc: _dns_hostnames(aws, vpc) for vpc in of[VPC]}
    if of[GROUP]:
        mine = {"Filters": [{"Name": "group-id", "Values": of[GROUP]}]}
        calls[GROUP] = partial(_all, aws, "describe_security_group_rules", "SecurityGroupRules", **mine)
    if of[NAT]:
        mine = {"Filter": [{"Name": "nat-gateway-id", "Values": of[NAT]}]}
        calls[NAT] = partial(_all, aws, "describe_nat_gateways", "NatGateways", **mine)
    if of[LOG]:
        calls[LOG] = partial(
            _all, aws, "describe_flow_logs", "FlowLogs", "InvalidFlowLogId.NotFound", FlowLogIds=of[LOG]
        )
    described = dict(zip(calls, aws.together(*calls.values())))
    spares = _spares(there, described)
    yield from (Found(Address(SPARE, one), {"id": one}, {}) for one in spares)
    there = {one: address for one, address in there.items() if one not in spares}
    yield from _routed(there, described, cidr)
    yield from _placed(there, described)
    yield from _guarded(there, described)


def _spares(there: Tagged, described: Described) -> list[str]:
    """Of what has the same address as another, all but the one that is in use."""
    tables = [one for one in described.get(TABLE, ()) if one["RouteTableId"] in there]
    used = {
        *(one["VpcId"] for one in tables),
        *(route.get("GatewayId") for one in tables for route in one["Routes"]),
        *(its.get("AllocationId") for one in described.get(NAT, ()) for its in one["NatGatewayAddresses"]),
    }
    kept: dict[Address, str] = {}
    for one in sorted(there, key=lambda one: (one not in used, one)):
        kept.setdefault(there[one], one)
    return sorted(one for one in set(there) - set(kept.values()) if there[one].kind in (VPC, GATEWAY, ELASTIC_IP))


def _routed(there: Tagged, described: Described, cidr: str) -> Iterator[Found]:
    """The VPC and what shows in its route tables."""
    tables = described.get(TABLE, ())
    for one, address in there.items():
        if address.kind == VPC and described[VPC][one] is not None:
            local = [route for table, route in _routes(tables, "local") if table["VpcId"] == one]
            ranges = [route.get("DestinationCidrBlock", "") for route in local]
            first = cidr if cidr in ranges else next(iter(ranges), "")
            words = {"cidr": first, "dns_hostnames": described[VPC][one]}
            yield Found(address, {"id": one, "name": address.name}, words)
        elif address.kind == GATEWAY:
            attached = (table["VpcId"] for table, route in _routes(tables, one) if route.get("State") != "blackhole")
            yield Found(address, {"id": one, "name": address.name}, {"vpc": next(attached, "")})
        elif address.kind == ENDPOINT:
            routed = {table["RouteTableId"] for table, _route in _routes(tables, one)}
            yield Found(address, {"id": one, "name": address.name}, {"route_tables": frozenset(routed)})
        elif address.kind == ELASTIC_IP:
            yield Found(address, {"id": one, "name": address.name}, {})
    for table in tables:
        if address := there.get(table["RouteTableId"]):
            yield Found(address, {"id": table["RouteTableId"], "name": address.name}, table_in_words(table))


def _placed(there: Tagged, described: Described) -> Iterator[Found]:
    """Subnets, and what is in one or beside them."""
    for one in described.get(SUBNET, ()):
        if address := there.get(one["SubnetId"]):
            words = {"vpc": one["VpcId"], "zone": one["AvailabilityZone"], "cidr": one["CidrBlock"]}
            yield Found(address, {"id": one["SubnetId"], "name": address.name}, words)
    for one in described.get(NAT, ()):
        if one["State"] not in _GONE:
            address = there[one["NatGatewayId"]]
            outside = [its["AllocationId"] for its in one["NatGatewayAddresses"] if "AllocationId" in its]
            words = {"subnet": one["SubnetId"], "elastic_ip": outside[0] if outside else ""}
            busy = "" if one["State"] == "available" else one["State"]
            yield Found(address, {"id": one["NatGatewayId"], "name": address.name}, words, busy=busy)
    for one in described.get(LOG, ()):
        address = there[one["FlowLogId"]]
        yield Found(address, {"id": one["FlowLogId"], "name": address.name}, log_in_words(one))


def _guarded(there: Tagged, described: Described) -> Iterator[Found]:
    """Security groups, and every rule in them, whoever made it."""
    for one, address in there.items():
        if address.kind == GROUP:
            yield Found(address, {"id": one, "name": address.name}, {})
    for one in described.get(GROUP, ()):
        words = rule_in_words(one)
        peer = there[words["peer"]].name if words["peer"] in there else words["peer"]
        group = there[words["group"]].name
        address = rule_address(group, words["egress"], words["protocol"], words["ports"], peer)
        yield Found(address, {"id": one["SecurityGroupRuleId"]}, words)


# -- words -----------------------------------------------------------------------------------


def table_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A route table as its declaration would say it. A route whose gateway has gone leads nowhere."""
    ways = [route for route in one["Routes"] if route.get("DestinationCidrBlock") == ANYWHERE]
    way_out = ""
    if ways:
        gone = ways[0].get("State") == "blackhole"
        way_out = "nowhere" if gone else ways[0].get("GatewayId") or ways[0].get("NatGatewayId") or "elsewhere"
    subnets = frozenset(its["SubnetId"] for its in one.get("Associations", ()) if "SubnetId" in its)
    return {"default_route": way_out, "subnets": subnets}


def rule_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as its declaration would say it."""
    protocol = {"-1": "all"}.get(one["IpProtocol"], one["IpProtocol"])
    low, high = one.get("FromPort", -1), one.get("ToPort", -1)
    ports = "all" if protocol == "all" else str(low) if low == high else f"{low}-{high}"
    peer = one.get("CidrIpv4") or one.get("CidrIpv6") or one.get("PrefixListId")
    return {
        "group": one["GroupId"],
        "egress": one["IsEgress"],
        "protocol": protocol,
        "ports": ports,
        "peer": peer or one["ReferencedGroupInfo"]["GroupId"],
    }


def log_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A flow log as its declaration would say it."""
    return {"vpc": one["ResourceId"], "destination": one["LogDestination"], "traffic": one["TrafficType"].lower()}


# -- calls -----------------------------------------------------------------------------------


def _all(aws: Aws, operation: str, key: str, *absent: str, **parameters: Any) -> list[dict[str, Any]]:
    return list(aws.pages("ec2", operation, key, *absent, **parameters))


def _dns_hostnames(aws: Aws, vpc: str) -> bool | None:
    """Whether a VPC gives names; None where there is none any more, for tags are the last to go."""
    asked = {"VpcId": vpc, "Attribute": "enableDnsHostnames"}
    answer = aws.call("ec2", "describe_vpc_attribute", "InvalidVpcID.NotFound", **asked)
    return bool(answer["EnableDnsHostnames"]["Value"]) if answer else None


def _routes(tables: Iterable[Mapping[str, Any]], gateway: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each route that leads to a *gateway*, with its table."""
    return [(table, route) for table in tables for route in table["Routes"] if route.get("GatewayId") == gateway]
