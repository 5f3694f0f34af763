# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2 Auto Scaling: instance refreshes, which moto lacks. One that is described has gone on by one instance.

A refresh replaces instances by ones of its desired configuration, which becomes the group's own when all are replaced;
it rests at each checkpoint for ``CheckpointDelay`` seconds, and it can be cancelled or rolled back while it goes on.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-adding-checkpoints-instance-refresh.html
"""

from __future__ import annotations

import math
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

_ACTIVE = ("InProgress", "RollbackInProgress")
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
    new: list[InstanceState] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    total: int = 0
    rests_until: float = 0.0

    def __post_init__(self) -> None:
        self.total = len(self.old)

    def go_on(self) -> None:
        """Replace one instance, unless it rests or has ended."""
        if self.status == "Cancelling":
            self.status = "Cancelled"
        if self.status == "RollbackInProgress":
            if self.new:
                self._replace(self.new.pop(), {})
                self.old.append(self.group.instance_states[-1])
            if not self.new:
                self.status = "RollbackSuccessful"
        elif self.status == "InProgress" and time.monotonic() >= self.rests_until:
            self._forwards()

    def _forwards(self) -> None:
        checkpoints = [int(one) for one in self.preferences.get("CheckpointPercentages", ())]
        last = checkpoints[-1] if checkpoints else 100
        if self.old and self.percentage() < last:
            self._replace(self.old.pop(0), self.desired)
            self.new.append(self.group.instance_states[-1])
            reached = [math.ceil(self.total * one / 100) for one in checkpoints]
            if len(self.new) in reached:
                self.rests_until = time.monotonic() + float(self.preferences.get("CheckpointDelay", 3600))
        elif self.desired:
            self._configure(self.desired)
            self.status = "Successful"
        else:
            self.status = "Successful"

    def percentage(self) -> int:
        """How much has been replaced."""
        return 100 * len(self.new) // self.total if self.total else 100

    def _replace(self, gone: InstanceState, configuration: dict[str, Any]) -> None:
        self.backend.ec2_backend.terminate_instances([gone.instance_id])
        self.group.instance_states.remove(gone)
        before = {name: vars(self.group).get(name) for name in _CONFIGURATION}
        if configuration:
            self._configure(configuration)
        self.group.replace_autoscaling_group_instances(1, self.group.get_propagated_tags())
        vars(self.group).update(before)
        self.backend.update_attached_target_groups(self.group.name)

    def _configure(self, configuration: dict[str, Any]) -> None:
        mixed = configuration.get("MixedInstancesPolicy")
        self.group.mixed_instances_policy = mixed
        self.group._set_launch_configuration("", configuration.get("LaunchTemplate", {}), mixed)

    def described(self) -> dict[str, Any]:
        """As ``DescribeInstanceRefreshes`` tells of it."""
        return {
            "InstanceRefreshId": self.name,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
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
    old = list(group.instance_states)
    if preferences.get("SkipMatching"):
        wanted = desired.get("LaunchTemplate", {}).get("Version", group.launch_template_version)
        old = [one for one in old if (one.launch_template or {}).get("Version") != wanted]
    refreshes.insert(0, Refresh(self.autoscaling_backend, group, desired, preferences, old))
    return ActionResult({"InstanceRefreshId": refreshes[0].name})


def _describe(self: AutoScalingResponse) -> ActionResult:
    """``DescribeInstanceRefreshes``."""
    refreshes, asked = _of(self)[1], self._get_param("InstanceRefreshIds", [])
    for refresh in refreshes:
        refresh.go_on()
    return ActionResult({"InstanceRefreshes": [one.described() for one in refreshes if not asked or one.name in asked]})


def _cancel(self: AutoScalingResponse) -> ActionResult:
    """``CancelInstanceRefresh``: what was replaced stays replaced."""
    refresh = _active(self)
    refresh.status = "Cancelling"
    return ActionResult({"InstanceRefreshId": refresh.name})


def _roll_back(self: AutoScalingResponse) -> ActionResult:
    """``RollbackInstanceRefresh``: only where there was a desired configuration to go back from."""
    refresh = _active(self)
    if not refresh.desired:
        raise AutoscalingClientError("IrreversibleInstanceRefresh", "It has no desired configuration")
    refresh.status = "RollbackInProgress"
    return ActionResult({"InstanceRefreshId": refresh.name})


AutoScalingResponse.start_instance_refresh = _start
AutoScalingResponse.describe_instance_refreshes = _describe
AutoScalingResponse.cancel_instance_refresh = _cancel
AutoScalingResponse.rollback_instance_refresh = _roll_back
