# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scaling policy in the words of its declaration, to AWS and back.

API: Amazon EC2 Auto Scaling, version 2011-01-01, ``PutScalingPolicy``; Amazon CloudWatch, version 2010-08-01,
``PutMetricAlarm``. Target tracking has alarms that AWS makes; a policy in steps has one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .policies import ordered, split_label

_TYPES = {"target_tracking": "TargetTrackingScaling", "step": "StepScaling", "predictive": "PredictiveScaling"}
_PREDEFINED = {
    "cpu": "ASGAverageCPUUtilization",
    "network_in": "ASGAverageNetworkIn",
    "network_out": "ASGAverageNetworkOut",
    "requests": "ALBRequestCountPerTarget",
}
_NAMES = {
    "cpu": "CPUUtilization",
    "network_in": "NetworkIn",
    "network_out": "NetworkOut",
    "requests": "RequestCountPerTarget",
}
_NAMESPACES = {"AWS/EC2", "AWS/ApplicationELB"}
_MODES = {"forecast_only": "ForecastOnly", "forecast_and_scale": "ForecastAndScale"}
_WHEN = {"above": "GreaterThanOrEqualToThreshold", "below": "LessThanOrEqualToThreshold"}
_STEP = {
    "lower_bound": "MetricIntervalLowerBound",
    "upper_bound": "MetricIntervalUpperBound",
    "scaling_adjustment": "ScalingAdjustment",
}


