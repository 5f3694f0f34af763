# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The concern of observability: who is told, alarms, logs with what is counted in them, and a dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..parts import Parts
from ..resource import Found, Others, StackError, Wanted
from ..session import Aws
from . import declared as declaration
from . import found as description
from .kinds import Alarm, AlarmTopic, CompositeAlarm, Dashboard, LogGroup, MetricFilter, Subscription


class Observability:
    """What *declared* (:data:`declared.ARGUMENTS`) says of how a stack is watched."""

    def __init__(self, aws: Aws, declared: Mapping[str, Any]) -> None:
        self.aws = aws
        self.declared = declared
        self.protected = declared.get("deletion_protection", True)
        kinds = (AlarmTopic, Subscription, LogGroup, MetricFilter, Alarm, CompositeAlarm, Dashboard)
        self.kinds = tuple(kind(aws) for kind in kinds)
        self.parts = Parts(declaration.sorts(declared))

    def wanted(self, others: Others) -> Sequence[Wanted]:
        """The declared resources. Raises StackError, naming what is wrong with the declaration."""
        if wrong := declaration.check(self.declared, self.aws.region):
            raise StackError("; ".join(wrong))
        return list(declaration.wanted(self.aws.stack, self.declared, others, self.aws.region, self.parts.sorts))

    def read(self) -> Sequence[Found]:
        """What is there of them."""
        subscribers = declaration.subscribers(self.aws.stack, self.declared)
        return list(description.read(self.aws, self.parts, not self.declared.get("topic"), subscribers))


class TopicBeside:
    """A stack's alarm topic as other concerns tell it something."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def read(self) -> Sequence[Found]:
        """What is there."""
        return [one for one in description.topics(self.aws) if one.ours]
