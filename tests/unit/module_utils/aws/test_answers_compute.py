# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both colors' groups and what they stand on where AWS answers as no emulator does."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import found as described
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.declared import GROUP, PROFILE, ROLE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.kinds import (
    AutoScalingGroup,
    InstanceProfile,
    InstanceRole,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.policies import POLICY
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)

NAME, TEMPLATE = "shop-blue", "lt-0123456789abcdef0"
BLUE = Address(GROUP, NAME)
ARN = f"arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:autoScalingGroupName/{NAME}"
IDS = {"id": ARN, "arn": ARN, "name": NAME}
ROLE_NAME = "shop-eu-central-1"
MADE = {
    "min": 1,
    "max": 2,
    "template": TEMPLATE,
    "mixed": False,
    "target_groups": frozenset(),
    "hooks": [],
    "tags": {},
    "has": frozenset(),
    "group_metrics": False,
}
TELLS_ITS_VERSION = gives(
    "ec2",
    "describe_launch_templates",
    {"LaunchTemplates": [{"DefaultVersionNumber": 3}]},
    LaunchTemplateIds=[TEMPLATE],
)
MAKES_IT = gives(
    "autoscaling",
    "create_auto_scaling_group",
    AutoScalingGroupName=NAME,
    MinSize=1,
    MaxSize=2,
    LaunchTemplate={"LaunchTemplateId": TEMPLATE, "Version": "3"},
    TargetGroupARNs=[],
    LifecycleHookSpecificationList=[],
    Tags=[],
)


def group(name=NAME, **more):
    sizes = {"MinSize": 1, "MaxSize": 2, "DesiredCapacity": 1, "DefaultCooldown": 300}
    when = datetime(2026, 1, 1, tzinfo=UTC)
    its = {"AutoScalingGroupName": name, "AutoScalingGroupARN": ARN, "AvailabilityZones": [], **sizes}
    return {**its, "HealthCheckType": "EC2", "CreatedTime": when, **more}


def there(*groups):
    return gives("autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroups": list(groups)})


def change(aws, before, after, **more):
    AutoScalingGroup(aws).change(Found(BLUE, IDS, before, **more), Wanted(BLUE, {**MADE, **after}), set(after))


# -- the group -------------------------------------------------------------------------------


def test_a_group_that_is_going_is_made_anew_once_it_is_gone(clock):
    going = group(Status="Delete in progress")
    with vendor(there(going), there(), TELLS_ITS_VERSION, MAKES_IT, there(group())) as aws:
        change(aws, {}, {"min": 1}, busy="deleting")
    assert clock.slept == [5.0]


def test_a_group_that_is_going_is_only_waited_for(clock):
    with vendor(there(group(Status="Delete in progress")), there()) as aws:
        AutoScalingGroup(aws).delete(Found(BLUE, IDS, {}, busy="deleting"))
    assert clock.slept == [5.0]


def test_a_group_whose_instances_never_end_is_told_of(clock):
    clock.pause = 1900.0
    going = group(Status="Delete in progress")
    with (
        vendor(there(going), there(going)) as aws,
        pytest.raises(StackError, match="waited 1800 s for its instances to end, which did not come"),
    ):
        AutoScalingGroup(aws).delete(Found(BLUE, IDS, {}, busy="deleting"))


@pytest.mark.parametrize("protected", [False, True])
def test_protection_is_taken_away_where_there_is_any(protected, clock):
    frees = gives("autoscaling", "update_auto_scaling_group", AutoScalingGroupName=NAME, DeletionProtection="none")
    removes = gives("autoscaling", "delete_auto_scaling_group", AutoScalingGroupName=NAME, ForceDelete=True)
    with vendor(*([frees] if protected else []), removes, there()) as aws:
        AutoScalingGroup(aws).delete(Found(BLUE, IDS, {"deletion_protection": protected}))


