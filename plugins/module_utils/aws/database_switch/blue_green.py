# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy is made, changed and tried beside the database, and then takes its place: RDS's blue/green deployments.

Each step is asked for by its own state, and each knows by what is there how far an earlier run came.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..database.options import MAJOR
from ..engines import as_declared
from ..patience import until
from ..resource import StackError
from . import lag
from .move import UNPROTECTED, Move

_ASKED = {
    "version": "TargetEngineVersion",
    "instance_class": "TargetDBInstanceClass",
    "parameter_group": "TargetDBParameterGroupName",
    "cluster_parameter_group": "TargetDBClusterParameterGroupName",
    "storage_type": "TargetStorageType",
}
_GONE = "BlueGreenDeploymentNotFoundFault"
_SWITCHABLE = ("AVAILABLE", "SWITCHOVER_FAILED")
_WRONG = ("INVALID_CONFIGURATION", "SWITCHOVER_FAILED")


def prepared(move: Move) -> None:
    """The green side is there and follows the blue one."""
    deployment = _deployment(move)
    if deployment.get("Status") == "SWITCHOVER_COMPLETED":
        return
    if not deployment:
        source = _source(move)
        if _already(move, source):
            return
        if "MasterUserSecret" in source:
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html, "Limitations"
            raise StackError("database: RDS makes no green side of a database whose password it manages itself")
        move.do("preparation", f"make a green side of {move.database}", lambda: _create(move, source))
    elif deployment["Status"] in ("PROVISIONING", "INVALID_CONFIGURATION"):  # of the second, RDS says why
        move.do("preparation", f"wait for the green side of {move.database}", lambda: _reach(move, "AVAILABLE"))
    elif deployment["Status"] not in _SWITCHABLE:
        raise _busy(move, deployment)
    _tell(move)


def switched(move: Move) -> None:
    """The green side has the blue one's name, and its endpoint; the blue side is kept under another name."""
    deployment = _deployment(move)
    if not deployment:
        if not _already(move, _source(move)):
            raise StackError(f"there is no deployment {_name(move)}: prepare it first")
        return
    if deployment["Status"] in _SWITCHABLE:
        _fit(move, deployment)
        words = f"switch {move.database} over to its green side"
        move.do("switchover", words, lambda: _switch(move, deployment))
    elif deployment["Status"] in ("SWITCHOVER_IN_PROGRESS", "INVALID_CONFIGURATION"):
        words = f"wait for the switchover of {move.database}"
        move.do("switchover", words, lambda: _reach(move, "SWITCHOVER_COMPLETED"))
    elif deployment["Status"] != "SWITCHOVER_COMPLETED":
        raise _busy(move, deployment)
    _tell(move)


def finished(move: Move) -> None:
    """The deployment is gone, and so is a green side that was never switched to. The old blue side is kept."""
    deployment = _deployment(move)
    if not deployment:
        return
    if deployment["Status"] == "SWITCHOVER_IN_PROGRESS":
        raise _busy(move, deployment)
    unused = deployment["Status"] != "SWITCHOVER_COMPLETED"
    kept = f", keep {_short(deployment['Source'])}" if not unused else " with its green side"
    move.told.found["old"] = None if unused else _short(deployment["Source"])
    move.do("removal", f"remove the deployment {_name(move)}{kept}", lambda: _remove(move, deployment, unused))


def _busy(move: Move, deployment: Mapping[str, Any]) -> StackError:
    return StackError(
        f"nothing was moved, for {_name(move)} is {deployment['Status']}: wait for that, and run this again"
    )


# -- steps -----------------------------------------------------------------------------------


def _create(move: Move, source: Mapping[str, Any]) -> None:
    asked = {_ASKED[key]: value for key, value in move.params["target"].items() if value}
    arn = source.get("DBClusterArn") or source["DBInstanceArn"]
    move.call("create_blue_green_deployment", BlueGreenDeploymentName=_name(move), Source=arn, **asked)
    _reach(move, "AVAILABLE")


