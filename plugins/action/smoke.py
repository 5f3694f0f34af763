# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Smoke-tests one color through the load balancers; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.plugin_utils.smoke import smoke

SPEC = {
    "entry": {"type": "dict", "required": True},
    "through": {"type": "dict", "required": True},
    "header": {"type": "str", "required": True},
    "color": {"type": "str", "required": True, "choices": ["blue", "green"]},
    "member": {"type": "str"},
    "release": {"type": "str", "required": True},
    "pages": {"type": "list", "elements": "dict", "required": True},
    "timeout": {"type": "float", "default": 5.0},
}


class ActionModule(ActionBase):
    """The action ``seamless.delivery.smoke``."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _result, args = self.validate_argument_spec(SPEC)
        headers = {args["header"]: args["color"], "User-Agent": "seamless-smoke"}
        if args["member"]:
            headers[f"{args['header']}-Member"] = args["member"]
        tried = args["member"] or args["color"]
        wrong = {}
        for host, address in args["through"].items():
            for page in args["pages"]:
                found = smoke(address, args["entry"], headers, page, args["release"], args["timeout"])
                if found:
                    wrong[f"{page['path']} through {host}"] = found
        asked = len(args["through"]) * len(args["pages"])
        if not wrong:
            return {"changed": False, "asked": asked, "wrong": {}}
        told = "; ".join(f"{where}: {what}" for where, what in wrong.items())
        return {
            "failed": True,
            "asked": asked,
            "wrong": wrong,
            "msg": f"{tried} failed {len(wrong)} of {asked} smoke tests, and no user was moved to it: {told}",
        }
