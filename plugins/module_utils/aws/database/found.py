# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database as RDS describes it, in the words of its declaration.

What waits for the maintenance window counts as done, except where changes are to be applied at once. Storage that
autoscaling has grown, and a minor version that AWS has brought up, count as what was declared.

API: Amazon RDS, version 2014-10-31, ``Describe*``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..declared import named
from ..engines import as_declared, settings
from ..parts import Parts, tagged
from ..resource import Address, Found
from ..session import Aws
from ..words import moment
from . import regions, serverless
from .declared import (
    CLUSTER,
    DATABASE,
    PARAMETERS,
    SET,
    SUBNETS,
    cluster,
    parameter_group,
    replica,
    subnet_group,
    usual_group,
)
from .options import MAJOR, MOST_REPLICAS, aurora, family

#: What the API calls the parameters of instances and those of Aurora's clusters.
SCOPES = {False: "DBParameterGroup", True: "DBClusterParameterGroup"}
#: States in which a database answers and can be changed.
READY = ("available", "storage-optimization")
#: What is being removed has no properties left: where it is wanted again, it is made anew.
REMOVING = "deleting"
_USES = {PARAMETERS: "parameter_group", SUBNETS: "subnet_group"}

Described = Mapping[str, Any]


def read(aws: Aws, declared: Mapping[str, Any], parts: Parts) -> Iterator[Found]:
    """Instances, cluster, parameters and subnets; three calls deep, or four where another sort of engine is left.

    The tag of a database speaks for the groups that were made for it; their own are asked for before they are written.
    Groups that no instance uses, and what is set in them, are looked for where there may be any.
    """
    clustered = aurora(declared)
    there, clusters = aws.together(lambda: instances(aws), lambda: _clusters(aws) if clustered else [])
    mixed = not there or any(("DBClusterIdentifier" in one) != clustered for one in there)
    clusters = _clusters(aws) if mixed and not clustered else clusters
    told = [tagged(one["TagList"]) for one in telling(aws, there)]
    parts.read(None if clustered or mixed or not told else " ".join(told))
    parts.saw(map(regions.sort, regions.of_sorts(" ".join(told).split())))  # an Aurora too may have followed on one
    usual = usual_group(aws.stack, declared)
    listed = parts.sought(SET) or {_group_of(one) for one in there} != {usual}
    if listed:
        scopes = (clustered, not clustered) if mixed else (clustered,)
        groups = [one for some in aws.together(*(partial(_groups, aws, scope) for scope in scopes)) for one in some]
    else:
        arn = f"{there[0]['DBInstanceArn'].rpartition(':db:')[0]}:pg:{usual}"
        groups = [{"clustered": False, "name": usual, "arn": arn, "family": family(declared)}]
    found = [
        as_found(aws, one, Address(CLUSTER, one["DBClusterIdentifier"]), cluster_in_words(one, declared))
        for one in clusters
    ]
    found += [
        as_found(aws, one, Address(DATABASE, one["DBInstanceIdentifier"]), instance_in_words(one, declared))
        for one in there
    ]
    yield from found
    reads: list[Callable[[], Any]] = [partial(_subnets, aws, there)]
    reads += [partial(_settings, aws, one) for one in groups if listed]
    subnets, *parameters = aws.together(*reads)
    parameters = parameters or [frozenset() for _group in groups]
    parts.saw(SET for one, its in zip(groups, parameters) if its or one["name"] != usual)
    used = {
        kind: {one.properties.get(key) for one in found if one.ours and not declared[key]}
        for kind, key in _USES.items()
    }
    for one, its in zip(groups, parameters):
        words = {"family": one["family"], "parameters": its}
        ours = one["name"] in used[PARAMETERS] or _ours(aws, one["arn"])
        yield Found(Address(PARAMETERS, one["name"]), {"id": one["name"], "arn": one["arn"]}, words, ours)
    for one in subnets:
        yield subnets_as_found(aws, one, Address(SUBNETS, one["DBSubnetGroupName"]), used[SUBNETS])


def as_found(aws: Aws, one: Described, address: Address, words: dict[str, Any]) -> Found:
    """An instance or a cluster; what is on its way out has no *words*."""
    status = one.get("DBInstanceStatus") or one["Status"]
    busy = "" if status in READY else status
    return Found(address, ids(one), {} if busy == REMOVING else words, aws.ours(one.get("TagList")), busy)


