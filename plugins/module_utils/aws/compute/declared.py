# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances for each color, as they are declared: a launch template and an Auto Scaling group for blue and for green.

What belongs to rollouts and to autoscaling is given once and never compared afterwards: the desired capacity, the
version of the launch template that a group starts its instances from, and suspended processes. A group whose ``max`` is
0 is *parked*, as the idle color is: its sizes and its warm pool belong to rollouts altogether. They copy both from the
live group before a release, and give the old one 0, 0 and 0 after the rollback window; no policy and no schedule can
start an instance in it meanwhile.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...rollout.split import COLORS
from ..declared import named, only
from ..resource import Address, StackError, Wanted
from . import policies
from .role import TRUST, permissions, services

ROLE, PROFILE, TEMPLATE, GROUP = "role", "instance profile", "launch template", "autoscaling group"
# What a group tells of, besides itself and its policies.
HOOKS, SCHEDULES = "hooks", "schedules"

#: What a group that is made with no capacity has.
PARKED = {"min": 0, "max": 0, "desired": 0}

_HOOK = {
    "name": {"type": "str", "required": True},
    "transition": {"type": "str", "choices": ["launching", "terminating"], "required": True},
    "timeout": {"type": "int", "default": 300},
    "default_result": {"type": "str", "choices": ["abandon", "continue"], "default": "abandon"},
}

#: The options of ``aws_compute``, and of ``compute`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "image": {"type": "str"},
    "instance_types": {"type": "list", "elements": "str"},
    "spot": {
        "type": "dict",
        "options": {
            "share": {"type": "int", "required": True},
            "on_demand_base": {"type": "int", "default": 0},
            "allocation": {
                "type": "str",
                "choices": ["price-capacity-optimized", "capacity-optimized", "lowest-price"],
                "default": "price-capacity-optimized",
            },
        },
    },
    "size": {
        "type": "dict",
        "options": {
            "min": {"type": "int", "required": True},
            "max": {"type": "int", "required": True},
            "desired": {"type": "int"},
        },
    },
    "subnets": {"type": "list", "elements": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "target_groups": {"type": "dict", "options": {color: {"type": "str"} for color in COLORS}},
    "public_address": {"type": "bool", "default": False},
    "user_data": {"type": "str", "default": ""},
    "volume": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "device": {"type": "str", "default": "/dev/xvda"},
            "size": {"type": "int", "default": 20},
            "type": {"type": "str", "choices": ["gp3", "gp2", "io2", "io1"], "default": "gp3"},
            "iops": {"type": "int"},
            "throughput": {"type": "int"},
            "kms_key": {"type": "str", "no_log": False},
        },
    },
    "metadata_hops": {"type": "int", "default": 1},
    "detailed_monitoring": {"type": "bool", "default": True},
    "instance_profile": {"type": "str"},
    "may_read": {"type": "list", "elements": "str", "default": []},
    "health_check": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "type": {"type": "str", "choices": ["ELB", "EC2"], "default": "ELB"},
            "grace": {"type": "int", "default": 120},
        },
    },
    "warm_up": {"type": "int", "default": 60},
    "maintenance": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "min_healthy": {"type": "int", "default": 100},
            "max_healthy": {"type": "int", "default": 110},
        },
    },
    "group_metrics": {"type": "bool", "default": True},
    "warm_pool": {
        "type": "dict",
        "options": {
            "min": {"type": "int", "default": 0},
            "max_prepared": {"type": "int"},
            "state": {"type": "str", "choices": ["Stopped", "Running", "Hibernated"], "default": "Stopped"},
            "reuse": {"type": "bool", "default": False},
        },
    },
    "hooks": {"type": "list", "elements": "dict", "options": _HOOK, "default": []},
    "policies": policies.POLICIES,
    "schedules": policies.SCHEDULES,
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["image", "instance_types", "size"])]}