def _switch(move: Move, deployment: Mapping[str, Any]) -> None:
    """RDS itself goes back where it takes longer than the timeout."""
    asked = {"SwitchoverTimeout": move.params["switchover_timeout"]}
    identifier = deployment["BlueGreenDeploymentIdentifier"]
    move.call("switchover_blue_green_deployment", BlueGreenDeploymentIdentifier=identifier, **asked)
    _reach(move, "SWITCHOVER_COMPLETED", pause=1)


def _remove(move: Move, deployment: Mapping[str, Any], unused: bool) -> None:
    identifier, green = deployment["BlueGreenDeploymentIdentifier"], deployment.get("Target", "")
    if deployment["Status"] == "DELETING":
        _gone(move)
        return
    if unused and green and ":cluster:" not in green and move.instance(_short(green)).get("DeletionProtection"):
        move.call("modify_db_instance", DBInstanceIdentifier=_short(green), **UNPROTECTED)
    asked = {"DeleteTarget": True} if unused else {}
    move.call("delete_blue_green_deployment", _GONE, BlueGreenDeploymentIdentifier=identifier, **asked)
    _gone(move)


def _gone(move: Move) -> None:
    until(lambda: None if _deployment(move) else True, f"{_name(move)} to be gone", move.params["patience"], 5)


def _reach(move: Move, status: str, pause: float = 15) -> None:
    def reached() -> bool | None:
        one = _deployment(move)
        if one.get("Status") in _WRONG:
            raise StackError(f"{_name(move)} is {one['Status']}: {one.get('StatusDetails') or 'RDS does not say why'}")
        return True if one.get("Status") == status else None

    until(reached, f"{_name(move)} to be {status}", move.params["patience"], pause)


# -- what is there -----------------------------------------------------------------------------


def _fit(move: Move, deployment: Mapping[str, Any]) -> None:
    """Raises StackError where the green side must not take over."""
    pending = [one["Name"] for one in deployment.get("Tasks", ()) if one["Status"] != "COMPLETED"]
    if pending:
        raise StackError(f"nothing was moved, for the green side is not finished: {', '.join(pending)}")
    green = _short(deployment["Target"])
    if ":cluster:" in deployment["Target"]:
        status, metric = move.cluster(green).get("Status"), lag.of_cluster(green)
    else:
        status, metric = move.instance(green).get("DBInstanceStatus"), lag.of_replica(green)
    if status != "available":
        raise StackError(f"nothing was moved, for the green side {green} is {status or 'gone'}")
    move.near(f"the green side {green}", metric)


def _deployment(move: Move) -> dict[str, Any]:
    filters = [{"Name": "blue-green-deployment-name", "Values": [_name(move)]}]
    found = move.call("describe_blue_green_deployments", _GONE, Filters=filters).get("BlueGreenDeployments", [])
    return found[0] if found else {}


def _source(move: Move) -> dict[str, Any]:
    found = move.instance(move.database) or move.cluster(move.database)
    if not found:
        raise StackError(f"database: there is neither an instance nor a cluster {move.database}")
    return found


def _already(move: Move, source: Mapping[str, Any]) -> bool:
    """Whether the database is what the green side would be: then an earlier run has moved it."""
    target = {key: value for key, value in move.params["target"].items() if value}
    if not target:
        raise StackError("target: expected what the green side differs by, found nothing")
    groups = source.get("DBParameterGroups") or [{}]
    running = source.get("EngineVersion", "")
    there = {
        "version": as_declared(
            running, target.get("version", ""), MAJOR.get(source.get("Engine", ""), 1), upgrades=True
        ),
        "instance_class": source.get("DBInstanceClass"),
        "parameter_group": groups[0].get("DBParameterGroupName"),
        "cluster_parameter_group": source.get("DBClusterParameterGroup"),
        "storage_type": source.get("StorageType"),
    }
    return all(there[key] == value for key, value in target.items())


def _tell(move: Move) -> None:
    if not move.dry_run:
        one = _deployment(move)
        move.told.found |= {"status": one.get("Status"), "blue": _short(one["Source"]), "green": _short(one["Target"])}


def _name(move: Move) -> str:
    return str(move.params["name"] or f"{move.database}-next")


def _short(arn: str) -> str:
    return arn.rpartition(":")[2]