def test_a_group_is_asked_for_again_until_its_new_instance_profile_is_known(clock):
    message = "Invalid IamInstanceProfile: shop-eu-central-1"
    too_early = refuses("autoscaling", "create_auto_scaling_group", "ValidationError", message)
    with vendor(TELLS_ITS_VERSION, too_early, too_early, MAKES_IT, there(group())) as aws:
        assert AutoScalingGroup(aws).create(Wanted(BLUE, MADE)) == IDS
    assert clock.slept == [2.0, 2.0]


def test_a_group_that_is_refused_for_another_reason_is_not_asked_for_again(clock):
    refused = refuses("autoscaling", "create_auto_scaling_group", "ValidationError", "Max bound, 2, is too small")
    with (
        vendor(TELLS_ITS_VERSION, refused) as aws,
        pytest.raises(StackError, match=r"CreateAutoScalingGroup: Max bound, 2, is too small \(ValidationError\)"),
    ):
        AutoScalingGroup(aws).create(Wanted(BLUE, MADE))
    assert not clock.slept


def test_an_instance_profile_that_is_never_known_is_told_of(clock):
    clock.pause = 130.0
    message = "Invalid IamInstanceProfile: shop-eu-central-1"
    too_early = refuses("autoscaling", "create_auto_scaling_group", "ValidationError", message)
    with (
        vendor(TELLS_ITS_VERSION, too_early, too_early) as aws,
        pytest.raises(StackError, match="waited 120 s for its instance profile to be known, which did not come"),
    ):
        AutoScalingGroup(aws).create(Wanted(BLUE, MADE))


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        (True, gives("autoscaling", "enable_metrics_collection", AutoScalingGroupName=NAME, Granularity="1Minute")),
        (False, gives("autoscaling", "disable_metrics_collection", AutoScalingGroupName=NAME)),
    ],
)
def test_a_groups_metrics_go_on_and_off(after, asked):
    with vendor(asked) as aws:
        change(aws, {"group_metrics": not after}, {"group_metrics": after})


def test_a_hook_that_stays_as_it_is_is_not_written():
    hook = {"transition": "terminating", "timeout": 60, "default_result": "continue"}
    stays, grows, goes = ({**hook, "name": name} for name in ("stays", "grows", "goes"))
    writes = gives(
        "autoscaling",
        "put_lifecycle_hook",
        AutoScalingGroupName=NAME,
        LifecycleHookName="grows",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout=90,
        DefaultResult="CONTINUE",
    )
    removes = gives("autoscaling", "delete_lifecycle_hook", AutoScalingGroupName=NAME, LifecycleHookName="goes")
    with vendor(writes, removes) as aws:
        change(aws, {"hooks": [goes, grows, stays]}, {"hooks": [{**grows, "timeout": 90}, stays]})


# -- what instances may do -------------------------------------------------------------------


def test_a_role_that_is_gone_already_is_no_error():
    calls = ("get_role", "list_attached_role_policies", "list_role_policies", "delete_role")
    with vendor(*(refuses("iam", call, "NoSuchEntity", RoleName=ROLE_NAME) for call in calls)) as aws:
        InstanceRole(aws, ROLE_NAME).delete(Found(Address(ROLE, "shop"), {"name": ROLE_NAME}, {}))


def test_a_profile_that_lost_its_role_gets_it_back():
    address = Address(PROFILE, "shop")
    gets = gives("iam", "add_role_to_instance_profile", InstanceProfileName=ROLE_NAME, RoleName=ROLE_NAME)
    with vendor(gets) as aws:
        found = Found(address, {"name": ROLE_NAME}, {"role": None})
        InstanceProfile(aws).change(found, Wanted(address, {"role": ROLE_NAME}), {"role"})


