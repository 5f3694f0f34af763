# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that every alb module has."""

    DOCUMENTATION = r"""
options:
  stack:
    description:
      - The stack whose load balancer it is (M(seamless.delivery.aws_load_balancer)). Its listeners, target groups and
        role are then looked up by their names, which takes three calls.
    type: str
  listeners:
    description:
      - The ARNs of the listeners whose traffic is split, all of one load balancer.
      - Each action of theirs, a default or a rule's, that forwards to both target groups gets the split.
    type: list
    elements: str
  target_groups:
    description: The ARN of each color's target group; required with O(listeners).
    type: dict
    suboptions:
      blue:
        description: The target group of blue.
        type: str
        required: true
      green:
        description: The target group of green.
        type: str
        required: true
  spread:
    description:
      - How many seconds AWS may take until all of the load balancer obeys. It does not tell; within this time either
        color's answer counts as right.
    type: float
    default: 10
  guard_role:
    description:
      - The ARN of the role under which EventBridge Scheduler takes users back when nobody confirms in time. Without one
        a write that has to be confirmed is refused.
      - Left out, the role that the O(stack) has for this.
    type: str
"""

    REVERT = r"""
options:
  revert_after:
    description:
      - Let AWS take users back to O(revert_to) unless the split is written again within this many seconds, counted from
        O(at) or from now. AWS acts within 60 seconds of the deadline, whatever becomes of the controller.
      - The same split once more with O(revert_after) agrees on another deadline; without it, it stays. Both are refused
        after the deadline.
    type: float
"""
