# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hosted zone and its records, as they are declared.

Weights that rollouts move are given once, when the record is made; all else is what the declaration says.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..resource import Address, Ref, Wanted

ZONE, CHECK, RECORD = "hosted zone", "health check", "record"
# What a zone of the stack's own tells of, besides itself and its records.
CHECKS = "checks"

# The zone of every CloudFront distribution's name:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
_CLOUDFRONT = "Z2FDTNDATAQYW2"
_DOMAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")
_SET = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SET = 40
_LONGEST_STRING = 255

_CHECK = {
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP"], "default": "HTTPS"},
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "default": 443},
    "path": {"type": "str", "default": "/healthz"},
    "interval": {"type": "int", "choices": [10, 30], "default": 30},
    "failures": {"type": "int", "default": 3},
}
_TARGET = {
    "dns_name": {"type": "str", "required": True},
    "zone_id": {"type": "str", "required": True},
}
_RECORD = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"], "default": "A"},
    "values": {"type": "list", "elements": "str"},
    "ttl": {"type": "int", "default": 60},
    "alias": {"type": "str", "choices": ["load_balancer", "distribution"]},
    "alias_to": {"type": "dict", "options": _TARGET},
    "evaluate_target_health": {"type": "bool", "default": False},
    "set": {"type": "str"},
    "weight": {"type": "int"},
    "first_weight": {"type": "int"},
    "failover": {"type": "str", "choices": ["primary", "secondary"]},
    "health_check": {"type": "dict", "options": _CHECK},
}

#: The options of ``aws_dns``, and of ``dns`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "zone": {"type": "str", "required": True},
    "zone_id": {"type": "str"},
    "create_zone": {"type": "bool", "default": False},
    "records": {"type": "list", "elements": "dict", "options": _RECORD, "default": []},
}


def zone_address(domain: str) -> Address:
    """The hosted zone of a *domain*."""
    return Address(ZONE, domain)


def record_address(name: str, kind: str, part: str = "") -> Address:
    """The record of a *name* and *kind* (``A``), and *part* where several share them."""
    return Address(RECORD, " ".join(one for one in (name, kind, part) if one))


def check_address(stack: str, record: Mapping[str, Any]) -> Address:
    """The health check of a declared *record*: called as the record is, below the stack."""
    its = record_address(record["name"], record["type"], record["set"] or "")
    return Address(CHECK, f"{stack}-{its.name}")


def digest(address: Address) -> str:
    """What a health check is made as: short, for of that AWS keeps 64 characters."""
    return hashlib.sha256(address.name.encode()).hexdigest()[:8]


def check_addresses(stack: str, declared: Mapping[str, Any]) -> dict[str, Address]:
    """The health checks that the declared records can have, by what they are made as."""
    addresses = [check_address(stack, record) for record in declared["records"]]
    return {digest(address): address for address in addresses}


