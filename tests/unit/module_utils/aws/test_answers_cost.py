# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guards of cost where billing refuses, and where others watch their own."""

from __future__ import annotations

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.concern import Cost
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.declared import (
    ARGUMENTS,
    BUDGET,
    MONITOR,
    SUBSCRIPTION,
    TAG,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.kinds import AllocationTag
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    StackError,
    Wanted,
)


def declared(**given):
    checked = ArgumentSpecValidator(ARGUMENTS).validate({"monthly": 100, "topic": "arn:aws:sns:x:1:shop", **given})
    assert not checked.error_messages
    return checked.validated_parameters


STATUS = [{"TagKey": STACK_TAG, "Status": "Active"}]


def test_a_tag_that_billing_does_not_split_costs_by_is_an_error_in_its_words():
    error = {"TagKey": STACK_TAG, "Code": "ValidationException", "Message": "Tag keys not found"}
    refused = gives("ce", "update_cost_allocation_tags_status", {"Errors": [error]}, CostAllocationTagsStatus=STATUS)
    told = rf"^billing does not split costs by {STACK_TAG}: Tag keys not found \(ValidationException\)$"
    with vendor(refused) as aws, pytest.raises(StackError, match=told):
        AllocationTag(aws).create(Wanted(Address(TAG, STACK_TAG), {}))


def test_a_tag_that_billing_takes_is_nothing_that_could_be_found_again():
    with vendor(gives("ce", "update_cost_allocation_tags_status", CostAllocationTagsStatus=STATUS)) as aws:
        assert AllocationTag(aws).create(Wanted(Address(TAG, STACK_TAG), {})) == {}


def monitor(name, at, stack):
    watched = {"Tags": {"Key": STACK_TAG, "Values": [stack]}} if stack else {}
    return {
        "MonitorName": name,
        "MonitorArn": f"arn:aws:ce::123456789012:anomalymonitor/{at}",
        "MonitorType": "CUSTOM",
        "MonitorSpecification": watched,
    }


def subscription(name, at, *monitors):
    return {
        "SubscriptionName": name,
        "SubscriptionArn": f"arn:aws:ce::123456789012:anomalysubscription/{at}",
        "MonitorArnList": [f"arn:aws:ce::123456789012:anomalymonitor/{one}" for one in monitors],
        "Subscribers": [{"Type": "SNS", "Address": "arn:aws:sns:x:1:shop"}],
        "Frequency": "IMMEDIATE",
        "Threshold": 10.0,
    }


def found_cost(monitors, subscriptions, budget=None, *more):
    which = {"AccountId": "123456789012", "BudgetName": "shop"}
    answers = [
        gives("budgets", "describe_budget", {"Budget": budget}, **which)
        if budget
        else refuses("budgets", "describe_budget", "NotFoundException", **which),
        *([gives("budgets", "describe_notifications_for_budget", {"Notifications": []}, **which)] if budget else []),
        gives("ce", "get_anomaly_monitors", {"AnomalyMonitors": monitors}),
        gives("ce", "get_anomaly_subscriptions", {"AnomalySubscriptions": subscriptions}),
        *more,
        gives("ce", "list_cost_allocation_tags", {}, TagKeys=[STACK_TAG], Status="Inactive"),
    ]
    with vendor(*answers) as aws:
        return {str(one.address): one for one in Cost(aws, declared()).read()}


def test_monitors_and_subscriptions_of_other_names_are_not_the_stacks():
    there = found_cost(
        [monitor("shop-eu", "1", "shop"), monitor("shop", "2", "shop"), monitor("all", "3", "")],
        [subscription("daily", "1", "2"), subscription("shop", "2", "2")],
    )
    assert set(there) == {f"{MONITOR} shop", f"{SUBSCRIPTION} shop"}
    assert all(one.ours for one in there.values())
    assert there[f"{SUBSCRIPTION} shop"].ids["arn"].endswith("/2")
    assert there[f"{SUBSCRIPTION} shop"].properties["unusual_from"] == 10.0


@pytest.mark.parametrize("watched", ["", "shop-eu"])
def test_what_watches_something_else_under_the_stacks_name_is_somebody_elses(watched):
    budget = {
        "BudgetName": "shop",
        "BudgetLimit": {"Amount": "100", "Unit": "USD"},
        "TimeUnit": "QUARTERLY",
        "BudgetType": "COST",
        "CostFilters": {"TagKeyValue": [f"user:{STACK_TAG}${watched}"]},
    }
    there = found_cost([monitor("shop", "1", watched)], [subscription("shop", "1", "1")], budget)
    assert {name: one.ours for name, one in there.items()} == {
        f"{BUDGET} shop": False,
        f"{MONITOR} shop": False,
        f"{SUBSCRIPTION} shop": False,
    }
    assert there[f"{BUDGET} shop"].properties["monthly"] is None


def test_what_a_lost_answer_made_twice_is_the_stacks_and_not_what_it_declares():
    there = found_cost(
        [monitor("shop", "1", "shop"), monitor("shop", "2", "shop")],
        [subscription("shop", "1", "1"), subscription("shop", "2", "1")],
    )
    ids = {name: one.ids["arn"].rpartition("/")[2] for name, one in there.items()}
    assert ids == {
        f"{MONITOR} shop": "1",
        f"{MONITOR} shop-again-1": "2",
        f"{SUBSCRIPTION} shop": "1",
        f"{SUBSCRIPTION} shop-again-1": "2",
    }
    assert all(one.ours for one in there.values())


@pytest.mark.parametrize("stack", ["shop", "other"])
def test_a_subscription_to_nothing_is_the_stacks_by_its_tag(stack):
    arn = "arn:aws:ce::123456789012:anomalysubscription/1"
    tags = {"ResourceTags": [{"Key": STACK_TAG, "Value": stack}]}
    asked = gives("ce", "list_tags_for_resource", tags, ResourceArn=arn)
    there = found_cost([], [subscription("shop", "1")], None, asked)
    assert there[f"{SUBSCRIPTION} shop"].ours is (stack == "shop")
    assert there[f"{SUBSCRIPTION} shop"].properties["monitor"] == ""


def test_a_subscription_that_tells_of_another_monitor_too_is_somebody_elses():
    there = found_cost([monitor("shop", "1", "shop")], [subscription("shop", "1", "1", "9")])
    assert [there[f"{kind} shop"].ours for kind in (MONITOR, SUBSCRIPTION)] == [True, False]


def test_a_guard_of_cost_that_cannot_be_is_refused_with_all_that_is_wrong():
    with vendor() as aws, pytest.raises(StackError, match=r"^monthly: expected more than 0, .*; alerts: expected 1 to"):
        Cost(aws, declared(monthly=-1, alerts=[])).wanted({})
