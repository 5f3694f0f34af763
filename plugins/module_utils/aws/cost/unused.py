# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an account pays for in a region and nobody uses, whichever stack it is of.

API: EC2 2016-11-15, Elastic Load Balancing 2015-12-01, CloudWatch 2010-08-01 (``GetMetricData``, 500 metrics a call).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..resource import STACK_TAG
from ..session import Aws

_DAY = 86400
_METRICS_A_CALL = 500
# What each sort of load balancer counts its traffic by ("CloudWatch metrics for your ... Load Balancer").
_TRAFFIC = {"application": ("AWS/ApplicationELB", "RequestCount"), "network": ("AWS/NetworkELB", "ProcessedBytes")}


def unused(aws: Aws, now: datetime, idle_days: int, snapshot_days: int) -> list[dict[str, Any]]:
    """Unattached volumes and addresses, load balancers without traffic, and old snapshots that no image needs."""
    found = aws.together(
        lambda: list(_volumes(aws)),
        lambda: list(_addresses(aws)),
        lambda: list(_snapshots(aws, now - timedelta(days=snapshot_days))),
        lambda: list(_balancers(aws, now, idle_days)),
    )
    return [one for some in found for one in some]


def _volumes(aws: Aws) -> Iterator[dict[str, Any]]:
    unattached = [{"Name": "status", "Values": ["available"]}]
    for one in aws.pages("ec2", "describe_volumes", "Volumes", Filters=unattached):
        why = f"attached to nothing, {one['Size']} GiB"
        yield _one("volume", one["VolumeId"], why, one["CreateTime"], one.get("Tags"))


def _addresses(aws: Aws) -> Iterator[dict[str, Any]]:
    for one in aws.call("ec2", "describe_addresses")["Addresses"]:
        if "AssociationId" not in one:
            its = one.get("AllocationId", one["PublicIp"])
            yield _one("address", its, f"{one['PublicIp']} belongs to nothing", None, one.get("Tags"))


def _snapshots(aws: Aws, before: datetime) -> Iterator[dict[str, Any]]:
    images = aws.pages("ec2", "describe_images", "Images", Owners=["self"])
    needed = {
        device["Ebs"].get("SnapshotId")
        for image in images
        for device in image.get("BlockDeviceMappings", ())
        if "Ebs" in device
    }
    for one in aws.pages("ec2", "describe_snapshots", "Snapshots", OwnerIds=["self"]):
        if one["StartTime"] < before and one["SnapshotId"] not in needed:
            why = f"of no image, {one['VolumeSize']} GiB"
            yield _one("snapshot", one["SnapshotId"], why, one["StartTime"], one.get("Tags"))


def _balancers(aws: Aws, now: datetime, days: int) -> Iterator[dict[str, Any]]:
    since = now - timedelta(days=days)
    old = [
        one
        for one in aws.pages("elbv2", "describe_load_balancers", "LoadBalancers")
        if one["Type"] in _TRAFFIC and one["CreatedTime"] < since
    ]
    for first in range(0, len(old), _METRICS_A_CALL):
        some = old[first : first + _METRICS_A_CALL]
        busy = _busy(aws, some, since, now)
        for one in some:
            if one["LoadBalancerArn"] not in busy:
                yield _one("load balancer", one["LoadBalancerArn"], f"no traffic in {days} days", one["CreatedTime"])


def _busy(aws: Aws, balancers: Sequence[Mapping[str, Any]], since: datetime, now: datetime) -> set[str]:
    """The ARNs of those that had traffic."""
    queries = []
    for number, one in enumerate(balancers):
        namespace, name = _TRAFFIC[one["Type"]]
        end = one["LoadBalancerArn"].partition(":loadbalancer/")[2]
        metric = {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": "LoadBalancer", "Value": end}],
        }
        queries.append({"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": _DAY, "Stat": "Sum"}})
    results = aws.pages(
        "cloudwatch", "get_metric_data", "MetricDataResults", MetricDataQueries=queries, StartTime=since, EndTime=now
    )
    return {balancers[int(one["Id"][1:])]["LoadBalancerArn"] for one in results if any(one["Values"])}


def _one(
    kind: str, its: str, why: str, since: datetime | None, tags: Sequence[Mapping[str, str]] | None = None
) -> dict[str, Any]:
    named = {tag["Key"]: tag["Value"] for tag in tags or ()}
    return {
        "kind": kind,
        "id": its,
        "why": why,
        "since": since.isoformat() if since else None,
        "stack": named.get(STACK_TAG),
    }
