# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to rollouts and to autoscaling is never undone, and a new template waits for the next release."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Emulator

BLUE, GREEN = "shop-blue", "shop-green"
DECLARED: dict[str, Any] = {
    "stack": "shop",
    "image": "ami-0abcdef1234567890",
    "instance_types": ["t3.small"],
    "size": {"min": 2, "max": 6},
    "warm_pool": {"min": 1},
    "user_data": "declared",
}


@pytest.fixture
def stack(emulator: Emulator) -> Emulator:
    """A stack of which blue is live."""
    emulator.must("aws_network", {"stack": "shop"})
    emulator.must("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]})
    emulator.must("aws_compute", DECLARED)
    return emulator


def group(emulator: Emulator, name: str) -> dict[str, Any]:
    asked = emulator.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    found: dict[str, Any] = asked["AutoScalingGroups"][0]
    return found


def sizes(emulator: Emulator, name: str) -> tuple[int, int, int]:
    found = group(emulator, name)
    return found["MinSize"], found["MaxSize"], found["DesiredCapacity"]


def release(emulator: Emulator, name: str) -> str:
    """A version of the launch template for a release, which the group *name* then starts its instances from."""
    made = emulator.client("ec2").create_launch_template_version(
        LaunchTemplateId=group(emulator, name)["LaunchTemplate"]["LaunchTemplateId"],
        SourceVersion="1",
        LaunchTemplateData={"UserData": "cmVsZWFzZWQ="},
    )["LaunchTemplateVersion"]
    version = str(made["VersionNumber"])
    template = {"LaunchTemplateId": made["LaunchTemplateId"], "Version": version}
    emulator.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=name, LaunchTemplate=template)
    return version


def resize(emulator: Emulator, name: str, least: int, most: int, desired: int) -> None:
    emulator.client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=least, MaxSize=most, DesiredCapacity=desired
    )


def test_one_color_has_the_capacity_and_the_other_is_parked(stack: Emulator) -> None:
    assert sizes(stack, BLUE) == (2, 6, 2)
    assert sizes(stack, GREEN) == (0, 0, 0)
    assert "WarmPoolConfiguration" not in group(stack, GREEN)
    instances = stack.client("ec2").describe_instances()["Reservations"][0]["Instances"]
    tags = {tag["Key"]: tag["Value"] for tag in instances[0]["Tags"]}
    assert (len(instances), tags["seamless:stack"], tags["seamless:color"]) == (2, "shop", "blue")


def test_a_run_leaves_what_a_release_did_and_what_autoscaling_does(stack: Emulator) -> None:
    version = release(stack, GREEN)
    resize(stack, GREEN, 2, 6, 4)
    stack.client("autoscaling").suspend_processes(AutoScalingGroupName=GREEN, ScalingProcesses=["AlarmNotification"])
    stack.client("autoscaling").put_warm_pool(AutoScalingGroupName=GREEN, MinSize=1)
    resize(stack, BLUE, 0, 0, 0)
    stack.client("autoscaling").delete_warm_pool(AutoScalingGroupName=BLUE)

    done, written = stack.counting(lambda: stack.must("aws_compute", DECLARED))

    assert (done["changed"], done["plan"], written) == (False, [], [])
    assert group(stack, GREEN)["LaunchTemplate"]["Version"] == version
    assert group(stack, GREEN)["SuspendedProcesses"]
    assert (sizes(stack, BLUE), sizes(stack, GREEN)) == ((0, 0, 0), (2, 6, 4))


def test_a_new_size_is_the_live_colors_alone(stack: Emulator) -> None:
    resize(stack, GREEN, 2, 6, 4)
    stack.client("autoscaling").put_warm_pool(AutoScalingGroupName=GREEN, MinSize=1)
    resize(stack, BLUE, 0, 0, 0)
    done = stack.must("aws_compute", {**DECLARED, "size": {"min": 3, "max": 9}})
    assert done["plan"] == ["~ change autoscaling group shop-green: max, min"]
    assert (sizes(stack, BLUE), sizes(stack, GREEN)) == ((0, 0, 0), (3, 9, 4))


def test_what_the_clock_sets_is_left_to_it(stack: Emulator) -> None:
    scheduled = {**DECLARED, "schedules": [{"name": "day", "recurrence": "0 8 * * *", "min": 4}]}
    stack.must("aws_compute", scheduled)
    resize(stack, BLUE, 4, 6, 5)
    assert stack.must("aws_compute", scheduled)["changed"] is False
    assert sizes(stack, BLUE) == (4, 6, 5)


