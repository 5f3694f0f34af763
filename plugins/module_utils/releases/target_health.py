# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until a group's instances are in service and healthy, in a load balancer's eyes; or says why they are not.

API: Elastic Load Balancing, version 2015-12-01, ``DescribeTargetHealth``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..aws.resource import StackError
from ..aws.session import Aws
from .capacity import Group

_PAUSE = 5.0
_FAILED = ("Failed", "Cancelled")


class Health:
    """The health of one group, which *read* gives as it is now."""

    def __init__(self, aws: Aws, read: Callable[[], Group]) -> None:
        self.aws = aws
        self.read = read

    def wait(self, deadline: float, enough: float) -> Group:
        """The group, once *enough* percent of its instances serve its version. Raises StackError after *deadline* s."""
        ends = time.monotonic() + deadline
        while True:
            found = self.read()
            serving, needed = found.serving(), math.ceil(found.sizes.desired * enough / 100)
            states = self.states(found) if len(serving) >= needed else {}
            if sum(states.get(one) == "healthy" for one in serving) >= needed:
                return found
            if time.monotonic() >= ends:
                raise StackError(self.why(found, self.states(found), deadline))
            time.sleep(min(_PAUSE, max(0.0, ends - time.monotonic())))

    def states(self, found: Group) -> dict[str, str]:
        """The worst state of each instance in any of the group's target groups; without any, all are healthy."""
        states = dict.fromkeys(found.instances, "healthy" if not found.target_groups else "not registered")
        answers = self.aws.together(*(lambda arn=arn: self._asked(arn) for arn in found.target_groups))
        for one in states:
            each = [answer.get(one, "not registered") for answer in answers]
            states[one] = next((state for state in each if state != "healthy"), "healthy")
        return states

    def _asked(self, target_group: str) -> dict[str, str]:
        answer = self.aws.call("elbv2", "describe_target_health", TargetGroupArn=target_group)
        return {one["Target"]["Id"]: _said(one["TargetHealth"]) for one in answer["TargetHealthDescriptions"]}

    def why(self, found: Group, states: Mapping[str, str], deadline: float) -> str:
        """Why *found* is not ready with its version after *deadline* seconds, given its instances' *states*."""
        serving, desired = found.serving(), found.sizes.desired
        healthy = sum(states[one] == "healthy" for one in serving)
        ill = [f"{one} is {states[one]}" for one in sorted(serving) if states[one] != "healthy"]
        activities = self.aws.call(
            "autoscaling", "describe_scaling_activities", AutoScalingGroupName=found.name, MaxRecords=20
        )["Activities"]
        failed = [one.get("StatusMessage", "") for one in activities if one["StatusCode"] in _FAILED]
        return "; ".join(
            [
                (
                    f"{found.release or 'its release'} was not ready in {found.name} within {deadline:g} s: of"
                    f" {desired} instances {len(serving)} are in service and {healthy} healthy"
                ),
                *ill[:5],
                *(f"AWS says of the last launch that failed: {said}" for said in failed[:1]),
                "an instance's system log (aws ec2 get-console-output) has what its user data did",
            ]
        )


def _said(health: Mapping[str, Any]) -> str:
    reason = health.get("Reason")
    return f"{health['State']} ({reason})" if reason else str(health["State"])
