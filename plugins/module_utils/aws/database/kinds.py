# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a database and what belongs to it are made, changed and removed.

API: Amazon RDS, version 2014-10-31.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..engines import apart, batches
from ..parts import Parts, tag
from ..patience import until
from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import CLUSTER, DATABASE, PARAMETERS, SET, SUBNETS
from .found import READY, REMOVING, SCOPES, ids, instances, telling
from .parameters import creation, modification
from .regions import Place, place

# What does not end by itself. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_STUCK = ("failed", "stopped", "storage-full", "restore-error", "inaccessible-encryption-credentials")
_GONE = ("DBInstanceNotFound", "DBInstanceNotFoundFault", "DBClusterNotFoundFault")


class _Rds:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, service: str = "rds", **parameters: Any) -> dict[str, Any]:
        return self.aws.call(service, operation, *absent, **parameters)

    def place(self, name: str) -> Place:
        """Where the thing with this *name*, of an address or of RDS, or with this ARN is."""
        return place(self.aws.region, name)

    def own(self, found: Found) -> None:
        """Raises StackError where a group, for which its user has spoken so far, has no tag of its own."""
        arn = found.ids["arn"]
        tags = self.call("list_tags_for_resource", service=self.place(arn).service, ResourceName=arn).get("TagList")
        self.aws.own(found.address, tags)

    def wait(self, known: Mapping[str, str]) -> Mapping[str, str]:
        return known