@dataclass(frozen=True)
class Stack:
    """What the declaration is read with: the stack's name, its resources, tags, and how it protects itself."""

    name: str
    others: Collection[Address]
    tags: Mapping[str, str]
    #: Whether AWS is to refuse the removal of a group; None where the boto3 in use cannot say so.
    protected: bool | None
    #: The ``max`` of each color's group that is there.
    there: Mapping[str, int]
    #: The sorts of parts that each color's group says it has had.
    had: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def parked(self, color: str) -> bool:
        """Whether the sizes of this color's group belong to rollouts."""
        if color in self.there:
            return self.there[color] == 0
        return color != COLORS[0] or any(self.there.values())


def sorts(declared: Mapping[str, Any]) -> frozenset[str]:
    """The sorts of parts that are *declared* for groups."""
    return frozenset(sort for sort in (HOOKS, SCHEDULES) if declared.get(sort))


def group(stack: str, color: str) -> Address:
    """The Auto Scaling group of a *color*."""
    return named(GROUP, stack, color)


def wanted(stack: Stack, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    """The role, the instance profile, the launch templates and the groups *declared* by :data:`ARGUMENTS`."""
    role, profile = named(ROLE, stack.name), named(PROFILE, stack.name)
    if not declared["instance_profile"]:
        yield Wanted(role, {"trust": TRUST, "permissions": permissions(declared["may_read"])})
        yield Wanted(profile, {"role": role.ref("name")})
    for color in COLORS:
        template = named(TEMPLATE, stack.name, color)
        tags = {**stack.tags, "seamless:color": color}
        yield Wanted(
            template,
            {
                **_template(stack, declared),
                "instance_profile": declared["instance_profile"] or profile.ref("arn"),
                "tags": tags,
            },
        )
        once, sizes = _sizes(declared, stack.parked(color))
        properties = {**_group(stack, color, declared), **sizes, "template": template.ref(), "tags": tags}
        yield Wanted(group(stack.name, color), properties, once)
        yield from policies.wanted(stack.name, color, group(stack.name, color), declared, stack.others)


def _template(stack: Stack, declared: Mapping[str, Any]) -> dict[str, Any]:
    groups = declared["security_groups"] or [
        only("security group", f"{stack.name}-app", stack.others, "security_groups").ref()
    ]
    return {
        "image": declared["image"],
        "instance_type": declared["instance_types"][0],
        "user_data": declared["user_data"],
        "volume": {key: value for key, value in declared["volume"].items() if value is not None} | {"encrypted": True},
        "metadata": {"tokens": "required", "hops": declared["metadata_hops"]},
        "security_groups": frozenset(groups),
        "public_address": declared["public_address"],
        "detailed_monitoring": declared["detailed_monitoring"],
    }


def _group(stack: Stack, color: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    spot, types = declared["spot"], declared["instance_types"]
    mixed: Any = False
    if spot or len(types) > 1:
        mixed = {
            "types": list(types),
            "spot_share": spot["share"] if spot else 0,
            "on_demand_base": spot["on_demand_base"] if spot else 0,
            "allocation": spot["allocation"] if spot else "price-capacity-optimized",
        }
    properties = {
        "subnets": _subnets(stack, declared),
        "target_groups": _target_groups(stack, color, declared),
        "mixed": mixed,
        "capacity_rebalance": bool(spot and spot["share"]),
        "health_check": dict(declared["health_check"]),
        "warm_up": declared["warm_up"],
        "maintenance": dict(declared["maintenance"]),
        "group_metrics": declared["group_metrics"],
        "hooks": sorted(({**hook} for hook in declared["hooks"]), key=lambda hook: hook["name"]),
        "has": stack.had.get(color, frozenset()) | sorts(declared),
    }
    if stack.protected is not None:
        properties["deletion_protection"] = stack.protected
    if not stack.parked(color):
        properties["warm_pool"] = dict(declared["warm_pool"]) if declared["warm_pool"] else False
    return properties


def _sizes(declared: Mapping[str, Any], parked: bool) -> tuple[dict[str, int], dict[str, int]]:
    """The sizes that are given once, and those that are compared; a ``min`` that a schedule sets is the schedule's."""
    if parked:
        return PARKED, {}
    size = declared["size"]
    once = {"min": size["min"], "desired": size["min"] if size["desired"] is None else size["desired"]}
    scheduled = any(schedule["min"] is not None for schedule in declared["schedules"])
    return once, {"max": size["max"], **({} if scheduled else {"min": size["min"]})}


def _subnets(stack: Stack, declared: Mapping[str, Any]) -> frozenset[Any]:
    tier = "public" if declared["public_address"] else "private"
    subnets = declared["subnets"] or [
        one.ref() for one in stack.others if one.kind == "subnet" and one.name.startswith(f"{stack.name}-{tier}-")
    ]
    if not subnets:
        raise StackError(
            f"subnets: expected the subnets that instances start in, but found none: declare network.{tier},"
            " or name your own by their ids"
        )
    return frozenset(subnets)


def _target_groups(stack: Stack, color: str, declared: Mapping[str, Any]) -> frozenset[Any]:
    own = declared["target_groups"]
    if own is not None:
        return frozenset([own[color]] if own.get(color) else ())
    return frozenset([only("target group", f"{stack.name}-{color}", stack.others, "target_groups").ref("arn")])


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    missing = [
        f"{option}: expected, but not given" for option in ("image", "instance_types", "size") if not declared[option]
    ]
    if missing:
        return missing
    return list(
        itertools.chain(
            _wrong_sizes(declared), _wrong_instances(declared), _wrong_groups(declared), policies.check(declared)
        )
    )


def _wrong_sizes(declared: Mapping[str, Any]) -> Iterator[str]:
    size = declared["size"]
    desired = size["min"] if size["desired"] is None else size["desired"]
    if not 0 <= size["min"] <= desired <= size["max"] or size["max"] < 1:
        yield (
            "size: expected 0 <= min <= desired <= max and max of 1 or more, but found"
            f" min {size['min']}, desired {desired}, max {size['max']}"
        )
    for schedule in declared["schedules"]:
        for key in ("min", "desired"):
            if (schedule[key] or 0) > size["max"]:
                yield f"schedules.{schedule['name']}.{key}: expected at most size.max, but found {schedule[key]}"


def _wrong_instances(declared: Mapping[str, Any]) -> Iterator[str]:
    if not declared["image"].startswith(("ami-", "resolve:ssm:")):
        yield f"image: expected ami-... or resolve:ssm:..., but found {declared['image']!r}"
    if declared["spot"] and not 0 <= declared["spot"]["share"] <= 100:
        yield f"spot.share: expected a percentage, but found {declared['spot']['share']}"
    volume = declared["volume"]
    if volume["type"] in ("io1", "io2") and volume["iops"] is None:
        yield f"volume.iops: expected for {volume['type']}, but not given"
    if volume["type"] != "gp3" and volume["throughput"] is not None:
        yield f"volume.throughput: expected only for gp3, but found it for {volume['type']}"
    if declared["warm_pool"] and declared["spot"]:
        yield "warm_pool: expected no spot share with it, for AWS keeps spot instances in no warm pool"
    for arn in declared["may_read"]:
        if not services(arn):
            yield (
                f"may_read: expected ARNs of objects in a bucket (arn:aws:s3:::bucket/prefix/*), of secrets, of"
                f" parameters or of KMS keys, but found {arn}"
            )
    if declared["instance_profile"] and declared["may_read"]:
        yield "may_read: expected only without instance_profile, for the role of your own profile is not changed"


def _wrong_groups(declared: Mapping[str, Any]) -> Iterator[str]:
    maintenance, own = declared["maintenance"], declared["target_groups"]
    low, high = maintenance["min_healthy"], maintenance["max_healthy"]
    if not (0 <= low <= 100 <= high <= 200 and high - low <= 100) or low == high:
        yield (
            "maintenance: expected min_healthy up to 100, max_healthy from 100 to 200, not both 100, and at most 100"
            f" between them, but found {low} and {high}"
        )
    if own is not None and declared["health_check"]["type"] == "ELB" and not all(own.get(color) for color in COLORS):
        yield "health_check.type: expected EC2 where a color has no target group, but found ELB"