def subnets_as_found(aws: Aws, one: Described, address: Address, used: Collection[Any]) -> Found:
    """A subnet group. The instances that use those in *used* speak for them; of others their own tag is asked for."""
    name, arn = one["DBSubnetGroupName"], one["DBSubnetGroupArn"]
    words = {"subnets": frozenset(subnet["SubnetIdentifier"] for subnet in one["Subnets"])}
    return Found(address, {"id": name, "arn": arn}, words, name in used or _ours(aws, arn))


def telling(aws: Aws, there: Iterable[Described]) -> Iterator[Described]:
    """Those instances that are the stack's, and stay: they tell which sorts of parts there have been."""
    return (one for one in there if aws.ours(one.get("TagList")) and one["DBInstanceStatus"] != REMOVING)


def ids(one: Described) -> dict[str, str]:
    """By what an instance or a cluster is known; some only once it is available."""
    if "DBClusterArn" in one:
        known = {"id": one["DBClusterIdentifier"], "arn": one["DBClusterArn"], "endpoint": one.get("Endpoint")}
        known["reader_endpoint"] = one.get("ReaderEndpoint")
    else:
        known = {"id": one["DBInstanceIdentifier"], "arn": one["DBInstanceArn"]}
        known["endpoint"] = one.get("Endpoint", {}).get("Address")
    known["secret"] = one.get("MasterUserSecret", {}).get("SecretArn")
    return {key: value for key, value in known.items() if value}


# -- words -----------------------------------------------------------------------------------


