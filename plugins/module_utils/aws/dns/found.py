# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosted zones, records and health checks as AWS describes them, in the words of their declaration.

API: Amazon Route 53, version 2013-04-01, ``List*``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..parts import Parts, said
from ..resource import Address, Found
from ..session import Aws
from .declared import CHECK, CHECKS, check_addresses, record_address, zone_address
from .marks import has, is_mark, is_tagged, mark, marks, plain, referred


def read(aws: Aws, declared: Mapping[str, Any], parts: Parts) -> Iterator[Found]:
    """The stack's zones and health checks, the *declared* zone, and of its records the stack's; two calls deep.

    A zone of the stack's own tells whether there may be health checks.

    What is declared and not the stack's is there as well, for it stands in the way.
    """
    found, its = list(zones(aws)), zone_address(declared["zone"])
    yield from (one for one in found if one.ours or one.address == its)
    parts.read(next((said(one.properties["has"]) for one in found if one.ours and one.address == its), None))
    at = declared["zone_id"] or next((one.ids["id"] for one in found if one.address == its), None)
    names = check_addresses(aws.stack, declared)
    checks, described = aws.together(
        lambda: list(_checks(aws, names)) if parts.sought(CHECKS) else [], lambda: records(aws, at) if at else []
    )
    parts.saw(CHECKS for _check in checks)
    yield from checks
    mentioned = {record_address(one["name"], one["type"], one["set"] or "") for one in declared["records"]}
    yield from (one for one in in_zone(aws.stack, at or "", described) if one.ours or one.address in mentioned)


def zones(aws: Aws) -> Iterator[Found]:
    """The account's public zones, by their domains."""
    for one in aws.pages("route53", "list_hosted_zones", "HostedZones"):
        if not one["Config"].get("PrivateZone"):
            ids = {"id": one["Id"].rpartition("/")[2], "name": plain(one["Name"])}
            ours = bool(referred(aws.stack, one["CallerReference"]))
            comment = one["Config"].get("Comment", "") if ours else ""
            words = {"has": has(aws.stack, comment), "tagged": is_tagged(aws.stack, comment)}
            yield Found(zone_address(ids["name"]), ids, words, ours)


def records(aws: Aws, zone_id: str) -> list[dict[str, Any]]:
    """Every record of a zone."""
    return list(aws.pages("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id))


def in_zone(stack: str, zone_id: str, described: list[dict[str, Any]]) -> Iterator[Found]:
    """The *described* records of a zone, without the marks that say whose they are."""
    marked = marks(stack, described)
    for one in described:
        if not is_mark(one) and one["Type"] != "SOA":
            name, kind, part = plain(one["Name"]), one["Type"], one.get("SetIdentifier", "")
            ours = plain(mark(stack, name, kind, part)["Name"]) in marked
            words = {"zone": zone_id, **record_in_words(one)}
            yield Found(record_address(name, kind, part), {}, words, ours)


def _checks(aws: Aws, names: Mapping[str, Address]) -> Iterator[Found]:
    for one in aws.pages("route53", "list_health_checks", "HealthChecks"):
        if what := referred(aws.stack, one["CallerReference"]):
            words = check_in_words(one["HealthCheckConfig"])
            yield Found(names.get(what, Address(CHECK, f"{aws.stack}-{what}")), {"id": one["Id"]}, words)


# -- words -----------------------------------------------------------------------------------


def record_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A record as its declaration would say it."""
    words: dict[str, Any] = {
        "name": plain(one["Name"]),
        "type": one["Type"],
        "health_check": one.get("HealthCheckId", ""),
    }
    if target := one.get("AliasTarget"):
        words["alias"] = {
            "dns_name": plain(target["DNSName"]),
            "zone": target["HostedZoneId"],
            "evaluate_target_health": target["EvaluateTargetHealth"],
        }
    else:
        words["ttl"] = one.get("TTL")
        words["values"] = frozenset(its["Value"] for its in one.get("ResourceRecords", ()))
    if "SetIdentifier" in one:
        words["set"] = one["SetIdentifier"]
    if "Weight" in one:
        words["weight"] = one["Weight"]
    if "Failover" in one:
        words["failover"] = one["Failover"].lower()
    return words


def check_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A health check as its declaration would say it."""
    return {
        "protocol": one["Type"],
        "host": one.get("FullyQualifiedDomainName", ""),
        "port": one.get("Port"),
        "path": one.get("ResourcePath", ""),
        "interval": one.get("RequestInterval", 30),
        "failures": one.get("FailureThreshold", 3),
        "enabled": not one.get("Disabled", False),
    }
