# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long it takes at worst from an overload until the capacity added for it is in service, part by part.

The bound is the sum of the parts, each at its worst: the overload begins right after a period did, the datapoint is
readable right after an evaluation, the instance answers right after a health check. tests/ hold the simulator of
``simulate`` against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .policy import SIMPLE, TARGET_TRACKING, Policy

INVOKED_EVERY = 60
"""Seconds after which an alarm that stays in ALARM invokes its scaling policy once more."""

_AWS = "https://docs.aws.amazon.com/"
_EC2 = f"{_AWS}autoscaling/ec2/userguide/"
_CLOUDWATCH = f"{_AWS}AmazonCloudWatch/latest/monitoring/"
_ELB = f"{_AWS}elasticloadbalancing/latest/application/"


@dataclass(frozen=True)
class Part:
    """Seconds at worst, the declaration's key that they come from, why, and where AWS says so."""

    name: str
    seconds: float
    key: str
    because: str
    source: str


@dataclass(frozen=True)
class Reaction:
    """The worst case: its parts in the order in which they pass, and the limit that is declared for their sum."""

    parts: Sequence[Part]
    limit: float

    @property
    def seconds(self) -> float:
        """From the overload until the added capacity is in service, at worst."""
        return sum(part.seconds for part in self.parts)

    @property
    def within(self) -> bool:
        """Whether that is within the limit."""
        return self.seconds <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """For filters and reports."""
        parts: list[Mapping[str, Any]] = [vars(part) for part in self.parts]
        return {"seconds": self.seconds, "limit": self.limit, "within": self.within, "parts": parts}


def reaction(policy: Policy) -> Reaction:
    """The worst case of *policy*, for an overload that needs ``policy.surge`` more instances and then goes on."""
    seen = [*_detection(policy)]
    paused = _pause(policy, sum(part.seconds for part in seen))
    return Reaction([*seen, *paused, *_provision(policy)], policy.limit)


def _detection(policy: Policy) -> Sequence[Part]:
    fixed = ", a number that AWS sets for target tracking" if policy.type == TARGET_TRACKING else ""
    return [
        Part(
            "first period",
            policy.period,
            "metric.period",
            "a period in which the overload begins may still be below the target on average",
            f"{_CLOUDWATCH}cloudwatch_concepts.html",
        ),
        Part(
            "datapoints",
            policy.period * policy.datapoints,
            "metric.period" if policy.type == TARGET_TRACKING else "policy.datapoints",
            f"the alarm fires after {policy.datapoints} periods above the target{fixed}",
            f"{_EC2}as-scaling-target-tracking.html"
            if policy.type == TARGET_TRACKING
            else f"{_CLOUDWATCH}alarm-evaluation.html",
        ),
        Part(
            "delivery",
            policy.delivery,
            "metric.delivery",
            "a datapoint can be read some time after its period has ended; AWS promises no time, so measure yours",
            f"{_ELB}load-balancer-cloudwatch-metrics.html"
            if policy.period >= 60
            else f"{_CLOUDWATCH}publishingMetrics.html",
        ),
        Part(
            "evaluation",
            policy.evaluation,
            "metric.period",
            "an alarm is evaluated every minute, and every 10 s where its period is shorter than a minute",
            f"{_CLOUDWATCH}alarm-evaluation.html",
        ),
    ]


def _pause(policy: Policy, seen: float) -> Sequence[Part]:
    """The rest of a cooldown that began as the overload did, and the wait for the alarm's next call."""
    if policy.type != SIMPLE or not policy.cooldown:
        return []
    return [
        Part(
            "cooldown",
            max(0.0, policy.cooldown + INVOKED_EVERY - seen),
            "policy.cooldown",
            "a simple policy waits for the cooldown of the activity before; its alarm calls again once a minute",
            f"{_EC2}ec2-auto-scaling-scaling-cooldowns.html",
        )
    ]


def _provision(policy: Policy) -> Sequence[Part]:
    warm = policy.launch < policy.boot
    return [
        Part(
            "start" if warm else "boot",
            policy.launch,
            "warm_pool.start" if warm else "boot",
            f"an instance of the warm pool starts; it holds {policy.pool}, and a surge needs {policy.surge}"
            if warm
            else "an instance is launched, boots and starts the application",
            f"{_EC2}ec2-auto-scaling-warm-pools.html" if warm else f"{_EC2}ec2-auto-scaling-lifecycle.html",
        ),
        Part(
            "health checks",
            policy.interval * policy.healthy_threshold,
            "health",
            "a target that failed a check while it booted needs all of the threshold, from its next check on",
            f"{_ELB}target-group-health-checks.html",
        ),
        Part(
            "slow start",
            policy.slow_start,
            "slow_start",
            "the target's share of the requests grows until then",
            f"{_ELB}edit-target-group-attributes.html",
        ),
        Part(
            "warm-up",
            0,
            "warmup",
            "delays no request: it keeps a new instance out of the sums until then, and the group from shrinking",
            f"{_EC2}ec2-auto-scaling-default-instance-warmup.html",
        ),
    ]