def cluster_in_words(one: Described, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Aurora's cluster as its declaration would say it."""
    seen = {**one, **({} if declared["apply_immediately"] else one.get("PendingModifiedValues", {}))}
    return {
        **_data_in_words(seen, declared),
        "parameter_group": seen["DBClusterParameterGroup"],
        "subnet_group": seen["DBSubnetGroup"],
        "port": seen.get("Port"),
        "serverless": serverless.found_in_words(seen.get("ServerlessV2ScalingConfiguration", {})),
    }


def instance_in_words(one: Described, declared: Mapping[str, Any]) -> dict[str, Any]:
    """An instance as its declaration would say it: a primary, a replica, or one of Aurora's."""
    seen = {**one, **({} if declared["apply_immediately"] else one.get("PendingModifiedValues", {}))}
    words = {
        "instance_class": seen["DBInstanceClass"],
        "auto_minor_upgrades": seen.get("AutoMinorVersionUpgrade", False),
        "performance_insights": _insights(seen),
        "monitoring": {"interval": seen.get("MonitoringInterval", 0), "role": seen.get("MonitoringRoleArn", "")},
        "zone": seen.get("AvailabilityZone", ""),
    }
    if "DBClusterIdentifier" in one:
        return {**words, "engine": seen["Engine"], "cluster": seen["DBClusterIdentifier"]}
    if source := seen.get("ReadReplicaSourceDBInstanceIdentifier"):
        words["source"] = source
    return {
        **words,
        **_data_in_words(seen, declared),
        "parameter_group": _group_of(seen),
        "subnet_group": seen.get("DBSubnetGroup", {}).get("DBSubnetGroupName", ""),
        "port": seen.get("Port") or seen.get("Endpoint", {}).get("Port") or seen.get("DbInstancePort"),
        "multi_az": seen.get("MultiAZ", False),
        "storage": _storage(seen, declared),
    }


def _group_of(one: Described) -> str:
    """The group of parameters that an instance uses."""
    return str(next((group["DBParameterGroupName"] for group in one.get("DBParameterGroups", ())), ""))


def _data_in_words(seen: Described, declared: Mapping[str, Any]) -> dict[str, Any]:
    running, engine = seen["EngineVersion"], seen["Engine"]
    created = seen.get("InstanceCreateTime") or seen.get("ClusterCreateTime")
    version = running
    if declared["version"] and engine == declared["engine"]:
        version = as_declared(running, declared["version"], MAJOR[engine], declared["auto_minor_upgrades"])
    return {
        "engine": engine,
        "version": version,
        "running": running,
        "user": seen.get("MasterUsername", ""),
        "managed_password": "MasterUserSecret" in seen,
        "security_groups": frozenset(group["VpcSecurityGroupId"] for group in seen.get("VpcSecurityGroups", ())),
        "iam_auth": seen.get("IAMDatabaseAuthenticationEnabled", False),
        "encrypted": seen.get("StorageEncrypted", False),
        "kms_key": seen.get("KmsKeyId", ""),
        "backup": {"retention": seen.get("BackupRetentionPeriod", 0), "window": seen.get("PreferredBackupWindow", "")},
        "maintenance_window": seen.get("PreferredMaintenanceWindow", "").lower(),
        "logs": _logs(seen),
        "deletion_protection": seen.get("DeletionProtection", False),
        "created": moment(created),
    }


def _logs(seen: Described) -> frozenset[str]:
    pending = seen.get("PendingCloudwatchLogsExports", {})
    on = set(seen.get("EnabledCloudwatchLogsExports", ())) | set(pending.get("LogTypesToEnable", ()))
    return frozenset(on - set(pending.get("LogTypesToDisable", ())))


def _insights(seen: Described) -> int:
    return int(seen.get("PerformanceInsightsRetentionPeriod", 7)) if seen.get("PerformanceInsightsEnabled") else 0


def _storage(seen: Described, declared: Mapping[str, Any]) -> dict[str, Any]:
    size, asked = seen["AllocatedStorage"], declared["storage"]
    grown = asked["max_size"] and asked["size"] < size <= asked["max_size"]
    limit = seen.get("MaxAllocatedStorage") or 0
    return {
        "size": asked["size"] if grown else size,
        "allocated": size,
        "max_size": limit if limit > size else 0,
        "type": seen.get("StorageType", ""),
        "iops": seen.get("Iops"),
        "throughput": seen.get("StorageThroughput"),
    }


# -- calls -----------------------------------------------------------------------------------


def instances(aws: Aws) -> list[Described]:
    """The primary and its replicas, or Aurora's instances, by their names."""
    names = [named(DATABASE, aws.stack).name, *(replica(aws.stack, n + 1).name for n in range(MOST_REPLICAS))]
    filters = [{"Name": "db-instance-id", "Values": names}]
    return list(aws.pages("rds", "describe_db_instances", "DBInstances", Filters=filters))


def _clusters(aws: Aws) -> list[Described]:
    filters = [{"Name": "db-cluster-id", "Values": [cluster(aws.stack).name]}]
    return list(aws.pages("rds", "describe_db_clusters", "DBClusters", Filters=filters))


def _groups(aws: Aws, clustered: bool) -> list[Described]:
    """The groups of parameters that have our names, whatever their family: RDS lists all or one."""
    scope = SCOPES[clustered]
    operation = "describe_db_cluster_parameter_groups" if clustered else "describe_db_parameter_groups"
    return [
        {"clustered": clustered, "name": one[f"{scope}Name"], "arn": one[f"{scope}Arn"], "family": its_family}
        for one in aws.pages("rds", operation, f"{scope}s")
        for its_family in [one["DBParameterGroupFamily"]]
        if one[f"{scope}Name"] == parameter_group(aws.stack, its_family).name
    ]


def _settings(aws: Aws, group: Described) -> frozenset[str]:
    operation = "describe_db_cluster_parameters" if group["clustered"] else "describe_db_parameters"
    asked = {f"{SCOPES[group['clustered']]}Name": group["name"], "Source": "user"}
    set_ones = aws.pages("rds", operation, "Parameters", **asked)
    return settings({one["ParameterName"]: one["ParameterValue"] for one in set_ones if "ParameterValue" in one})


def _subnets(aws: Aws, there: list[Described]) -> list[Described]:
    """The subnet group of our name; an instance in it describes all of it but its ARN."""
    name = subnet_group(aws.stack).name
    for one in there:
        if one.get("DBSubnetGroup", {}).get("DBSubnetGroupName") == name:
            arn = f"{one['DBInstanceArn'].rpartition(':db:')[0]}:subgrp:{name}"
            return [{**one["DBSubnetGroup"], "DBSubnetGroupArn": arn}]
    asked = {"DBSubnetGroupName": name}
    return list(aws.pages("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupNotFoundFault", **asked))


def _ours(aws: Aws, arn: str) -> bool:
    service = regions.place(aws.region, arn).service
    return aws.ours(aws.call(service, "list_tags_for_resource", ResourceName=arn).get("TagList"))
