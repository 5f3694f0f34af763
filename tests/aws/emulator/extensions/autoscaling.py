# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2 Auto Scaling: what moto drops of a group is kept, and policies and schedules belong to their group.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/
"""

from __future__ import annotations

import functools
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, FakeScalingPolicy, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import EC2Backend

# What a group has, by the name under which moto's answers look for it. moto reads none of them on a change.
_KEPT = {
    "DefaultInstanceWarmup": "default_instance_warmup",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "DeletionProtection": "deletion_protection",
    "CapacityRebalance": "capacity_rebalance",
}
_METRICS = ["GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"]

_moto_create = AutoScalingResponse.create_auto_scaling_group
_moto_change = AutoScalingResponse.update_auto_scaling_group
_moto_update = FakeAutoScalingGroup.update
_moto_delete = AutoScalingBackend.delete_auto_scaling_group
_moto_launched = InstanceState.__init__
_moto_pool = FakeAutoScalingGroup.put_warm_pool


def _create(self: AutoScalingResponse) -> ActionResult:
    """A group is made with its lifecycle hooks (``LifecycleHookSpecificationList``)."""
    params = self._get_params()
    backend, name = self.autoscaling_backend, params["AutoScalingGroupName"]
    for hook in params.get("LifecycleHookSpecificationList", ()):
        backend.create_lifecycle_hook(
            hook["LifecycleHookName"],
            name,
            hook["LifecycleTransition"],
            int(hook["HeartbeatTimeout"]) if "HeartbeatTimeout" in hook else None,
            hook.get("DefaultResult"),
        )
    answer = _moto_create(self)
    _keep(backend.autoscaling_groups[name], params)
    return answer


def _change(self: AutoScalingResponse) -> ActionResult:
    params = self._get_params()
    answer = _moto_change(self)
    _keep(self.autoscaling_backend.autoscaling_groups[params["AutoScalingGroupName"]], params)
    return answer


def _keep(group: FakeAutoScalingGroup, params: dict[str, Any]) -> None:
    for name, attribute in _KEPT.items():
        if name in params:
            setattr(group, attribute, params[name])


def _update(self: FakeAutoScalingGroup, **given: Any) -> None:
    """A change that mentions neither a template nor a policy of mixed instances leaves both."""
    if not given["mixed_instances_policy"] and not given["launch_template"]:
        given["mixed_instances_policy"] = self.mixed_instances_policy
    _moto_update(self, **given)


def _delete(self: AutoScalingBackend, group_name: str) -> None:
    """With a group go its hooks, policies and schedules; what is protected is not deleted.

    Its instances are terminated, and described no more after an hour: here at once.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
    """
    group = self.autoscaling_groups.get(group_name)
    if group and getattr(group, "deletion_protection", "none") == "prevent-all-deletion":
        raise ValidationError(f"{group_name} has deletion protection")
    _moto_delete(self, group_name)
    for some in (self.lifecycle_hooks, self.policies, self.scheduled_actions):
        for key in [key for key, one in some.items() if one.auto_scaling_group_name == group_name]:
            del some[key]
    ec2 = self.ec2_backend
    for key, reservation in list(ec2.reservations.items()):
        if all(one._state.name == "terminated" for one in reservation.instances):
            del ec2.reservations[key]
            for one in reservation.instances:
                ec2.tags.pop(one.id, None)
                for interface in one.nics.values():
                    ec2.enis.pop(interface.id, None)


def _own_key(self: EC2Backend) -> str:
    """AWS's own key for volumes is there from the first on, and stays: it is no part of what was made.

    https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html
    """
    return f"arn:aws:kms:{self.region_name}:{self.account_id}:key/11111111-2222-3333-4444-555555555555"


def _by_group(names: str, key: str) -> Any:
    """What moto keeps by its own name alone is kept by its group's as well: both colors have policies of one name."""

    def decorate(method: Any) -> Any:
        @functools.wraps(method)
        def kept(self: AutoScalingBackend, *given: Any, **named: Any) -> Any:
            made = method(self, *given, **named)
            some = getattr(self, names)
            del some[getattr(made, key)]
            some[f"{made.auto_scaling_group_name}/{getattr(made, key)}"] = made
            return made

        return kept

    return decorate


def _put_policy(self: AutoScalingResponse) -> ActionResult:
    """The answer has ``PolicyARN``, in capitals; unlike moto's."""
    answer = _moto_put_policy(self)
    arn = answer.result.pop("PolicyArn")
    return ActionResult({"PolicyARN": arn})


