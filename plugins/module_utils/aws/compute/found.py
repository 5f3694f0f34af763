# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both colors' groups and what they stand on, as AWS describes them, in the words of their declaration.

API: Amazon EC2 Auto Scaling, version 2011-01-01, Amazon EC2, version 2016-11-15, and IAM, version 2010-05-08.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...rollout.split import COLORS
from .. import roles
from ..declared import named
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from . import group as groups
from . import policy as policies
from . import template as templates
from .declared import GROUP, HOOKS, PROFILE, ROLE, SCHEDULES, TEMPLATE, group
from .policies import POLICY, SCHEDULE
from .role import access_name

_NO_TEMPLATE = "InvalidLaunchTemplateName.NotFoundException"
_DELETING = "Delete in progress"


def read(aws: Aws, declared: frozenset[str]) -> Iterator[Found]:
    """All of the concern; two calls deep, three where a policy goes in steps.

    *declared* are the sorts of parts that are declared for groups.
    """
    name = access_name(aws)
    role, document = roles.looks(aws, name)
    calls: tuple[Callable[[], Any], ...] = (
        document,
        lambda: aws.call("iam", "get_instance_profile", roles.GONE, InstanceProfileName=name).get("InstanceProfile"),
        lambda: _groups(aws),
        lambda: _versions(aws),
    )
    allowed, profile, described, versions = aws.together(*calls)
    yield from _access(aws, profile, role, allowed)
    yield from _templates(aws, versions)
    if described:
        yield from _scaling(aws, described, declared)


# -- words -----------------------------------------------------------------------------------


def _access(aws: Aws, profile: Any, look: Callable[[], Any], allowed: Any) -> Iterator[Found]:
    """The instance profile and the role, for which the profile that holds it speaks: its own tags are asked for
    before it is written."""
    held = [one for one in profile["Roles"] if one["RoleName"] == access_name(aws)] if profile else []
    ours = bool(profile) and aws.ours(profile.get("Tags"))
    if profile:
        words = {"role": next((role["RoleName"] for role in profile["Roles"]), None)}
        ids = {"id": profile["InstanceProfileId"], "arn": profile["Arn"], "name": profile["InstanceProfileName"]}
        yield Found(named(PROFILE, aws.stack), ids, words, ours)
    if held and ours:
        yield replace(roles.found(aws, named(ROLE, aws.stack), held[0], allowed), ours=True)
    elif role := look():
        yield roles.found(aws, named(ROLE, aws.stack), role, allowed)


def _templates(aws: Aws, versions: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    """The launch templates by their default *versions*. The tags that one gives speak for its own, which are asked for
    before it is written, and where it gives none."""
    names = _template_names(aws)
    for one in versions:
        name = one["LaunchTemplateName"]
        if name in names:
            words = {**templates.in_words(one["LaunchTemplateData"]), "version": one["VersionNumber"]}
            ours = words["tags"].get(STACK_TAG) == aws.stack or any(
                aws.ours(its.get("Tags")) for its in launched(aws, name)
            )
            yield Found(Address(TEMPLATE, name), {"id": one["LaunchTemplateId"], "name": name}, words, ours)


def _scaling(aws: Aws, described: Sequence[Mapping[str, Any]], declared: frozenset[str]) -> Iterator[Found]:
    """The groups, their policies, and of their hooks and schedules those that there may be."""
    # What belongs to a group that is going goes with it.
    names = [one["AutoScalingGroupName"] for one in described if one.get("Status") != _DELETING]
    has = {one["AutoScalingGroupName"]: groups.has(one) | declared for one in described}
    scheduling = [name for name in names if SCHEDULES in has[name]]
    policed, scheduled, *hooks = aws.together(
        lambda: _of_groups(aws, "describe_policies", "ScalingPolicies", names),
        lambda: _of_groups(aws, "describe_scheduled_actions", "ScheduledUpdateGroupActions", scheduling),
        *(lambda name=name: _hooks(aws, name) if HOOKS in has[name] else [] for name in names),
    )
    ours = {one["AutoScalingGroupName"]: aws.ours(one.get("Tags")) for one in described}
    hooked = dict(zip(names, hooks))
    for one in described:
        name = one["AutoScalingGroupName"]
        ids = {"id": one["AutoScalingGroupARN"], "arn": one["AutoScalingGroupARN"], "name": name}
        # What is going is nothing yet: all of it differs, and is made once it is gone.
        busy = "" if name in hooked else "deleting"
        words = {} if busy else groups.in_words(one, hooked[name])
        yield Found(Address(GROUP, name), ids, words, ours[name], busy)
    alarms = _alarms(aws, policed)
    for one in policed:
        name = one["AutoScalingGroupName"]
        address = Address(POLICY, f"{name}/{one['PolicyName']}")
        ids = {"id": one["PolicyARN"], "arn": one["PolicyARN"]}
        yield Found(address, ids, policies.in_words(one, alarms), ours[name])
    for one in scheduled:
        name = one["AutoScalingGroupName"]
        address = Address(SCHEDULE, f"{name}/{one['ScheduledActionName']}")
        yield Found(address, {"id": address.name}, _schedule_in_words(one), ours[name])


def _schedule_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "group": one["AutoScalingGroupName"],
        "recurrence": one.get("Recurrence"),
        "time_zone": one.get("TimeZone") or "Etc/UTC",
        "min": one.get("MinSize"),
        "desired": one.get("DesiredCapacity"),
    }


