# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module, and adds how far the host's clock is from the controller's."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.seamless.delivery.plugins.plugin_utils.router_action import RouterAction


class ActionModule(RouterAction):
    """The action ``seamless.delivery.haproxy_split_info``.

    The host reads its clock somewhere between question and answer: the middle of the two is the best
    guess, and half of their distance is how wrong that can be (Cristian, 1989).
    """

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        asked = time.time()
        result = super().run(tmp, task_vars)
        answered = time.time()
        if "clock" in result:
            result["clock_offset"] = round(result["clock"] - (asked + answered) / 2, 6)
            result["clock_uncertainty"] = round((answered - asked) / 2, 6)
        return result
