# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How scaling policies and scheduled actions are made, changed and removed.

API: Amazon EC2 Auto Scaling, version 2011-01-01, and Amazon CloudWatch, version 2010-08-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ...rollout.split import COLORS
from ..resource import Found, Wanted
from . import policy as policies
from .declared import group
from .kinds import ComputeKind
from .policies import POLICY, SCHEDULE


class ScalingPolicy(ComputeKind):
    """A policy; one in steps with the alarm that sets them off, which has the same name."""

    name = POLICY
    fixed = frozenset({"type"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        arn = self._put(wanted)
        return {"id": arn, "arn": arn}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._put(wanted)

    def delete(self, found: Found) -> None:
        name = found.address.name
        if found.properties["type"] == "step":
            self.aws.call("cloudwatch", "delete_alarms", "ResourceNotFound", AlarmNames=[name])
        self.aws.call("autoscaling", "delete_policy", PolicyName=found.ids["arn"])

    def _put(self, wanted: Wanted) -> str:
        properties, name = wanted.properties, wanted.address.name
        groups = [group(self.aws.stack, color).name for color in COLORS]
        arn: str = self.aws.call(
            "autoscaling",
            "put_scaling_policy",
            AutoScalingGroupName=properties["group"],
            PolicyName=_own_name(wanted),
            **policies.parameters(properties, groups),
        )["PolicyARN"]
        if properties["type"] == "step":
            alarm = policies.alarm(name, properties, arn)
            self.aws.call("cloudwatch", "put_metric_alarm", Tags=self.aws.tags(name), **alarm)
        return arn


class ScheduledAction(ComputeKind):
    """A schedule. AWS keeps what a change does not mention: one that has lost a size is made anew."""

    name = SCHEDULE

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        sizes = {"MinSize": properties["min"], "DesiredCapacity": properties["desired"]}
        self.aws.call(
            "autoscaling",
            "put_scheduled_update_group_action",
            AutoScalingGroupName=properties["group"],
            ScheduledActionName=_own_name(wanted),
            Recurrence=properties["recurrence"],
            TimeZone=properties["time_zone"],
            **{key: value for key, value in sizes.items() if value is not None},
        )
        return {"id": wanted.address.name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if any(wanted.properties[key] is None for key in changed):
            self.delete(found)
        self.create(wanted)

    def delete(self, found: Found) -> None:
        group_name = found.properties["group"]
        name = found.address.name.removeprefix(f"{group_name}/")
        parameters: dict[str, Any] = {"AutoScalingGroupName": group_name, "ScheduledActionName": name}
        self.aws.call("autoscaling", "delete_scheduled_action", **parameters)


def _own_name(wanted: Wanted) -> str:
    return wanted.address.name.removeprefix(f"{wanted.properties['group']}/")
