# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances that are replaced as nobody asked: by somebody else, too late, or not at all."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import STACK_TAG, StackError
from ansible_collections.seamless.delivery.plugins.module_utils.releases import instance_refresh
from ansible_collections.seamless.delivery.plugins.module_utils.releases.autoscaling_group import Groups
from ansible_collections.seamless.delivery.plugins.module_utils.releases.instance_refresh import Pace, Refreshing


@pytest.fixture(autouse=True)
def refreshes_by_the_clock(clock, monkeypatch):
    monkeypatch.setattr(instance_refresh, "time", clock)


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
