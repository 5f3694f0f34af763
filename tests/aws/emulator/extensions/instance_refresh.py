# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2 Auto Scaling: instance refreshes, which moto lacks. One that is described has gone on by one instance.

A refresh replaces instances by ones of its desired configuration, which becomes the group's own when it has succeeded;
it can be cancelled or rolled back while it goes on.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html

Where more may exist than are desired, or all of them are to stay healthy, the new instance starts first, and the old
one ends once it is healthy. Else the old one ends first. Nothing more is replaced before the new one is healthy.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html

It rests at each checkpoint but the last for ``CheckpointDelay`` seconds, and then goes on by itself; at the last one it
has succeeded, also where that is below 100. A checkpoint is reached when so many percent *of the group* are new, those
that it skips among them.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html

While Launch, Terminate or InstanceRefresh is suspended nothing is replaced.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html
"""

from __future__ import annotations

import copy
import math
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult

_ACTIVE = ("InProgress", "RollbackInProgress")
_STOPS = {"Launch", "Terminate", "InstanceRefresh"}
_WIDEST = 100
_CONFIGURATION = (
    "ec2_launch_template",
    "launch_template_version",
    "provided_launch_template_version",
    "mixed_instances_policy",
)


@dataclass
class Refresh:
    """One refresh of a group, with the instances that are still to be replaced and those that were."""

    backend: AutoScalingBackend
    group: FakeAutoScalingGroup
    desired: dict[str, Any]
    preferences: dict[str, Any]
    old: list[InstanceState]
    name: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "InProgress"
    reason: str = ""
    new: list[InstanceState] = field(default_factory=list)
    #: The instance that waits for the newest one to be healthy, and then ends.
    waiting: InstanceState | None = None
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    total: int = 0
    rests_until: float = 0.0

    def __post_init__(self) -> None:
        self.total = len(self.group.instance_states)

    def go_on(self) -> None:
        """Do the next thing to one instance, unless it rests or has ended."""
        if self.status == "Cancelling":
            self._end_waiting()
            self.status = "Cancelled"
        elif self.status not in _ACTIVE or _STOPS & {one["ProcessName"] for one in self.group.suspended_processes}:
            return
        elif self.status == "InProgress" and self._alarmed():
            self._fail(f"an alarm of {', '.join(self._alarms())} was raised")
        elif self.new and not self._healthy(self.new[-1]):
            return
        elif self.waiting:
            self._end_waiting()
        elif self.status == "RollbackInProgress":
            self._backwards()
        elif time.monotonic() >= self.rests_until and self._enough():
            self._forwards()

    def take_back(self) -> None:
        """From now on what it has replaced is replaced again."""
        self._end_waiting()
        self.status = "RollbackInProgress"

    def _fail(self, reason: str) -> None:
        self.reason = reason
        if self.preferences.get("AutoRollback"):
            self.take_back()
        else:
            self.status = "Failed"

    def _alarms(self) -> list[str]:
        return list((self.preferences.get("AlarmSpecification") or {}).get("Alarms", ()))

    def _alarmed(self) -> bool:
        alarms = cloudwatch_backends[self.backend.account_id][self.backend.region_name].alarms
        return any(name in alarms and alarms[name].state_value == "ALARM" for name in self._alarms())

    def _backwards(self) -> None:
        if not self.new:
            self.status = "RollbackSuccessful"
            return
        gone = self.new.pop()
        self._end(gone)
        self._launch({})

    def _forwards(self) -> None:
        checkpoints = [int(one) for one in self.preferences.get("CheckpointPercentages", ())]
        last = checkpoints[-1] if checkpoints else 100
        if self.old and self.percentage() < last:
            self._replace_next()
            reached = [math.ceil(self.total * one / 100) for one in checkpoints[:-1]]
            if self.total - len(self.old) in reached:
                self.rests_until = time.monotonic() + float(self.preferences.get("CheckpointDelay", 3600))
        else:
            if self.desired:
                self._configure(self.desired)
            self.status = "Successful"

    def percentage(self) -> int:
        """How much of the group is new."""
        return 100 * (self.total - len(self.old)) // self.total if self.total else 100

    def _replace_next(self) -> None:
        gone = self.old.pop(0)
        least, most = (
            int(self.preferences.get(f"{one}HealthyPercentage", by)) for one, by in (("Min", 90), ("Max", 100))
        )
        if most > 100 or math.ceil(self.total * least / 100) >= self.total:
            self.waiting = gone
        else:
            self._end(gone)
        self._launch(self.desired)
        self.new.append(self.group.instance_states[-1])

    def _enough(self) -> bool:
        """Whether as many are healthy as are to stay so: the operation is not allowed to continue otherwise."""
        healthy = sum(self._healthy(one) for one in self.group.instance_states)
        return 100 * healthy >= int(self.preferences.get("MinHealthyPercentage", 90)) * self.total

    def _healthy(self, one: InstanceState) -> bool:
        if one not in self.group.instance_states:
            return True
        elb = self.backend.elbv2_backend
        return all(
            health.status in ("healthy", "unused")
            for arn in self.group.target_group_arns
            for health in elb.describe_target_health(arn, [])
            if health.instance_id == one.instance_id
        )

    def _end_waiting(self) -> None:
        """The old instance of a replacement ends; or the new one, which is one too many, where it is not healthy."""
        if self.waiting:
            if self._healthy(self.new[-1]):
                self._end(self.waiting)
            else:
                self._end(self.new.pop())
            self.waiting = None

    def _end(self, gone: InstanceState) -> None:
        self.backend.ec2_backend.terminate_instances([gone.instance_id])
        if gone in self.group.instance_states:
            self.group.instance_states.remove(gone)
        self.backend.update_attached_target_groups(self.group.name)

    def _launch(self, configuration: dict[str, Any]) -> None:
        before = {name: vars(self.group).get(name) for name in _CONFIGURATION}
        if configuration:
            self._configure(configuration)
        self.group.replace_autoscaling_group_instances(1, self.group.get_propagated_tags())
        vars(self.group).update(before)
        self.backend.update_attached_target_groups(self.group.name)

    def _configure(self, configuration: dict[str, Any]) -> None:
        mixed = copy.deepcopy(configuration.get("MixedInstancesPolicy"))  # moto writes into what it is given
        self.group.mixed_instances_policy = mixed
        self.group._set_launch_configuration("", configuration.get("LaunchTemplate", {}), mixed)

    def described(self) -> dict[str, Any]:
        """As ``DescribeInstanceRefreshes`` tells of it."""
        return {
            "InstanceRefreshId": self.name,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.reason,
            "StartTime": self.began,
            "PercentageComplete": self.percentage(),
            "InstancesToUpdate": len(self.old),
            "Preferences": self.preferences,
            "DesiredConfiguration": self.desired,
            "Strategy": "Rolling",
        }


def _of(response: AutoScalingResponse) -> tuple[FakeAutoScalingGroup, list[Refresh]]:
    """The group that is asked about, and its refreshes, the newest first."""
    group = response.autoscaling_backend.autoscaling_groups[response._get_param("AutoScalingGroupName")]
    return group, group.__dict__.setdefault("refreshes", [])


def _active(response: AutoScalingResponse) -> Refresh:
    for refresh in _of(response)[1]:
        if refresh.status in _ACTIVE:
            return refresh
    raise AutoscalingClientError("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found")


def _start(self: AutoScalingResponse) -> ActionResult:
    """``StartInstanceRefresh``; with ``SkipMatching`` instances of the desired version are left."""
    group, refreshes = _of(self)
    if any(refresh.status in (*_ACTIVE, "Cancelling") for refresh in refreshes):
        raise AutoscalingClientError("InstanceRefreshInProgress", "An Instance Refresh is already in progress")
    params = self._get_params()
    desired, preferences = params.get("DesiredConfiguration", {}), params.get("Preferences", {})
    _refuse(group, desired, preferences)
    old = list(group.instance_states)
    if preferences.get("SkipMatching"):
        wanted = _version(desired) or group.launch_template_version
        old = [one for one in old if (one.launch_template or {}).get("Version") != wanted]
    refreshes.insert(0, Refresh(self.autoscaling_backend, group, desired, preferences, old))
    return ActionResult({"InstanceRefreshId": refreshes[0].name})


def _version(desired: dict[str, Any]) -> str:
    mixed = desired.get("MixedInstancesPolicy") or {}
    template = mixed.get("LaunchTemplate", {}).get("LaunchTemplateSpecification") or desired.get("LaunchTemplate", {})
    return str(template.get("Version", ""))


def _refuse(group: FakeAutoScalingGroup, desired: dict[str, Any], preferences: dict[str, Any]) -> None:
    """What the API's reference says of ``RefreshPreferences``."""
    least, most = (preferences.get(f"{one}HealthyPercentage") for one in ("Min", "Max"))
    checkpoints = [int(one) for one in preferences.get("CheckpointPercentages", ())]
    if most is not None and (least is None or int(most) - int(least) > _WIDEST):
        raise ValidationError("MaxHealthyPercentage needs a MinHealthyPercentage that is at most 100 below it")
    if sorted({*checkpoints}) != checkpoints:
        raise ValidationError("CheckpointPercentages must be unique and ascending")
    before = str(vars(group).get("provided_launch_template_version") or "")
    if preferences.get("AutoRollback") and (not desired or before in ("$Latest", "$Default")):
        raise ValidationError("AutoRollback needs a desired configuration, and a group with the number of a version")


