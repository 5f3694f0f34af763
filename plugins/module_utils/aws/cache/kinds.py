# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a cache and what belongs to it are made, changed and removed.

API: Amazon ElastiCache, version 2015-02-02.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..declared import named
from ..engines import apart, batches
from ..parts import Parts
from ..patience import until
from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import CACHE, PARAMETERS, SET, SUBNETS
from .found import FAILED, READY, REMOVING, description, ids

_GONE = "ReplicationGroupNotFoundFault"
_AT_ONCE = {"ApplyImmediately": True}


class _ElastiCache:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("elasticache", operation, *absent, **parameters)

    def own(self, found: Found) -> None:
        """Raises StackError where a group, for which its user has spoken so far, has no tag of its own."""
        tags = self.call("list_tags_for_resource", ResourceName=found.ids["arn"]).get("TagList")
        self.aws.own(found.address, tags)

    def wait(self, known: Mapping[str, str]) -> Mapping[str, str]:
        return known


class Subnets(_ElastiCache):
    """The subnets that a cache may be in."""

    name = SUBNETS

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        asked = {**self._asked(wanted), "Tags": self.aws.tags(name)}
        text = description(self.aws)
        made = self.call("create_cache_subnet_group", CacheSubnetGroupDescription=text, **asked)["CacheSubnetGroup"]
        return {"id": name, "arn": made["ARN"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self.own(found)
        self.call("modify_cache_subnet_group", **self._asked(wanted))

    def delete(self, found: Found) -> None:
        self.own(found)
        absent = "CacheSubnetGroupNotFoundFault"
        self.call("delete_cache_subnet_group", absent, CacheSubnetGroupName=found.address.name)

    def _asked(self, wanted: Wanted) -> dict[str, Any]:
        return {"CacheSubnetGroupName": wanted.address.name, "SubnetIds": sorted(wanted.properties["subnets"])}


class Parameters(_ElastiCache):
    """A group of parameters for a family of engines."""

    name = PARAMETERS
    fixed = frozenset({"family"})

    def __init__(self, aws: Aws, its: Parts) -> None:
        super().__init__(aws)
        self.parts = its

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(SET)
        name = wanted.address.name
        made = self.call(
            "create_cache_parameter_group",
            CacheParameterGroupName=name,
            CacheParameterGroupFamily=wanted.properties["family"],
            Description=description(self.aws),
            Tags=self.aws.tags(name),
        )["CacheParameterGroup"]
        self._set(name, frozenset(), wanted.properties["parameters"])
        return {"id": name, "arn": made["ARN"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self.own(found)
        self.parts.remember(SET)
        self._set(wanted.address.name, found.properties["parameters"], wanted.properties["parameters"])

    def delete(self, found: Found) -> None:
        self.own(found)
        absent = "CacheParameterGroupNotFound"
        self.call("delete_cache_parameter_group", absent, CacheParameterGroupName=found.address.name)

    def _set(self, name: str, old: AbstractSet[str], new: AbstractSet[str]) -> None:
        to_set, to_reset = apart(old, new)
        values = [{"ParameterName": key, "ParameterValue": value} for key, value in to_set.items()]
        for some in batches(values):
            self.call("modify_cache_parameter_group", CacheParameterGroupName=name, ParameterNameValues=some)
        for some in batches([{"ParameterName": key} for key in to_reset]):
            self.call("reset_cache_parameter_group", CacheParameterGroupName=name, ParameterNameValues=some)


class Cache(_ElastiCache):
    """The replication group, with what it holds and its endpoints."""

    name = CACHE
    fixed = frozenset({"cluster_mode", "port", "encrypted", "kms_key", "subnet_group"})
    precious = True

    def __init__(self, aws: Aws, declared: Mapping[str, Any], its: Parts) -> None:
        super().__init__(aws)
        self.declared = declared
        self.parts = its

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        made = self.call(
            "create_replication_group",
            ReplicationGroupId=name,
            ReplicationGroupDescription=description(self.aws, self.parts.sorts),
            Tags=self.aws.tags(name),
            CacheSubnetGroupName=properties["subnet_group"],
            Port=properties["port"],
            NumNodeGroups=properties["shards"],
            ReplicasPerNodeGroup=properties["replicas"],
            ClusterMode="enabled" if properties["cluster_mode"] else "disabled",
            AtRestEncryptionEnabled=True,
            **({"KmsKeyId": properties["kms_key"]} if "kms_key" in properties else {}),
            **_tls(properties["tls"]),
            **({"AuthToken": wanted.once["auth_token"]} if properties["auth"] else {}),
            **_asked(properties),
        )["ReplicationGroup"]
        return ids(made)

    def tell(self, sorts: AbstractSet[str]) -> None:
        """Have the cache say of which *sorts* there have been parts."""
        its = {"name": named(CACHE, self.aws.stack).name}
        self.wait(its)
        text = description(self.aws, sorts)
        self.call(
            "modify_replication_group", ReplicationGroupId=its["name"], ReplicationGroupDescription=text, **_AT_ONCE
        )
        self.wait(its)

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """One call after the other, each waited for: replicas come before what needs them, and go after it."""
        self.own(found)
        steps = list(self._steps(found.properties, wanted, changed))
        for number, (operation, asked) in enumerate(steps):
            if number:
                self.wait(found.ids)
            self.call(operation, ReplicationGroupId=wanted.address.name, **asked)

    def _steps(
        self, there: Mapping[str, Any], wanted: Wanted, changed: AbstractSet[str]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        properties = {key: value for key, value in wanted.properties.items() if key in changed}
        modify, at_once = "modify_replication_group", _AT_ONCE
        replicas = properties.get("replicas", there["replicas"])
        if replicas > there["replicas"]:
            yield "increase_replica_count", {"NewReplicaCount": replicas, **at_once}
        if "shards" in properties:
            yield "modify_replication_group_shard_configuration", self._resharded(wanted)
        if "tls" in properties:
            yield modify, {**_tls(properties["tls"], anew=False), **at_once}
        if properties.get("auth"):
            # ElastiCache then lets clients in with the token and without it, so that none is cut off.
            token = {"AuthToken": wanted.once["auth_token"], "AuthTokenUpdateStrategy": "ROTATE"}
            yield modify, {**token, **at_once}
        if asked := _asked(properties):
            yield modify, {**asked, "ApplyImmediately": self.declared["apply_immediately"]}
        if replicas < there["replicas"]:
            yield "decrease_replica_count", {"NewReplicaCount": replicas, **at_once}

    def _resharded(self, wanted: Wanted) -> dict[str, Any]:
        shards = wanted.properties["shards"]
        names = [node["NodeGroupId"] for node in self._described(wanted.address.name).get("NodeGroups", ())]
        surplus = sorted(names)[shards:]
        asked = {"NodeGroupCount": shards, "ApplyImmediately": True}
        return {**asked, **({"NodeGroupsToRemove": surplus} if surplus else {})}

    def delete(self, found: Found) -> None:
        """What it holds stays in a snapshot, whose name is the same for a second try and another for the next cache."""
        name, last = found.address.name, {}
        failed = found.busy == FAILED  # nothing was ever in it, and it never becomes anything else
        if self.declared["final_snapshot"] and found.properties and not failed:
            last = {"FinalSnapshotIdentifier": f"{name}-final-{found.properties['created']}"}
        if found.busy and found.busy != REMOVING and not failed:
            self.wait(found.ids)
        if found.busy != REMOVING:
            self.own(found)
            self.call("delete_replication_group", _GONE, ReplicationGroupId=name, RetainPrimaryCluster=False, **last)
        until(lambda: None if self._described(name) else True, f"{found.address} to be gone")

    def wait(self, known: Mapping[str, str]) -> Mapping[str, str]:
        name = known["name"]

        def look() -> Mapping[str, str] | None:
            one = self._described(name)
            if one.get("Status") == FAILED:
                raise StackError(f"{CACHE} {name} could not be made: see its events at AWS, remove it, and try again")
            return ids(one) if one.get("Status") == READY else None

        return until(look, f"{CACHE} {name} to be available")

    def _described(self, name: str) -> dict[str, Any]:
        found = self.call("describe_replication_groups", _GONE, ReplicationGroupId=name).get("ReplicationGroups", [])
        return found[0] if found else {}


# -- parameters ------------------------------------------------------------------------------

_SAID: dict[str, Callable[[Any], dict[str, Any]]] = {
    "engine": lambda engine: {"Engine": engine},
    "version": lambda version: {"EngineVersion": version},
    "node_type": lambda node_type: {"CacheNodeType": node_type},
    "multi_az": lambda on: {"MultiAZEnabled": on},
    "failover": lambda on: {"AutomaticFailoverEnabled": on},
    "security_groups": lambda groups: {"SecurityGroupIds": sorted(groups)},
    "parameter_group": lambda group: {"CacheParameterGroupName": group},
    "backup": lambda backup: {
        "SnapshotRetentionLimit": backup["retention"],
        **({"SnapshotWindow": backup["window"]} if "window" in backup else {}),
    },
    "maintenance_window": lambda window: {"PreferredMaintenanceWindow": window},
    "auto_minor_upgrades": lambda on: {"AutoMinorVersionUpgrade": on},
}


def _asked(properties: Mapping[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for key, said in _SAID.items():
        if key in properties:
            asked |= said(properties[key])
    return asked


def _tls(mode: str, anew: bool = True) -> dict[str, Any]:
    """A new cache that requires encryption does so from the start; another one is told to."""
    told = mode == "preferred" or (mode == "required" and not anew)
    return {"TransitEncryptionEnabled": mode != "none", **({"TransitEncryptionMode": mode} if told else {})}
