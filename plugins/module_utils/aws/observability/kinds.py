# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what watches a stack is made, changed and removed.

API: SNS 2010-03-31, CloudWatch 2010-08-01, CloudWatch Logs 2014-03-28.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..parts import said
from ..resource import Found, Wanted
from ..session import Aws
from .alarms import ALARM, ALONE, BAND, BAND_OPERATORS, COMPOSITE, MISSING, OPERATORS, VALUE
from .dashboard import DASHBOARD, ORDER
from .declared import FILTER, GROUP, SUBSCRIPTION, TOPIC
from .marks import marked

_STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")
_WITH_ACCOUNT = frozenset({"backup", "budgets", "cloudwatch", "costalerts"})


class _Watch:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # each can be built on at once


class _Put(_Watch):
    """What AWS takes as a whole: a change is the same call as a creation."""

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        raise NotImplementedError

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del found, changed
        self.create(wanted)


class AlarmTopic(_Watch):
    """Whom alarms, budgets, findings and backups are told to."""

    name = TOPIC

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, arn = wanted.address.name, self.aws.arn("sns", wanted.address.name)
        attributes = {"Policy": self._policy(arn, wanted), "KmsMasterKeyId": wanted.properties["kms_key"]}
        given = {key: value for key, value in attributes.items() if value}
        self.aws.call("sns", "create_topic", Name=name, Attributes=given, Tags=self.aws.tags(name))
        return {"id": arn, "arn": arn}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        arn = found.ids["arn"]
        attributes = {}
        if "kms_key" in changed:
            attributes["KmsMasterKeyId"] = wanted.properties["kms_key"]
        if changed & {"publishers", "has"}:
            attributes["Policy"] = self._policy(arn, wanted)
        for name, value in attributes.items():
            self.aws.call("sns", "set_topic_attributes", TopicArn=arn, AttributeName=name, AttributeValue=value)

    def delete(self, found: Found) -> None:
        self.aws.call("sns", "delete_topic", "NotFound", "NotFoundException", TopicArn=found.ids["arn"])

    def _policy(self, arn: str, wanted: Wanted) -> str:
        """Which services may publish; of this account alone, where the service says which it acts for.

        EventBridge does not ("Amazon SNS permissions" in its user guide).
        """
        publishers = wanted.properties["publishers"]
        one_account = {"Condition": {"StringEquals": {"aws:SourceAccount": self.aws.account}}}
        statements = [
            {
                "Effect": "Allow",
                "Principal": {"Service": sorted(f"{service}.amazonaws.com" for service in services)},
                "Action": "sns:Publish",
                "Resource": arn,
                **condition,
            }
            for services, condition in ((publishers & _WITH_ACCOUNT, one_account), (publishers - _WITH_ACCOUNT, {}))
            if services
        ]
        its_id = marked(said(wanted.properties["has"]), self.aws.stack)
        return json.dumps({"Version": "2012-10-17", "Id": its_id, "Statement": statements})


