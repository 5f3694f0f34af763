# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The load balancer that a stack has, by the names that ``aws_load_balancer`` gives: three calls."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .aws_calls import AwsCalls
from .base import UnknownPool


class Stack(NamedTuple):
    """The ARNs of the listeners, of each color's target group, and of the role that takes users back."""

    listeners: list[str]
    target_groups: dict[str, str]
    guard_role: str


def find(stack: str, calls: AwsCalls) -> Stack:
    """What the *stack* has. Raises UnknownPool where it has no load balancer."""
    balancers = calls.patiently("describe_load_balancers", absent="LoadBalancerNotFound", Names=[stack])
    if not balancers:
        raise UnknownPool(f"the stack {stack} has no load balancer: run provision.yml, or name listeners of your own")
    arn = balancers["LoadBalancers"][0]["LoadBalancerArn"]
    listeners = calls.patiently("describe_listeners", LoadBalancerArn=arn)["Listeners"]
    if not listeners:
        raise UnknownPool(f"the load balancer of the stack {stack} has no listener yet: run provision.yml")
    names = {f"{stack}-{color}": color for color in COLORS}
    groups = calls.patiently("describe_target_groups", Names=list(names))["TargetGroups"]
    # arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>
    _arn, partition, _service, region, account, _resource = arn.split(":", 5)
    return Stack(
        sorted(one["ListenerArn"] for one in listeners),
        {names[one["TargetGroupName"]]: one["TargetGroupArn"] for one in groups},
        f"arn:{partition}:iam::{account}:role/{stack}-guard-{region}",
    )
