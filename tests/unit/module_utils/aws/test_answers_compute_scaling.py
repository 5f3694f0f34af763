# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes a group grow and shrink, where AWS answers as no emulator does."""

from __future__ import annotations

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import declared as declaration
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute import policies
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.policies import POLICY, SCHEDULE
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.scaling_kinds import (
    ScalingPolicy,
    ScheduledAction,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Found, Wanted

NAME = "shop-blue"


@pytest.mark.parametrize(
    "alarms",
    [
        gives("cloudwatch", "delete_alarms", AlarmNames=["shop-blue/queue"]),
        refuses("cloudwatch", "delete_alarms", "ResourceNotFound", AlarmNames=["shop-blue/queue"]),
    ],
)
def test_the_alarm_of_a_policy_in_steps_goes_with_it(alarms):
    with vendor(alarms, gives("autoscaling", "delete_policy", PolicyName="arn:queue")) as aws:
        ScalingPolicy(aws).delete(Found(Address(POLICY, "shop-blue/queue"), {"arn": "arn:queue"}, {"type": "step"}))


def test_a_policy_by_a_target_has_no_alarm_of_ours_to_remove():
    found = Found(Address(POLICY, "shop-blue/cpu"), {"arn": "arn:cpu"}, {"type": "target_tracking"})
    with vendor(gives("autoscaling", "delete_policy", PolicyName="arn:cpu")) as aws:
        ScalingPolicy(aws).delete(found)


@pytest.mark.parametrize("desired", [None, 4])
def test_a_schedule_that_loses_a_size_is_made_anew(desired):
    address = Address(SCHEDULE, "shop-blue/night")
    clock = {"group": NAME, "recurrence": "0 20 * * *", "time_zone": "Etc/UTC", "min": 1}
    which = {"AutoScalingGroupName": NAME, "ScheduledActionName": "night"}
    removes = gives("autoscaling", "delete_scheduled_action", **which)
    writes = gives(
        "autoscaling",
        "put_scheduled_update_group_action",
        **which,
        Recurrence="0 20 * * *",
        TimeZone="Etc/UTC",
        MinSize=1,
        **({} if desired is None else {"DesiredCapacity": desired}),
    )
    with vendor(*([removes] if desired is None else []), writes) as aws:
        found = Found(address, {"id": address.name}, {**clock, "desired": 2})
        ScheduledAction(aws).change(found, Wanted(address, {**clock, "desired": desired}), {"desired"})


@pytest.mark.parametrize(("target", "wrong"), [(0, True), (0.5, False), (100, False), (150, True)])
def test_processors_are_held_at_a_percentage(target, wrong):
    asked = {"image": "ami-1", "instance_types": ["t3.small"], "size": {"min": 2, "max": 6}}
    validated = ArgumentSpecValidator(declaration.ARGUMENTS).validate(
        {**asked, "policies": [{"name": "busy", "target": target}]}
    )
    told = list(policies.check(validated.validated_parameters))
    expected = f"policies.busy.target: expected a percentage of cpu, but found {float(target)}"
    assert told == ([expected] if wrong else [])
