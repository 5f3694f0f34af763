# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The properties of a database as parameters of RDS's calls. Pure.

API: Amazon RDS, version 2014-10-31, ``CreateDBInstance``, ``ModifyDBInstance`` and the same of ``DBCluster``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Wanted
from . import serverless

_SAME = {
    "version": "EngineVersion",
    "instance_class": "DBInstanceClass",
    "multi_az": "MultiAZ",
    "auto_minor_upgrades": "AutoMinorVersionUpgrade",
    "iam_auth": "EnableIAMDatabaseAuthentication",
    "maintenance_window": "PreferredMaintenanceWindow",
    "deletion_protection": "DeletionProtection",
    "port": "Port",
}
_AT_BIRTH = {
    "engine": "Engine",
    "user": "MasterUsername",
    "subnet_group": "DBSubnetGroupName",
    "kms_key": "KmsKeyId",
    "encrypted": "StorageEncrypted",
    "zone": "AvailabilityZone",
    "source": "SourceDBInstanceIdentifier",
    "cluster": "DBClusterIdentifier",
}


def creation(properties: Mapping[str, Any], once: Mapping[str, Any], clustered: bool = False) -> dict[str, Any]:
    """The parameters that make an instance, or with *clustered* a cluster.

    A replica's parameter group is not among them: it has that of its source, or one that it is given afterwards.
    """
    if "source" in properties:
        properties = {key: value for key, value in properties.items() if key != "parameter_group"}
    asked = {_AT_BIRTH[key]: value for key, value in properties.items() if key in _AT_BIRTH}
    asked |= _shared(properties, clustered)
    if storage := properties.get("storage"):
        asked |= _volume(storage, storage["size"])
        if storage["max_size"]:
            asked["MaxAllocatedStorage"] = storage["max_size"]
    if properties.get("logs"):
        asked["EnableCloudwatchLogsExports"] = sorted(properties["logs"])
    if "managed_password" in properties:
        asked |= _password(properties["managed_password"], once)
    if once.get("database_name"):
        asked["DatabaseName" if clustered else "DBName"] = once["database_name"]
    return asked


def modification(
    found: Mapping[str, Any], wanted: Wanted, changed: AbstractSet[str], clustered: bool = False
) -> dict[str, Any]:
    """The parameters that bring the *changed* properties of an instance or cluster to what is wanted."""
    properties = {key: value for key, value in wanted.properties.items() if key in changed}
    asked = _shared(properties, clustered)
    if "port" in properties and not clustered:
        asked["DBPortNumber"] = asked.pop("Port")
    if "storage" in properties:
        asked |= _grown(found["storage"], properties["storage"])
    if "logs" in properties:
        on, off = properties["logs"] - found["logs"], found["logs"] - properties["logs"]
        both = {"EnableLogTypes": sorted(on), "DisableLogTypes": sorted(off)}
        asked["CloudwatchLogsExportConfiguration"] = {key: types for key, types in both.items() if types}
    if "managed_password" in properties:
        managed = properties["managed_password"]
        asked |= {"ManageMasterUserPassword": managed, **({} if managed else _password(False, wanted.once))}
    return asked


def _shared(properties: Mapping[str, Any], clustered: bool) -> dict[str, Any]:
    asked = {_SAME[key]: value for key, value in properties.items() if key in _SAME}
    for key, said in _SAID.items():
        if key in properties:
            asked |= said(properties[key])
    if "parameter_group" in properties:
        name = "DBClusterParameterGroupName" if clustered else "DBParameterGroupName"
        asked[name] = properties["parameter_group"]
    return asked


def _groups(groups: AbstractSet[str]) -> dict[str, Any]:
    return {"VpcSecurityGroupIds": sorted(groups)}


def _backup(backup: Mapping[str, Any]) -> dict[str, Any]:
    window = {"PreferredBackupWindow": backup["window"]} if "window" in backup else {}
    return {"BackupRetentionPeriod": backup["retention"], **window}


def _insights(days: int) -> dict[str, Any]:
    kept = {"PerformanceInsightsRetentionPeriod": days} if days else {}
    return {"EnablePerformanceInsights": days > 0, **kept}


def _monitoring(monitoring: Mapping[str, Any]) -> dict[str, Any]:
    role = {"MonitoringRoleArn": monitoring["role"]} if monitoring["interval"] else {}
    return {"MonitoringInterval": monitoring["interval"], **role}


_SAID: dict[str, Callable[[Any], dict[str, Any]]] = {
    "security_groups": _groups,
    "backup": _backup,
    "performance_insights": _insights,
    "monitoring": _monitoring,
    "serverless": serverless.configuration,
}


def _password(managed: bool, once: Mapping[str, Any]) -> dict[str, Any]:
    return {"ManageMasterUserPassword": True} if managed else {"MasterUserPassword": once["password"]}


def _volume(storage: Mapping[str, Any], size: int) -> dict[str, Any]:
    speed = {"Iops": storage.get("iops"), "StorageThroughput": storage.get("throughput")}
    return {
        "AllocatedStorage": size,
        "StorageType": storage["type"],
        **{key: value for key, value in speed.items() if value},
    }


def _grown(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Never smaller than what autoscaling has made of it; its limit set to its size where there is to be none."""
    size = max(wanted["size"], found["allocated"])
    differing = {key for key, value in wanted.items() if found.get(key) != value}
    asked = _volume(wanted, size) if differing - {"max_size"} else {}
    if "max_size" in differing:
        asked["MaxAllocatedStorage"] = wanted["max_size"] or size
    return asked
