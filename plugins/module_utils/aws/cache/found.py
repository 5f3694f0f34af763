# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache as ElastiCache describes it, in the words of its declaration.

What waits for the maintenance window counts as done, except where changes are to be applied at once.

API: Amazon ElastiCache, version 2015-02-02, ``Describe*``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from ..declared import named
from ..engines import as_declared, settings
from ..parts import Parts, said
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from ..words import moment
from .declared import CACHE, PARAMETERS, SET, SUBNETS, implied, parameter_group, subnet_group, usual_group
from .options import family

READY = "available"
#: What is being removed has no properties left: where it is wanted again, it is made anew.
REMOVING, FAILED = "deleting", "create-failed"
_SERVICE = "elasticache"
_USES = {PARAMETERS: "parameter_group", SUBNETS: "subnet_group"}

Described = Mapping[str, Any]


def read(aws: Aws, declared: Mapping[str, Any], parts: Parts) -> Iterator[Found]:
    """The cache, its parameters and its subnets; four calls deep.

    A cache speaks for itself by its description, and for the groups that were made for it; their tags are asked for
    before they are written. Groups that it does not use, and what is set in one, are looked for where there may be any.
    """
    caches, subnets = aws.together(lambda: _caches(aws), lambda: _subnet_groups(aws))
    found = [_cache(aws, one, declared) for one in caches]
    yield from found
    parts.read(next((has(one) for one in caches if owned(aws, one) and one["Status"] != REMOVING), None))
    usual = usual_group(aws.stack, declared)
    if parts.sought(SET) or {one.properties.get("parameter_group") for one in found} != {usual}:
        groups = _groups(aws)
        parameters = aws.together(*(partial(_settings, aws, one) for one in groups))
    else:
        arn = caches[0]["ARN"].replace(":replicationgroup:", ":parametergroup:").rpartition(":")[0] + f":{usual}"
        groups = [{"CacheParameterGroupName": usual, "CacheParameterGroupFamily": family(declared), "ARN": arn}]
        parameters = [_usual_settings(declared)]
    parts.saw(
        SET
        for one, its in zip(groups, parameters)
        if its != _usual_settings(declared) or one["CacheParameterGroupName"] != usual
    )
    used = {
        kind: {one.properties.get(key) for one in found if one.ours and not declared[key]}
        for kind, key in _USES.items()
    }
    for one, its in zip(groups, parameters):
        name = one["CacheParameterGroupName"]
        words = {"family": one["CacheParameterGroupFamily"], "parameters": its}
        ours = name in used[PARAMETERS] or _ours(aws, one["ARN"])
        yield Found(Address(PARAMETERS, name), {"id": name, "arn": one["ARN"]}, words, ours)
    for one in subnets:
        name = one["CacheSubnetGroupName"]
        words = {"subnets": frozenset(subnet["SubnetIdentifier"] for subnet in one["Subnets"])}
        ours = name in used[SUBNETS] or _ours(aws, one["ARN"])
        yield Found(Address(SUBNETS, name), {"id": name, "arn": one["ARN"]}, words, ours)


def _cache(aws: Aws, one: Described, declared: Mapping[str, Any]) -> Found:
    busy = "" if one["Status"] == READY else one["Status"]
    words = {} if busy == REMOVING else in_words(one, _member(aws, one), declared)
    return Found(named(CACHE, aws.stack), ids(one), words, owned(aws, one), busy)


def description(aws: Aws, sorts: Collection[str] = ()) -> str:
    """What the description of the stack's own says: whose it is, and of which *sorts* it has had parts."""
    return f"{STACK_TAG}={aws.stack} {said(sorts)}".strip()


def owned(aws: Aws, one: Described) -> bool:
    """Whether a cache is the stack's by its description, which tells also while the cache is busy and its tags do not
    (ListTagsForResource)."""
    return str(one.get("Description", "")).partition(" ")[0] == description(aws)


def has(one: Described) -> str:
    """The sorts of parts that a cache of the stack's says it has had."""
    return str(one.get("Description", "")).partition(" ")[2]


def ids(one: Described) -> dict[str, str]:
    """By what a cache is known; its endpoints only once it is available."""
    node = (one.get("NodeGroups") or [{}])[0]
    known = {
        "name": one["ReplicationGroupId"],
        "arn": one.get("ARN"),
        "endpoint": (one.get("ConfigurationEndpoint") or node.get("PrimaryEndpoint") or {}).get("Address"),
        "reader_endpoint": (node.get("ReaderEndpoint") or {}).get("Address"),
    }
    return {key: value for key, value in known.items() if value}


# -- words -----------------------------------------------------------------------------------


