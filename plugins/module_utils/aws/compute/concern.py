# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of compute: a launch template and an Auto Scaling group for each color, and their instances' role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...rollout.split import COLORS
from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import AutoScalingGroup, InstanceProfile, InstanceRole, LaunchTemplate
from .role import access_name
from .scaling_kinds import ScalingPolicy, ScheduledAction


class Compute:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's instances.

    Which sizes are compared depends on what is there (a parked group's are not): :meth:`read` comes before
    :meth:`wanted`.
    """

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.protected = declared.get("deletion_protection", True)
        self.kinds = (
            InstanceRole(aws, access_name(aws)),
            InstanceProfile(aws),
            LaunchTemplate(aws),
            AutoScalingGroup(aws),
            ScalingPolicy(aws),
            ScheduledAction(aws),
        )
        self._there: dict[str, int] = {}
        self._had: dict[str, frozenset[str]] = {}

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared):
            raise StackError("; ".join(wrong))
        tags = self.aws.tag_map("")
        del tags["Name"]
        protected = self.protected if self._can_protect() else None
        stack = declaration.Stack(self.aws.stack, others, tags, protected, self._there, self._had)
        return list(declaration.wanted(stack, self.declared))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        found = list(description.read(self.aws, declaration.sorts(self.declared)))
        largest = {one.address: one.properties["max"] for one in found if "max" in one.properties}
        addresses = {color: declaration.group(self.aws.stack, color) for color in COLORS}
        self._there = {color: largest[address] for color, address in addresses.items() if address in largest}
        has = {one.address: one.properties["has"] for one in found if "has" in one.properties}
        self._had = {color: has[address] for color, address in addresses.items() if address in has}
        return found

    def _can_protect(self) -> bool:
        """Whether the boto3 in use knows that groups can be protected: not every one that will do otherwise does."""
        shape = self.aws.client("autoscaling").meta.service_model.shape_for("CreateAutoScalingGroupType")
        return "DeletionProtection" in shape.members
