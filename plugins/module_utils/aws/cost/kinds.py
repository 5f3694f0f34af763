# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a cost guard is made, changed and removed.

API: AWS Budgets 2016-10-20, AWS Cost Explorer 2017-10-25.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import BUDGET, MONITOR, SUBSCRIPTION, TAG
from .found import budget_filter, monitored


class _Cost:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """Nothing of it can change."""

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # each can be built on at once


class AllocationTag(_Cost):
    """A tag that the account's costs are split by: for other stacks too, so that it stays."""

    name = TAG

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        key = wanted.address.name
        status = [{"TagKey": key, "Status": "Active"}]
        for error in self.aws.call("ce", "update_cost_allocation_tags_status", CostAllocationTagsStatus=status).get(
            "Errors", ()
        ):
            raise StackError(f"billing does not split costs by {key}: {error['Message']} ({error['Code']})")
        return {}  # nothing that could be found again

    def delete(self, found: Found) -> None:
        """Never asked for: an active tag is found by nobody."""


class Budget(_Cost):
    """What a month may cost, and who is told of it when."""

    name = BUDGET

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        self._call(
            "create_budget",
            Budget=self._budget(wanted),
            NotificationsWithSubscribers=[
                {"Notification": _notification(one), "Subscribers": [_subscriber(properties["topic"])]}
                for one in sorted(properties["alerts"])
            ],
            ResourceTags=self.aws.tags(name),
        )
        return {"id": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if changed & {"monthly", "currency"}:
            self._call("update_budget", NewBudget=self._budget(wanted))
        before, after = found.properties["alerts"], wanted.properties["alerts"]
        anew = before if "topic" in changed else before - after
        for one in sorted(anew):
            self._call("delete_notification", BudgetName=found.address.name, Notification=_notification(one))
        for one in sorted(after - (before - anew)):
            self._call(
                "create_notification",
                BudgetName=found.address.name,
                Notification=_notification(one),
                Subscribers=[_subscriber(wanted.properties["topic"])],
            )

    def delete(self, found: Found) -> None:
        self._call("delete_budget", "NotFoundException", BudgetName=found.address.name)

    def _call(self, operation: str, *absent: str, **parameters: Any) -> None:
        self.aws.call("budgets", operation, *absent, AccountId=self.aws.account, **parameters)

    def _budget(self, wanted: Wanted) -> dict[str, Any]:
        properties = wanted.properties
        return {
            "BudgetName": wanted.address.name,
            "BudgetLimit": {"Amount": f"{properties['monthly']:.2f}", "Unit": properties["currency"]},
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "CostFilters": budget_filter(self.aws.stack),
        }


class AnomalyMonitor(_Cost):
    """What learns how much the stack costs usually."""

    name = MONITOR

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        monitor = {
            "MonitorName": name,
            "MonitorType": "CUSTOM",
            "MonitorSpecification": monitored(self.aws.stack),
        }
        arn = self.aws.call("ce", "create_anomaly_monitor", AnomalyMonitor=monitor, ResourceTags=self.aws.tags(name))[
            "MonitorArn"
        ]
        return {"id": arn, "arn": arn}

    def delete(self, found: Found) -> None:
        self.aws.call("ce", "delete_anomaly_monitor", "UnknownMonitorException", MonitorArn=found.ids["arn"])


class AnomalySubscription(_Cost):
    """Who is told of what is unusual, and from what impact on."""

    name = SUBSCRIPTION

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        made = self.aws.call(
            "ce",
            "create_anomaly_subscription",
            AnomalySubscription={"SubscriptionName": name, **_told(wanted.properties)},
            ResourceTags=self.aws.tags(name),
        )
        return {"id": made["SubscriptionArn"], "arn": made["SubscriptionArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        arn = found.ids["arn"]
        self.aws.call("ce", "update_anomaly_subscription", SubscriptionArn=arn, **_told(wanted.properties))

    def delete(self, found: Found) -> None:
        arn = found.ids["arn"]
        self.aws.call("ce", "delete_anomaly_subscription", "UnknownSubscriptionException", SubscriptionArn=arn)


# -- parameters ------------------------------------------------------------------------------


def _notification(alert: str) -> dict[str, Any]:
    of, percent, _unit = alert.split()
    return {
        "NotificationType": "ACTUAL" if of == "actual" else "FORECASTED",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": float(percent),
        "ThresholdType": "PERCENTAGE",
    }


def _subscriber(topic: str) -> dict[str, str]:
    return {"SubscriptionType": "SNS", "Address": topic}


def _told(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Topics are told at once, and of nothing else ("Frequency" of the API)."""
    return {
        "MonitorArnList": [properties["monitor"]],
        "Subscribers": [{"Type": "SNS", "Address": properties["topic"]}],
        "Frequency": "IMMEDIATE",
        "ThresholdExpression": {
            "Dimensions": {
                "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                "Values": [f"{properties['unusual_from']:.2f}"],
                "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
            }
        },
    }
