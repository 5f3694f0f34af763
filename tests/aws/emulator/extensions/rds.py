# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS: parameters that can be reset, changes that wait, and what moto forgets of a declaration.

AWS's own words: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models
from moto.rds.exceptions import DBInstanceNotFoundError, RDSClientError
from moto.rds.responses import RDSResponse

# -- parameters: each group has all of its engine's, and a user's can be set back ------------------
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html (ApplyType, Source)

_APPLY_TYPES = {
    "log_connections": "dynamic",
    "max_connections": "static",
    "shared_preload_libraries": "static",
    "work_mem": "dynamic",
}


def _parameters(group: Any, source: str | None) -> ActionResult:
    described: dict[str, Any] = {
        name: {"ParameterName": name, "ApplyType": kind, "Source": "engine-default"}
        for name, kind in _APPLY_TYPES.items()
    }
    for name, its in group.parameters.items():
        described[name] = {**described.get(name, {}), **its, "ParameterName": name, "Source": "user"}
    return ActionResult({"Parameters": [one for one in described.values() if source in (None, one["Source"])]})


def _describe_db_parameters(self: RDSResponse) -> ActionResult:
    groups = self.backend.db_parameter_groups
    return _parameters(groups[self.params["DBParameterGroupName"]], self.params.get("Source"))


def _describe_db_cluster_parameters(self: RDSResponse) -> ActionResult:
    groups = self.backend.db_cluster_parameter_groups
    return _parameters(groups[self.params["DBClusterParameterGroupName"]], self.params.get("Source"))


def _reset(self: RDSResponse, groups: Any, key: str) -> ActionResult:
    name = self.params[key]
    for one in self.params.get("Parameters", []):
        groups[name].parameters.pop(one["ParameterName"], None)
    return ActionResult({key: name})


RDSResponse.describe_db_parameters = _describe_db_parameters
RDSResponse.describe_db_cluster_parameters = _describe_db_cluster_parameters
RDSResponse.reset_db_parameter_group = lambda self: _reset(
    self, self.backend.db_parameter_groups, "DBParameterGroupName"
)
RDSResponse.reset_db_cluster_parameter_group = lambda self: _reset(
    self, self.backend.db_cluster_parameter_groups, "DBClusterParameterGroupName"
)


# A default group is AWS's, and is not among one's own once an instance uses it (moto adds it then).


def _groups_of(self: models.DBInstance) -> list[models.DBParameterGroup]:
    name = self.db_parameter_group_name
    if name and not self.is_default_parameter_group(name):
        return [self.backend.db_parameter_groups[name]]
    family, default = self.default_db_parameter_group_details()
    return [models.DBParameterGroup(self.backend, default, f"Default parameter group for {family}", family)]


models.DBInstance.db_parameter_groups = _groups_of

# -- Aurora Serverless v2: its class needs a cluster with a range of capacity ------------------------
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.requirements.html


def _within_a_range(backend: models.RDSBackend, cluster: str | None, its_class: str | None) -> None:
    if its_class == "db.serverless" and not backend.clusters[cluster].serverless_v2_scaling_configuration:
        raise RDSClientError(
            "InvalidDBClusterStateFault",
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2"
            " DB instance.",
        )


# -- changes: at once, or in the maintenance window ---------------------------------------------
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html

