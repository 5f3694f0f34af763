# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches a stack as AWS describes it, in the words of its declaration.

API: SNS 2010-03-31, CloudWatch 2010-08-01, CloudWatch Logs 2014-03-28.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..parts import Parts, said
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from .alarms import ALARM, ALONE, BAND, BAND_OPERATORS, COMPOSITE, MISSING, OPERATORS, VALUE
from .dashboard import ABOUT, DASHBOARD, ORDER
from .declared import DASHBOARDS, FILTER, GROUP, LOGS, SUBSCRIPTIONS, TOPIC, subscription
from .marks import unmarked

_WHEN = {operator: word for table in (OPERATORS, BAND_OPERATORS) for word, operator in table.items()}
_MISSING = {treated: word for word, treated in MISSING.items()}


def read(aws: Aws, parts: Parts, topic: bool, declared: Collection[Address]) -> Iterator[Found]:
    """All that watches the stack; four calls deep. Of subscriptions not yet confirmed only those *declared*.

    *parts* of a *topic* of the stack's own are what there may be besides it and the alarms.
    """
    for alarm in _alarms(aws):
        aws.told(alarm.ids["arn"])
        yield alarm
    told = list(topics(aws))
    yield from told
    parts.read(said(told[0].properties["has"]) if topic and told and told[0].ours else None)
    reads: dict[str, Callable[[], Any]] = {
        SUBSCRIPTIONS: lambda: [one for topic in told if topic.ours for one in _subscriptions(aws, topic, declared)],
        DASHBOARDS: lambda: list(_dashboards(aws)),
        LOGS: lambda: list(aws.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=f"/{aws.stack}/")),
    }
    sought = [sort for sort in reads if parts.sought(sort)]
    found = dict(zip(sought, aws.together(*(reads[sort] for sort in sought))))
    parts.saw(sort for sort, those in found.items() if those)
    yield from found.get(SUBSCRIPTIONS, ())
    yield from found.get(DASHBOARDS, ())
    yield from _logs(aws, found.get(LOGS, ()))


# -- who is told -----------------------------------------------------------------------------


def topics(aws: Aws) -> Iterator[Found]:
    """The alarm topic, where there is one."""
    address = named(TOPIC, aws.stack)
    arn = aws.arn("sns", address.name)
    answer = aws.call("sns", "get_topic_attributes", "NotFound", "NotFoundException", TopicArn=arn)
    if answer:
        yield Found(address, {"id": arn, "arn": arn}, *topic_in_words(answer["Attributes"], aws.stack))


def topic_in_words(attributes: Mapping[str, str], stack: str) -> tuple[dict[str, Any], bool]:
    """A topic as its declaration would say it, and whether it is the *stack*'s."""
    policy = json.loads(attributes["Policy"])
    services: set[str] = set()
    for statement in policy["Statement"]:
        principal = statement["Principal"]
        named_ones = principal.get("Service", ()) if isinstance(principal, dict) else ()
        services.update([named_ones] if isinstance(named_ones, str) else named_ones)
    publishers = frozenset(one.removesuffix(".amazonaws.com") for one in services)
    has, owner = unmarked(policy.get("Id", ""))
    words = {
        "kms_key": attributes.get("KmsMasterKeyId", ""),
        "publishers": publishers,
        "has": frozenset(has.split()) if owner == stack else frozenset(),
    }
    return words, owner == stack


