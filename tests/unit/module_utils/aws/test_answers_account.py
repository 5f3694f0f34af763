# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account that refuses, is busy, or has what is others' in it; and instances that are replaced as nobody asked."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from botocore.exceptions import EndpointConnectionError

sys.path.insert(0, str(Path(__file__).parent))

from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws import module as modules
from ansible_collections.seamless.delivery.plugins.module_utils.aws import patience
from ansible_collections.seamless.delivery.plugins.module_utils.aws.converge import carry_out
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.concern import Cost
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.declared import (
    ARGUMENTS,
    BUDGET,
    MONITOR,
    SUBSCRIPTION,
    TAG,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.kinds import AllocationTag
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import CHANGE, Plan, Step
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.roles import Role, trusted
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.releases import instance_refresh
from ansible_collections.seamless.delivery.plugins.module_utils.releases.autoscaling_group import Groups
from ansible_collections.seamless.delivery.plugins.module_utils.releases.instance_refresh import Pace, Refreshing
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import (
    Again,
    AwsCalls,
    ConditionFailed,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    """Time passes only where something waits; the seconds of each wait."""
    pauses = []
    clock = SimpleNamespace(monotonic=lambda: float(sum(pauses)), sleep=pauses.append)
    monkeypatch.setattr(patience, "time", clock)
    monkeypatch.setattr(instance_refresh, "time", clock)
    return pauses


# -- errors in words -------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_call_that_is_not_allowed_names_the_permission_that_is_missing(code):
    told = r"^not allowed: wafv2:ListIPSets \(because\). Give the caller's role that permission$"
    with (
        vendor(refuses("wafv2@us-east-1", "list_ip_sets", code)) as aws,
        pytest.raises(StackError, match=told),
    ):
        aws.call("wafv2@us-east-1", "list_ip_sets", "WAFNonexistentItemException", Scope="CLOUDFRONT")


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "RequestLimitExceeded"])
def test_an_account_that_is_too_busy_says_to_come_again(code):
    told = r"^ec2 DescribeVpcs was throttled again and again \(because\). Run this again in a while$"
    with vendor(refuses("ec2", "describe_vpcs", code)) as aws, pytest.raises(StackError, match=told):
        list(aws.pages("ec2", "describe_vpcs", "Vpcs"))


def test_what_else_is_refused_is_told_in_the_words_of_aws():
    told = r"^ec2 DescribeVpcs: no such one \(InvalidVpcID.NotFound\)$"
    with (
        vendor(refuses("ec2", "describe_vpcs", "InvalidVpcID.NotFound", "no such one")) as aws,
        pytest.raises(StackError, match=told),
    ):
        list(aws.pages("ec2", "describe_vpcs", "Vpcs", "AnotherCode"))


