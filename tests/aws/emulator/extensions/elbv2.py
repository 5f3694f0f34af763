# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Elastic Load Balancing: targets have the health that they really have.

moto calls every registered target healthy. AWS checks a target only while a listener's action forwards to its group
(otherwise ``unused``, ``Target.NotInUse``), by the group's own health check:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html

It also gives an application load balancer to one subnet. AWS asks for two, in different zones:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html

Here a target is asked at the moment when its health is. That is for those on loopback, and for addresses that begin as
EMULATOR_TARGETS says (a lab's network, such as 10.111.7.); whatever else is registered counts as healthy.
"""

from __future__ import annotations

import http.client
import inspect
import os
from typing import Any

from moto.elbv2.exceptions import ValidationError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

_ASKED = ("127.", *os.environ.get("EMULATOR_TARGETS", "").split())
_moto_health_for = FakeTargetGroup.health_for
_moto_describe = ELBv2Backend.describe_target_health
_moto_create = ELBv2Backend.create_load_balancer


def _describe(self: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]) -> list[FakeHealthStatus]:
    described = _moto_describe(self, target_group_arn, targets)
    if target_group_arn in _forwarded_to(self):
        return described
    return [_said(one, "unused", "Target.NotInUse") for one in described]


def _health_for(self: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> FakeHealthStatus:
    health = _moto_health_for(self, target, ec2)
    if health.status == "healthy" and health.instance_id.startswith(_ASKED):
        return _said(health, *_asked(self, health))
    return health


def _asked(group: FakeTargetGroup, target: FakeHealthStatus) -> tuple[str, str | None]:
    connection = http.client.HTTPConnection(target.instance_id, int(target.port), timeout=1)
    try:
        connection.request("GET", group.health_check_path or "/")
        status = connection.getresponse().status
    except TimeoutError:
        return "unhealthy", "Target.Timeout"
    except OSError:
        return "unhealthy", "Target.FailedHealthChecks"
    finally:
        connection.close()
    wanted = str((group.matcher or {}).get("HttpCode", "200"))
    good = any(_within(status, part) for part in wanted.split(","))
    return ("healthy", None) if good else ("unhealthy", "Target.ResponseCodeMismatch")


def _within(status: int, part: str) -> bool:
    first, _, last = part.partition("-")
    return int(first) <= status <= int(last or first)


def _forwarded_to(backend: ELBv2Backend) -> set[str]:
    rules = (
        rule
        for balancer in backend.load_balancers.values()
        for listener in balancer.listeners.values()
        for rule in (listener, *listener.rules.values())
    )
    found: set[str] = set()
    for rule in rules:
        for action in getattr(rule, "default_actions", None) or getattr(rule, "actions", ()):
            forward = action.data.get("ForwardConfig") or {}
            found |= {group["TargetGroupArn"] for group in forward.get("TargetGroups", ())}
            found |= {action.data["TargetGroupArn"]} if "TargetGroupArn" in action.data else set()
    return found


def _said(health: FakeHealthStatus, status: str, reason: str | None) -> FakeHealthStatus:
    health.status, health.reason, health.description = status, reason, reason
    return health


def _create(self: ELBv2Backend, *args: Any, **kwargs: Any) -> Any:
    asked = inspect.signature(_moto_create).bind(self, *args, **kwargs).arguments
    subnets = {*(asked.get("subnet_ids") or ()), *(one["SubnetId"] for one in asked.get("subnet_mappings") or ())}
    if asked.get("loadbalancer_type") in (None, "application") and len(subnets) < 2:
        raise ValidationError("At least two subnets in two different Availability Zones must be specified")
    return _moto_create(self, *args, **kwargs)


ELBv2Backend.create_load_balancer = _create
ELBv2Backend.describe_target_health = _describe
FakeTargetGroup.health_for = _health_for