def parameters(properties: Mapping[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    """What AWS is told of a policy; a forecast is made of both colors' *groups*."""
    told: dict[str, Any] = {"PolicyType": _TYPES[properties["type"]]}
    if properties["type"] == "step":
        steps = [
            {name: step[key] for key, name in _STEP.items() if step[key] is not None}
            for step in properties["step_adjustments"]
        ]
        return {**told, "AdjustmentType": properties["adjustment_type"], "StepAdjustments": steps}
    if properties["type"] == "predictive":
        return {**told, "PredictiveScalingConfiguration": _forecast(properties, groups)}
    configuration = {"TargetValue": properties["target"], "DisableScaleIn": not properties["scale_in"]}
    return {**told, "TargetTrackingConfiguration": {**configuration, **_tracked(properties["metric"])}}


def alarm(name: str, properties: Mapping[str, Any], policy: str) -> dict[str, Any]:
    """What AWS is told of the alarm that sets off the steps of *policy*, its ARN."""
    metric, said = properties["metric"], properties["alarm"]
    if "namespace" in metric:
        watched = {key: metric[key] for key in ("namespace", "name", "statistic", "dimensions")}
    elif metric["name"] == "requests":
        balancer, pool = metric["label"]
        watched = {
            "namespace": "AWS/ApplicationELB",
            "name": _NAMES["requests"],
            "statistic": "Sum",
            "dimensions": [["LoadBalancer", balancer], ["TargetGroup", pool]],
        }
    else:
        watched = {
            "namespace": "AWS/EC2",
            "name": _NAMES[metric["name"]],
            "statistic": "Average",
            "dimensions": [["AutoScalingGroupName", properties["group"]]],
        }
    return {
        "AlarmName": name,
        "AlarmActions": [policy],
        "Namespace": watched["namespace"],
        "MetricName": watched["name"],
        "Statistic": watched["statistic"],
        "Dimensions": _pairs(watched["dimensions"]),
        "Threshold": said["threshold"],
        "ComparisonOperator": _WHEN[said["when"]],
        "Period": said["period"],
        "EvaluationPeriods": said["periods"],
    }


def in_words(one: Mapping[str, Any], alarms: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What AWS says of a policy, as the declaration would say it; *alarms* by name."""
    kinds = {value: key for key, value in _TYPES.items()}
    kind = kinds.get(one["PolicyType"], one["PolicyType"])
    said = {"group": one["AutoScalingGroupName"], "type": kind}
    if kind == "step":
        its = next((alarms[each["AlarmName"]] for each in one.get("Alarms", ()) if each["AlarmName"] in alarms), None)
        steps = [{key: step.get(name) for key, name in _STEP.items()} for step in one["StepAdjustments"]]
        watched = _alarm_in_words(its) if its else {"metric": None, "alarm": None}
        return {
            **said,
            **watched,
            "adjustment_type": one.get("AdjustmentType"),
            "step_adjustments": ordered(steps),
        }
    if kind == "predictive":
        return {**said, **_forecast_in_words(one["PredictiveScalingConfiguration"])}
    if kind == "target_tracking":
        configuration = one["TargetTrackingConfiguration"]
        return {
            **said,
            "metric": _tracked_in_words(configuration),
            "target": configuration["TargetValue"],
            "scale_in": not configuration.get("DisableScaleIn", False),
        }
    return said


# -- target tracking -------------------------------------------------------------------------


def _tracked(metric: Mapping[str, Any]) -> dict[str, Any]:
    if "namespace" in metric:
        return {
            "CustomizedMetricSpecification": {
                "Namespace": metric["namespace"],
                "MetricName": metric["name"],
                "Statistic": metric["statistic"],
                "Dimensions": _pairs(metric["dimensions"]),
                "Period": metric["period"],
            }
        }
    label = {"ResourceLabel": "/".join(metric["label"])} if "label" in metric else {}
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": _PREDEFINED[metric["name"]], **label}}


def _tracked_in_words(configuration: Mapping[str, Any]) -> dict[str, Any]:
    if custom := configuration.get("CustomizedMetricSpecification"):
        return {
            "namespace": custom.get("Namespace"),
            "name": custom.get("MetricName"),
            "statistic": custom.get("Statistic"),
            "dimensions": _words(custom.get("Dimensions", ())),
            "period": custom.get("Period", 60),
        }
    predefined = configuration["PredefinedMetricSpecification"]
    names = {value: key for key, value in _PREDEFINED.items()}
    label = {"label": split_label(predefined["ResourceLabel"])} if predefined.get("ResourceLabel") else {}
    return {"name": names.get(predefined["PredefinedMetricType"], predefined["PredefinedMetricType"]), **label}


# -- steps -----------------------------------------------------------------------------------


def _alarm_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    dimensions, names = _words(one.get("Dimensions", ())), {value: key for key, value in _NAMES.items()}
    metric: dict[str, Any]
    if one["Namespace"] in _NAMESPACES and one["MetricName"] in names:
        metric = {"name": names[one["MetricName"]]}
        if metric["name"] == "requests":
            metric["label"] = [value for _name, value in dimensions]
    else:
        metric = {
            "namespace": one["Namespace"],
            "name": one["MetricName"],
            "statistic": one.get("Statistic"),
            "dimensions": dimensions,
        }
    comparisons = {value: key for key, value in _WHEN.items()}
    return {
        "metric": metric,
        "alarm": {
            "threshold": one["Threshold"],
            "when": comparisons.get(one["ComparisonOperator"], one["ComparisonOperator"]),
            "period": one["Period"],
            "periods": one["EvaluationPeriods"],
        },
    }


# -- forecasts -------------------------------------------------------------------------------


def _forecast(properties: Mapping[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    """A forecast over all *groups*, so that a color has the history of the other as well.

    After AWS's example for blue-green deployments, with its load divided by the number of values that an instance sent:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-math-expression-examples.html
    """
    both = " OR ".join(f'AutoScalingGroupName="{group}"' for group in groups)
    name = _NAMES[properties["metric"]["name"]]

    def total(namespace: str, metric: str, statistic: str, seconds: int) -> str:
        schema = f"{{{namespace},AutoScalingGroupName}}"
        return f"SUM(SEARCH('{schema} MetricName=\"{metric}\" ({both})', '{statistic}', {seconds}))"

    capacity = total("AWS/AutoScaling", "GroupInServiceInstances", "Average", 300)
    queries = [
        ("load_sum", total("AWS/EC2", name, "Sum", 300)),
        ("capacity_sum", capacity),
        ("average", f"load_sum / (capacity_sum * {properties['values']})"),
    ]
    return {
        "MetricSpecifications": [
            {
                "TargetValue": properties["target"],
                "CustomizedScalingMetricSpecification": {
                    "MetricDataQueries": [
                        {"Id": key, "Expression": expression, "ReturnData": key == "average"}
                        for key, expression in queries
                    ]
                },
                "CustomizedLoadMetricSpecification": {
                    "MetricDataQueries": [{"Id": "load_sum", "Expression": total("AWS/EC2", name, "Sum", 3600)}]
                },
                "CustomizedCapacityMetricSpecification": {
                    "MetricDataQueries": [{"Id": "capacity_sum", "Expression": capacity}]
                },
            }
        ],
        "Mode": _MODES[properties["mode"]],
        "SchedulingBufferTime": properties["buffer"],
    }


def _forecast_in_words(configuration: Mapping[str, Any]) -> dict[str, Any]:
    specification = configuration["MetricSpecifications"][0]
    expressions = {
        query["Id"]: query.get("Expression", "")
        for query in specification.get("CustomizedScalingMetricSpecification", {}).get("MetricDataQueries", ())
    }
    watched = re.search(r'MetricName="(\w+)"', expressions.get("load_sum", ""))
    values = re.search(r"\* (\d+)\)", expressions.get("average", ""))
    names = {value: key for key, value in _NAMES.items()}
    modes = {value: key for key, value in _MODES.items()}
    return {
        "metric": {"name": names.get(watched.group(1)) if watched else None},
        "target": specification["TargetValue"],
        "mode": modes.get(configuration.get("Mode", "")),
        "buffer": configuration.get("SchedulingBufferTime", 300),
        "values": int(values.group(1)) if values else None,
    }


def _pairs(dimensions: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions]


def _words(dimensions: Iterable[Mapping[str, str]]) -> list[list[str]]:
    return sorted([one["Name"], one["Value"]] for one in dimensions)