def test_a_page_that_is_refused_as_absent_ends_what_there_is():
    pages = [
        gives("ec2", "describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "more"}),
        refuses("ec2", "describe_vpcs", "InvalidVpcID.NotFound", NextToken="more"),
    ]
    with vendor(*pages) as aws:
        assert list(aws.pages("ec2", "describe_vpcs", "Vpcs", "InvalidVpcID.NotFound")) == [{"VpcId": "vpc-1"}]


def test_what_has_no_pages_is_asked_for_once_and_may_be_absent():
    sets = {"IPSets": [{"Name": "shop"}]}
    one = gives("wafv2", "list_ip_sets", sets, Scope="REGIONAL")
    none = refuses("wafv2", "list_ip_sets", "WAFNonexistentItemException", Scope="REGIONAL")
    refused = refuses("wafv2", "list_ip_sets", "WAFInternalErrorException", Scope="REGIONAL")
    asked = ("wafv2", "list_ip_sets", "IPSets", "WAFNonexistentItemException")
    with vendor(one, none, refused) as aws:
        assert list(aws.pages(*asked, Scope="REGIONAL")) == sets["IPSets"]
        assert list(aws.pages(*asked, Scope="REGIONAL")) == []
        with pytest.raises(StackError, match=r"^wafv2 ListIPSets: because \(WAFInternalErrorException\)$"):
            list(aws.pages(*asked, Scope="REGIONAL"))


class Unreachable:
    """A client of a region to which no way leads."""

    def can_paginate(self, operation):
        return operation == "describe_vpcs"

    def get_paginator(self, operation):
        assert operation == "describe_vpcs"
        return SimpleNamespace(paginate=self.get_caller_identity)

    def get_caller_identity(self):
        raise EndpointConnectionError(endpoint_url="https://sts.example.com")


def test_an_account_that_cannot_be_reached_is_told_of_with_what_was_asked():
    aws = Aws("shop", lambda _service: Unreachable())
    told = r"^AWS could not be asked \({}\): Could not connect to the endpoint URL: .*sts.example.com"
    try:
        with pytest.raises(StackError, match=told.format("sts get_caller_identity")):
            _ = aws.account
        with pytest.raises(StackError, match=told.format("ec2 describe_vpcs")):
            list(aws.pages("ec2", "describe_vpcs", "Vpcs"))
    finally:
        aws.close()


@pytest.mark.parametrize(
    "tags",
    [None, [], [{"Key": STACK_TAG, "Value": "shop-eu"}], [{"Key": "stack", "Value": "shop"}], [{"Key": STACK_TAG}]],
)
def test_what_lacks_the_tag_itself_is_left_as_it_is(tags):
    with vendor() as aws, pytest.raises(StackError, match=f"^box shop lacks the tag {STACK_TAG}, and is left as it is"):
        aws.own(Address("box", "shop"), tags)


# -- where it is -----------------------------------------------------------------------------


class Module:
    """As much of a module as a connection needs."""

    def fail_json(self, msg):
        raise SystemExit(msg)


@pytest.fixture
def unconfigured(monkeypatch, tmp_path):
    for key in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(key, raising=False)
    for key in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(key, str(tmp_path / "none"))

    def told(region=None, **how):
        monkeypatch.setattr(modules, "get_aws_connection_info", lambda _module: (region, None, how))

    return told


KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


def test_a_region_that_nobody_says_is_asked_for(unconfigured):
    unconfigured(**KEYS)
    with pytest.raises(
        SystemExit, match=r"^region: expected one, here, in AWS_REGION or in the profile, but found none"
    ):
        modules.connection(Module())


def test_a_profile_that_is_not_there_is_named(unconfigured):
    unconfigured("eu-central-1", profile_name="shop-production")
    with pytest.raises(SystemExit, match=r"^profile: .*shop-production.* could not be found"):
        modules.connection(Module())


def test_a_service_of_another_region_is_asked_there_and_any_other_one_at_home(unconfigured):
    unconfigured("eu-central-1", **KEYS)
    client = modules.connection(Module())
    regions = {one: client(one).meta.region_name for one in ("sts", "wafv2@us-east-1")}
    assert regions == {"sts": "eu-central-1", "wafv2@us-east-1": "us-east-1"}
    assert modules.connection(Module(), asked_in="eu-west-1")("sts").meta.region_name == "eu-west-1"


# -- what is busy ----------------------------------------------------------------------------


class Box:
    """A kind that keeps what it is told."""

    name = "box"
    fixed = held_by = frozenset()
    precious = False

    def __init__(self):
        self.told = []

    def change(self, found, wanted, changed):
        self.told.append(("change", dict(wanted.properties), set(changed)))

    def wait(self, ids):
        self.told.append(("wait", ids["id"]))
        return ids


def test_what_aws_is_still_at_is_waited_for_before_it_is_changed():
    address = Address("box", "shop")
    for busy, first in (("modifying", [("wait", "box-1")]), ("", [])):
        found = Found(address, {"id": "box-1"}, {"size": 1}, busy=busy)
        step = Step(CHANGE, address, found, Wanted(address, {"size": 2}), frozenset({"size"}))
        kind = Box()
        assert carry_out(Plan([step], {address: found.ids}), [kind]) == {"box shop": {"id": "box-1"}}
        assert kind.told == [*first, ("change", {"size": 2}, {"size"}), ("wait", "box-1")]


# -- a role ----------------------------------------------------------------------------------


class ShopRole(Role):
    name = "role"


def documented(statement):
    return '{"Version": "2012-10-17", "Statement": [' + statement + "]}"


def test_what_a_role_allows_is_written_under_its_own_name_and_who_takes_it_stays():
    words = {"trust": trusted("ec2.amazonaws.com"), "permissions": [{"Effect": "Allow"}]}
    put = gives(
        "iam",
        "put_role_policy",
        RoleName="shop-role",
        PolicyName="shop-role",
        PolicyDocument=documented('{"Effect": "Allow"}'),
    )
    with vendor(put) as aws:
        address = Address("role", "shop")
        found = Found(address, {"name": "shop-role"}, {})
        ShopRole(aws, "shop-role").change(found, Wanted(address, words), frozenset({"permissions"}))


def test_a_policy_of_aws_is_attached_once_and_those_of_others_stay():
    managed = "arn:aws:iam::aws:policy/service-role"
    attach = gives("iam", "attach_role_policy", RoleName="shop-role", PolicyArn=f"{managed}/New")
    with vendor(attach) as aws:
        address = Address("role", "shop")
        found = Found(address, {"name": "shop-role"}, {"policies": frozenset({"Old"})})
        wanted = Wanted(address, {"policies": frozenset({"Old", "New"})})
        ShopRole(aws, "shop-role").change(found, wanted, frozenset({"policies"}))


# -- cost ------------------------------------------------------------------------------------


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


def test_a_tag_that_billing_takes_is_known_by_its_key():
    with vendor(gives("ce", "update_cost_allocation_tags_status", CostAllocationTagsStatus=STATUS)) as aws:
        assert AllocationTag(aws).create(Wanted(Address(TAG, STACK_TAG), {})) == {"id": STACK_TAG}


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


def found_cost(monitors, subscriptions, budget=None):
    which = {"AccountId": "123456789012", "BudgetName": "shop"}
    answers = [
        gives("budgets", "describe_budget", {"Budget": budget}, **which)
        if budget
        else refuses("budgets", "describe_budget", "NotFoundException", **which),
        *([gives("budgets", "describe_notifications_for_budget", {"Notifications": []}, **which)] if budget else []),
        gives("ce", "get_anomaly_monitors", {"AnomalyMonitors": monitors}),
        gives("ce", "get_anomaly_subscriptions", {"AnomalySubscriptions": subscriptions}),
        gives("ce", "list_cost_allocation_tags", {}, TagKeys=[STACK_TAG], Status="Inactive"),
    ]
    with vendor(*answers) as aws:
        aws.together = lambda *calls: [call() for call in calls]  # the answers have an order
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


def test_a_subscription_that_tells_of_another_monitor_too_is_somebody_elses():
    there = found_cost([monitor("shop", "1", "shop")], [subscription("shop", "1", "1", "9")])
    assert [there[f"{kind} shop"].ours for kind in (MONITOR, SUBSCRIPTION)] == [True, False]


def test_a_guard_of_cost_that_cannot_be_is_refused_with_all_that_is_wrong():
    with vendor() as aws, pytest.raises(StackError, match=r"^monthly: expected more than 0, .*; alerts: expected 1 to"):
        Cost(aws, declared(monthly=-1, alerts=[])).wanted({})


# -- a router's calls ------------------------------------------------------------------------


class Clock:
    """Time passes only where somebody sleeps."""

    def __init__(self):
        self.now, self.pauses = 1_800_000_000.0, []

    def time(self):
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.pauses.append(round(seconds, 3))
        self.now += seconds


def busy_table(times):
    return [refuses("dynamodb", "list_tables", "ThrottlingException")] * times


def test_a_table_that_stays_busy_for_ten_seconds_is_an_error_that_may_be_tried_again():
    clock = Clock()
    told = r"^ListTables was not answered in time \(ThrottlingException: because\)$"
    with vendor(*busy_table(7)) as aws, pytest.raises(Again, match=told):
        AwsCalls(aws.client("dynamodb"), clock).patiently("list_tables")
    assert clock.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_table_that_is_busy_for_a_while_answers():
    clock = Clock()
    with vendor(*busy_table(2), gives("dynamodb", "list_tables", {"TableNames": ["shop"]})) as aws:
        assert AwsCalls(aws.client("dynamodb"), clock).patiently("list_tables")["TableNames"] == ["shop"]
    assert clock.pauses == [0.1, 0.2]


@pytest.mark.parametrize(("note", "times"), [(None, 2), ({"who": "ada"}, 1)], ids=["a rollout", "broken glass"])
def test_a_claim_that_is_refused_for_no_reason_that_is_known_is_an_error_and_no_endless_loop(note, times):
    refused = [refuses("dynamodb", "update_item", "ConditionalCheckFailedException", "the conditions failed")] * times
    with vendor(*refused) as aws:
        clock = Clock()
        table = FenceTable("shop", "alb", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        with pytest.raises(ConditionFailed, match=r"^the conditions failed$"):
            table.claim(7, Split.all_on("green"), note)


# -- instances that are replaced in place ----------------------------------------------------

USER_DATA = "#!/bin/sh\n"
PACE = Pace(require_healthy=90, max_healthy=110, alarms=(), start_deadline=60.0, within=600.0)


def group(color, instances, version="1", tags=(), size=None, **more):
    desired = len(instances) if size is None else size
    return {
        "AutoScalingGroupName": f"shop-{color}",
        "MinSize": desired,
        "MaxSize": desired,
        "DesiredCapacity": desired,
        "DefaultCooldown": 300,
        "AvailabilityZones": ["eu-central-1a"],
        "HealthCheckType": "ELB",
        "CreatedTime": datetime(2026, 1, 1, tzinfo=UTC),
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version},
        "Instances": [
            {
                "InstanceId": name,
                "AvailabilityZone": "eu-central-1a",
                "LifecycleState": "InService",
                "HealthStatus": "Healthy",
                "ProtectedFromScaleIn": False,
                "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": its},
            }
            for name, its in instances.items()
        ],
        "Tags": [{"Key": key, "Value": value} for key, value in {STACK_TAG: "shop", **dict(tags)}.items()],
        **more,
    }


