# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cost guard as AWS describes it, in the words of its declaration.

A budget and a monitor come without their tags; they are the stack's when they watch what carries the stack's tag, and a
subscription is when it is to such a monitor. Names are no keys of monitors and subscriptions: where the answer to a
creation was lost, and AWS was asked again, there are two of one name. The second one is nobody's wish, and goes.
API: AWS Budgets 2016-10-20, AWS Cost Explorer 2017-10-25.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..declared import named
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from .declared import BUDGET, MONITOR, SUBSCRIPTION, alert

_OF = {"ACTUAL": "actual", "FORECASTED": "forecast"}


def budget_filter(stack: str) -> dict[str, list[str]]:
    """What a *stack*'s budget counts ("Budget" of the API: a tag that users gave, and its value)."""
    return {"TagKeyValue": [f"user:{STACK_TAG}${stack}"]}


def monitored(stack: str) -> dict[str, Any]:
    """What a *stack*'s monitor watches."""
    return {"Tags": {"Key": STACK_TAG, "Values": [stack]}}


@dataclass(frozen=True)
class There:
    """What is there: the stack's, and the tags that billing knows and does not split costs by."""

    found: Sequence[Found] = ()
    inactive: Collection[str] = frozenset()


def read(aws: Aws, keys: Collection[str]) -> There:
    """The budget, the monitor with its subscription, and which of the tags *keys* are inactive; four calls deep."""
    budgets, monitors, inactive = aws.together(
        lambda: list(_budget(aws)),
        lambda: list(_monitors(aws)),
        lambda: list(_inactive(aws, keys)),
    )
    return There([*budgets, *monitors], frozenset(inactive))


def _inactive(aws: Aws, keys: Collection[str]) -> Iterator[str]:
    if keys:
        which = {"TagKeys": sorted(keys), "Status": "Inactive"}
        yield from (
            one["TagKey"] for one in aws.pages("ce", "list_cost_allocation_tags", "CostAllocationTags", **which)
        )


def _budget(aws: Aws) -> Iterator[Found]:
    address = named(BUDGET, aws.stack)
    which = {"AccountId": aws.account, "BudgetName": address.name}
    budget = aws.call("budgets", "describe_budget", "NotFoundException", **which).get("Budget")
    if budget:
        alerts = list(aws.pages("budgets", "describe_notifications_for_budget", "Notifications", **which))
        # All tell the same one: where that changes, all are removed before the first is made anew.
        told = [
            one["Address"]
            for its in alerts[:1]
            for one in aws.pages(
                "budgets", "describe_subscribers_for_notification", "Subscribers", **which, Notification=its
            )
        ]
        mine = budget.get("CostFilters") == budget_filter(aws.stack)
        yield Found(address, {"id": address.name}, budget_in_words(budget, alerts, told), mine)


def budget_in_words(
    budget: Mapping[str, Any], alerts: Sequence[Mapping[str, Any]], told: Sequence[str]
) -> dict[str, Any]:
    """A budget as its declaration would say it."""
    return {
        "monthly": float(budget["BudgetLimit"]["Amount"]) if budget["TimeUnit"] == "MONTHLY" else None,
        "currency": budget["BudgetLimit"]["Unit"],
        "alerts": frozenset(alert(_OF[one["NotificationType"]], one["Threshold"]) for one in alerts),
        "topic": told[0] if len(told) == 1 else "",
    }


def _monitors(aws: Aws) -> Iterator[Found]:
    ours: list[str] = []
    for one in aws.pages("ce", "get_anomaly_monitors", "AnomalyMonitors"):
        if one["MonitorName"] == aws.stack:
            arn, tag = one["MonitorArn"], one.get("MonitorSpecification", {}).get("Tags", {})
            mine = {key: tag.get(key) for key in ("Key", "Values")} == monitored(aws.stack)["Tags"]
            yield Found(_counted(MONITOR, aws.stack, len(ours) if mine else 0), {"id": arn, "arn": arn}, {}, mine)
            ours += [arn] if mine else []
    told = 0
    for one in aws.pages("ce", "get_anomaly_subscriptions", "AnomalySubscriptions"):
        if one["SubscriptionName"] == aws.stack:
            arn, monitors = one["SubscriptionArn"], one["MonitorArnList"]
            mine = set(monitors) <= set(ours) if monitors else _tagged(aws, arn)
            address = _counted(SUBSCRIPTION, aws.stack, told if mine else 0)
            yield Found(address, {"id": arn, "arn": arn}, subscription_in_words(one), mine)
            told += mine


def _counted(kind: str, stack: str, before: int) -> Address:
    return named(kind, stack, f"again-{before}" if before else "")


def _tagged(aws: Aws, arn: str) -> bool:
    """Whether it carries the stack's tag: a subscription to nothing, whose monitor somebody removed."""
    tags = aws.call("ce", "list_tags_for_resource", ResourceArn=arn).get("ResourceTags", ())
    return {"Key": STACK_TAG, "Value": aws.stack} in tags


def subscription_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A subscription as its declaration would say it."""
    values = one.get("ThresholdExpression", {}).get("Dimensions", {}).get("Values") or [one.get("Threshold") or 0]
    return {
        "monitor": next(iter(one["MonitorArnList"]), ""),
        "unusual_from": float(values[0]),
        "topic": next((told["Address"] for told in one["Subscribers"]), ""),
    }
