# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer with a target group for each color, as it is declared.

The split between the colors is given once, when a listener or a rule is made: from then on it belongs to rollouts, and
no run of the stack moves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...rollout.split import COLORS
from ..declared import few_subnets, named, only
from ..resource import Address, StackError, Wanted
from ..roles import trusted

POOL, BALANCER, LISTENER, RULE = "target group", "load balancer", "listener", "listener rule"
GUARD = "guard role"

#: The split of a load balancer that is made: all to the first color.
FIRST: Mapping[str, int] = {color: 100 if color == COLORS[0] else 0 for color in COLORS}

#: A rule says of each condition whether it has it: one that is no longer declared has to go.
NO_CONDITION: dict[str, Any] = {
    "paths": frozenset(),
    "hosts": frozenset(),
    "from": frozenset(),
    "header": {},
    # What nobody declares here, and somebody may have added.
    "other_conditions": frozenset(),
}

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Subnets)
_ZONES = {"application": 2, "network": 1}
_HEALTH = {
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP"], "default": "HTTP"},
    "path": {"type": "str", "default": "/healthz"},
    "codes": {"type": "str", "default": "200"},
    "interval": {"type": "int", "default": 10},
    "timeout": {"type": "int", "default": 5},
    "healthy_threshold": {"type": "int", "default": 2},
    "unhealthy_threshold": {"type": "int", "default": 2},
}
_POOLS = {
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP", "TLS"], "default": "HTTP"},
    "port": {"type": "int", "default": 80},
    "target_type": {"type": "str", "choices": ["instance", "ip"], "default": "instance"},
    "health": {"type": "dict", "options": _HEALTH, "apply_defaults": True},
    "deregistration_delay": {"type": "int", "default": 30},
    "slow_start": {"type": "int", "default": 0},
    "stickiness": {"type": "int", "default": 0},
    "targets": {"type": "dict", "options": {color: {"type": "list", "elements": "str"} for color in COLORS}},
}
_RULE = {
    "priority": {"type": "int", "required": True},
    "paths": {"type": "list", "elements": "str"},
    "hosts": {"type": "list", "elements": "str"},
    "to": {"type": "str", "choices": ["pools", "https", "response"], "default": "pools"},
    "status": {"type": "int", "default": 503},
    "body": {"type": "str", "default": ""},
}
_LISTENER = {
    "port": {"type": "int", "required": True},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP", "TLS"], "required": True},
    "certificate": {"type": "str"},
    "tls_policy": {"type": "str", "default": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
    "to": {"type": "str", "choices": ["pools", "https"], "default": "pools"},
    "rules": {"type": "list", "elements": "dict", "options": _RULE, "default": []},
}

#: The options of ``aws_load_balancer``, and of ``load_balancer`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "type": {"type": "str", "choices": ["application", "network"], "default": "application"},
    "scheme": {"type": "str", "choices": ["internet-facing", "internal"], "default": "internet-facing"},
    "vpc": {"type": "str"},
    "subnets": {"type": "list", "elements": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "idle_timeout": {"type": "int", "default": 60},
    "access_logs": {
        "type": "dict",
        "options": {"bucket": {"type": "str", "required": True}, "prefix": {"type": "str", "default": ""}},
    },
    "pools": {"type": "dict", "options": _POOLS, "apply_defaults": True},
    "listeners": {"type": "list", "elements": "dict", "options": _LISTENER},
    "guard": {"type": "bool", "default": True},
    "testers": {
        "type": "dict",
        "options": {
            "header": {"type": "str", "default": "X-Seamless-Color"},
            "from": {"type": "list", "elements": "str", "required": True},
        },
    },
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["listeners"])]}


def pool(stack: str, color: str) -> Address:
    """The target group of a *color*."""
    return named(POOL, stack, color)


def wanted(
    stack: str, declared: Mapping[str, Any], others: Collection[Address], protected: bool, split: Mapping[str, int]
) -> Iterator[Wanted]:
    """The resources of a load balancer *declared* by :data:`ARGUMENTS`; what is made anew starts with *split*."""
    balancer = named(BALANCER, stack)
    if guarded(declared):
        yield Wanted(named(GUARD, stack), {"trust": trusted("scheduler.amazonaws.com"), "permissions": [_guard(stack)]})
    for color in COLORS:
        yield Wanted(pool(stack, color), {**_pool(stack, declared, others), **_targets(declared["pools"], color)})
    yield Wanted(balancer, _balancer(stack, declared, others, protected))
    for listener in declared["listeners"]:
        address = Address(LISTENER, f"{balancer.name}:{listener['port']}")
        yield Wanted(address, _listener(stack, balancer, listener, declared, others), once=_once(stack, split))
        for priority, properties in _rules(stack, listener, declared):
            rule = Address(RULE, f"{address.name}#{priority}")
            yield Wanted(
                rule, {"listener": address.ref(), "priority": priority, **properties}, once=_once(stack, split)
            )