def groups(blue, green=None):
    both = [blue, green or group("green", {}, size=0)]
    asked = {"AutoScalingGroupNames": ["shop-blue", "shop-green"]}
    return gives("autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroups": both}, **asked)


def versions(*asked):
    """Version 1 is the first release, made from the default; version 2 is the next one."""
    data = base64.b64encode(USER_DATA.encode()).decode()
    known = [
        {"VersionNumber": 0, "DefaultVersion": True},
        *(
            {
                "VersionNumber": number,
                "VersionDescription": f"release app-{number} on 0",
                "DefaultVersion": False,
                "LaunchTemplateData": {"UserData": data},
            }
            for number in (1, 2)
        ),
    ]
    named = [
        one for one in known if str(one["VersionNumber"]) in asked or ("$Default" in asked and not one["VersionNumber"])
    ]
    answer = {"LaunchTemplateVersions": named}
    return gives("ec2", "describe_launch_template_versions", answer, LaunchTemplateId="lt-1", Versions=list(asked))


def refreshes(*its):
    answer = {
        "InstanceRefreshes": [
            {
                "InstanceRefreshId": name,
                "Status": status,
                "DesiredConfiguration": {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version}},
            }
            for name, status, version in its
        ]
    }
    return gives("autoscaling", "describe_instance_refreshes", answer, AutoScalingGroupName="shop-blue")


