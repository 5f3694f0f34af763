# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells who runs this playbook; documented in the module of the same name."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.plugin_utils.operator import gone, holder


class ActionModule(ActionBase):
    """The action ``seamless.delivery.operator``."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _result, args = self.validate_argument_spec({"lease": {"type": "dict"}})
        known = task_vars or {}
        job = known.get("awx_job_id") or known.get("tower_job_id")
        user = known.get("awx_user_name") or known.get("tower_user_name")
        # Tasks run in a worker; its parent is the run itself.
        me = holder(os.getppid(), str(job) if job else None, user)
        lease = args.get("lease")
        held = bool(lease) and lease.get("released_at") is None
        return {"changed": False, "holder": me, "gone": (gone(lease["holder"]) or "") if held else ""}