def test_a_new_template_waits_for_the_next_release_and_keeps_what_is_not_declared(stack: Emulator) -> None:
    ec2, template = stack.client("ec2"), group(stack, BLUE)["LaunchTemplate"]["LaunchTemplateId"]
    ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"EbsOptimized": True}
    )
    ec2.modify_launch_template(LaunchTemplateId=template, DefaultVersion="2")

    stack.must("aws_compute", {**DECLARED, "image": "ami-0123456789abcdef0"})

    newest = ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=["$Default"])
    data = newest["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert (data["ImageId"], data["EbsOptimized"]) == ("ami-0123456789abcdef0", True)
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert group(stack, BLUE)["LaunchTemplate"]["Version"] == "1"


def test_user_data_that_is_no_longer_declared_goes(stack: Emulator) -> None:
    stack.must("aws_compute", {**DECLARED, "user_data": ""})
    newest = stack.client("ec2").describe_launch_template_versions(Versions=["$Default"])["LaunchTemplateVersions"]
    assert ["UserData" in one["LaunchTemplateData"] for one in newest] == [False, False]


def test_several_types_keep_the_version_of_the_release(stack: Emulator) -> None:
    version = release(stack, BLUE)
    stack.must("aws_compute", {**DECLARED, "instance_types": ["t3.small", "t3a.small"]})
    mixed = group(stack, BLUE)["MixedInstancesPolicy"]["LaunchTemplate"]
    assert mixed["LaunchTemplateSpecification"]["Version"] == version
    stack.must("aws_compute", DECLARED)
    assert group(stack, BLUE)["LaunchTemplate"]["Version"] == version


def test_a_run_that_died_between_version_and_default_makes_no_second_version(stack: Emulator) -> None:
    changed = {**DECLARED, "image": "ami-0123456789abcdef0"}
    stack.trouble(failing=[{"operation": "ModifyLaunchTemplate", "times": 2, "code": "Denied", "status": 403}])
    assert stack.run_module("aws_compute", changed)["failed"]
    stack.trouble()
    stack.must("aws_compute", changed)
    template = group(stack, BLUE)["LaunchTemplate"]["LaunchTemplateId"]
    versions = stack.client("ec2").describe_launch_template_versions(LaunchTemplateId=template)
    assert [(one["VersionNumber"], one["DefaultVersion"]) for one in versions["LaunchTemplateVersions"]] == [
        (1, False),
        (2, True),
    ]


def test_a_lost_group_comes_back_parked_while_the_other_is_live(stack: Emulator) -> None:
    resize(stack, GREEN, 2, 6, 4)
    autoscaling = stack.client("autoscaling")
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=BLUE, DeletionProtection="none")
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName=BLUE, ForceDelete=True)
    stack.must("aws_compute", DECLARED)
    assert (sizes(stack, BLUE), sizes(stack, GREEN)) == ((0, 0, 0), (2, 6, 4))


def test_policies_of_both_colors_have_their_own_target_group_and_alarm(stack: Emulator) -> None:
    surge = {
        "name": "surge",
        "type": "step",
        "alarm": {"threshold": 70},
        "step_adjustments": [{"scaling_adjustment": 1}],
    }
    stack.must(
        "aws_compute",
        {**DECLARED, "policies": [{"name": "requests", "metric": "requests", "target": 100}, surge]},
    )
    policies = stack.client("autoscaling").describe_policies()["ScalingPolicies"]
    labels = {
        one["AutoScalingGroupName"]: one["TargetTrackingConfiguration"]["PredefinedMetricSpecification"][
            "ResourceLabel"
        ]
        for one in policies
        if one["PolicyName"] == "requests"
    }
    assert "/targetgroup/shop-blue/" in labels[BLUE]
    assert "/targetgroup/shop-green/" in labels[GREEN]
    alarms = {one["AlarmName"]: one for one in stack.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert set(alarms) == {"shop-blue/surge", "shop-green/surge"}
    assert alarms["shop-green/surge"]["Dimensions"] == [{"Name": "AutoScalingGroupName", "Value": GREEN}]

    # An alarm that somebody removed is missed, although the policy is there.
    stack.client("cloudwatch").delete_alarms(AlarmNames=["shop-green/surge"])
    declared = {**DECLARED, "policies": [{"name": "requests", "metric": "requests", "target": 100}, surge]}
    assert stack.must("aws_compute", declared)["plan"] == ["~ change scaling policy shop-green/surge: alarm, metric"]


def test_few_calls_tell_that_there_is_nothing_to_do(stack: Emulator) -> None:
    before = len(stack.calls())
    stack.must("aws_compute", DECLARED)
    own = [
        call["operation"]
        for call in stack.calls()[before:]
        if call["service"] in ("autoscaling", "iam", "cloudwatch") or "LaunchTemplate" in call["operation"]
    ]
    assert sorted(own) == [
        "DescribeAutoScalingGroups",
        "DescribeLaunchTemplateVersions",
        "DescribePolicies",
        "GetInstanceProfile",
        "GetRolePolicy",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"size": {"min": 3, "max": 2}}, "size: expected 0 <= min <= desired <= max"),
        ({"may_read": ["arn:aws:s3:::*"]}, "may_read: expected ARNs of objects in a bucket"),
        ({"policies": [{"name": "cpu"}]}, "policies.cpu.target: expected"),
        (
            {"subnets": [], "policies": [{"name": "p", "target": 1, "type": "predictive", "metric": "requests"}]},
            "both colors",
        ),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_before_anything_changes(
    stack: Emulator, wrong: dict[str, Any], said: str
) -> None:
    answer, written = stack.counting(lambda: stack.run_module("aws_compute", {**DECLARED, "image": "ami-2", **wrong}))
    assert answer["failed"]
    assert said in answer["msg"]
    assert written == []