def starts(percent, name):
    return gives(
        "autoscaling",
        "start_instance_refresh",
        {"InstanceRefreshId": name},
        AutoScalingGroupName="shop-blue",
        DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}},
        Preferences={
            "MinHealthyPercentage": 90,
            "MaxHealthyPercentage": 110,
            "SkipMatching": True,
            "CheckpointPercentages": [percent],
        },
    )


def stack_of(aws, of, **how):
    aws.together = lambda *calls: [call() for call in calls]  # the answers have an order
    return of(aws, **how)


PREPARED = {"seamless:refresh": "r1:1:2:on"}
OLD, MIXED = {"i-1": "1", "i-2": "1"}, {"i-1": "1", "i-2": "2"}
NAMED = (versions("$Default", "1"), versions("2"))


def test_what_a_rollout_has_prepared_already_is_not_prepared_again():
    with vendor(groups(group("blue", OLD, tags=PREPARED)), *NAMED) as aws:
        its = stack_of(aws, Refreshing)
        its.prepare("blue", "app-2", USER_DATA, "r1", PACE)
    assert its.did == []


def test_a_dry_run_replaces_in_words_alone():
    with vendor(groups(group("blue", OLD, tags=PREPARED)), *NAMED) as aws:
        its = stack_of(aws, Refreshing, dry_run=True)
        its.refresh("blue", "r1", 50, PACE)
        assert its.of["blue"].releases() == {"app-1": 1, "app-2": 1}
        its.refresh("blue", "r1", 100, PACE)
    assert its.of["blue"].releases() == {"app-2": 2}
    assert its.did == [f"replace instances of shop-blue by ones from version 2, up to {one} %" for one in (50, 100)]


def test_a_refresh_that_somebody_else_started_is_neither_taken_over_nor_stopped():
    theirs = refreshes(("refresh-9", "InProgress", "9"))
    blue = groups(group("blue", OLD, tags=PREPARED))
    # Once to see what goes on, and once more to stop what is the rollout's own.
    with vendor(blue, NAMED[0], blue, theirs, theirs) as aws:
        its = stack_of(aws, Refreshing)
        with pytest.raises(StackError, match=r"^the instance refresh refresh-9 of shop-blue goes on, which is none of"):
            its.refresh("blue", "r1", 50, PACE)


def test_a_refresh_that_aws_ends_twice_without_an_instance_is_an_error_and_no_endless_loop():
    blue = groups(group("blue", OLD, tags=PREPARED))
    first, second = (("refresh-1", "Successful", "2"), ("refresh-2", "Successful", "2"))
    asked = [
        *(blue, blue, refreshes(), starts(50, "refresh-1")),
        *(blue, refreshes(first), refreshes(first), starts(50, "refresh-2")),
        *(blue, refreshes(first, second), refreshes(first, second)),
        refreshes(first, second),
    ]
    with vendor(NAMED[0], *asked) as aws:
        its = stack_of(aws, Refreshing)
        with pytest.raises(StackError, match=r"^shop-blue: AWS ended a refresh after 0 of 1 instances$"):
            its.refresh("blue", "r1", 50, PACE)