class Subnets(_Rds):
    """The subnets that a database may be in."""

    name = SUBNETS

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        service, name = self.place(wanted.address.name)
        made = self.call(
            "create_db_subnet_group",
            service=service,
            DBSubnetGroupDescription=f"Database of {self.aws.stack}",
            Tags=self.aws.tags(name),
            **self._asked(wanted),
        )
        return {"id": name, "arn": made["DBSubnetGroup"]["DBSubnetGroupArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self.own(found)
        self.call("modify_db_subnet_group", service=self.place(found.address.name).service, **self._asked(wanted))

    def delete(self, found: Found) -> None:
        self.own(found)
        service, name = self.place(found.address.name)
        self.call("delete_db_subnet_group", "DBSubnetGroupNotFoundFault", service=service, DBSubnetGroupName=name)

    def _asked(self, wanted: Wanted) -> dict[str, Any]:
        name = self.place(wanted.address.name).name
        return {"DBSubnetGroupName": name, "SubnetIds": sorted(wanted.properties["subnets"])}


class Parameters(_Rds):
    """A group of parameters, of instances or of Aurora's clusters: those of their own family."""

    name = PARAMETERS
    fixed = frozenset({"family"})

    def __init__(self, aws: Aws, its: Parts) -> None:
        super().__init__(aws)
        self.parts = its

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.parts.remember(SET)
        name, properties = wanted.address.name, wanted.properties
        clustered = _clustered(properties)
        made = self.call(
            f"create_{_scope(clustered)}",
            DBParameterGroupFamily=properties["family"],
            Description=f"Database of {self.aws.stack}",
            Tags=self.aws.tags(name),
            **_group(name, clustered),
        )[SCOPES[clustered]]
        self._set(name, clustered, frozenset(), properties["parameters"])
        return {"id": name, "arn": made[f"{SCOPES[clustered]}Arn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self.own(found)
        self.parts.remember(SET)
        clustered = _clustered(wanted.properties)
        self._set(wanted.address.name, clustered, found.properties["parameters"], wanted.properties["parameters"])

    def delete(self, found: Found) -> None:
        self.own(found)
        clustered = _clustered(found.properties)
        self.call(f"delete_{_scope(clustered)}", "DBParameterGroupNotFound", **_group(found.address.name, clustered))

    def _set(self, name: str, clustered: bool, old: AbstractSet[str], new: AbstractSet[str]) -> None:
        to_set, to_reset = apart(old, new)
        if not to_set and not to_reset:
            return
        methods = self._methods(name, clustered, [*to_set, *to_reset])
        values = [
            {"ParameterName": key, "ParameterValue": value, "ApplyMethod": methods[key]}
            for key, value in to_set.items()
        ]
        for some in batches(values):
            self.call(f"modify_{_scope(clustered)}", Parameters=some, **_group(name, clustered))
        for some in batches([{"ParameterName": key, "ApplyMethod": methods[key]} for key in to_reset]):
            self.call(f"reset_{_scope(clustered)}", Parameters=some, **_group(name, clustered))

    def _methods(self, name: str, clustered: bool, of: list[str]) -> dict[str, str]:
        """When each parameter takes effect: what RDS calls static waits for a reboot, which is the operator's."""
        operation = "describe_db_cluster_parameters" if clustered else "describe_db_parameters"
        types = {
            one["ParameterName"]: one.get("ApplyType")
            for one in self.aws.pages("rds", operation, "Parameters", **_group(name, clustered))
        }
        if unknown := sorted(set(of) - set(types)):
            raise StackError(f"parameters: {name} has none called {', '.join(unknown)}: see the engine's own names")
        return {key: "pending-reboot" if types[key] == "static" else "immediate" for key in of}


class _Data(_Rds):
    """What holds data: its removal leaves a snapshot behind, unless that was declined."""

    precious = True

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        super().__init__(aws)
        self.declared = declared

    def _how(self) -> dict[str, Any]:
        how = {"ApplyImmediately": self.declared["apply_immediately"]}
        return {**how, **({"AllowMajorVersionUpgrade": True} if self.declared["major_upgrade"] else {})}

    def _last(self, found: Found) -> dict[str, Any]:
        """How it is deleted; the snapshot's name is the same for a second try and another for the next database."""
        if not self.declared["final_snapshot"] or not found.properties:
            return {"SkipFinalSnapshot": True}
        name = f"{found.address.name}-final-{found.properties['created']}"
        return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": name}

    def _settled(self, one: Mapping[str, Any], status: str, what: str) -> Mapping[str, str] | None:
        """Its ids, once nothing is under way that others, or this run, would have to wait for."""
        if status in _STUCK or status.startswith("incompatible-"):
            raise StackError(f"{what} is {status}, which does not end by itself: see its events at AWS, and mend that")
        waiting = self.declared["apply_immediately"] and one.get("PendingModifiedValues")
        return ids(one) if status in READY and not waiting else None


class Cluster(_Data):
    """Aurora's storage and endpoints, which its instances share."""

    name = CLUSTER
    fixed = frozenset({"engine", "user", "encrypted", "kms_key", "subnet_group"})
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html
    held_by = frozenset({DATABASE})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        asked = creation(wanted.properties, wanted.once, clustered=True)
        made = self.call(
            "create_db_cluster",
            DBClusterIdentifier=name,
            Tags=self.aws.tags(name),
            CopyTagsToSnapshot=True,
            **asked,
        )
        return {"id": made["DBCluster"]["DBClusterIdentifier"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        asked = modification(found.properties, wanted, changed, clustered=True)
        self.call("modify_db_cluster", DBClusterIdentifier=found.ids["id"], **asked, **self._how())

    def delete(self, found: Found) -> None:
        its = {"DBClusterIdentifier": found.ids["id"]}
        if found.properties.get("deletion_protection"):
            self.call("modify_db_cluster", *_GONE, DeletionProtection=False, ApplyImmediately=True, **its)
        if found.busy != REMOVING:
            self.call("delete_db_cluster", *_GONE, **its, **self._last(found))
        until(lambda: True if not self._described(its["DBClusterIdentifier"]) else None, f"{found.address} to be gone")

    def wait(self, known: Mapping[str, str]) -> Mapping[str, str]:
        what = f"{self.name} {known['id']}"

        def look() -> Mapping[str, str] | None:
            one = self._described(known["id"])
            return self._settled(one, one["Status"], what) if one else None

        return until(look, f"{what} to be available")

    def _described(self, name: str) -> dict[str, Any]:
        found = self.call("describe_db_clusters", *_GONE, DBClusterIdentifier=name).get("DBClusters", [])
        return found[0] if found else {}


class Database(_Data):
    """An instance: a primary, one of its replicas, or one of Aurora's."""

    name = DATABASE
    fixed = frozenset({"engine", "user", "encrypted", "kms_key", "subnet_group", "source", "cluster", "zone"})

    def __init__(self, aws: Aws, declared: Mapping[str, Any], its: Parts) -> None:
        super().__init__(aws, declared)
        self.parts = its

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        return self._make(wanted)

    def _make(self, wanted: Wanted, **more: Any) -> dict[str, str]:
        service, name = self.place(wanted.address.name)
        asked = {**creation(wanted.properties, wanted.once), **more}
        operation = "create_db_instance_read_replica" if "source" in wanted.properties else "create_db_instance"
        tags = [*self.aws.tags(name), *tag(self.parts.sorts)]
        made = self.call(
            operation, service=service, DBInstanceIdentifier=name, Tags=tags, CopyTagsToSnapshot=True, **asked
        )["DBInstance"]
        return {"id": made["DBInstanceIdentifier"], "arn": made["DBInstanceArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        self._modify(self.place(found.ids["arn"]), **modification(found.properties, wanted, changed), **self._how())

    def delete(self, found: Found) -> None:
        here = self.place(found.ids["arn"])
        for replica in self._replicas(here):
            # RDS would make independent databases of them, which nobody asked for. (With the primary they all go:
            # the plan says so of each.)
            self._delete(replica, {"SkipFinalSnapshot": True})
        copy = "source" in found.properties or "cluster" in found.properties
        if found.properties.get("deletion_protection"):
            self._unprotect(here)
        self._delete(here, {"SkipFinalSnapshot": True} if copy else self._last(found))

    def _delete(self, at: Place, how: Mapping[str, Any]) -> None:
        # It may be on its way out already: by another thread, or by an earlier run.
        absent = (*_GONE, "InvalidDBInstanceState")
        begun = self.call("delete_db_instance", *absent, service=at.service, DBInstanceIdentifier=at.name, **how)

        def gone() -> bool | None:
            status = self._described(at).get("DBInstanceStatus")
            if status and not begun and status != REMOVING:
                raise StackError(f"{self.name} {at.name} is {status}, and cannot be removed now: run this again later")
            return None if status else True

        until(gone, f"{self.name} {at.name} to be gone")

    def _unprotect(self, at: Place) -> None:
        self._modify(at, *_GONE, DeletionProtection=False, ApplyImmediately=True)

    def _modify(self, at: Place, *absent: str, **asked: Any) -> None:
        self.call("modify_db_instance", *absent, service=at.service, DBInstanceIdentifier=at.name, **asked)

    def _replicas(self, of: Place) -> Iterator[Place]:
        """Its replicas that are this stack's, their protection lifted; RDS calls one in another region by its ARN."""
        for name in self._described(of).get("ReadReplicaDBInstanceIdentifiers", ()):
            # What a replica in another region is called without an ARN is in that region as well.
            replica = self.place(name) if name.startswith("arn:") else Place(of.service, name)
            one = self._described(replica)
            if self.aws.ours(one.get("TagList")):
                if one.get("DeletionProtection"):
                    self._unprotect(replica)
                yield replica

    def wait(self, known: Mapping[str, str]) -> Mapping[str, str]:
        at, what = self.place(known["arn"]), f"{self.name} {known['id']}"

        def look() -> Mapping[str, str] | None:
            one = self._described(at)
            return self._settled(one, one["DBInstanceStatus"], what) if one else None

        return until(look, f"{what} to be available")

    def _described(self, at: Place) -> dict[str, Any]:
        asked = {"service": at.service, "DBInstanceIdentifier": at.name}
        found = self.call("describe_db_instances", *_GONE, **asked).get("DBInstances", [])
        return found[0] if found else {}


def tell(aws: Aws, sorts: AbstractSet[str]) -> None:
    """Have the instances say of which *sorts* there have been parts."""
    for one in telling(aws, instances(aws)):
        aws.call("rds", "add_tags_to_resource", ResourceName=one["DBInstanceArn"], Tags=tag(sorts))


def _clustered(properties: Mapping[str, Any]) -> bool:
    return str(properties["family"]).startswith("aurora-")


def _scope(clustered: bool) -> str:
    return "db_cluster_parameter_group" if clustered else "db_parameter_group"


def _group(name: str, clustered: bool) -> dict[str, str]:
    return {f"{SCOPES[clustered]}Name": name}
