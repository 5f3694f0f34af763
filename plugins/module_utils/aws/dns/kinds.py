# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How hosted zones, health checks and records are made, changed and removed.

API: Amazon Route 53, version 2013-04-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Found, StackError, Wanted
from ..session import Aws
from . import found as description
from .declared import CHECK, RECORD, ZONE
from .marks import comment, mark, reference


class _Route53:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("route53", operation, *absent, **parameters)

    def tag(self, kind: str, at: str, name: str) -> None:
        """A call of its own: what a run made that died before it says, until then, that it has no tags yet."""
        tags = {"ResourceType": kind, "ResourceId": at, "AddTags": self.aws.tags(name)}
        self.call("change_tags_for_resource", **tags)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # name servers have a change within a minute; nothing else waits for it


class HostedZone(_Route53):
    """The zone itself: its name servers, which the domain's registrar knows, go with it."""

    name = ZONE
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        domain = wanted.address.name
        config = {"Comment": comment(self.aws.stack, wanted.properties["has"], tagged=False)}
        made_as = reference(self.aws.stack, "zone")
        made = self.call("create_hosted_zone", Name=domain, CallerReference=made_as, HostedZoneConfig=config)
        zone = made["HostedZone"]["Id"].rpartition("/")[2]
        self.tag("hostedzone", zone, domain)
        self._comment(zone, wanted)
        return {"id": zone, "name": domain}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "tagged" in changed:
            self.tag("hostedzone", found.ids["id"], wanted.address.name)
        self._comment(found.ids["id"], wanted)

    def delete(self, found: Found) -> None:
        # AWS refuses while it has records: they are not this stack's, or of an earlier declaration.
        self.call("delete_hosted_zone", "NoSuchHostedZone", Id=found.ids["id"])

    def _comment(self, zone: str, wanted: Wanted) -> None:
        text = comment(self.aws.stack, wanted.properties["has"])
        self.call("update_hosted_zone_comment", Id=zone, Comment=text)


class HealthCheck(_Route53):
    """What a record is answered by only while it is well."""

    name = CHECK
    fixed = frozenset({"protocol", "interval"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        config = {
            "Type": wanted.properties["protocol"],
            "RequestInterval": wanted.properties["interval"],
            **_check(wanted.properties),
            "Disabled": True,  # until it has its tags
        }
        made_as = reference(self.aws.stack, wanted.once["made_as"])
        made = self.call("create_health_check", CallerReference=made_as, HealthCheckConfig=config)["HealthCheck"]
        self.tag("healthcheck", made["Id"], wanted.properties["host"])
        self._set(made["Id"], wanted)
        return {"id": made["Id"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "enabled" in changed:
            self.tag("healthcheck", found.ids["id"], wanted.properties["host"])
        self._set(found.ids["id"], wanted)

    def delete(self, found: Found) -> None:
        self.call("delete_health_check", "NoSuchHealthCheck", HealthCheckId=found.ids["id"])

    def _set(self, check: str, wanted: Wanted) -> None:
        self.call("update_health_check", HealthCheckId=check, **_check(wanted.properties))


class Record(_Route53):
    """A record, with the mark that says whose it is."""

    name = RECORD
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self._write(wanted.properties, wanted.once["weight"])
        return {}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        # A weight that is not declared is a rollout's: it stays as it is.
        weight = found.properties.get("weight", wanted.once["weight"])
        self._write(wanted.properties, weight)

    def delete(self, found: Found) -> None:
        words = found.properties
        its_mark = mark(self.aws.stack, words["name"], words["type"], words.get("set", ""))
        # AWS deletes only what is described in full, as it is now.
        if not self._batch(words["zone"], "DELETE", [record_set(words), its_mark], "InvalidChangeBatch"):
            described = description.records(self.aws, words["zone"])
            if any(one.address == found.address for one in description.in_zone(self.aws.stack, "", described)):
                raise StackError(f"{found.address} is not as it was when this run began: run it again")

    def _write(self, words: Mapping[str, Any], weight: int | None) -> None:
        whole = record_set(words)
        if "weight" not in words and weight is not None:
            whole["Weight"] = weight
        its_mark = mark(self.aws.stack, words["name"], words["type"], words.get("set", ""))
        self._batch(words["zone"], "UPSERT", [whole, its_mark])

    def _batch(self, zone: str, action: str, records: list[dict[str, Any]], *absent: str) -> dict[str, Any]:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": one} for one in records]}
        return self.call("change_resource_record_sets", *absent, HostedZoneId=zone, ChangeBatch=batch)


# -- parameters ------------------------------------------------------------------------------


def record_set(words: Mapping[str, Any]) -> dict[str, Any]:
    """A record as AWS's ResourceRecordSet."""
    whole: dict[str, Any] = {"Name": words["name"], "Type": words["type"]}
    if alias := words.get("alias"):
        whole["AliasTarget"] = {
            "DNSName": alias["dns_name"],
            "HostedZoneId": alias["zone"],
            "EvaluateTargetHealth": alias["evaluate_target_health"],
        }
    else:
        whole |= {"TTL": words["ttl"], "ResourceRecords": [{"Value": value} for value in sorted(words["values"])]}
    if "set" in words:
        whole["SetIdentifier"] = words["set"]
    if "weight" in words:
        whole["Weight"] = words["weight"]
    if "failover" in words:
        whole["Failover"] = words["failover"].upper()
    if words["health_check"]:
        whole["HealthCheckId"] = words["health_check"]
    return whole


def _check(words: Mapping[str, Any]) -> dict[str, Any]:
    """What of a health check can be changed, as AWS's parameters."""
    parameters = {
        "FullyQualifiedDomainName": words["host"],
        "Port": words["port"],
        "FailureThreshold": words["failures"],
        "Disabled": not words["enabled"],
    }
    return {**parameters, "ResourcePath": words["path"]} if "path" in words else parameters
