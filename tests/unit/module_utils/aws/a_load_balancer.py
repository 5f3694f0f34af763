# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer that forwards to two colors, its router, and what AWS answers to that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from a_clock import Clock
from a_fence import NOW
from a_vendor import Answer, gives, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb import AlbRouter
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_arming import Schedules
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_forwards import Forwards
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable

PREFIX = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"
ONE, TWO = f"{PREFIX}:listener/app/shop/1/2", f"{PREFIX}:listener/app/shop/1/3"
POOLS = {"blue": f"{PREFIX}:targetgroup/shop-blue/3", "green": f"{PREFIX}:targetgroup/shop-green/4"}
ROLE = "arn:aws:iam::123456789012:role/shop-guard-eu-central-1"


@contextmanager
def router(
    *answers: Answer, listeners: tuple[str, ...] = (ONE,), role: str = ROLE, pause: float = 0.0
) -> Iterator[AlbRouter]:
    """The router of the service shop at these *listeners*, where AWS gives these *answers*."""
    clock = Clock(pause, NOW)
    with vendor(*answers) as aws:
        forwards = Forwards(listeners, POOLS, AwsCalls(aws.client("elbv2"), clock))
        fences = FenceTable("shop", "alb", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        schedules = Schedules("shop", role, forwards, AwsCalls(aws.client("scheduler"), clock))
        yield AlbRouter("shop", forwards, fences, schedules, clock=clock)


def action(split: Split, *more: dict[str, Any]) -> dict[str, Any]:
    groups = [{"TargetGroupArn": POOLS[color], "Weight": split.share(color)} for color in POOLS]
    config = {"TargetGroups": [*groups, *more], "TargetGroupStickinessConfig": {"Enabled": False}}
    return {"Type": "forward", "ForwardConfig": config}


def stands(split: Split, listener: str = ONE) -> Answer:
    default = {"RuleArn": f"{listener}/default", "IsDefault": True, "Actions": [action(split)]}
    return gives("elbv2", "describe_rules", {"Rules": [default]}, ListenerArn=listener)


def puts(split: Split, listener: str = ONE, answered: Split | None = None) -> Answer:
    answer = {"Listeners": [{"ListenerArn": listener, "DefaultActions": [action(answered or split)]}]}
    return gives("elbv2", "modify_listener", answer, ListenerArn=listener, DefaultActions=[action(split)])


def healthy(color: str) -> Answer:
    one = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}}
    return gives("elbv2", "describe_target_health", {"TargetHealthDescriptions": [one]}, TargetGroupArn=POOLS[color])