def _describe(self: AutoScalingResponse) -> ActionResult:
    """``DescribeInstanceRefreshes``."""
    refreshes, asked = _of(self)[1], self._get_param("InstanceRefreshIds", [])
    for refresh in refreshes:
        refresh.go_on()
    return ActionResult({"InstanceRefreshes": [one.described() for one in refreshes if not asked or one.name in asked]})


def _cancel(self: AutoScalingResponse) -> ActionResult:
    """``CancelInstanceRefresh``: what was replaced stays replaced, and the group's own configuration is as it was."""
    refresh = _active(self)
    refresh.status = "Cancelling"
    return ActionResult({"InstanceRefreshId": refresh.name})


def _roll_back(self: AutoScalingResponse) -> ActionResult:
    """``RollbackInstanceRefresh``: only where there was a desired configuration to go back from."""
    refresh = _active(self)
    if not refresh.desired:
        raise AutoscalingClientError("IrreversibleInstanceRefresh", "It has no desired configuration")
    refresh.take_back()
    return ActionResult({"InstanceRefreshId": refresh.name})


AutoScalingResponse.start_instance_refresh = _start
AutoScalingResponse.describe_instance_refreshes = _describe
AutoScalingResponse.cancel_instance_refresh = _cancel
AutoScalingResponse.rollback_instance_refresh = _roll_back
