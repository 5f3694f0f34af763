# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commit-confirmed without a host of one's own: AWS itself takes users back when nobody confirms in time.

For each forward action there is a one-time schedule of EventBridge Scheduler, which at the deadline sends the very
``ModifyListener`` or ``ModifyRule`` that a rollback would send. A schedule is exact to the minute, so that users are
back within 60 seconds of the deadline
(https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time).

API: EventBridge Scheduler, version 2021-06-30; its universal targets are at
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from .alb_forwards import Forwards, Place
from .armed import Armed
from .aws_calls import AwsCalls
from .base import RouterError, Unguarded

_TARGET = "arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:"


class Schedules:
    """The schedules of one *service*; *role* is the ARN of the role under which they act, "" for none."""

    def __init__(self, service: str, role: str, forwards: Forwards, calls: AwsCalls) -> None:
        self.service = service
        self.role = role
        self.forwards = forwards
        self.calls = calls

    def problem(self) -> str:
        """Why AWS would not take users back; "" where it would."""
        if self.role:
            return ""
        return (
            "expected guard_role, under which EventBridge Scheduler takes users back when nobody confirms, but found"
            " none: name the role (aws_load_balancer makes one)"
        )

    def rehearse(self) -> None:
        """Raises Unguarded where :meth:`arm` is sure to."""
        if problem := self.problem():
            raise Unguarded(f"{problem}. Nothing was changed")

    def arm(self, armed: Armed, places: Sequence[Place]) -> None:
        """From now on each of *places* goes back at the deadline. Raises Unguarded where not all of them do."""
        self.rehearse()
        try:
            for place in places:
                self._put(armed, place)
        except RouterError as error:
            raise Unguarded(f"AWS would not take users back by itself: {error}") from error

    def disarm(self, places: Sequence[Place]) -> None:
        """None of *places* goes back any more."""
        for place in places:
            self.calls.patiently("delete_schedule", absent="ResourceNotFoundException", Name=self._name(place))

    def _put(self, armed: Armed, place: Place) -> None:
        actions = self.forwards.actions(place, armed.back_to)
        told = {"RuleArn": place.rule, "Actions": actions} if place.rule else _default(place, actions)
        # Not before the deadline, up to which a confirmation counts.
        at = datetime.fromtimestamp(math.ceil(armed.deadline), timezone.utc)
        schedule: dict[str, Any] = {
            "Name": self._name(place),
            "ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Description": f"{self.service}: {armed.unconfirmed()}",
            "Target": {
                "Arn": _TARGET + ("modifyRule" if place.rule else "modifyListener"),
                "RoleArn": self.role,
                "Input": json.dumps(told),
                "RetryPolicy": {"MaximumEventAgeInSeconds": 60},  # later, somebody may have moved users elsewhere
            },
        }
        if not self.calls.patiently("create_schedule", absent="ConflictException", **schedule):
            self.calls.patiently("update_schedule", **schedule)

    def _name(self, place: Place) -> str:
        return f"seamless-{self.service[:32]}-{hashlib.sha256(place.arn.encode()).hexdigest()[:16]}"


def _default(place: Place, actions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ListenerArn": place.listener, "DefaultActions": actions}
