# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller that is late: it pauses right before a task, as one does that has no processor just then.

For tests alone. SEAMLESS_LATE_AT is ``<task>:<seconds>:<times>``: so long, and before so many of its beginnings.
"""

from __future__ import annotations

import os
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: late_at_task
type: aggregate
short_description: Pauses its own run before a task
description: For tests alone.
author: the seamless.delivery contributors (@seamless-delivery)
"""


class CallbackModule(CallbackBase):
    """Pauses before each beginning of the task, until it has done so as often as was ordered."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "late_at_task"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._task, seconds, times = os.environ["SEAMLESS_LATE_AT"].split(":")
        self._seconds, self._left = float(seconds), int(times)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        if self._left and task.get_name().rpartition(" : ")[2] == self._task:
            self._left -= 1
            time.sleep(self._seconds)
