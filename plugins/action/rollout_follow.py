# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follows a rollout from elsewhere; documented in the module of the same name."""

from __future__ import annotations

import time
from typing import Any

from ansible.utils.display import Display

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.stores import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.following import Follower
from ansible_collections.seamless.delivery.plugins.plugin_utils.ledger_action import LedgerAction

TIMING: dict[str, Any] = {"every": {"type": "float", "default": 2.0}, "most": {"type": "float", "default": 3600.0}}


class ActionModule(LedgerAction):
    """The action ``seamless.delivery.rollout_follow``."""

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        _validation, options = self.validate_argument_spec(argument_spec={**ARGUMENTS, **TIMING})
        ledger = {name: options[name] for name in ARGUMENTS}
        until = time.monotonic() + options["most"]
        follower, lines = Follower(), []
        while True:
            found = self._ask(task_vars, "seamless.delivery.ledger_info", ledger)
            if found.get("failed"):
                return found
            news = follower.news(found["events"], found["lease"]["doing"] if found["held"] else "")
            for line in news:
                Display().display(line)
            lines += news
            # The rollout that is told of stays the same: another one could only begin once this one is over.
            if follower.over or not found["events"] or time.monotonic() >= until:
                return {"changed": False, "lines": lines, "over": follower.over}
            ledger["rollout"] = found["events"][0]["rollout"]
            time.sleep(options["every"])