def sorts(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is *declared* of the parts that a zone of the stack's own tells of."""
    return {CHECKS: any(record["health_check"] for record in declared["records"])}


def wanted(stack: str, declared: Mapping[str, Any], has: Collection[str] = ()) -> Iterator[Wanted]:
    """The hosted zone, where the stack is to make it, and the records with the health checks that they go by.

    *has* is what the zone is to tell of its parts.
    """
    if declared["create_zone"]:
        yield Wanted(zone_address(declared["zone"]), {"has": frozenset(has), "tagged": True})
    after = [zone_address(declared["zone"])] if declared["create_zone"] else ()
    zone = declared["zone_id"] or zone_address(declared["zone"]).ref()
    for record in declared["records"]:
        name, part = record["name"], record["set"] or ""
        probed: Ref | str = ""
        if record["health_check"]:
            address = check_address(stack, record)
            yield Wanted(address, _check(record["health_check"]), {"made_as": digest(address)}, after)
            probed = address.ref()
        words = {
            "zone": zone,
            "name": name,
            "type": record["type"],
            "health_check": probed,
            **_answer(stack, record),
        }
        if part:
            words["set"] = part
        if record["weight"] is not None:
            words["weight"] = record["weight"]
        if record["failover"]:
            words["failover"] = record["failover"]
        yield Wanted(record_address(name, record["type"], part), words, once={"weight": record["first_weight"]})


def _check(declared: Mapping[str, Any]) -> dict[str, Any]:
    words = {key: declared[key] for key in ("protocol", "host", "port", "interval", "failures")}
    words["enabled"] = True
    return words if declared["protocol"] == "TCP" else {**words, "path": declared["path"]}


def _answer(stack: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record answers: the values given, or what another name stands for."""
    alias: dict[str, Any]
    if record["alias_to"]:
        alias = {"dns_name": record["alias_to"]["dns_name"].lower(), "zone": record["alias_to"]["zone_id"]}
    elif record["alias"] == "load_balancer":
        balancer = named("load balancer", stack)
        alias = {"dns_name": balancer.ref("dns_name"), "zone": balancer.ref("zone")}
    elif record["alias"] == "distribution":
        distribution = named("distribution", stack)
        alias = {"dns_name": distribution.ref("domain"), "zone": _CLOUDFRONT}
    else:
        values = map(quoted, record["values"]) if record["type"] == "TXT" else record["values"]
        return {"ttl": record["ttl"], "values": frozenset(values)}
    return {"alias": {**alias, "evaluate_target_health": record["evaluate_target_health"]}}


def quoted(text: str) -> str:
    """The value of a TXT record as AWS takes it: in quotation marks, in pieces of at most 255 characters."""
    if text.startswith('"'):
        return text
    pieces = [text[start : start + _LONGEST_STRING] for start in range(0, len(text), _LONGEST_STRING)] or [""]
    return " ".join('"{}"'.format(piece.replace("\\", "\\\\").replace('"', '\\"')) for piece in pieces)


# -- mistakes --------------------------------------------------------------------------------


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
_LONGEST_TTL = 2147483647


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    zone = declared["zone"]
    if not _DOMAIN.fullmatch(zone):
        return [f"zone: expected a domain in small letters, such as example.com, but found {zone!r}"]
    wrong = []
    if declared["create_zone"] and declared["zone_id"]:
        wrong.append("zone_id: expected none with create_zone, for a zone that is made has none yet")
    for record in declared["records"]:
        where = f"records: {record['name']} {record['type']}"
        wrong += [
            f"{where}: {told}" for told in (*_wrong_name(record, zone), *_wrong_answer(record), *_wrong_set(record))
        ]
    return wrong


def _wrong_name(record: Mapping[str, Any], zone: str) -> Iterator[str]:
    name = record["name"]
    if name != zone and not name.endswith(f".{zone}"):
        yield f"name: expected {zone} or a name that ends with .{zone}"
    elif not _DOMAIN.fullmatch(name.removeprefix("*.")):
        yield "name: expected small letters, digits, hyphens and dots"
    elif name == zone and record["type"] in ("CNAME", "NS"):
        yield f"type: expected another, for the zone's own name cannot have a {record['type']}; an alias can do that"


def _wrong_answer(record: Mapping[str, Any]) -> Iterator[str]:
    if not 0 <= record["ttl"] <= _LONGEST_TTL:
        yield f"ttl: expected 0 to {_LONGEST_TTL} s, but found {record['ttl']}"
    given = [key for key in ("values", "alias", "alias_to") if record[key]]
    if len(given) != 1:
        yield f"expected one of values, alias and alias_to, but found {' and '.join(given) or 'none'}"
    elif given != ["values"] and record["type"] not in ("A", "AAAA"):
        yield "type: expected A or AAAA for an alias"
    elif given == ["values"] and record["type"] in ("A", "AAAA"):
        version = {"A": 4, "AAAA": 6}[record["type"]]
        if strange := [value for value in record["values"] if not _is_address(value, version)]:
            yield f"values: expected IPv{version} addresses, but found {', '.join(strange)}"


def _is_address(value: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(value).version == version
    except ValueError:
        return False


def _wrong_set(record: Mapping[str, Any]) -> Iterator[str]:
    ways = [key for key in ("weight", "first_weight", "failover") if record[key] not in (None, "")]
    if bool(record["set"]) != (len(ways) == 1):
        yield (
            "set: expected a name that tells it from the others, and with it exactly one of weight, first_weight and"
            f" failover, but found set {record['set']!r} with {' and '.join(ways) or 'none of them'}"
        )
    if record["set"] and (not _SET.fullmatch(record["set"]) or len(record["set"]) > _LONGEST_SET):
        yield f"set: expected at most {_LONGEST_SET} small letters, digits and single hyphens"
    for key in ("weight", "first_weight"):
        if record[key] is not None and not 0 <= record[key] <= 255:
            yield f"{key}: expected from 0 to 255, but found {record[key]}"
    if record["health_check"] and not 1 <= record["health_check"]["failures"] <= 10:
        yield f"health_check.failures: expected from 1 to 10, but found {record['health_check']['failures']}"
