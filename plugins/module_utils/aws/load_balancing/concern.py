# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of load balancing: an ALB or NLB with its listeners, and a target group for each color."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import GuardRole, Listener, ListenerRule, LoadBalancer, TargetGroup
from .mistakes import check


class LoadBalancing:
    """What *declared* (:data:`declared.ARGUMENTS`) says of a stack's load balancer."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.protected = declared.get("deletion_protection", True)
        self.guard = declaration.guard_name(aws.stack, aws.region)
        #: What is in force, as a rollout has it: what is made anew starts with it.
        self._split: Mapping[str, int] = declaration.FIRST
        self.kinds = (GuardRole(aws, self.guard), TargetGroup(aws), LoadBalancer(aws), Listener(aws), ListenerRule(aws))

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := check(self.declared):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others, self.protected, self._split))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        targets = self.declared["pools"]["targets"] is not None
        found = list(description.read(self.aws, targets, self.guard, declaration.guarded(self.declared)))
        self._split = description.split(found, self.aws.stack) or declaration.FIRST
        return found


class LoadBalancingBeside:
    """A stack's load balancer as other concerns build on it: which ids there are; three calls."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def read(self) -> Sequence[Found]:
        """The target groups and the load balancer, by their ids."""
        return list(description.known(self.aws))
