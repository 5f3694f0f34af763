# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that work on weighted records of Route 53, and the router that they name."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .aws_calls import AwsCalls
from .fence_table import ONE_CALL, FenceTable
from .route53 import Route53Router
from .route53_records import Records


def arguments(**more: Any) -> dict[str, Any]:
    """The options that all of them have (documentation fragment ``route53``), and *more*."""
    sets = {color: {"type": "str", "default": color} for color in COLORS}
    return {
        "service": {"type": "str", "required": True},
        "zone_id": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "types": {"type": "list", "elements": "str", "choices": ["A", "AAAA", "CNAME"], "default": ["A"]},
        "records": {"type": "dict", "options": sets, "apply_defaults": True},
        "table": {"type": "str", "required": True},
        **more,
    }


def router(module: AnsibleAWSModule) -> Route53Router:
    """The router that a module's options name. Raises ValueError where there is nothing to divide."""
    params, connect = module.params, connection(module, ONE_CALL)
    service, sets = params["service"], params["records"]
    if sets["blue"] == sets["green"]:
        raise ValueError(f"records: expected another set identifier for green, but both are {sets['blue']}")
    if not params["types"]:
        raise ValueError("types: expected one at least, but found none")
    calls = AwsCalls(connect("route53"), time)
    records = Records(service, params["zone_id"].rpartition("/")[2], params["name"], params["types"], sets, calls)
    name = f"route53/{records.zone_id}/{records.name}"
    fences = FenceTable(service, name, params["table"], AwsCalls(connect("dynamodb"), time), time)
    return Route53Router(service, records, fences, params.get("spread"))
