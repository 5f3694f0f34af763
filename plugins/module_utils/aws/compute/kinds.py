# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How both colors' groups and what they stand on are made, changed and removed.

API: Amazon EC2 Auto Scaling, version 2011-01-01, Amazon EC2, version 2016-11-15, and IAM, version 2010-05-08.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..patience import until
from ..resource import Found, StackError, Wanted
from ..roles import Role
from ..session import Aws
from . import group as groups
from . import template as templates
from .declared import GROUP, PROFILE, ROLE, TEMPLATE
from .found import launched
from .role import access_name

_GONE = "NoSuchEntity"
# Instances drain (deregistration delay, lifecycle hooks) before they end.
_ENDS = 1800.0
# A new instance profile is known everywhere after some seconds:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
_SPREADS = 120.0


class ComputeKind:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids


class InstanceRole(Role):
    """What instances may do: those that run lose their rights with it."""

    name = ROLE

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        self._own(found)
        super().change(found, wanted, changed)

    def delete(self, found: Found) -> None:
        self._own(found)
        super().delete(found)

    def _own(self, found: Found) -> None:
        """Its instance profile has spoken for it so far. Raises StackError where it has no tag of its own."""
        if role := self.aws.call("iam", "get_role", _GONE, RoleName=found.ids["name"]).get("Role"):
            self.aws.own(found.address, role.get("Tags"))


