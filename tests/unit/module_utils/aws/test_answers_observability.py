# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches a stack where AWS answers as no emulator does, or a declaration asks for what is rarely asked for."""

from __future__ import annotations

import json

import pytest
from a_vendor import WHATEVER, gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.alarms import ALARM, ALONE, COMPOSITE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.declared import (
    FILTER,
    GROUP,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    subscription,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.found import read
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.kinds import (
    Alarm,
    LogGroup,
    MetricFilter,
    Subscription,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.parts import Parts
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Found, StackError, Wanted

TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:shop"
LOGS = Address(GROUP, "/shop/app")
KEPT = {"retention_days": 30, "kms_key": "arn:old", "deletion_protection": False}


def filled(**given):
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    return {**result.validated_parameters, "deletion_protection": True}


def wanted(others, **given):
    return {str(one.address): one for one in declared.wanted("shop", filled(**given), others, "us-east-1")}


# -- who is told -----------------------------------------------------------------------------


def test_a_subscription_that_nobody_confirmed_cannot_be_taken_back():
    its = Address(SUBSCRIPTION, "shop-email:a@example.com")
    with vendor() as aws:
        Subscription(aws).delete(Found(its, {"arn": "PendingConfirmation"}, {}))


@pytest.mark.parametrize("answer", [gives, lambda *call, **asked: refuses(*call, "NotFound", **asked)])
def test_a_subscription_is_taken_back(answer):
    arn = f"{TOPIC_ARN}:1"
    with vendor(answer("sns", "unsubscribe", SubscriptionArn=arn)) as aws:
        Subscription(aws).delete(Found(Address(SUBSCRIPTION, "shop-email:a@example.com"), {"arn": arn}, {}))


def test_of_subscriptions_that_nobody_confirmed_only_the_declared_ones_are_there():
    policy = json.dumps({"Id": "subscriptions [seamless:stack=shop]", "Statement": []})
    told = [
        {"Protocol": "email", "Endpoint": endpoint, "SubscriptionArn": arn, "TopicArn": TOPIC_ARN}
        for endpoint, arn in (
            ("declared@example.com", "PendingConfirmation"),
            ("lapses@example.com", "PendingConfirmation"),
            ("confirmed@example.com", f"{TOPIC_ARN}:1"),
        )
    ]
    answers = (
        gives("cloudwatch", "describe_alarms"),
        gives("sns", "get_topic_attributes", {"Attributes": {"Policy": policy}}, TopicArn=TOPIC_ARN),
        gives("sns", "list_subscriptions_by_topic", {"Subscriptions": told[:2], "NextToken": "more"}),
        gives("sns", "list_subscriptions_by_topic", {"Subscriptions": told[2:]}, TopicArn=TOPIC_ARN, NextToken="more"),
    )
    asked = subscription("shop", "email", "declared@example.com")
    with vendor(*answers) as aws:
        found = list(read(aws, Parts({SUBSCRIPTIONS: [asked]}), True, [asked]))
    assert [one.address.name for one in found if one.address.kind == SUBSCRIPTION] == [
        "shop-email:declared@example.com",
        "shop-email:confirmed@example.com",
    ]


# -- alarms ----------------------------------------------------------------------------------


def test_all_pages_of_alarms_are_read_and_only_those_with_the_mark_are_ours():
    def alarm(name, description):
        its = {"AlarmName": name, "AlarmArn": f"arn:aws:cloudwatch:eu-central-1:123456789012:alarm:{name}"}
        measured = {"Namespace": "Shop", "MetricName": "M", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 3}
        limit = {"Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
        return {**its, **measured, **limit, "AlarmDescription": description}

    composite = {"AlarmName": "shop-c", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:1:alarm:shop-c"}
    what = {"AlarmNamePrefix": "shop-", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100}
    first = {"MetricAlarms": [alarm("shop-a", "a [seamless:stack=shop]")], "NextToken": "more"}
    second = {
        "MetricAlarms": [alarm("shop-two-b", "b [seamless:stack=shop-two]")],
        "CompositeAlarms": [{**composite, "AlarmRule": "ALARM(a)"}],
    }
    answers = (
        gives("cloudwatch", "describe_alarms", first, **what),
        gives("cloudwatch", "describe_alarms", second, **what, NextToken="more"),
        refuses("sns", "get_topic_attributes", "NotFound", TopicArn=TOPIC_ARN),
    )
    parts = Parts({})
    parts.sought = lambda sort: False
    with vendor(*answers) as aws:
        found = list(read(aws, parts, False, []))
    assert [(one.address, one.ours) for one in found] == [
        (Address(ALARM, "shop-a"), True),
        (Address(ALARM, "shop-two-b"), False),
        (Address(COMPOSITE, "shop-c"), False),
    ]


BANDED = {
    "description": "Unusual",
    "band": 2.0,
    "threshold": 0.0,
    "when": "outside",
    "period": 300,
    "periods": 3,
    "datapoints": 2,
    "missing": "ignore",
    "actions": frozenset(),
    "ok_actions": frozenset(),
}
WAITING = {"namespace": "Shop", "metric": "Waiting", "dimensions": [["Queue", "mail"]], "statistic": "p90"}


def measured(key, returned):
    metric = {"Namespace": "Shop", "MetricName": "Waiting", "Dimensions": [{"Name": "Queue", "Value": "mail"}]}
    return {"Id": key, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "p90"}, "ReturnData": returned}


@pytest.mark.parametrize(
    ("metrics", "expression", "queries"),
    [
        (
            {ALONE: WAITING},
            "",
            [
                measured(ALONE, True),
                {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(metric, 2)", "ReturnData": True},
            ],
        ),
        (
            {"a": WAITING},
            "a * 2",
            [
                measured("a", False),
                {"Id": "value", "Expression": "a * 2", "ReturnData": True},
                {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(value, 2)", "ReturnData": True},
            ],
        ),
    ],
)
def test_a_band_lies_around_what_is_watched(metrics, expression, queries):
    address = Address(ALARM, "shop-waiting")
    asked = gives(
        "cloudwatch",
        "put_metric_alarm",
        AlarmName="shop-waiting",
        ComparisonOperator="LessThanLowerOrGreaterThanUpperThreshold",
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        TreatMissingData="ignore",
        AlarmDescription="Unusual [seamless:stack=shop]",
        AlarmActions=[],
        OKActions=[],
        Tags=WHATEVER,
        Metrics=queries,
        ThresholdMetricId="band",
    )
    with vendor(asked) as aws:
        made = Alarm(aws).create(Wanted(address, {**BANDED, "metrics": metrics, "expression": expression}))
    assert made["arn"] == "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-waiting"


def test_a_built_in_alarm_can_be_turned_off_alone():
    balancer = {Address("load balancer", "shop"): {"type": "application"}, Address("target group", "shop-blue"): {}}
    on = {name for name in wanted(balancer) if name.startswith("alarm ")}
    off = {"load-balancer-errors": {"enabled": False}}
    left = wanted(balancer, overrides=off)
    assert on - {name for name in left if name.startswith("alarm ")} == {"alarm shop-load-balancer-errors"}
    assert "load-balancer-errors" not in left["composite alarm shop-users-hurt"].properties["rule"]


def test_a_right_override_hides_no_wrong_one():
    right, wrong = {"load-balancer-errors": {"threshold": 2}}, {"cache-cpu": {"when": "below"}}
    assert declared.check(filled(overrides=right), "us-east-1") == []
    (told,) = declared.check(filled(overrides={**right, **wrong}), "us-east-1")
    assert told.startswith("overrides.cache-cpu: expected threshold")


@pytest.mark.parametrize("metric", ["Waiting", {"namespace": "Shop"}])
def test_a_metric_without_a_name_is_told_of(metric):
    alarm = {"name": "waiting", "metrics": {"a": metric}, "threshold": 1}
    assert declared.check(filled(metric_alarms=[alarm]), "us-east-1") == [
        f"metric_alarms waiting: metrics.a: expected a mapping with the name of a metric, but found {metric!r}"
    ]


def test_an_alarm_is_of_a_part_that_the_stack_has():
    metric = {"of": "pool_green", "metric": "HealthyHostCount"}
    alarm = {"name": "healthy", "metrics": {"a": metric}, "threshold": 1}
    balancer, blue, green = (
        Address("load balancer", "shop"),
        Address("target group", "shop-blue"),
        Address("target group", "shop-green"),
    )
    others = {balancer: {"type": "application"}, blue: {}, green: {}}
    its = wanted(others, alarms=[], metric_alarms=[alarm])["alarm shop-healthy"].properties["metrics"]
    assert its[ALONE]["dimensions"] == [["LoadBalancer", balancer.ref("suffix")], ["TargetGroup", green.ref("suffix")]]
    del others[green]
    with pytest.raises(
        StackError, match=r"metric_alarms healthy: metrics\.a: this stack has no pool_green: declare it"
    ):
        wanted(others, alarms=[], metric_alarms=[alarm])


# -- logs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 14])
def test_a_log_group_is_kept_for_ever_where_no_days_are_declared(days):
    makes = gives("logs", "create_log_group", logGroupName="/shop/app", deletionProtectionEnabled=True, tags=WHATEVER)
    limits = gives("logs", "put_retention_policy", logGroupName="/shop/app", retentionInDays=days)
    with vendor(makes, *([limits] if days else [])) as aws:
        words = {"retention_days": days, "kms_key": "", "deletion_protection": True}
        assert LogGroup(aws).create(Wanted(LOGS, words))["id"] == "/shop/app"


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        ({"retention_days": 0}, gives("logs", "delete_retention_policy", logGroupName="/shop/app")),
        ({"retention_days": 7}, gives("logs", "put_retention_policy", logGroupName="/shop/app", retentionInDays=7)),
        ({"kms_key": ""}, gives("logs", "disassociate_kms_key", logGroupName="/shop/app")),
        ({"kms_key": "arn:new"}, gives("logs", "associate_kms_key", logGroupName="/shop/app", kmsKeyId="arn:new")),
        (
            {"deletion_protection": True},
            gives(
                "logs",
                "put_log_group_deletion_protection",
                logGroupIdentifier="/shop/app",
                deletionProtectionEnabled=True,
            ),
        ),
    ],
)
def test_only_what_changed_of_a_log_group_is_written(after, asked):
    with vendor(asked) as aws:
        LogGroup(aws).change(Found(LOGS, {"id": "/shop/app"}, KEPT), Wanted(LOGS, {**KEPT, **after}), set(after))


@pytest.mark.parametrize("protected", [False, True])
def test_a_log_group_that_is_gone_already_is_no_error(protected):
    frees = gives(
        "logs", "put_log_group_deletion_protection", logGroupIdentifier="/shop/app", deletionProtectionEnabled=False
    )
    gone = refuses("logs", "delete_log_group", "ResourceNotFoundException", logGroupName="/shop/app")
    with vendor(*([frees] if protected else []), gone) as aws:
        LogGroup(aws).delete(Found(LOGS, {"id": "/shop/app"}, {**KEPT, "deletion_protection": protected}))


@pytest.mark.parametrize(
    ("default", "dimensions", "more"),
    [
        (None, [], {}),
        (0.0, [], {"defaultValue": 0.0}),
        (None, [["Path", "$.path"]], {"dimensions": {"Path": "$.path"}}),
    ],
)
def test_a_filter_counts_as_it_is_declared(default, dimensions, more):
    group, its = {"name": "app"}, {"name": "errors", "pattern": "ERROR"}
    given = {**its, "default": default, "dimensions": dict(dimensions)}
    one = wanted({}, log_groups=[{**group, "filters": [given]}])["metric filter /shop/app:shop-errors"]
    counted = {"metricName": "errors", "metricNamespace": "shop", "metricValue": "1", "unit": "None"}
    asked = gives(
        "logs",
        "put_metric_filter",
        logGroupName="/shop/app",
        filterName="shop-errors",
        filterPattern="ERROR",
        metricTransformations=[{**counted, **more}],
    )
    with vendor(asked) as aws:
        resolved = Wanted(Address(FILTER, one.address.name), {**one.properties, "group": "/shop/app"})
        assert MetricFilter(aws).create(resolved) == {"id": "shop-errors"}
    assert one.properties["group"] == LOGS.ref("name")


def test_the_dashboard_shows_what_is_counted_in_logs_without_what_dimensions_split():
    filters = [
        {"name": "errors", "pattern": "ERROR"},
        {"name": "by-path", "pattern": "{ $.path = * }", "dimensions": {"Path": "$.path"}},
    ]
    shown = wanted({}, log_groups=[{"name": "app", "filters": filters}])["dashboard shop"].properties
    assert shown["Logs"]["properties"]["metrics"] == [["shop", "errors", {"stat": "Sum", "label": "errors"}]]
    none = wanted({}, log_groups=[{"name": "app", "filters": filters[1:]}])["dashboard shop"].properties
    assert "Logs" not in none


def test_a_filter_with_a_default_and_dimensions_is_refused_before_aws_does():
    its = {"name": "errors", "pattern": "ERROR", "default": 0, "dimensions": {"Path": "$.path"}}
    told = declared.check(filled(log_groups=[{"name": "app", "filters": [its]}]), "us-east-1")
    assert told == ["log_groups app: filters errors: expected either a default or dimensions, but found both"]