_NAMED = {
    "db_port_number": "port",
    "enable_performance_insights": "performance_insights_enabled",
    "enable_cloudwatch_logs_exports": "enabled_cloudwatch_logs_exports",
}
_WAITING = {
    "allocated_storage": "AllocatedStorage",
    "db_instance_class": "DBInstanceClass",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "multi_az": "MultiAZ",
    "port": "Port",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
_update = models.DBInstance.update
_modify = models.RDSBackend.modify_db_instance
_create = models.RDSBackend.create_db_instance


def _named(asked: dict[str, Any]) -> dict[str, Any]:
    return {_NAMED.get(key, key): value for key, value in asked.items()}


def _updated(self: models.DBInstance, **asked: Any) -> None:
    self.enabled_cloudwatch_logs_exports = list(self.enabled_cloudwatch_logs_exports)  # a replica has its own
    _update(self, **_named(asked))


def _modified(self: models.RDSBackend, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> models.DBInstance:
    now, at_once = _named(db_kwargs), db_kwargs.get("apply_immediately")
    waiting = {} if at_once else {key: now.pop(key) for key in list(now) if key in _WAITING}
    cluster = getattr(self.databases.get(db_instance_identifier), "db_cluster_identifier", None)
    _within_a_range(self, cluster, db_kwargs.get("db_instance_class"))
    instance = _modify(self, db_instance_identifier, now)
    before = getattr(instance, "waiting", {})
    if at_once:
        _update(instance, **{key: value for key, value in before.items() if key not in now})
    instance.waiting = {} if at_once else {**before, **waiting}
    instance.pending_modified_values = {_WAITING[key]: value for key, value in instance.waiting.items()}
    return instance


def _created(self: models.RDSBackend, asked: dict[str, Any]) -> models.DBInstance:
    _within_a_range(self, asked.get("db_cluster_identifier"), asked.get("db_instance_class"))
    instance = _create(self, asked)
    instance.performance_insights_enabled = asked.get("enable_performance_insights", False)
    instance.performance_insights_retention_period = asked.get("performance_insights_retention_period")
    if isinstance(instance, models.DBInstanceClustered):
        instance.db_subnet_group_name = instance.cluster.db_subnet_group_name
    return instance


models.DBInstance.update = _updated
models.RDSBackend.modify_db_instance = _modified
models.RDSBackend.create_db_instance = _created

# -- replicas -------------------------------------------------------------------------------------
# A parameter group is taken by MySQL's in other regions alone, and what is encrypted needs a key of its own region and,
# in regions of China and GovCloud, a signed request for the region of the source; here everywhere:
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
# They have no backups of their own. RDS calls one in another region, and the source of one, by its ARN.

_replicate = models.RDSBackend.create_db_instance_read_replica


def _replicated(self: models.RDSBackend, asked: dict[str, Any]) -> models.DBInstance:
    source = self.find_db_from_id(asked["source_db_instance_identifier"])
    elsewhere, engine = source.region != self.region_name, source.engine
    if asked.get("db_parameter_group_name") and not (elsewhere and engine == "mysql"):
        told = (
            f"A parameter group can't be specified during Read Replica creation for the following DB engine: {engine}"
        )
        raise RDSClientError("InvalidParameterCombination", told)
    if elsewhere and source.storage_encrypted:
        if f":{self.region_name}:" not in asked.get("kms_key_id", ""):
            raise RDSClientError("KMSKeyNotAccessibleFault", "Specify a KMS key of the destination Region.")
        if f"%2F{source.region}%2F" not in asked.get("pre_signed_url", ""):
            raise RDSClientError("InvalidParameterCombination", "PreSignedUrl for the source Region is missing.")
    # In the order in which moto sets them: a name means something of the region that was set before.
    replica = _replicate(self, {"backend": self, **asked} if elsewhere else asked)
    replica.backup_retention_period = 0
    if elsewhere and not asked.get("db_parameter_group_name"):
        replica.db_parameter_group_name = None
    return replica


def _forgotten(self: models.DBInstance, replica: models.DBInstance) -> None:
    its = {replica.db_instance_identifier, replica.db_instance_arn}
    self.replicas = [one for one in self.replicas if one not in its]


models.RDSBackend.create_db_instance_read_replica = _replicated
models.DBInstance.remove_replica = _forgotten

# -- promotion: the replica forgets its source, and the source the replica --------------------------
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html

_promote = models.RDSBackend.promote_read_replica


def _promoted(self: models.RDSBackend, asked: dict[str, Any]) -> models.DBInstance:
    replica = self.databases[asked["db_instance_identifier"]]
    with suppress(DBInstanceNotFoundError):
        self.find_db_from_id(replica.source_db_instance_identifier or "").remove_replica(replica)
    _promote(self, asked)
    replica.source_db_instance_identifier = None
    return replica


models.RDSBackend.promote_read_replica = _promoted

# -- subnet groups: one that is changed stays (moto forgets it) -------------------------------------
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html

_modify_group = models.RDSBackend.modify_db_subnet_group


def _modified_group(self: models.RDSBackend, subnet_name: str, *changes: Any, **more: Any) -> models.DBSubnetGroup:
    group = _modify_group(self, subnet_name, *changes, **more)
    self.subnet_groups[subnet_name] = group
    return group


models.RDSBackend.modify_db_subnet_group = _modified_group

# -- clusters ------------------------------------------------------------------------------------

_modify_cluster = models.RDSBackend.modify_db_cluster


def _modified_cluster(self: models.RDSBackend, asked: dict[str, Any]) -> models.DBCluster:
    asked = dict(asked)
    if "enable_iam_database_authentication" in asked:
        asked["iam_auth"] = asked.pop("enable_iam_database_authentication")
    if "cloudwatch_logs_export_configuration" in asked:
        asked["enable_cloudwatch_logs_exports"] = asked.pop("cloudwatch_logs_export_configuration")
    return _modify_cluster(self, asked)


models.RDSBackend.modify_db_cluster = _modified_cluster

# -- what is not a resource of the account's ---------------------------------------------------------

# AWS's own key is AWS's. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
models.MasterUserSecret.kms_key_id = property(
    lambda self: (
        self.secret.kms_key_id
        if self.secret.kms_key_id.startswith("arn:")
        else f"arn:aws:kms:{self.resource.region}:{self.resource.account_id}:key/aws-secretsmanager"
    )
)
# Automated backups are made and removed by AWS, in a window of its own (moto: at once, named after the minute).
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
models.DBInstance.save_automated_backup = lambda _: None
models.DBCluster.save_automated_backup = lambda _: None
# Events are a record of what was, not something that is there.
models.RDSBackend.add_event = lambda *_: None
