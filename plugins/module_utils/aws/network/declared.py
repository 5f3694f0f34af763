# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network as it is declared: a VPC with public and private subnets, and a security group for each tier of a service.

Where a subnet lies follows from its zone's letter alone, so that a zone can come or go without moving the others.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..resource import Address, Ref, Wanted

VPC, GATEWAY, SUBNET = "vpc", "internet gateway", "subnet"
ELASTIC_IP, NAT, TABLE = "elastic ip", "nat gateway", "route table"
GROUP, RULE = "security group", "security group rule"
ENDPOINT, LOG = "gateway endpoint", "flow log"
#: What was made twice, because an answer of AWS was lost, and is used by nothing.
SPARE = "spare"

ANYWHERE = "0.0.0.0/0"
TIERS = ("private", "public")
GROUPS = ("load-balancer", "app", "database", "cache")
SERVICES = ("dynamodb", "s3")

# A VPC's range is cut into sixteen: eight private subnets, then eight public ones.
_CUT = 4
_LETTERS = "abcdefgh"
_ZONE = re.compile(rf"[a-z]{{2}}(-[a-z]+)+-\d[{_LETTERS}]")
_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_BY_ID = re.compile(r"(sg|pl)-[0-9a-f]+")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_RULE = {
    "group": {"type": "str", "required": True},
    "from": {"type": "str", "required": True},
    "ports": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["tcp", "udp"], "default": "tcp"},
}
_TIER_PORTS = {
    "load_balancer": {"type": "list", "elements": "int", "default": [80, 443]},
    "app": {"type": "list", "elements": "int", "default": [80]},
    "database": {"type": "int", "default": 5432},
    "cache": {"type": "int", "default": 6379},
}
_FLOW_LOGS = {
    "destination": {"type": "str", "required": True},
    "role": {"type": "str"},
    "traffic": {"type": "str", "choices": ["all", "accept", "reject"], "default": "reject"},
}

#: The options of ``aws_network``, and of ``network`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "vpc": {"type": "str"},
    "cidr": {"type": "str", "default": "10.0.0.0/16"},
    "zones": {"type": "list", "elements": "str"},
    "zone_count": {"type": "int", "default": 2},
    "dns_hostnames": {"type": "bool", "default": True},
    "nat": {"type": "str", "choices": ["none", "one", "per_zone"], "default": "none"},
    "endpoints": {"type": "list", "elements": "str", "choices": list(SERVICES), "default": list(SERVICES)},
    "flow_logs": {"type": "dict", "options": _FLOW_LOGS},
    "clients": {"type": "list", "elements": "str", "default": [ANYWHERE]},
    "ports": {"type": "dict", "options": _TIER_PORTS, "apply_defaults": True},
    "rules": {"type": "list", "elements": "dict", "options": _RULE, "default": []},
}


def subnet(stack: str, tier: str, zone: str) -> Address:
    """The subnet of a *tier* in a *zone*."""
    return named(SUBNET, stack, f"{tier}-{zone[-1]}")


def rule_address(group: str, egress: bool, protocol: str, ports: str, peer: str) -> Address:
    """A rule is known by all that it says, for AWS gives it no name of its own."""
    return Address(RULE, f"{group} {protocol} {ports} {'to' if egress else 'from'} {peer}")


def wanted(stack: str, declared: Mapping[str, Any], zones: Sequence[str]) -> Iterator[Wanted]:
    """The resources of a network *declared* by :data:`ARGUMENTS`, in these *zones*."""
    vpc = declared["vpc"] or named(VPC, stack).ref()
    if not declared["vpc"]:
        yield from _network(stack, declared, sorted(zones))
    rules = list(_rules(declared))
    for group in dict.fromkeys([*GROUPS, *(rule[0] for rule in rules)]):
        yield Wanted(named(GROUP, stack, group), {}, once={"vpc": vpc, "description": f"{group} of {stack}"})
    yield from _by_address(stack, rules)


