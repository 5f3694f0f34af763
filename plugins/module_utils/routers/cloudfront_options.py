# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that work on a CloudFront distribution, and the router that they name."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection

from .aws_calls import AwsCalls
from .cloudfront import CloudFrontRouter, Viewers
from .cloudfront_edge import Edge
from .fence_table import ONE_CALL, FenceTable

# CloudFront takes longer than the table, and refuses by itself what comes too late.
_EDGE = {"retries": {"total_max_attempts": 1}, "connect_timeout": 5, "read_timeout": 30}


def arguments(**more: Any) -> dict[str, Any]:
    """The options that all of them have (documentation fragment ``cloudfront``), and *more*."""
    return {
        "service": {"type": "str", "required": True},
        "distribution": {"type": "str", "required": True},
        "staging": {"type": "str", "required": True},
        "table": {"type": "str", "required": True},
        **more,
    }


def router(module: AnsibleAWSModule) -> CloudFrontRouter:
    """The router that a module's options name."""
    params = module.params
    edge = Edge(params["distribution"], params["staging"], AwsCalls(connection(module, _EDGE)("cloudfront"), time))
    table = AwsCalls(connection(module, ONE_CALL)("dynamodb"), time)
    name = f"cloudfront/{params['distribution']}"
    fences = FenceTable(params["service"], name, params["table"], table, time)
    viewers = Viewers(params.get("stickiness", 0), params.get("testers_header"))
    return CloudFrontRouter(params["service"], edge, fences, viewers)
