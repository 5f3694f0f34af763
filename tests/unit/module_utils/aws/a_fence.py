# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the table of fences answers a router, and what is written meanwhile: splits, and who broke the glass."""

from __future__ import annotations

import json
from typing import Any

from a_vendor import Answer, gives

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.armed import Armed

NOW = 1_800_000_000.0
BLUE, GREEN, CANARY = Split.all_on("blue"), Split.all_on("green"), Split(90, 10)
GLASS = {"who": "ada", "reason": "fire"}


def item(armed: Armed | None = None, split: Split = BLUE) -> dict[str, Any]:
    kept = {"fence": {"N": "7"}, "given": {"S": json.dumps(split.as_dict())}, "moved_at": {"N": "1"}}
    return {**kept, "claimed_at": {"N": "1"}, **({"armed": {"S": json.dumps(armed.as_dict())}} if armed else {})}


def claims(armed: Armed | None = None, split: Split = BLUE) -> Answer:
    return gives("dynamodb", "update_item", {"Attributes": item(armed, split)})


def remembers(armed: Armed | None = None, split: Split = BLUE) -> Answer:
    return gives("dynamodb", "get_item", {"Item": item(armed, split)})


REMEMBERS = remembers()
