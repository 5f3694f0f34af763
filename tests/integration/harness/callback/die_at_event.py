# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kills the controller that it is loaded into, right before or right after its n-th write to the journal.

For tests alone. SEAMLESS_DIE_AT is ``before:N`` or ``after:N``, N from 1. Where a run starts others in the same
environment, SEAMLESS_DIE_IN is the name of the playbook that is meant. SIGKILL to the whole process group: no
handler, no rescue, no goodbye, as when the machine loses power. Whoever starts it gives it a group of its own.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: die_at_event
type: aggregate
short_description: Kills its own run at an event of the journal
description: For tests alone.
author: the seamless.delivery contributors (@seamless-delivery)
"""


class CallbackModule(CallbackBase):
    """Counts what is written to the journal as it is acknowledged."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "die_at_event"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._when, _colon, number = os.environ["SEAMLESS_DIE_AT"].partition(":")
        self._number = int(number)
        self._written = 0
        self._meant = True

    def v2_playbook_on_start(self, playbook: Any) -> None:
        wanted = os.environ.get("SEAMLESS_DIE_IN")
        self._meant = not wanted or os.path.basename(playbook._file_name) == f"{wanted}.yml"

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        if self._meant and self._is_event(task) and self._when == "before" and self._written == self._number - 1:
            self._die()

    def v2_runner_on_ok(self, result: Any) -> None:
        task = result.task if hasattr(result, "task") else result._task
        if not (self._meant and self._is_event(task)):
            return
        self._written += 1
        if self._when == "after" and self._written == self._number:
            self._die()

    @staticmethod
    def _is_event(task: Any) -> bool:
        # A note, such as of a lease that was taken over, depends on what the run before left behind.
        return str(task.action).endswith("ledger_event") and task.args.get("event") != "note"

    @staticmethod
    def _die() -> None:
        os.killpg(os.getpgid(0), signal.SIGKILL)
