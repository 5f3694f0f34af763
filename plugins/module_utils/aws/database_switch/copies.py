# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy that is there already becomes the database: a replica is promoted, or an Aurora cluster fails over."""

from __future__ import annotations

from typing import Any

from ..patience import until
from ..resource import StackError
from . import lag
from .move import Move


def promoted(move: Move) -> None:
    """A replica on its own: it no longer follows its source, and can be written to."""
    replica = _there(move)
    source = replica.get("ReadReplicaSourceDBInstanceIdentifier")
    if source:
        move.near(move.database, lag.of_replica(move.database))
        move.do("promotion", f"promote {move.database}, a replica of {source}", lambda: _promote(move))
        replica = replica if move.dry_run else _there(move)
    elif replica["DBInstanceStatus"] != "available":
        # An earlier run asked for it, and died.
        move.do("promotion", f"wait for {move.database}", lambda: _alone(move))
        replica = replica if move.dry_run else _there(move)
    move.told.found["endpoint"] = replica.get("Endpoint", {}).get("Address")


def _there(move: Move) -> dict[str, Any]:
    found = move.instance(move.database)
    if not found:
        raise StackError(f"database: there is no instance {move.database}")
    return found


def _promote(move: Move) -> None:
    retention = move.params["backup_retention"]
    move.call("promote_read_replica", DBInstanceIdentifier=move.database, BackupRetentionPeriod=retention)
    _alone(move)


def _alone(move: Move) -> None:
    def alone() -> bool | None:
        one = move.instance(move.database)
        following = one.get("ReadReplicaSourceDBInstanceIdentifier")
        return True if one.get("DBInstanceStatus") == "available" and not following else None

    until(alone, f"{move.database} to be promoted", move.params["patience"], 5)


def failed_over(move: Move) -> None:
    """Another instance of an Aurora cluster writes."""
    to, members = move.params["to"], _members(move)
    if to not in members:
        raise StackError(
            f"to: expected an instance of {move.database} ({', '.join(sorted(members))}), but found {to!r}"
        )
    if not members[to]:
        status = move.instance(to).get("DBInstanceStatus")
        if status != "available":
            raise StackError(f"nothing was moved, for {to} is {status}")
        move.near(to, lag.of_member(to))
        move.do("failover", f"fail {move.database} over to {to}", lambda: _fail_over(move, to))
    move.told.found["endpoint"] = move.cluster(move.database).get("Endpoint")


def _members(move: Move) -> dict[str, bool]:
    """The instances of a cluster, and whether each is the one that writes."""
    cluster = move.cluster(move.database)
    if not cluster:
        raise StackError(f"database: there is no cluster {move.database}")
    return {one["DBInstanceIdentifier"]: one["IsClusterWriter"] for one in cluster.get("DBClusterMembers", ())}


def _fail_over(move: Move, to: str) -> None:
    move.call("failover_db_cluster", DBClusterIdentifier=move.database, TargetDBInstanceIdentifier=to)
    until(lambda: True if _members(move).get(to) else None, f"{to} to write", move.params["patience"], 1)