@pytest.mark.parametrize(
    ("tags", "ours"),
    [([], False), ([{"Key": STACK_TAG, "Value": "shop"}], True), ([{"Key": "a", "Value": "b"}], False)],
)
def test_a_role_without_a_profile_speaks_for_itself(tags, ours):
    its = {
        "Path": "/",
        "RoleName": ROLE_NAME,
        "RoleId": "AROA0123456789ABCDEF",
        "Arn": f"arn:aws:iam::123456789012:role/{ROLE_NAME}",
        "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
        "AssumeRolePolicyDocument": json.dumps({"Statement": [{"Effect": "Allow"}]}),
        "Tags": tags,
    }
    answers = (
        refuses("iam", "get_role_policy", "NoSuchEntity", RoleName=ROLE_NAME, PolicyName=ROLE_NAME),
        refuses("iam", "get_instance_profile", "NoSuchEntity", InstanceProfileName=ROLE_NAME),
        there(),
        gives("ec2", "describe_launch_template_versions", {"LaunchTemplateVersions": []}),
        gives("iam", "get_role", {"Role": its}, RoleName=ROLE_NAME),
    )
    with vendor(*answers) as aws:
        (role,) = described.read(aws, frozenset())
    assert (role.address, role.ours) == (Address(ROLE, "shop"), ours)
    assert role.properties == {"trust": {"Effect": "Allow"}, "permissions": None}


# -- an account with a lot in it -------------------------------------------------------------


def test_where_there_are_many_launch_templates_only_the_stacks_are_asked_for():
    data = {"TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": STACK_TAG, "Value": "shop"}]}]}
    version = {"LaunchTemplateId": TEMPLATE, "VersionNumber": 3, "LaunchTemplateData": data}
    operation, default = "describe_launch_template_versions", {"Versions": ["$Default"]}
    gone = "InvalidLaunchTemplateName.NotFoundException"
    others = {"LaunchTemplateVersions": [{**version, "LaunchTemplateName": "other-blue"}], "NextToken": "more"}
    answers = (
        refuses("iam", "get_role_policy", "NoSuchEntity"),
        refuses("iam", "get_instance_profile", "NoSuchEntity"),
        refuses("iam", "get_role", "NoSuchEntity"),
        there(),
        gives("ec2", operation, others, MaxResults=200, **default),
        refuses("ec2", operation, gone, LaunchTemplateName="shop-blue", **default),
        gives(
            "ec2",
            operation,
            {"LaunchTemplateVersions": [{**version, "LaunchTemplateName": "shop-green"}]},
            LaunchTemplateName="shop-green",
            **default,
        ),
    )
    with vendor(*answers) as aws:
        found = list(described.read(aws, frozenset()))
    assert [(str(one.address), one.ours, one.properties["version"]) for one in found] == [
        ("launch template shop-green", True, 3)
    ]


def test_where_there_are_many_policies_those_of_each_group_are_asked_for():
    tracked = {
        "TargetValue": 50.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
    }

    def policy(name):
        its = {"AutoScalingGroupName": name, "PolicyName": "cpu", "PolicyARN": f"arn:{name}"}
        return {**its, "PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": tracked}

    ours = [{"Key": STACK_TAG, "Value": "shop"}]
    answers = (
        refuses("iam", "get_role_policy", "NoSuchEntity"),
        refuses("iam", "get_instance_profile", "NoSuchEntity"),
        refuses("iam", "get_role", "NoSuchEntity"),
        gives("ec2", "describe_launch_template_versions", {"LaunchTemplateVersions": []}),
        there(group("shop-blue", Tags=ours), group("shop-green")),
        gives(
            "autoscaling",
            "describe_policies",
            {"ScalingPolicies": [policy("other-blue")], "NextToken": "more"},
            MaxRecords=100,
        ),
        gives(
            "autoscaling",
            "describe_policies",
            {"ScalingPolicies": [], "NextToken": "more"},
            AutoScalingGroupName="shop-blue",
        ),
        gives(
            "autoscaling",
            "describe_policies",
            {"ScalingPolicies": [policy("shop-blue")]},
            AutoScalingGroupName="shop-blue",
            NextToken="more",
        ),
        gives(
            "autoscaling",
            "describe_policies",
            {"ScalingPolicies": [policy("shop-green")]},
            AutoScalingGroupName="shop-green",
        ),
    )
    with vendor(*answers) as aws:
        found = list(described.read(aws, frozenset()))
    assert [(one.address.name, one.ours) for one in found if one.address.kind == POLICY] == [
        ("shop-blue/cpu", True),
        ("shop-green/cpu", False),
    ]
