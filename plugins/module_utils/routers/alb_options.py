# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that work on an ALB, and the router that they name."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .alb import AlbRouter
from .alb_arming import Schedules
from .alb_forwards import Forwards
from .alb_stack import Stack, find
from .aws_calls import AwsCalls
from .fence_table import ONE_CALL, FenceTable


def arguments(**more: Any) -> dict[str, Any]:
    """The options that all of them have (documentation fragment ``alb``), and *more*."""
    groups = {color: {"type": "str", "required": True} for color in COLORS}
    return {
        "service": {"type": "str", "required": True},
        "stack": {"type": "str"},
        "listeners": {"type": "list", "elements": "str"},
        "target_groups": {"type": "dict", "options": groups},
        "table": {"type": "str", "required": True},
        "guard_role": {"type": "str"},
        "spread": {"type": "float", "default": 10},
        **more,
    }


def one_of() -> dict[str, Any]:
    """What AnsibleAWSModule has to check of them, besides the *more* of each module."""
    return {
        "required_one_of": [("stack", "listeners")],
        "mutually_exclusive": [("stack", "listeners")],
        "required_together": [("listeners", "target_groups")],
    }


def router(module: AnsibleAWSModule) -> AlbRouter:
    """The router that a module's options name."""
    params, service, connect = module.params, module.params["service"], connection(module, ONE_CALL)

    def calls(aws: str) -> AwsCalls:
        return AwsCalls(connect(aws), time)

    if params["stack"]:
        there = find(params["stack"], calls("elbv2"))
    else:
        there = Stack(params["listeners"], params["target_groups"], "")
    # arn:aws:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>
    name = "/".join(there.listeners[0].split("/")[1:4])
    forwards = Forwards(there.listeners, there.target_groups, calls("elbv2"))
    fences = FenceTable(service, name, params["table"], calls("dynamodb"), time)
    role = there.guard_role if params["guard_role"] is None else params["guard_role"]
    schedules = Schedules(service, role, forwards, calls("scheduler"))
    return AlbRouter(service, forwards, fences, schedules, spread=params["spread"])