TARGETS = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-blue/1"


def test_instances_that_are_there_and_never_get_healthy_are_told_of_once_the_time_is_over(slept):
    blue = groups(group("blue", MIXED, tags=PREPARED, TargetGroupARNs=[TARGETS]))
    state = {"State": "unhealthy", "Reason": "Target.Timeout"}
    health = gives(
        "elbv2",
        "describe_target_health",
        {"TargetHealthDescriptions": [{"Target": {"Id": "i-2"}, "TargetHealth": state}]},
        TargetGroupArn=TARGETS,
    )
    activities = gives(
        "autoscaling",
        "describe_scaling_activities",
        {"Activities": []},
        AutoScalingGroupName="shop-blue",
        MaxRecords=20,
    )
    # Seen three times: after 0, 0.5 and 1.25 s.
    looks = [blue, refreshes()] * 3
    with vendor(*NAMED, blue, *looks, activities, refreshes(), *[health] * 4) as aws:
        its = stack_of(aws, Refreshing)
        told = (
            r"^app-2 was not ready in shop-blue within 1 s: of 2 instances 1 are in service and 0 healthy; i-2 is unh"
        )
        with pytest.raises(StackError, match=told):
            its.refresh("blue", "r1", 50, Pace(90, 110, (), 60.0, within=1.0))
    assert slept == [0.5, 0.75]


@pytest.mark.parametrize(
    ("status", "stops"),
    [
        ("Cancelling", []),
        (
            "InProgress",
            [
                refuses(
                    "autoscaling",
                    "cancel_instance_refresh",
                    "ActiveInstanceRefreshNotFound",
                    AutoScalingGroupName="shop-blue",
                    WaitForTransitioningInstances=False,
                )
            ],
        ),
    ],
    ids=["is being stopped already", "came to its end meanwhile"],
)
def test_on_the_way_back_a_refresh_that_ends_by_itself_is_waited_for(status, stops, slept):
    going_back = {"seamless:refresh": "r1:1:2:back"}
    mixed, old = (groups(group("blue", one, tags=going_back)) for one in (MIXED, OLD))
    goes_on, ended = refreshes(("refresh-1", status, "2")), refreshes(("refresh-1", "Cancelled", "2"))
    asked = [mixed, goes_on, goes_on, *stops, goes_on, ended, *[old] * 3, ended]
    with vendor(*NAMED, versions("1"), *asked) as aws:
        its = stack_of(aws, Refreshing)
        its.back("blue", "", PACE)
    assert its.did == ["stop the instance refresh refresh-1 of shop-blue"]
    assert slept == [1.0]


# -- both colors -----------------------------------------------------------------------------

HELD = {"seamless:held": "r1:AZRebalance Terminate"}


def gives_back(color):
    name = f"shop-{color}"
    tag = {"ResourceId": name, "ResourceType": "auto-scaling-group", "Key": "seamless:held"}
    return (
        gives(
            "autoscaling",
            "resume_processes",
            AutoScalingGroupName=name,
            ScalingProcesses=["AZRebalance", "Terminate"],
        ),
        gives("autoscaling", "delete_tags", Tags=[tag]),
    )


def test_where_nothing_is_to_be_kept_autoscaling_has_both_groups_back():
    both = groups(group("blue", OLD, tags=HELD), group("green", {"i-3": "1"}, tags=HELD))
    with vendor(both, NAMED[0], *gives_back("blue"), *gives_back("green")) as aws:
        its = stack_of(aws, Groups)
        its.give_back("blue")
    assert [its.of[color].held for color in ("blue", "green")] == [None, None]


def test_a_release_that_comes_back_to_where_it_was_kept_is_no_longer_kept_for_a_while_only():
    kept = group("green", {"i-3": "2"}, "2", {"seamless:kept-until": "1800000000"})
    with vendor(groups(group("blue", {"i-1": "1"}), kept), NAMED[0], versions("$Default", "2")) as aws:
        its = stack_of(aws, Groups, dry_run=True)
        its.install("green", "app-2", USER_DATA, "r2", 60.0)
    assert its.did[0] == "forget seamless:kept-until of shop-green"
    assert its.of["green"].kept_until is None
    assert not [line for line in its.did if line.startswith(("make a version", "start", "park"))]
