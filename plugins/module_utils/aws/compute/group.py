# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Auto Scaling group in the words of its declaration, to AWS and back.

API: Amazon EC2 Auto Scaling, version 2011-01-01, ``CreateAutoScalingGroup`` and ``DescribeAutoScalingGroups``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from .. import parts

_TRANSITIONS = {
    "launching": "autoscaling:EC2_INSTANCE_LAUNCHING",
    "terminating": "autoscaling:EC2_INSTANCE_TERMINATING",
}
_PLAIN = {
    "min": "MinSize",
    "max": "MaxSize",
    "desired": "DesiredCapacity",
    "capacity_rebalance": "CapacityRebalance",
    "warm_up": "DefaultInstanceWarmup",
}


def parameters(properties: Mapping[str, Any], which: AbstractSet[str]) -> dict[str, Any]:
    """What AWS is told, on creation and on a change alike, of *which* properties."""
    told = {name: properties[key] for key, name in _PLAIN.items() if key in which}
    if "subnets" in which:
        told["VPCZoneIdentifier"] = ",".join(sorted(properties["subnets"]))
    if "health_check" in which:
        told["HealthCheckType"] = properties["health_check"]["type"]
        told["HealthCheckGracePeriod"] = properties["health_check"]["grace"]
    if "maintenance" in which:
        told["InstanceMaintenancePolicy"] = {
            "MinHealthyPercentage": properties["maintenance"]["min_healthy"],
            "MaxHealthyPercentage": properties["maintenance"]["max_healthy"],
        }
    if "deletion_protection" in which:
        told["DeletionProtection"] = "prevent-all-deletion" if properties["deletion_protection"] else "none"
    return told


def instances(template: str, version: str, mixed: Any) -> dict[str, Any]:
    """What the group starts its instances from: one *version* of a launch *template*, of one type or of several."""
    specification = {"LaunchTemplateId": template, "Version": version}
    if not mixed:
        return {"LaunchTemplate": specification}
    return {
        "MixedInstancesPolicy": {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": specification,
                "Overrides": [{"InstanceType": one} for one in mixed["types"]],
            },
            "InstancesDistribution": {
                "OnDemandBaseCapacity": mixed["on_demand_base"],
                "OnDemandPercentageAboveBaseCapacity": 100 - mixed["spot_share"],
                "SpotAllocationStrategy": mixed["allocation"],
            },
        }
    }


def hook(one: Mapping[str, Any]) -> dict[str, Any]:
    """A lifecycle hook as AWS is told of it."""
    return {
        "LifecycleHookName": one["name"],
        "LifecycleTransition": _TRANSITIONS[one["transition"]],
        "HeartbeatTimeout": one["timeout"],
        "DefaultResult": one["default_result"].upper(),
    }


def warm_pool(one: Mapping[str, Any]) -> dict[str, Any]:
    """A warm pool as AWS is told of it; -1 takes a limit away that was there before."""
    return {
        "MinSize": one["min"],
        "MaxGroupPreparedCapacity": -1 if one["max_prepared"] is None else one["max_prepared"],
        "PoolState": one["state"],
        "InstanceReusePolicy": {"ReuseOnScaleIn": one["reuse"]},
    }


def tags(name: str, its: Mapping[str, str], has: AbstractSet[str]) -> list[dict[str, Any]]:
    """The tags of the group *name*, which each of its instances gets as well, and that of the parts that it *has*."""
    return [
        *(_tag(name, key, value, everywhere=True) for key, value in sorted(its.items())),
        *(_tag(name, one["Key"], one["Value"], everywhere=False) for one in parts.tag(has)),
    ]


def _tag(name: str, key: str, value: str, everywhere: bool) -> dict[str, Any]:
    resource = {"ResourceId": name, "ResourceType": "auto-scaling-group"}
    return {**resource, "Key": key, "Value": value, "PropagateAtLaunch": everywhere}


def in_words(one: Mapping[str, Any], hooks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What AWS says of a group and its lifecycle *hooks*, as the declaration would say it.

    ``version`` is what a rollout has given: the launch template's version, a number or ``$Default``.
    """
    specification, mixed = _started_from(one)
    maintenance = one.get("InstanceMaintenancePolicy") or {}
    return {
        **{key: one.get(name) for key, name in _PLAIN.items()},
        "capacity_rebalance": one.get("CapacityRebalance", False),
        "subnets": frozenset(filter(None, one.get("VPCZoneIdentifier", "").split(","))),
        "target_groups": frozenset(one.get("TargetGroupARNs", ())),
        "template": specification.get("LaunchTemplateId"),
        "version": specification.get("Version", "$Default"),
        "mixed": mixed,
        "health_check": {"type": one["HealthCheckType"], "grace": one.get("HealthCheckGracePeriod", 0)},
        "maintenance": {
            "min_healthy": maintenance.get("MinHealthyPercentage"),
            "max_healthy": maintenance.get("MaxHealthyPercentage"),
        },
        "group_metrics": bool(one.get("EnabledMetrics")),
        "hooks": sorted((_hook_in_words(each) for each in hooks), key=lambda each: each["name"]),
        "warm_pool": _pool_in_words(one.get("WarmPoolConfiguration")),
        "deletion_protection": one.get("DeletionProtection", "none") != "none",
        "has": has(one),
        "tags": {tag["Key"]: tag["Value"] for tag in one.get("Tags", ()) if tag.get("PropagateAtLaunch")},
    }


def has(one: Mapping[str, Any]) -> frozenset[str]:
    """The sorts of parts that a group says it has had."""
    return frozenset(parts.tagged(one.get("Tags")).split())


def _started_from(one: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
    policy = one.get("MixedInstancesPolicy")
    if not policy:
        return one.get("LaunchTemplate") or {}, False
    distribution = policy.get("InstancesDistribution", {})
    return policy["LaunchTemplate"]["LaunchTemplateSpecification"], {
        "types": [each.get("InstanceType") for each in policy["LaunchTemplate"].get("Overrides", ())],
        "spot_share": 100 - distribution.get("OnDemandPercentageAboveBaseCapacity", 100),
        "on_demand_base": distribution.get("OnDemandBaseCapacity", 0),
        "allocation": distribution.get("SpotAllocationStrategy"),
    }


def _hook_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    names = {value: key for key, value in _TRANSITIONS.items()}
    return {
        "name": one["LifecycleHookName"],
        "transition": names.get(one["LifecycleTransition"], one["LifecycleTransition"]),
        "timeout": one.get("HeartbeatTimeout"),
        "default_result": one.get("DefaultResult", "").lower(),
    }


def _pool_in_words(one: Mapping[str, Any] | None) -> Any:
    if not one or one.get("Status") == "PendingDelete":
        return False
    most = one.get("MaxGroupPreparedCapacity", -1)
    return {
        "min": one.get("MinSize", 0),
        "max_prepared": None if most == -1 else most,
        "state": one.get("PoolState", "Stopped"),
        "reuse": one.get("InstanceReusePolicy", {}).get("ReuseOnScaleIn", False),
    }
