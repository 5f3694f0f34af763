# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ElastiCache: replication groups that change and go, whose nodes are described, and groups of parameters.

moto keeps a replication group for ever, has one node in it whatever is asked, changes three of its properties, and has
no groups of parameters. AWS's own words: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache import models
from moto.elasticache.responses import ElastiCacheResponse

from ..extend import RESETS

Response = ElastiCacheResponse
_said: dict[str, dict[str, Any]] = {}
RESETS.append(_said.clear)


class Fault(ServiceException):
    """An error of AWS's."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


# -- replication groups ------------------------------------------------------------------------
# What a node alone describes (version, groups, windows) is kept as it was asked for.

_create = models.ElastiCacheBackend.create_replication_group


def _created(self: models.ElastiCacheBackend, **asked: Any) -> models.ReplicationGroup:
    group = _create(self, **asked)
    _said[group.replication_group_id] = {key: value for key, value in asked.items() if value is not None}
    # The mode is told once encryption is on (TransitEncryptionMode of API_ReplicationGroup).
    if group.transit_encryption_enabled:
        group.transit_encryption_mode = group.transit_encryption_mode or "required"
    _populate(self, group, asked["num_node_groups"] or 1, asked["replicas_per_node_group"] or 0)
    return group


def _populate(backend: models.ElastiCacheBackend, group: models.ReplicationGroup, shards: int, replicas: int) -> None:
    """The nodes that are asked for; named as AWS names them."""
    name = group.replication_group_id
    domain = f"{name}.a1b2c3.use1.cache.amazonaws.com"
    group.node_groups, group.member_clusters = [], []
    for shard in range(1, shards + 1):
        prefix = f"{name}-{shard:04}" if group.cluster_enabled else name
        nodes = [f"{prefix}-{number:03}" for number in range(1, replicas + 2)]
        group.member_clusters += nodes
        described: dict[str, Any] = {"NodeGroupId": f"{shard:04}", "Status": "available"}
        if not group.cluster_enabled:
            described["PrimaryEndpoint"] = {"Address": f"master.{domain}", "Port": group.port}
            described["ReaderEndpoint"] = {"Address": f"replica.{domain}", "Port": group.port}
        described["NodeGroupMembers"] = [{"CacheClusterId": node, "CacheNodeId": "0001"} for node in nodes]
        group.node_groups.append(described)


def _resized(self: Response, shards: int | None = None, replicas: int | None = None) -> ActionResult:
    group = self.elasticache_backend.describe_replication_groups(self._get_param("ReplicationGroupId"))[0]
    now = len(group.node_groups)
    each = len(group.member_clusters) // now - 1
    if shards is not None and shards < now and not self._get_param("NodeGroupsToRemove"):
        raise Fault("InvalidParameterCombination", "Either NodeGroupsToRemove or NodeGroupsToRetain is required.")
    _populate(self.elasticache_backend, group, shards or now, each if replicas is None else replicas)
    return ActionResult({"ReplicationGroup": group})


def _modified(self: Response) -> ActionResult:
    group = self.elasticache_backend.describe_replication_groups(self._get_param("ReplicationGroupId"))[0]
    asked = {key: self._get_param(key) for key in _CHANGES if self._get_param(key) is not None}
    mode = asked.get("TransitEncryptionMode")
    # "Setting TransitEncryptionMode to required is a two-step process" (API_ModifyReplicationGroup)
    if mode == "required" and group.transit_encryption_mode != "preferred":
        raise Fault("InvalidParameterCombination", "TransitEncryptionMode has to be preferred first.")
    if asked.get("MultiAZEnabled") and len(group.member_clusters) == len(group.node_groups):
        raise Fault("InvalidParameterCombination", "Multi-AZ needs a replica.")
    for key, value in asked.items():
        attribute = _CHANGES[key]
        if attribute in ("automatic_failover", "multi_az"):
            value = "enabled" if value else "disabled"
        elif attribute == "auth_token_enabled":
            value = True
        if hasattr(group, attribute):
            setattr(group, attribute, value)
        _said[group.replication_group_id][attribute] = value
    return ActionResult({"ReplicationGroup": group})


_CHANGES = {
    "AuthToken": "auth_token_enabled",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "AutomaticFailoverEnabled": "automatic_failover",
    "CacheNodeType": "cache_node_type",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "MultiAZEnabled": "multi_az",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "ReplicationGroupDescription": "description",
    "SecurityGroupIds": "security_group_ids",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
    "TransitEncryptionEnabled": "transit_encryption_enabled",
    "TransitEncryptionMode": "transit_encryption_mode",
}


def _deleted(self: Response) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("ReplicationGroupId")
    group = backend.describe_replication_groups(name)[0]
    if snapshot := self._get_param("FinalSnapshotIdentifier"):
        backend.create_snapshot(snapshot, name, None, None, [])
    del backend.replication_groups[name]
    backend.tagging_service.delete_all_tags_for_resource(group.arn)
    return ActionResult({"ReplicationGroup": group})


_describe_clusters = Response.describe_cache_clusters


def _nodes(self: Response) -> ActionResult:
    wanted = self._get_param("CacheClusterId")
    for group in self.elasticache_backend.replication_groups.values():
        if wanted in group.member_clusters:
            return ActionResult({"CacheClusters": [_node(wanted, group, _said[group.replication_group_id])]})
    return _describe_clusters(self)


def _node(name: str, group: models.ReplicationGroup, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "CacheClusterId": name,
        "CacheClusterStatus": "available",
        "CacheNodeType": group.cache_node_type,
        "Engine": group.engine,
        "EngineVersion": _whole(said["engine_version"]),
        "PreferredMaintenanceWindow": said.get("preferred_maintenance_window", "sun:23:00-mon:01:30"),
        "CacheParameterGroup": {"CacheParameterGroupName": said.get("cache_parameter_group_name")},
        "CacheSubnetGroupName": said.get("cache_subnet_group_name"),
        "SecurityGroups": [{"SecurityGroupId": one, "Status": "active"} for one in said.get("security_group_ids", [])],
        "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade,
        "ReplicationGroupId": group.replication_group_id,
    }


def _whole(version: str) -> str:
    """A version that runs is told in full."""
    return ".".join([*version.split("."), "0", "0"][:3])


models.ElastiCacheBackend.create_replication_group = _created
Response.modify_replication_group = _modified
Response.delete_replication_group = _deleted
Response.describe_cache_clusters = _nodes
Response.increase_replica_count = lambda self: _resized(self, replicas=self._get_int_param("NewReplicaCount"))
Response.decrease_replica_count = Response.increase_replica_count
Response.modify_replication_group_shard_configuration = lambda self: _resized(
    self, shards=self._get_int_param("NodeGroupCount")
)

# -- subnets -------------------------------------------------------------------------------------


def _changed_subnets(self: Response) -> ActionResult:
    group = self.elasticache_backend.describe_cache_subnet_groups(self._get_param("CacheSubnetGroupName"))[0]
    new = models.CacheSubnetGroup(
        self.current_account, self.region, group.cache_subnet_group_name, "", self._get_param("SubnetIds"), None
    )
    group.subnet_ids, group.subnets = new.subnet_ids, new.subnets
    return ActionResult({"CacheSubnetGroup": group})


def _deleted_subnets(self: Response) -> EmptyResult:
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    if any(said.get("cache_subnet_group_name") == name for said in _there(backend)):
        raise Fault("CacheSubnetGroupInUse", f"The cache subnet group {name} is in use.")
    arn = backend.describe_cache_subnet_groups(name)[0].arn
    backend.tagging_service.delete_all_tags_for_resource(arn)
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def _there(backend: models.ElastiCacheBackend) -> Iterator[dict[str, Any]]:
    return (_said[name] for name in backend.replication_groups)


Response.modify_cache_subnet_group = _changed_subnets
Response.delete_cache_subnet_group = _deleted_subnets

# -- parameters ------------------------------------------------------------------------------------

_init = models.ElastiCacheBackend.__init__


def _with_groups(self: models.ElastiCacheBackend, region_name: str, account_id: str) -> None:
    _init(self, region_name, account_id)
    self.arn_regex = re.compile(self.arn_regex.pattern.replace("user)", "user|parametergroup)"))
    self.cache_parameter_groups: dict[str, dict[str, Any]] = {}


def _group(self: Response) -> dict[str, Any]:
    name = self._get_param("CacheParameterGroupName")
    groups: dict[str, dict[str, Any]] = self.elasticache_backend.cache_parameter_groups
    if name not in groups:
        raise Fault("CacheParameterGroupNotFound", f"CacheParameterGroup not found: {name}")
    return groups[name]


def _created_group(self: Response) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    arn = f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}"
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "ARN": arn,
        "values": {},
    }
    backend.cache_parameter_groups[name] = group
    backend.tagging_service.tag_resource(arn, self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


def _set(self: Response) -> ActionResult:
    group = _group(self)
    for one in self._get_param("ParameterNameValues", []):
        group["values"][one["ParameterName"]] = one["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def _unset(self: Response) -> ActionResult:
    group = _group(self)
    for one in self._get_param("ParameterNameValues", []):
        del group["values"][one["ParameterName"]]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def _described_parameters(self: Response) -> ActionResult:
    values = _group(self)["values"].items()
    return ActionResult(
        {"Parameters": [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in values]}
    )


def _deleted_group(self: Response) -> EmptyResult:
    backend, name = self.elasticache_backend, _group(self)["CacheParameterGroupName"]
    if any(said.get("cache_parameter_group_name") == name for said in _there(backend)):
        raise Fault("InvalidCacheParameterGroupState", f"The parameter group {name} is in use.")
    backend.tagging_service.delete_all_tags_for_resource(backend.cache_parameter_groups.pop(name)["ARN"])
    return EmptyResult()


models.ElastiCacheBackend.__init__ = _with_groups
Response.create_cache_parameter_group = _created_group
Response.describe_cache_parameter_groups = lambda self: ActionResult(
    {"CacheParameterGroups": list(self.elasticache_backend.cache_parameter_groups.values())}
)
Response.modify_cache_parameter_group = _set
Response.reset_cache_parameter_group = _unset
Response.describe_cache_parameters = _described_parameters
Response.delete_cache_parameter_group = _deleted_group