class InstanceProfile(ComputeKind):
    """What hands the role to instances."""

    name = PROFILE
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = access_name(self.aws)
        made = self.aws.call("iam", "create_instance_profile", InstanceProfileName=name, Tags=self.aws.tags(name))[
            "InstanceProfile"
        ]
        self._give(name, wanted)
        return {"id": made["InstanceProfileId"], "arn": made["Arn"], "name": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:  # noqa: ARG002
        self._take(found)
        self._give(found.ids["name"], wanted)

    def delete(self, found: Found) -> None:
        self._take(found)
        self.aws.call("iam", "delete_instance_profile", _GONE, InstanceProfileName=found.ids["name"])

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        with self.aws.waiting(f"instance profile {ids['name']} to be known"):
            self.aws.client("iam").get_waiter("instance_profile_exists").wait(InstanceProfileName=ids["name"])
        return ids

    def _give(self, name: str, wanted: Wanted) -> None:
        role = wanted.properties["role"]
        self.aws.call("iam", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=role)

    def _take(self, found: Found) -> None:
        if role := found.properties["role"]:
            profile = {"InstanceProfileName": found.ids["name"]}
            self.aws.call("iam", "remove_role_from_instance_profile", _GONE, RoleName=role, **profile)


class LaunchTemplate(ComputeKind):
    """What a color's instances are like, apart from the release.

    A change makes a new default version. Groups go on with the version that they were given: the next release is built
    on the new one.
    """

    name = TEMPLATE

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        made = self.aws.call(
            "ec2",
            "create_launch_template",
            LaunchTemplateName=name,
            VersionDescription="declared",
            LaunchTemplateData=templates.data(wanted.properties),
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": self.aws.tags(name)}],
        )["LaunchTemplate"]
        return {"id": made["LaunchTemplateId"], "name": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        self._own(found)
        template, before = found.ids["id"], str(found.properties["version"])
        data = templates.data(wanted.properties)
        # What is not declared stays as it is; but user data that goes can only be left out of a version based on none.
        source = {} if "user_data" in changed and "UserData" not in data else {"SourceVersion": before}
        made = self.aws.call(
            "ec2",
            "create_launch_template_version",
            LaunchTemplateId=template,
            **source,
            VersionDescription="declared",
            LaunchTemplateData=data,
            # A run that died before the next call is answered with the version that it made.
            ClientToken=hashlib.sha256(json.dumps([template, before, data], sort_keys=True).encode()).hexdigest(),
        )["LaunchTemplateVersion"]
        self.aws.call(
            "ec2", "modify_launch_template", LaunchTemplateId=template, DefaultVersion=str(made["VersionNumber"])
        )

    def delete(self, found: Found) -> None:
        self._own(found)
        self.aws.call(
            "ec2", "delete_launch_template", "InvalidLaunchTemplateId.NotFound", LaunchTemplateId=found.ids["id"]
        )

    def _own(self, found: Found) -> None:
        """The tags that it gives have spoken for it so far. Raises StackError where it has none of its own."""
        for one in launched(self.aws, found.ids["name"]):
            self.aws.own(found.address, one.get("Tags"))


class AutoScalingGroup(ComputeKind):
    """A color's instances. Removed only when that was declared: they may be serving users."""

    name = GROUP
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, {**wanted.once, **wanted.properties}
        parameters = {
            **groups.parameters(properties, properties.keys()),
            **groups.instances(properties["template"], self._version(properties["template"]), properties["mixed"]),
            "TargetGroupARNs": sorted(properties["target_groups"]),
            # With the group itself: a hook that came later would miss the first instances.
            "LifecycleHookSpecificationList": [groups.hook(one) for one in properties["hooks"]],
            "Tags": groups.tags(name, properties["tags"], properties["has"]),
        }
        self._once_access_is_known(AutoScalingGroupName=name, **parameters)
        self._metrics(name, properties["group_metrics"], before=False)
        self._warm_pool(name, properties.get("warm_pool"), before=False)
        arn = self._described(name)["AutoScalingGroupARN"]
        return {"id": arn, "arn": arn, "name": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if found.busy:
            self._until_gone(found)
            self.create(wanted)
            return
        name, properties, before = found.ids["name"], wanted.properties, found.properties
        parameters = groups.parameters(properties, changed)
        if changed & {"mixed", "template"}:
            version = before["version"] if "template" not in changed else self._version(properties["template"])
            parameters |= groups.instances(properties["template"], version, properties["mixed"])
        if changed & {"tags", "has"}:
            self.call("create_or_update_tags", Tags=groups.tags(name, properties["tags"], properties["has"]))
        if "warm_pool" in changed and not properties["warm_pool"]:
            self._warm_pool(name, False, before["warm_pool"])  # before spot instances, which AWS lets no warm pool have
        if parameters:
            self.call("update_auto_scaling_group", AutoScalingGroupName=name, **parameters)
        if "target_groups" in changed:
            self._attach(name, properties["target_groups"], before["target_groups"])
        if "group_metrics" in changed:
            self._metrics(name, properties["group_metrics"], before["group_metrics"])
        if "warm_pool" in changed and properties["warm_pool"]:
            self._warm_pool(name, properties["warm_pool"], before["warm_pool"])
        if "hooks" in changed:
            self._hook(name, properties["hooks"], before["hooks"])

    def delete(self, found: Found) -> None:
        name = found.ids["name"]
        if not found.busy:
            if found.properties["deletion_protection"]:
                self.call("update_auto_scaling_group", AutoScalingGroupName=name, DeletionProtection="none")
            self.call("delete_auto_scaling_group", AutoScalingGroupName=name, ForceDelete=True)
        self._until_gone(found)

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("autoscaling", operation, *absent, **parameters)

    # -- what a group consists of ----------------------------------------------------------------

    def _attach(self, name: str, wanted: frozenset[str], before: frozenset[str]) -> None:
        """Instances are in the new target groups before they leave the old ones.

        But one that is gone from AWS is left first, for a group that has such a one launches nothing.
        """
        less = sorted(before - wanted)
        gone = [arn for arn in less if self._is_gone(arn)]
        more, left = sorted(wanted - before), [arn for arn in less if arn not in gone]
        for operation, arns in (("detach", gone), ("attach", more), ("detach", left)):
            if arns:
                which = {"AutoScalingGroupName": name, "TargetGroupARNs": arns}
                self.call(f"{operation}_load_balancer_target_groups", **which)

    def _is_gone(self, target_group: str) -> bool:
        return not self.aws.call(
            "elbv2", "describe_target_groups", "TargetGroupNotFound", TargetGroupArns=[target_group]
        )

    def _metrics(self, name: str, wanted: bool, before: bool) -> None:
        if wanted and not before:
            self.call("enable_metrics_collection", AutoScalingGroupName=name, Granularity="1Minute")
        elif before and not wanted:
            self.call("disable_metrics_collection", AutoScalingGroupName=name)

    def _warm_pool(self, name: str, wanted: Any, before: Any) -> None:
        if wanted:
            self.call("put_warm_pool", AutoScalingGroupName=name, **groups.warm_pool(wanted))
        elif before:
            self.call("delete_warm_pool", AutoScalingGroupName=name, ForceDelete=True)

    def _hook(self, name: str, wanted: list[dict[str, Any]], before: list[dict[str, Any]]) -> None:
        for one in wanted:
            if one not in before:
                self.call("put_lifecycle_hook", AutoScalingGroupName=name, **groups.hook(one))
        for gone in {one["name"] for one in before} - {one["name"] for one in wanted}:
            self.call("delete_lifecycle_hook", AutoScalingGroupName=name, LifecycleHookName=gone)

    # -- waits -----------------------------------------------------------------------------------

    def _version(self, template: str) -> str:
        """The version that new groups start from; a number, so that a later one does not slip in with a scale-out."""
        described = self.aws.call("ec2", "describe_launch_templates", LaunchTemplateIds=[template])
        return str(described["LaunchTemplates"][0]["DefaultVersionNumber"])

    def _once_access_is_known(self, **parameters: Any) -> None:
        """Make the group, as soon as the instance profile that was just made is known to it."""

        def make() -> bool | None:
            try:
                self.call("create_auto_scaling_group", **parameters)
            except StackError as error:
                if "iaminstanceprofile" not in str(error).replace(" ", "").lower():
                    raise
                return None
            return True

        until(make, "its instance profile to be known", _SPREADS, 2.0)

    def _described(self, name: str) -> dict[str, Any]:
        described = self.call("describe_auto_scaling_groups", AutoScalingGroupNames=[name])["AutoScalingGroups"]
        return dict(described[0]) if described else {}

    def _until_gone(self, found: Found) -> None:
        until(lambda: None if self._described(found.ids["name"]) else True, "its instances to end", _ENDS, 5.0)
