# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2 Auto Scaling: what becomes of instances, which moto does otherwise.

While ``Terminate`` is suspended no capacity that is asked for ends one; once it is resumed, the group does at once.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html

One that a group ends is no target of its load balancer any more.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html

Instances are no machines here. One whose user data has a line ``exit 1``, or gives its release a variable ``SICK``,
counts as unhealthy: its server never starts.
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

_moto_capacity = FakeAutoScalingGroup.set_desired_capacity
_moto_update_targets = AutoScalingBackend.update_attached_target_groups
_moto_resume = AutoScalingBackend.resume_processes
_moto_health_for = FakeTargetGroup.health_for


def _capacity(self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    wanted = self.min_size if new_capacity is None else new_capacity
    held = any(one["ProcessName"] == "Terminate" for one in self.suspended_processes)
    if held and (wanted or 0) < len(self.active_instances()):
        self.desired_capacity = wanted
    else:
        _moto_capacity(self, new_capacity)


def _resume(self: AutoScalingBackend, group_name: str, scaling_processes: list[str]) -> None:
    _moto_resume(self, group_name, scaling_processes)
    group = self.autoscaling_groups[group_name]
    group.set_desired_capacity(group.desired_capacity)


def _update_targets(self: AutoScalingBackend, group_name: str) -> None:
    _moto_update_targets(self, group_name)
    for arn in self.autoscaling_groups[group_name].target_group_arns:
        targets = self.elbv2_backend.target_groups[arn]
        states = {
            one: self.ec2_backend.get_instance(one)._state.name for one in targets.targets if one.startswith("i-")
        }
        targets.deregister_terminated_instances([one for one, state in states.items() if state == "terminated"])


def _health_for(self: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> FakeHealthStatus:
    health = _moto_health_for(self, target, ec2)
    if health.status == "healthy" and health.instance_id.startswith("i-"):
        user_data = ec2.get_instance(health.instance_id).user_data
        lines = user_data.decode().splitlines() if user_data else []
        if any(line == "exit 1" or line.startswith("SICK=") for line in lines):
            health.status, health.reason = "unhealthy", "Target.FailedHealthChecks"
    return health


AutoScalingBackend.resume_processes = _resume
AutoScalingBackend.update_attached_target_groups = _update_targets
FakeAutoScalingGroup.set_desired_capacity = _capacity
FakeTargetGroup.health_for = _health_for
