# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a copy of a database is behind, and whether that is near enough to make it the database. Nothing is guessed.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (ReplicaLag: seconds, -1 for a
replication that does not run) and https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
(AuroraBinlogReplicaLag: seconds; AuroraReplicaLag: milliseconds).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from ..session import Aws

#: Seconds that are looked at. What happened before says nothing of now, and CloudWatch itself is a minute late.
WINDOW = 300
_FRESH = 180
_PERIOD = 60


class Metric(NamedTuple):
    """Where a copy's lag is measured, and how much of it is a second."""

    name: str
    dimension: str
    value: str
    per_second: float = 1.0


class Point(NamedTuple):
    """The largest lag of a minute, which ended so many seconds ago."""

    age: float
    seconds: float


def of_replica(instance: str) -> Metric:
    """Where the lag of a replica, or of the green side of a deployment, is measured."""
    return Metric("ReplicaLag", "DBInstanceIdentifier", instance)


def of_cluster(cluster: str) -> Metric:
    """Where the lag of the green cluster of a deployment is measured; Aurora PostgreSQL does not measure it."""
    return Metric("AuroraBinlogReplicaLag", "DBClusterIdentifier", cluster)


def of_member(instance: str) -> Metric:
    """Where the lag of one of Aurora's instances is measured."""
    return Metric("AuroraReplicaLag", "DBInstanceIdentifier", instance, 1000.0)


def read(aws: Aws, metric: Metric) -> list[Point]:
    """The lag of the last minutes, newest first."""
    now = datetime.now(timezone.utc)
    answer = aws.call(
        "cloudwatch",
        "get_metric_statistics",
        Namespace="AWS/RDS",
        MetricName=metric.name,
        Dimensions=[{"Name": metric.dimension, "Value": metric.value}],
        StartTime=now - timedelta(seconds=WINDOW),
        EndTime=now,
        Period=_PERIOD,
        Statistics=["Maximum"],
    )
    points = [_point(one, now, metric) for one in answer.get("Datapoints", ())]
    return sorted(points)


def _point(one: dict[str, Any], now: datetime, metric: Metric) -> Point:
    age = (now - one["Timestamp"]).total_seconds() - _PERIOD
    value = one["Maximum"]
    return Point(max(0.0, age), value if value < 0 else value / metric.per_second)


def refused(points: Sequence[Point], limit: float) -> str:
    """Why a copy with this lag must not become the database; empty when it may."""
    fresh = [one for one in points if one.age <= _FRESH]
    if not fresh:
        return f"how far it is behind is not known: CloudWatch has nothing of the last {_FRESH} s"
    if any(one.seconds < 0 for one in fresh):
        return "it is not replicating"
    worst = max(one.seconds for one in fresh)
    if worst > limit:
        return f"it is {worst:g} s behind, and max_lag is {limit:g} s"
    return ""
