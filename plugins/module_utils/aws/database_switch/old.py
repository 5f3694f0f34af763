# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a switchover left behind is deleted, once nobody will go back to it: the old database, or the old cluster.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..patience import until
from ..resource import StackError
from ..words import moment
from .move import UNPROTECTED, Move

#: What RDS calls the blue side after the switchover.
#: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-switching.html
_OLD = re.compile(r"(?P<new>.+)-old\d+")


def retired(move: Move) -> None:
    """The old database is gone. Its last state is in a snapshot, unless that was declined or it was a replica."""
    name = _OLD.fullmatch(move.database)
    if not name:
        raise StackError(f"database: expected a name such as {move.database}-old1, as RDS gives the old one")
    instance = move.instance(move.database)
    cluster = {} if instance else move.cluster(move.database)
    if not instance and not cluster:
        return
    _unneeded(move, name["new"], instance or cluster)
    if move.params["deletion_protection"]:
        raise StackError(
            "nothing was deleted, for deletion_protection is true: set it to false for the run that is to delete it"
        )
    last = _last(move, instance or cluster)
    snapshot = last.get("FinalDBSnapshotIdentifier")
    words = f"delete {move.database}, {f'and keep its last state as {snapshot}' if snapshot else 'without a snapshot'}"
    delete, old = (_instance_gone, instance) if instance else (_cluster_gone, cluster)
    move.do("deletion", words, lambda: delete(move, old, last))


def _unneeded(move: Move, new: str, old: Mapping[str, Any]) -> None:
    """Raises StackError where something still stands on the old one, or nothing has taken its place."""
    if cluster := old.get("DBClusterIdentifier") if "DBInstanceArn" in old else None:
        raise StackError(f"database: {move.database} is an instance of the cluster {cluster}: name that")
    if replicas := old.get("ReadReplicaDBInstanceIdentifiers"):
        raise StackError(f"nothing was deleted, for {', '.join(replicas)} follows it: retire that first")
    status = move.instance(new).get("DBInstanceStatus") or move.cluster(new).get("Status")
    if status != "available":
        raise StackError(f"nothing was deleted, for {new}, which should have taken its place, is {status or 'gone'}")
    source = [{"Name": "source", "Values": [old.get("DBInstanceArn") or old["DBClusterArn"]]}]
    if found := move.call("describe_blue_green_deployments", Filters=source).get("BlueGreenDeployments"):
        deployment = found[0]["BlueGreenDeploymentName"]
        raise StackError(f"nothing was deleted, for the deployment {deployment} is still there: finish it first")


def _last(move: Move, old: Mapping[str, Any]) -> dict[str, Any]:
    """How it is deleted; the snapshot's name is the same for a second try, and another one for the next database."""
    if not move.params["final_snapshot"] or old.get("ReadReplicaSourceDBInstanceIdentifier"):
        return {"SkipFinalSnapshot": True}
    created = moment(old.get("InstanceCreateTime") or old["ClusterCreateTime"])
    return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{move.database}-final-{created}"}


def _instance_gone(move: Move, one: Mapping[str, Any], last: Mapping[str, Any]) -> None:
    name = one["DBInstanceIdentifier"]
    if one.get("DBInstanceStatus") != "deleting":
        if one.get("DeletionProtection"):
            move.call("modify_db_instance", DBInstanceIdentifier=name, **UNPROTECTED)
        move.call("delete_db_instance", "DBInstanceNotFound", DBInstanceIdentifier=name, **last)
    _gone(move, name, move.instance)


def _cluster_gone(move: Move, one: Mapping[str, Any], last: Mapping[str, Any]) -> None:
    """Its instances go first: a cluster that has any is not deleted."""
    name = one["DBClusterIdentifier"]
    deleting = one.get("Status") == "deleting"
    if one.get("DeletionProtection") and not deleting:
        move.call("modify_db_cluster", DBClusterIdentifier=name, **UNPROTECTED)
    members = [member["DBInstanceIdentifier"] for member in one.get("DBClusterMembers", ())]
    for member in members:
        if move.instance(member).get("DBInstanceStatus", "deleting") != "deleting":
            move.call("delete_db_instance", "DBInstanceNotFound", DBInstanceIdentifier=member, SkipFinalSnapshot=True)
    for member in members:
        _gone(move, member, move.instance)
    if not deleting:
        move.call("delete_db_cluster", "DBClusterNotFoundFault", DBClusterIdentifier=name, **last)
    _gone(move, name, move.cluster)


def _gone(move: Move, name: str, look: Callable[[str], Any]) -> None:
    until(lambda: None if look(name) else True, f"{name} to be gone", move.params["patience"], 15)