def _network(stack: str, declared: Mapping[str, Any], zones: Sequence[str]) -> Iterator[Wanted]:
    vpc, gateway = named(VPC, stack), named(GATEWAY, stack)
    yield Wanted(vpc, {"cidr": declared["cidr"], "dns_hostnames": declared["dns_hostnames"]})
    yield Wanted(gateway, {"vpc": vpc.ref()})
    for zone in zones:
        for tier in TIERS:
            place = {"vpc": vpc.ref(), "zone": zone, "cidr": _cidr(declared["cidr"], tier, zone)}
            yield Wanted(subnet(stack, tier, zone), place)
    gateways = {"none": [], "one": zones[:1], "per_zone": zones}[declared["nat"]]
    for zone in gateways:
        address = named(ELASTIC_IP, stack, f"nat-{zone[-1]}")
        yield Wanted(address, {})
        place = {"subnet": subnet(stack, "public", zone).ref(), "elastic_ip": address.ref()}
        yield Wanted(named(NAT, stack, zone[-1]), place, after=[gateway])
    yield from _tables(stack, zones, gateways)
    tables = [named(TABLE, stack, "public"), *(named(TABLE, stack, f"private-{zone[-1]}") for zone in zones)]
    for service in declared["endpoints"]:
        routed = {"route_tables": frozenset(table.ref() for table in tables)}
        yield Wanted(named(ENDPOINT, stack, service), routed, once={"vpc": vpc.ref(), "service": service})
    if logs := declared["flow_logs"]:
        kept = {"vpc": vpc.ref(), "destination": logs["destination"], "traffic": logs["traffic"]}
        yield Wanted(named(LOG, stack), kept, once={"role": logs["role"]})


def _tables(stack: str, zones: Sequence[str], gateways: Sequence[str]) -> Iterator[Wanted]:
    """One for the public subnets, and one for each private subnet, so that each can have a way out of its own."""
    once = {"vpc": named(VPC, stack).ref()}
    public = frozenset(subnet(stack, "public", zone).ref() for zone in zones)
    internet = named(GATEWAY, stack).ref()
    yield Wanted(named(TABLE, stack, "public"), {"default_route": internet, "subnets": public}, once=once)
    for zone in zones:
        way_out: Any = ""
        if gateways:
            way_out = named(NAT, stack, (zone if zone in gateways else gateways[0])[-1]).ref()
        private = frozenset([subnet(stack, "private", zone).ref()])
        yield Wanted(
            named(TABLE, stack, f"private-{zone[-1]}"), {"default_route": way_out, "subnets": private}, once=once
        )


def _cidr(cidr: str, tier: str, zone: str) -> str:
    parts = list(ipaddress.ip_network(cidr).subnets(_CUT))
    return str(parts[len(_LETTERS) * TIERS.index(tier) + _LETTERS.index(zone[-1])])


# -- security groups -------------------------------------------------------------------------


def _rules(declared: Mapping[str, Any]) -> Iterator[tuple[str, bool, str, str, str]]:
    """Each rule's group, whether it is for what goes out, protocol, ports, and the other side."""
    ports = declared["ports"]
    incoming = [
        *(
            ("load-balancer", "tcp", str(port), client)
            for port in ports["load_balancer"]
            for client in declared["clients"]
        ),
        *(("app", "tcp", str(port), "load-balancer") for port in ports["app"]),
        ("database", "tcp", str(ports["database"]), "app"),
        ("cache", "tcp", str(ports["cache"]), "app"),
        *((rule["group"], rule["protocol"], rule["ports"], rule["from"]) for rule in declared["rules"]),
    ]
    for group, protocol, span, peer in incoming:
        yield group, False, protocol, span, peer
        if peer == "load-balancer":  # which may send to what lets it in, and nowhere else
            yield peer, True, protocol, span, group
    for group in dict.fromkeys(["app", *(rule[0] for rule in incoming)]):
        if group not in ("load-balancer", "database", "cache"):  # these answer; they have nobody to call
            yield group, True, "all", "all", ANYWHERE