class Subscription(_Watch):
    """Someone who is told. Mail and web addresses have to confirm it themselves."""

    name = SUBSCRIPTION
    fixed = frozenset({"topic"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        made = self.aws.call(
            "sns",
            "subscribe",
            TopicArn=wanted.properties["topic"],
            Protocol=wanted.once["protocol"],
            Endpoint=wanted.once["endpoint"],
            ReturnSubscriptionArn=True,
        )
        return {"id": made["SubscriptionArn"], "arn": made["SubscriptionArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """Nothing of it can change: another address is another subscription."""

    def delete(self, found: Found) -> None:
        if found.ids["arn"].startswith("arn:"):
            self.aws.call("sns", "unsubscribe", "NotFound", SubscriptionArn=found.ids["arn"])


class LogGroup(_Watch):
    """Where logs are kept."""

    name = GROUP
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        key = {"kmsKeyId": properties["kms_key"]} if properties["kms_key"] else {}
        self._call(
            "create_log_group",
            logGroupName=name,
            deletionProtectionEnabled=properties["deletion_protection"],
            tags=self.aws.tag_map(name),
            **key,
        )
        if properties["retention_days"]:
            self._keep(name, properties["retention_days"])
        return {"id": name, "name": name, "arn": self.aws.arn("logs", f"log-group:{name}")}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        name, properties = found.address.name, wanted.properties
        if "retention_days" in changed:
            self._keep(name, properties["retention_days"])
        if "kms_key" in changed and properties["kms_key"]:
            self._call("associate_kms_key", logGroupName=name, kmsKeyId=properties["kms_key"])
        elif "kms_key" in changed:
            self._call("disassociate_kms_key", logGroupName=name)
        if "deletion_protection" in changed:
            self._protect(name, properties["deletion_protection"])

    def delete(self, found: Found) -> None:
        name = found.address.name
        if found.properties["deletion_protection"]:
            self._protect(name, False)
        self._call("delete_log_group", "ResourceNotFoundException", logGroupName=name)

    def _keep(self, name: str, days: int) -> None:
        if days:
            self._call("put_retention_policy", logGroupName=name, retentionInDays=days)
        else:
            self._call("delete_retention_policy", logGroupName=name)

    def _protect(self, name: str, protected: bool) -> None:
        self._call("put_log_group_deletion_protection", logGroupIdentifier=name, deletionProtectionEnabled=protected)

    def _call(self, operation: str, *absent: str, **parameters: Any) -> None:
        self.aws.call("logs", operation, *absent, **parameters)


class MetricFilter(_Put):
    """What is counted in the logs of a group."""

    name = FILTER

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        name = wanted.address.name.removeprefix(f"{properties['group']}:")
        counted: dict[str, Any] = {
            "metricName": properties["metric"],
            "metricNamespace": properties["namespace"],
            "metricValue": properties["value"],
            "unit": properties["unit"],
        }
        if properties["default"] is not None:
            counted["defaultValue"] = properties["default"]
        if properties["dimensions"]:
            counted["dimensions"] = dict(properties["dimensions"])
        self.aws.call(
            "logs",
            "put_metric_filter",
            logGroupName=properties["group"],
            filterName=name,
            filterPattern=properties["pattern"],
            metricTransformations=[counted],
        )
        return {"id": name}

    def delete(self, found: Found) -> None:
        self.aws.call(
            "logs",
            "delete_metric_filter",
            "ResourceNotFoundException",
            logGroupName=found.properties["group"],
            filterName=found.ids["id"],
        )


class Alarm(_Put):
    """An alarm on a metric, on a sum over several, or on a band around what is usual."""

    name = ALARM

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        operators = BAND_OPERATORS if properties["band"] else OPERATORS
        self.aws.call(
            "cloudwatch",
            "put_metric_alarm",
            AlarmName=name,
            ComparisonOperator=operators[properties["when"]],
            EvaluationPeriods=properties["periods"],
            DatapointsToAlarm=properties["datapoints"],
            TreatMissingData=MISSING[properties["missing"]],
            **_said(self.aws, wanted),
            **_measured(properties),
        )
        return _alarm_ids(self.aws, name)

    def delete(self, found: Found) -> None:
        self.aws.call("cloudwatch", "delete_alarms", "ResourceNotFound", AlarmNames=[found.address.name])


class CompositeAlarm(Alarm):
    """An alarm on other alarms."""

    name = COMPOSITE

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, rule = wanted.address.name, wanted.properties["rule"]
        self.aws.call("cloudwatch", "put_composite_alarm", AlarmName=name, AlarmRule=rule, **_said(self.aws, wanted))
        return _alarm_ids(self.aws, name)


class Dashboard(_Put):
    """What people look at."""

    name = DASHBOARD

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        body = json.dumps({"widgets": [wanted.properties[title] for title in wanted.properties[ORDER]]})
        self.aws.call("cloudwatch", "put_dashboard", DashboardName=name, DashboardBody=body, Tags=self.aws.tags(name))
        return {"id": name, "arn": ""}

    def delete(self, found: Found) -> None:
        absent = ("ResourceNotFound", "DashboardNotFoundError")
        self.aws.call("cloudwatch", "delete_dashboards", *absent, DashboardNames=[found.address.name])


# -- parameters ------------------------------------------------------------------------------


def _alarm_ids(aws: Aws, name: str) -> dict[str, str]:
    return {"id": name, "arn": aws.arn("cloudwatch", f"alarm:{name}")}


def _said(aws: Aws, wanted: Wanted) -> dict[str, Any]:
    """What alarms of both sorts have. AWS takes the tags only of one that is new."""
    return {
        "AlarmDescription": marked(wanted.properties["description"], aws.stack),
        "AlarmActions": sorted(wanted.properties["actions"]),
        "OKActions": sorted(wanted.properties["ok_actions"]),
        "Tags": aws.tags(wanted.address.name),
    }


def _measured(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A metric alone without metric math, as AWS bills that less; what is more, by metric math."""
    metrics, band, period = properties["metrics"], properties["band"], properties["period"]
    limit = {"ThresholdMetricId": BAND} if band else {"Threshold": properties["threshold"]}
    if not band and not properties["expression"]:
        metric = _metric(metrics[ALONE])
        statistic = metrics[ALONE]["statistic"]
        key = "Statistic" if statistic in _STATISTICS else "ExtendedStatistic"
        return {**metric, key: statistic, "Period": period, **limit}
    watched = VALUE if properties["expression"] else ALONE
    queries: list[dict[str, Any]] = [
        {
            "Id": key,
            "MetricStat": {"Metric": _metric(one), "Period": period, "Stat": one["statistic"]},
            "ReturnData": key == watched,
        }
        for key, one in metrics.items()
    ]
    if properties["expression"]:
        queries.append({"Id": VALUE, "Expression": properties["expression"], "ReturnData": True})
    if band:
        queries.append({"Id": BAND, "Expression": f"ANOMALY_DETECTION_BAND({watched}, {band:g})", "ReturnData": True})
    return {"Metrics": queries, **limit}


def _metric(one: Mapping[str, Any]) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in one["dimensions"]]
    return {"Namespace": one["namespace"], "MetricName": one["metric"], "Dimensions": dimensions}
