# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a load balancer forwards to at this moment, for whoever does the forwarding (front.py)."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import ELBv2Backend, elbv2_backends

from .machines import place


def balancer(name: str) -> dict[str, Any]:
    """The load balancer *name*, of any account and region.

    ``{"arn": ..., "listeners": {"443": [rule, ...]}, "healthy": {group ARN: [[address, port], ...]}}``; the
    default rule is last.
    """
    for account in list(elbv2_backends.values()):
        for backend in list(account.values()):
            for one in backend.load_balancers.values():
                if one.name == name:
                    return {
                        "arn": one.arn,
                        "listeners": {str(its.port): _rules(its) for its in one.listeners.values()},
                        "healthy": {arn: _healthy(backend, arn) for arn in backend.target_groups},
                    }
    return {"arn": "", "listeners": {}, "healthy": {}}


def _rules(listener: Any) -> list[dict[str, Any]]:
    rules = sorted(
        (rule for rule in listener.rules.values() if str(rule.priority).isdigit()), key=lambda rule: int(rule.priority)
    )
    found = [{"conditions": rule.conditions, "action": rule.actions[-1].data} for rule in rules]
    return [*found, {"conditions": [], "action": listener.default_actions[-1].data}]


def _healthy(backend: ELBv2Backend, arn: str) -> list[tuple[str, int]]:
    described = backend.describe_target_health(arn, [])
    return [_place(backend, one.instance_id, int(one.port)) for one in described if one.status == "healthy"]


def _place(backend: ELBv2Backend, target: str, port: int) -> tuple[str, int]:
    if not target.startswith("i-"):
        return target, port
    user_data = ec2_backends[backend.account_id][backend.region_name].get_instance(target).user_data
    return place(target, user_data.decode() if user_data else "")