def guarded(declared: Mapping[str, Any]) -> bool:
    """Whether AWS shall take users back when nobody confirms a step."""
    return bool(declared.get("guard", True)) and declared.get("type", "application") == "application"


def guard_name(stack: str, region: str) -> str:
    """What the role is called by which AWS takes users back: regions share an account's names."""
    return f"{stack}-guard-{region}"


def _guard(stack: str) -> dict[str, Any]:
    """What EventBridge Scheduler may do: give this load balancer's listeners and rules their weights."""
    resources = [f"arn:*:elasticloadbalancing:*:*:{what}/app/{stack}/*" for what in ("listener", "listener-rule")]
    actions = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"]
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _pool(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    pools, layer7 = declared["pools"], declared["type"] == "application"
    health = dict(pools["health"])
    if health["protocol"] == "TCP":
        del health["path"], health["codes"]
    return {
        "protocol": pools["protocol"],
        "port": pools["port"],
        "target_type": pools["target_type"],
        "vpc": declared["vpc"] or only("vpc", stack, others, "vpc").ref(),
        "health": health,
        "deregistration_delay": pools["deregistration_delay"],
        **({"slow_start": pools["slow_start"], "stickiness": pools["stickiness"]} if layer7 else {}),
    }


def _targets(pools: Mapping[str, Any], color: str) -> dict[str, Any]:
    """A color's targets as ``id:port``, where they are declared: those of an Auto Scaling group come by themselves."""
    declared = (pools["targets"] or {}).get(color)
    if declared is None:
        return {}
    return {"targets": frozenset(one if ":" in one else f"{one}:{pools['port']}" for one in declared)}


def _balancer(stack: str, declared: Mapping[str, Any], others: Collection[Address], protected: bool) -> dict[str, Any]:
    tier = "public" if declared["scheme"] == "internet-facing" else "private"
    subnets = declared["subnets"] or [
        one.ref() for one in others if one.kind == "subnet" and one.name.startswith(f"{stack}-{tier}-")
    ]
    if len(set(subnets)) < _ZONES[declared["type"]]:
        raise StackError(few_subnets(len(set(subnets)), _ZONES[declared["type"]]))
    properties: dict[str, Any] = {
        "type": declared["type"],
        "scheme": declared["scheme"],
        "subnets": frozenset(subnets),
        "deletion_protection": protected,
        "access_logs": declared["access_logs"] or False,
    }
    if declared["type"] == "application":
        groups = declared["security_groups"] or [
            only("security group", f"{stack}-load-balancer", others, "security_groups").ref()
        ]
        properties |= {
            "security_groups": frozenset(groups),
            "idle_timeout": declared["idle_timeout"],
            "drop_invalid_headers": True,
        }
    return properties


def _listener(
    stack: str,
    balancer: Address,
    listener: Mapping[str, Any],
    declared: Mapping[str, Any],
    others: Collection[Address],
) -> dict[str, Any]:
    properties = {
        "balancer": balancer.ref(),
        "port": listener["port"],
        "protocol": listener["protocol"],
        **_target(stack, listener["to"], declared),
    }
    if listener["protocol"] in ("HTTPS", "TLS"):
        certificate = listener["certificate"] or only("certificate", stack, others, "listeners.certificate").ref("arn")
        properties |= {"certificate": certificate, "tls_policy": listener["tls_policy"]}
    return properties


def _rules(
    stack: str, listener: Mapping[str, Any], declared: Mapping[str, Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    testers = declared["testers"]
    if testers and listener["to"] == "pools" and declared["type"] == "application":
        for priority, color in enumerate(COLORS, 1):
            yield (
                priority,
                {
                    **NO_CONDITION,
                    "header": {"name": testers["header"], "values": [color]},
                    "from": frozenset(testers["from"]),
                    "pools": frozenset([pool(stack, color).ref("arn")]),
                },
            )
    for rule in listener["rules"]:
        conditions = {key: frozenset(rule[key] or ()) for key in ("paths", "hosts")}
        yield rule["priority"], {**NO_CONDITION, **conditions, **_target(stack, rule["to"], declared, rule)}


def _target(stack: str, to: str, declared: Mapping[str, Any], rule: Mapping[str, Any] | None = None) -> dict[str, Any]:
    if to == "https":
        return {"redirect": "https"}
    if to == "response" and rule is not None:
        return {"response": {"status": rule["status"], "body": rule["body"]}}
    cohort = {"stickiness": declared["pools"]["stickiness"]} if declared["type"] == "application" else {}
    return {"pools": frozenset(pool(stack, color).ref("arn") for color in COLORS), **cohort}


def _once(stack: str, split: Mapping[str, int]) -> dict[str, Any]:
    """The first weights. Only used where something is made that forwards to the pools."""
    return {"weights": [[pool(stack, color).ref("arn"), split[color]] for color in COLORS]}