def in_words(one: Described, member: Described, declared: Mapping[str, Any]) -> dict[str, Any]:
    """A replication group as its declaration would say it; *member* is one of its nodes, which say more."""
    waiting = {} if declared["apply_immediately"] else member.get("PendingModifiedValues", {})
    node = {**member, **waiting}
    shards = max(1, len(one.get("NodeGroups", ())))
    engine, running = one.get("Engine") or node.get("Engine", ""), node.get("EngineVersion", "")
    version = running
    if declared["version"] and engine == declared["engine"]:
        version = as_declared(running, declared["version"], 1, declared["auto_minor_upgrades"])
    return {
        "engine": engine,
        "version": version,
        "running": running,
        "node_type": node.get("CacheNodeType") or one.get("CacheNodeType", ""),
        "replicas": len(one.get("MemberClusters", ())) // shards - 1,
        "shards": shards,
        "cluster_mode": bool(one.get("ClusterEnabled")),
        "multi_az": str(one.get("MultiAZ", "")) == "enabled",
        "failover": str(one.get("AutomaticFailover", "")).startswith("enabl"),
        "port": _port(one),
        "tls": (one.get("TransitEncryptionMode") or "required") if one.get("TransitEncryptionEnabled") else "none",
        "auth": bool(one.get("AuthTokenEnabled")),
        "encrypted": bool(one.get("AtRestEncryptionEnabled")),
        "kms_key": one.get("KmsKeyId", ""),
        "subnet_group": node.get("CacheSubnetGroupName", ""),
        "security_groups": frozenset(group["SecurityGroupId"] for group in node.get("SecurityGroups", ())),
        "parameter_group": node.get("CacheParameterGroup", {}).get("CacheParameterGroupName", ""),
        "backup": {"retention": one.get("SnapshotRetentionLimit", 0), "window": one.get("SnapshotWindow", "")},
        "maintenance_window": node.get("PreferredMaintenanceWindow", "").lower(),
        "auto_minor_upgrades": bool(node.get("AutoMinorVersionUpgrade", one.get("AutoMinorVersionUpgrade"))),
        "created": moment(one.get("ReplicationGroupCreateTime")),
    }


def _port(one: Described) -> int | None:
    node = (one.get("NodeGroups") or [{}])[0]
    endpoint = one.get("ConfigurationEndpoint") or node.get("PrimaryEndpoint") or {}
    return endpoint.get("Port")


# -- calls -----------------------------------------------------------------------------------


def _caches(aws: Aws) -> list[Described]:
    asked = {"ReplicationGroupId": named(CACHE, aws.stack).name}
    return list(
        aws.pages(
            _SERVICE, "describe_replication_groups", "ReplicationGroups", "ReplicationGroupNotFoundFault", **asked
        )
    )


def _member(aws: Aws, one: Described) -> Described:
    """One of the nodes, which are alike: version, groups and windows are described there alone."""
    for name in one.get("MemberClusters", ())[:1]:
        asked = {"CacheClusterId": name}
        for node in aws.pages(_SERVICE, "describe_cache_clusters", "CacheClusters", "CacheClusterNotFound", **asked):
            return dict(node)
    return {}


def _groups(aws: Aws) -> list[Described]:
    """The groups of parameters that have our names, whatever their family: ElastiCache lists all or one."""
    return [
        one
        for one in aws.pages(_SERVICE, "describe_cache_parameter_groups", "CacheParameterGroups")
        if one["CacheParameterGroupName"] in _names(aws.stack, one["CacheParameterGroupFamily"])
    ]


def _names(stack: str, family: str) -> set[str]:
    return {parameter_group(stack, family, sharded).name for sharded in (False, True)}


def _settings(aws: Aws, group: Described) -> frozenset[str]:
    asked = {"CacheParameterGroupName": group["CacheParameterGroupName"], "Source": "user"}
    set_ones = aws.pages(_SERVICE, "describe_cache_parameters", "Parameters", **asked)
    return settings({one["ParameterName"]: one["ParameterValue"] for one in set_ones if "ParameterValue" in one})


def _usual_settings(declared: Mapping[str, Any]) -> frozenset[str]:
    """What is set where no parameters are declared."""
    return settings(implied(declared))


def _subnet_groups(aws: Aws) -> list[Described]:
    asked = {"CacheSubnetGroupName": subnet_group(aws.stack).name}
    absent = "CacheSubnetGroupNotFoundFault"
    return list(aws.pages(_SERVICE, "describe_cache_subnet_groups", "CacheSubnetGroups", absent, **asked))


def _ours(aws: Aws, arn: str) -> bool:
    return aws.ours(aws.call(_SERVICE, "list_tags_for_resource", ResourceName=arn).get("TagList"))