def _subscriptions(aws: Aws, topic: Found, declared: Collection[Address]) -> Iterator[Found]:
    its_arn = topic.ids["arn"]
    for one in aws.pages("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=its_arn):
        address, arn = subscription(aws.stack, one["Protocol"], one["Endpoint"]), one["SubscriptionArn"]
        # One that nobody has confirmed yet cannot be taken back: it lapses by itself.
        if arn.startswith("arn:") or address in declared:
            yield Found(address, {"id": arn, "arn": arn}, {"topic": its_arn})


# -- alarms and dashboard --------------------------------------------------------------------


def _alarms(aws: Aws) -> Iterator[Found]:
    for page in _alarm_pages(aws):
        for key, kind, words in (
            ("MetricAlarms", ALARM, alarm_in_words),
            ("CompositeAlarms", COMPOSITE, composite_in_words),
        ):
            for one in page.get(key, ()):
                ids = {"id": one["AlarmName"], "arn": one["AlarmArn"]}
                ours = unmarked(one.get("AlarmDescription", ""))[1] == aws.stack
                yield Found(Address(kind, one["AlarmName"]), ids, words(one), ours)


def _alarm_pages(aws: Aws) -> Iterator[dict[str, Any]]:
    """Both sorts of alarms by the same call."""
    what = {"AlarmNamePrefix": f"{aws.stack}-", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100}
    while True:
        page = aws.call("cloudwatch", "describe_alarms", **what)
        yield page
        if not page.get("NextToken"):
            return
        what["NextToken"] = page["NextToken"]


def alarm_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """An alarm on metrics as its declaration would say it."""
    queries = {query["Id"]: query for query in one.get("Metrics", ())}
    band = queries.get(BAND, {}).get("Expression", "")
    metrics = {key: _metric(query["MetricStat"]) for key, query in queries.items() if "MetricStat" in query}
    periods = {query["MetricStat"]["Period"] for query in queries.values() if "MetricStat" in query}
    return {
        **_said(one),
        "metrics": metrics or {ALONE: _metric(_stat(one))},
        "expression": queries.get(VALUE, {}).get("Expression", ""),
        "band": float(band.rpartition(",")[2].rstrip(") ") or 0),
        "threshold": float(one.get("Threshold") or 0),
        "when": _WHEN.get(one["ComparisonOperator"], one["ComparisonOperator"]),
        "period": one.get("Period") or max(periods, default=0),
        "periods": one["EvaluationPeriods"],
        "datapoints": one.get("DatapointsToAlarm") or one["EvaluationPeriods"],
        "missing": _MISSING[one.get("TreatMissingData") or "missing"],
    }


def composite_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A composite alarm as its declaration would say it."""
    return {**_said(one), "rule": one["AlarmRule"]}


def _said(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": unmarked(one.get("AlarmDescription", ""))[0],
        "actions": frozenset(one.get("AlarmActions", ())),
        "ok_actions": frozenset(one.get("OKActions", ())),
    }


def _stat(one: Mapping[str, Any]) -> dict[str, Any]:
    """The one metric of an alarm without metric math, as metric math would have it."""
    metric = {key: one.get(key) for key in ("Namespace", "MetricName", "Dimensions")}
    return {"Metric": metric, "Stat": one.get("ExtendedStatistic") or one.get("Statistic")}


def _metric(stat: Mapping[str, Any]) -> dict[str, Any]:
    metric = stat["Metric"]
    return {
        "namespace": metric.get("Namespace"),
        "metric": metric.get("MetricName"),
        "dimensions": sorted([one["Name"], one["Value"]] for one in metric.get("Dimensions") or ()),
        "statistic": stat["Stat"],
    }


def _dashboards(aws: Aws) -> Iterator[Found]:
    address = named(DASHBOARD, aws.stack)
    absent = ("ResourceNotFound", "DashboardNotFoundError")
    answer = aws.call("cloudwatch", "get_dashboard", *absent, DashboardName=address.name)
    if answer:
        words = dashboard_in_words(answer["DashboardBody"])
        about = words.get(ABOUT, {}).get("properties", {}).get("markdown", "")
        ids = {"id": address.name, "arn": answer.get("DashboardArn", "")}
        yield Found(address, ids, words, unmarked(about)[1] == aws.stack)


def dashboard_in_words(body: str) -> dict[str, Any]:
    """A dashboard's widgets by title, and their order."""
    widgets = {one["properties"].get("title", ABOUT): one for one in json.loads(body).get("widgets", ())}
    return {ORDER: list(widgets), **widgets}


# -- logs ------------------------------------------------------------------------------------


def _logs(aws: Aws, groups: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    filtered = [one["logGroupName"] for one in groups if one.get("metricFilterCount")]
    described = aws.together(
        *(lambda one=one: [_group(aws, one)] for one in groups),
        *(lambda name=name: _filters(aws, name) for name in filtered),
    )
    found = [one for some in described for one in some]
    ours = {one.address.name: one.ours for one in found if one.address.kind == GROUP}
    yield from (one for one in found if one.address.kind == GROUP or ours[one.properties["group"]])


def _group(aws: Aws, one: Mapping[str, Any]) -> Found:
    arn = one.get("logGroupArn") or one["arn"].removesuffix(":*")
    tags = aws.call("logs", "list_tags_for_resource", "ResourceNotFoundException", resourceArn=arn).get("tags", {})
    words = {
        "retention_days": one.get("retentionInDays", 0),
        "kms_key": one.get("kmsKeyId", ""),
        "deletion_protection": one.get("deletionProtectionEnabled", False),
    }
    name = one["logGroupName"]
    ids = {"id": name, "name": name, "arn": arn}
    return Found(Address(GROUP, name), ids, words, tags.get(STACK_TAG) == aws.stack)


def _filters(aws: Aws, group: str) -> list[Found]:
    absent = "ResourceNotFoundException"
    return [
        Found(Address(FILTER, f"{group}:{one['filterName']}"), {"id": one["filterName"]}, filter_in_words(group, one))
        for one in aws.pages("logs", "describe_metric_filters", "metricFilters", absent, logGroupName=group)
    ]


def filter_in_words(group: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A metric filter as its declaration would say it."""
    counted = one["metricTransformations"][0]
    return {
        "group": group,
        "namespace": counted["metricNamespace"],
        "metric": counted["metricName"],
        "pattern": one.get("filterPattern", ""),
        "value": counted["metricValue"],
        "default": counted.get("defaultValue"),
        "unit": counted.get("unit", "None"),
        "dimensions": sorted([name, value] for name, value in counted.get("dimensions", {}).items()),
    }