def _by_address(stack: str, rules: Sequence[tuple[str, bool, str, str, str]]) -> Iterator[Wanted]:
    """The rules, each once."""
    found: dict[Address, Wanted] = {}
    for group, egress, protocol, ports, peer in rules:
        other: str | Ref = peer
        if _NAME.fullmatch(peer) and not _BY_ID.fullmatch(peer):
            other = named(GROUP, stack, peer).ref()
            peer = f"{stack}-{peer}"
        address = rule_address(f"{stack}-{group}", egress, protocol, ports, peer)
        words = {"group": named(GROUP, stack, group).ref(), "egress": egress, "protocol": protocol, "ports": ports}
        found[address] = Wanted(address, {**words, "peer": other})
    yield from found.values()


# -- mistakes --------------------------------------------------------------------------------


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    return [
        *_wrong_range(declared),
        *_wrong_zones(declared),
        *_wrong_ports(declared["ports"]),
        *_wrong_logs(declared),
        *_wrong_rules(declared),
    ]


def _wrong_range(declared: Mapping[str, Any]) -> Iterator[str]:
    try:
        wrong = not 16 <= ipaddress.IPv4Network(declared["cidr"]).prefixlen <= 24
    except ValueError:
        wrong = True
    if wrong:
        yield f"cidr: expected an IPv4 range from /16 to /24, such as 10.0.0.0/16, but found {declared['cidr']!r}"
    for client in declared["clients"]:
        if not _is_range(client) and not _BY_ID.fullmatch(client):
            yield f"clients: expected IPv4 ranges, or ids of security groups or prefix lists, but found {client!r}"


def _wrong_zones(declared: Mapping[str, Any]) -> Iterator[str]:
    for zone in declared["zones"] or ():
        if not _ZONE.fullmatch(zone):
            yield f"zones: expected availability zones such as us-east-1a, but found {zone!r}"
    letters = [zone[-1:] for zone in declared["zones"] or ()]
    if len(set(letters)) < len(letters):
        yield "zones: expected each zone's letter once"
    count = len(declared["zones"]) if declared["zones"] is not None else declared["zone_count"]
    if not 1 <= count <= len(_LETTERS):
        yield f"zones: expected from 1 to {len(_LETTERS)} zones, but found {count}"


def _wrong_ports(ports: Mapping[str, Any]) -> Iterator[str]:
    for tier, given in ports.items():
        for port in given if isinstance(given, list) else [given]:
            if not 1 <= port <= 65535:
                yield f"ports.{tier}: expected ports from 1 to 65535, but found {port}"


def _wrong_logs(declared: Mapping[str, Any]) -> Iterator[str]:
    logs = declared["flow_logs"]
    if not logs:
        return
    kind = logs["destination"].split(":")[2:3]
    if kind not in (["s3"], ["logs"]):
        yield f"flow_logs.destination: expected the ARN of a bucket or log group, but found {logs['destination']!r}"
    elif kind == ["logs"] and not logs["role"]:
        yield "flow_logs.role: expected the ARN of a role that may write to the log group, but found none"


def _wrong_rules(declared: Mapping[str, Any]) -> Iterator[str]:
    groups = {*GROUPS, *(rule["group"] for rule in declared["rules"])}
    for rule in declared["rules"]:
        if not _NAME.fullmatch(rule["group"]):
            yield f"rules.group: expected small letters, digits and single hyphens, but found {rule['group']!r}"
        peer = rule["from"]
        if peer not in groups and not _is_range(peer) and not _BY_ID.fullmatch(peer):
            yield (
                f"rules.from: expected an IPv4 range, the id of a security group or prefix list, or one of"
                f" {', '.join(sorted(groups))}, but found {peer!r}"
            )
        if not _is_span(rule["ports"]):
            yield f"rules.ports: expected a port or a range such as 8000-8010, but found {rule['ports']!r}"


def _is_range(value: str) -> bool:
    try:
        ipaddress.IPv4Network(value)
    except ValueError:
        return False
    return "/" in value


def _is_span(ports: str) -> bool:
    found = _PORTS.fullmatch(ports)
    return found is not None and 0 <= int(found[1]) <= int(found[2] or found[1]) <= 65535