def _delete_policy(self: AutoScalingBackend, group_name: str) -> None:
    """``PolicyName`` may be the policy's ARN: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeletePolicy.html"""
    for key in [key for key, one in self.policies.items() if group_name in (one.arn, one.name)]:
        del self.policies[key]


def _alarms(self: FakeScalingPolicy) -> list[dict[str, str]]:
    """The alarms that set a policy off."""
    backend = cloudwatch_backends[self.autoscaling_backend.account_id][self.autoscaling_backend.region_name]
    return [
        {"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn}
        for alarm in backend.alarms.values()
        if self.arn in alarm.alarm_actions
    ]


def _delete_schedule(self: AutoScalingBackend, auto_scaling_group_name: str, scheduled_action_name: str) -> None:
    if not self.scheduled_actions.pop(f"{auto_scaling_group_name}/{scheduled_action_name}", None):
        raise ValidationError("Scheduled action name not found")


def _enable_metrics(self: FakeAutoScalingGroup, metrics: list[str] | None) -> None:
    """No metric named means all of them."""
    self.metrics = metrics or list(_METRICS)


def _disable_metrics(self: AutoScalingResponse) -> ActionResult:
    """``DisableMetricsCollection``."""
    params = self._get_params()
    group = self.autoscaling_backend.autoscaling_groups[params["AutoScalingGroupName"]]
    stopped = params.get("Metrics") or group.metrics
    group.metrics = [metric for metric in group.metrics if metric not in stopped]
    return EmptyResult()


def _put_pool(self: FakeAutoScalingGroup, max_group_prepared_capacity: int | None, **given: Any) -> None:
    """-1 takes the limit away: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html"""
    limit = None if max_group_prepared_capacity in (-1, "-1") else max_group_prepared_capacity
    _moto_pool(self, max_group_prepared_capacity=limit, **given)


def _launched(self: InstanceState, *given: Any, **named: Any) -> None:
    _moto_launched(self, *given, **named)
    self.version = vars(self.auto_scaling_group).get("launch_template_version", "")
    if self.version == "$Default" and self.auto_scaling_group.ec2_launch_template:
        self.version = str(self.auto_scaling_group.ec2_launch_template.default_version_number)


def _launched_from(self: InstanceState) -> dict[str, str] | None:
    """The version that an instance was started from, a number: not what is the default by now.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html
    """
    template = self.auto_scaling_group.ec2_launch_template
    if template is None:
        return None
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": self.version}


AutoScalingResponse.create_auto_scaling_group = _create
AutoScalingResponse.update_auto_scaling_group = _change
AutoScalingResponse.disable_metrics_collection = _disable_metrics
_moto_put_policy = AutoScalingResponse.put_scaling_policy
AutoScalingResponse.put_scaling_policy = _put_policy
AutoScalingBackend.delete_auto_scaling_group = _delete
AutoScalingBackend.delete_policy = _delete_policy
AutoScalingBackend.delete_scheduled_action = _delete_schedule
AutoScalingBackend.put_scaling_policy = _by_group("policies", "name")(AutoScalingBackend.put_scaling_policy)
AutoScalingBackend.put_scheduled_update_group_action = _by_group("scheduled_actions", "scheduled_action_name")(
    AutoScalingBackend.put_scheduled_update_group_action
)
EC2Backend._create_default_encryption_key = _own_key
FakeAutoScalingGroup.update = _update
FakeAutoScalingGroup.enable_metrics_collection = _enable_metrics
FakeAutoScalingGroup.put_warm_pool = _put_pool
InstanceState.__init__ = _launched
InstanceState.launch_template = property(_launched_from)
FakeScalingPolicy.alarms = property(_alarms)


# -- target groups that are gone ------------------------------------------------------------------
# A group keeps the ARN of one that was removed, launches nothing meanwhile, and lets it be detached, as those found who
# had to: https://github.com/zalando-incubator/kube-ingress-aws-controller/pull/389

_moto_detach = AutoScalingBackend.detach_load_balancer_target_groups


def _detach(self: AutoScalingBackend, group_name: str, target_group_arns: list[str]) -> None:
    group = self.autoscaling_groups[group_name]
    gone = [arn for arn in target_group_arns if arn not in self.elbv2_backend.target_groups]
    group.target_group_arns = [arn for arn in group.target_group_arns if arn not in gone]
    _moto_detach(self, group_name, [arn for arn in target_group_arns if arn not in gone])


AutoScalingBackend.detach_load_balancer_target_groups = _detach  # type: ignore[method-assign]
