# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a group grows and shrinks, as it is declared: by a target, in steps, by forecast, by the clock.

Both colors have the same policies and schedules, so that nothing has to follow a release; a parked group does not move,
for its ``max`` is 0. That is why a schedule sets no ``max``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..declared import named, only
from ..resource import Address, Wanted

POLICY, SCHEDULE = "scaling policy", "scheduled action"

_CUSTOM = {
    "namespace": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "dimensions": {"type": "dict", "default": {}},
    "statistic": {
        "type": "str",
        "choices": ["Average", "Minimum", "Maximum", "SampleCount", "Sum"],
        "default": "Average",
    },
    "period": {"type": "int", "choices": [10, 30, 60], "default": 60},
}
_STEP = {
    "lower_bound": {"type": "float"},
    "upper_bound": {"type": "float"},
    "scaling_adjustment": {"type": "int", "required": True},
}
_ALARM = {
    "threshold": {"type": "float", "required": True},
    "when": {"type": "str", "choices": ["above", "below"], "default": "above"},
    "period": {"type": "int", "default": 60},
    "periods": {"type": "int", "default": 1},
}
_POLICY = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["target_tracking", "step", "predictive"], "default": "target_tracking"},
    "metric": {"type": "str", "choices": ["cpu", "network_in", "network_out", "requests"], "default": "cpu"},
    "custom_metric": {"type": "dict", "options": _CUSTOM},
    "resource_label": {"type": "str"},
    "target": {"type": "float"},
    "scale_in": {"type": "bool", "default": True},
    "alarm": {"type": "dict", "options": _ALARM},
    "adjustment_type": {
        "type": "str",
        "choices": ["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"],
        "default": "ChangeInCapacity",
    },
    "step_adjustments": {"type": "list", "elements": "dict", "options": _STEP, "default": []},
    "mode": {"type": "str", "choices": ["forecast_only", "forecast_and_scale"], "default": "forecast_and_scale"},
    "buffer": {"type": "int", "default": 300},
}
_SCHEDULE = {
    "name": {"type": "str", "required": True},
    "recurrence": {"type": "str", "required": True},
    "time_zone": {"type": "str", "default": "Etc/UTC"},
    "min": {"type": "int"},
    "desired": {"type": "int"},
}

#: The options ``policies`` and ``schedules``.
POLICIES: dict[str, Any] = {"type": "list", "elements": "dict", "options": _POLICY, "default": []}
SCHEDULES: dict[str, Any] = {"type": "list", "elements": "dict", "options": _SCHEDULE, "default": []}


def wanted(
    stack: str, color: str, group: Address, declared: Mapping[str, Any], others: Collection[Address]
) -> Iterator[Wanted]:
    """The policies and schedules of a *color*'s *group*."""
    for policy in declared["policies"]:
        properties = {
            "group": group.ref("name"),
            "type": policy["type"],
            "metric": _metric(stack, color, policy, others),
            **_by_type(policy, declared),
        }
        yield Wanted(Address(POLICY, f"{group.name}/{policy['name']}"), properties)
    for schedule in declared["schedules"]:
        properties = {"group": group.ref("name"), **{key: schedule[key] for key in _SCHEDULE if key != "name"}}
        yield Wanted(Address(SCHEDULE, f"{group.name}/{schedule['name']}"), properties)


def _metric(stack: str, color: str, policy: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    if custom := policy["custom_metric"]:
        dimensions = [
            [key, str(value).replace("{color}", color)] for key, value in sorted(custom["dimensions"].items())
        ]
        metric = {key: custom[key] for key in ("namespace", "name", "statistic")} | {"dimensions": dimensions}
        # In steps it is the alarm that has a period.
        return metric if policy["type"] == "step" else {**metric, "period": custom["period"]}
    if policy["metric"] != "requests":
        return {"name": policy["metric"]}
    if own := policy["resource_label"]:
        return {"name": "requests", "label": split_label(own.replace("{color}", color))}
    label = [
        only(kind, named(kind, stack, part).name, others, "policies.resource_label").ref("suffix")
        for kind, part in (("load balancer", ""), ("target group", color))
    ]
    return {"name": "requests", "label": label}


def split_label(label: str) -> list[str]:
    """A resource label's two halves: ``app/NAME/ID`` and ``targetgroup/NAME/ID``."""
    balancer, slash, pool = label.partition("/targetgroup/")
    return [balancer, f"targetgroup/{pool}"] if slash else [label, ""]


def _by_type(policy: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    if policy["type"] == "step":
        return {
            "alarm": dict(policy["alarm"]),
            "adjustment_type": policy["adjustment_type"],
            "step_adjustments": ordered([dict(step) for step in policy["step_adjustments"]]),
        }
    if policy["type"] == "predictive":
        # Instances send a value each minute, or each five; a forecast adds up the values of five minutes.
        values = 5 if declared["detailed_monitoring"] else 1
        return {"target": policy["target"], "mode": policy["mode"], "buffer": policy["buffer"], "values": values}
    return {"target": policy["target"], "scale_in": policy["scale_in"]}


def ordered(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Step adjustments from the lowest bound upwards."""
    return sorted(steps, key=lambda step: float("-inf") if step["lower_bound"] is None else step["lower_bound"])


def check(declared: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with policies and schedules beyond their types."""
    for option in ("hooks", "policies", "schedules"):
        names = [one["name"] for one in declared[option]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{option}: expected each name once, but found {name} twice"
    for policy in declared["policies"]:
        yield from _wrong_policy(f"policies.{policy['name']}", policy, declared)
    for schedule in declared["schedules"]:
        if schedule["min"] is None and schedule["desired"] is None:
            yield f"schedules.{schedule['name']}: expected min or desired, but found neither"
        if len(schedule["recurrence"].split()) != 5:
            yield (
                f"schedules.{schedule['name']}.recurrence: expected the five fields of cron, but found"
                f" {schedule['recurrence']!r}"
            )


def _wrong_policy(where: str, policy: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    if policy["type"] == "step":
        if not policy["alarm"] or not policy["step_adjustments"]:
            yield f"{where}: expected alarm and step_adjustments, for it goes in steps"
    elif policy["target"] is None:
        yield f"{where}.target: expected the value of the metric to hold, but not given"
    elif policy["metric"] == "cpu" and not policy["custom_metric"] and not 0 < policy["target"] <= 100:
        yield f"{where}.target: expected a percentage of cpu, but found {policy['target']}"
    if policy["type"] == "predictive":
        yield from _wrong_forecast(where, policy, declared)


def _wrong_forecast(where: str, policy: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    if policy["custom_metric"] or policy["metric"] == "requests":
        yield f"{where}.metric: expected cpu, network_in or network_out, for forecasts add up both colors' groups"
    if not declared["group_metrics"]:
        yield f"{where}: expected group_metrics, for a forecast needs the number of instances"