# -- calls -----------------------------------------------------------------------------------


def _groups(aws: Aws) -> list[dict[str, Any]]:
    names = [group(aws.stack, color).name for color in COLORS]
    return list(
        aws.pages("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", AutoScalingGroupNames=names)
    )


def _template_names(aws: Aws) -> list[str]:
    return [named(TEMPLATE, aws.stack, color).name for color in COLORS]


def launched(aws: Aws, name: str) -> list[dict[str, Any]]:
    """The launch template of a *name*, where there is one, with its tags."""
    filters = [{"Name": "launch-template-name", "Values": [name]}]
    return list(aws.pages("ec2", "describe_launch_templates", "LaunchTemplates", Filters=filters))


def _versions(aws: Aws) -> list[dict[str, Any]]:
    """The default version of each launch template; of this stack's alone, where the account has too many."""
    operation, key, default = "describe_launch_template_versions", "LaunchTemplateVersions", {"Versions": ["$Default"]}
    answer = aws.call("ec2", operation, MaxResults=200, **default)
    if not answer.get("NextToken"):
        return list(answer[key])
    return [
        one
        for name in _template_names(aws)
        for one in aws.pages("ec2", operation, key, _NO_TEMPLATE, LaunchTemplateName=name, **default)
    ]


def _of_groups(aws: Aws, operation: str, key: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """What belongs to the groups of these *names*: one call for all, or, where the account has many, one each."""
    if not names:
        return []
    answer = aws.call("autoscaling", operation, MaxRecords=100)
    if not answer.get("NextToken"):
        return [one for one in answer[key] if one["AutoScalingGroupName"] in names]
    return [one for name in names for one in aws.pages("autoscaling", operation, key, AutoScalingGroupName=name)]


def _hooks(aws: Aws, name: str) -> list[dict[str, Any]]:
    answer = aws.call("autoscaling", "describe_lifecycle_hooks", AutoScalingGroupName=name)
    return list(answer["LifecycleHooks"])


def _alarms(aws: Aws, described: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The alarms that set off steps, by name; no call where no policy has any."""
    steps = [one for one in described if one["PolicyType"] == "StepScaling"]
    names = [alarm["AlarmName"] for one in steps for alarm in one.get("Alarms", ())]
    if not names:
        return {}
    # A hundred names a call.
    found = [
        alarm
        for first in range(0, len(names), 100)
        for alarm in aws.pages("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNames=names[first : first + 100])
    ]
    return {alarm["AlarmName"]: alarm for alarm in found}
