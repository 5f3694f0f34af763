# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The alarms that one word turns on: for each part of a stack, what tells that its users are, or soon will be, hurt.

Metrics are those that AWS documents for what is measured: a metric that a service does not emit would leave its alarm
without data, which counts as good.

- https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
- https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html

Thresholds are starting points for a service that answers people; ``overrides`` changes them one by one. A share of
errors counts only above twenty requests a minute: below, one error would be a fifth of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Template:
    """One alarm of a set, for each part of the family *each*.

    ``metrics`` maps an id to ``(family or "it", metric, statistic)``, where "it" is the part at hand and a family means
    one id for each of its parts (``healthy_blue``), which ``expression`` has as ``{healthy}``. SUM of a list leaves out
    what has no data, where + would have none either.
    """

    name: str
    each: str
    description: str
    metrics: Mapping[str, tuple[str, str, str]]
    threshold: float
    when: str = "above"
    expression: str = ""
    minutes: int = 5
    datapoints: int = 3
    missing: str = "good"
    hurts_users: bool = False


_SHARE = "IF(requests >= 20, 100 * SUM([theirs, ours]) / requests, 0)"

#: By the word that turns them on.
SETS: Mapping[str, tuple[Template, ...]] = {
    "load_balancer": (
        Template(
            "load-balancer-errors",
            "application_balancer",
            "More than this percentage of requests was answered with 5xx, by the service or in its stead",
            {
                "requests": ("it", "RequestCount", "Sum"),
                "theirs": ("it", "HTTPCode_Target_5XX_Count", "Sum"),
                "ours": ("it", "HTTPCode_ELB_5XX_Count", "Sum"),
            },
            1,
            expression=_SHARE,
            hurts_users=True,
        ),
        Template(
            "load-balancer-latency",
            "application_balancer",
            "One request in a hundred takes longer than this many seconds",
            {"metric": ("it", "TargetResponseTime", "p99")},
            1,
            hurts_users=True,
        ),
        Template(
            "load-balancer-no-target",
            "load_balancer",
            "Fewer healthy targets than this, in both pools together",
            {"healthy": ("pool", "HealthyHostCount", "Minimum")},
            1,
            when="below",
            expression="SUM([{healthy}])",
            minutes=2,
            datapoints=2,
            missing="missing",
            hurts_users=True,
        ),
        # A network load balancer sees connections and no answers: it has neither errors nor latencies.
        Template(
            "load-balancer-fail-open",
            "network_balancer",
            "More connections than this in a minute went to targets that are not healthy, for want of healthy ones",
            {"metric": ("it", "UnhealthyRoutingFlowCount", "Sum")},
            0,
            hurts_users=True,
        ),
        Template(
            "load-balancer-ports",
            "network_balancer",
            "More connections than this in a minute failed for want of a port: its targets are too few",
            {"metric": ("it", "PortAllocationErrorCount", "Sum")},
            0,
            hurts_users=True,
        ),
        Template(
            "load-balancer-unhealthy",
            "pool",
            "More unhealthy targets than this in one pool",
            {"metric": ("it", "UnHealthyHostCount", "Maximum")},
            0,
            datapoints=5,
        ),
    ),
    "database": (
        Template(
            "database-cpu",
            "database",
            "The processors are busier than this percentage",
            {"metric": ("it", "CPUUtilization", "Average")},
            80,
            minutes=10,
            datapoints=10,
        ),
        Template(
            "database-memory",
            "database",
            "Less memory is free than this many bytes",
            {"metric": ("it", "FreeableMemory", "Minimum")},
            256 * _MIB,
            when="below",
        ),
        Template(
            "database-storage",
            "standalone",
            "Less storage is free than this many bytes: a full disk stops all writes",
            {"metric": ("it", "FreeStorageSpace", "Minimum")},
            5 * 1024 * _MIB,
            when="below",
        ),
        # Aurora's data grows by itself; each instance has a disk of its own for what is temporary.
        Template(
            "database-local-storage",
            "aurora",
            "Less of an instance's own storage is free than this many bytes: large sorts and new indexes fail without",
            {"metric": ("it", "FreeLocalStorage", "Minimum")},
            1024 * _MIB,
            when="below",
        ),
        Template(
            "database-writes",
            "database",
            "A write takes longer than this many seconds",
            {"metric": ("it", "WriteLatency", "Average")},
            0.1,
            hurts_users=True,
        ),
        Template(
            "database-lag",
            "replica",
            "A replica is behind its primary by more than this many seconds",
            {"metric": ("it", "ReplicaLag", "Maximum")},
            30,
        ),
        # Aurora counts milliseconds, and the replicas alone do; they share the primary's storage, and restart when they
        # are a minute behind.
        Template(
            "database-lag",
            "aurora_replica",
            "An instance is behind the one that writes by more than this many seconds",
            {"lag": ("it", "AuroraReplicaLag", "Maximum")},
            5,
            expression="lag / 1000",
        ),
    ),
    "cache": (
        Template(
            "cache-cpu",
            "cache",
            "The engine's one thread is busier than this percentage",
            {"metric": ("it", "EngineCPUUtilization", "Average")},
            80,
        ),
        Template(
            "cache-memory",
            "cache",
            "More of the memory is used than this percentage",
            {"metric": ("it", "DatabaseMemoryUsagePercentage", "Average")},
            85,
        ),
        Template(
            "cache-evictions",
            "cache",
            "More keys than this were thrown out in a minute for want of memory",
            {"metric": ("it", "Evictions", "Sum")},
            1000,
        ),
    ),
    "autoscaling": (
        Template(
            "autoscaling-full",
            "autoscaling",
            "Instances in service are at least this percentage of the group's maximum: it can hardly grow further",
            {
                "serving": ("it", "GroupInServiceInstances", "Average"),
                "most": ("it", "GroupMaxSize", "Average"),
            },
            100,
            when="at_least",
            expression="IF(most > 0, 100 * serving / most, 0)",
            minutes=10,
            datapoints=10,
        ),
        Template(
            "autoscaling-missing",
            "autoscaling",
            "More instances than this are wanted and not in service",
            {
                "desired": ("it", "GroupDesiredCapacity", "Minimum"),
                "serving": ("it", "GroupInServiceInstances", "Maximum"),
            },
            0,
            expression="desired - serving",
            minutes=15,
            datapoints=15,
        ),
        Template(
            "autoscaling-cpu",
            "instances",
            "The processors of a color are busier than this percentage, although the group could have grown by now",
            {"metric": ("it", "CPUUtilization", "Average")},
            85,
            minutes=10,
            datapoints=10,
        ),
    ),
    "cdn": (
        Template(
            "cdn-errors",
            "cdn",
            "More than this percentage of requests was answered with 5xx at the edge",
            {"metric": ("it", "5xxErrorRate", "Average")},
            1,
            hurts_users=True,
        ),
        Template(
            "cdn-refused",
            "cdn",
            "More than this percentage of requests was answered with 4xx at the edge",
            {"metric": ("it", "4xxErrorRate", "Average")},
            20,
            datapoints=5,
        ),
    ),
}
