# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name; a host that cannot be reached is a failure with a name, and says so.

Ansible itself drops an unreachable host from the play without running a ``rescue``. Where the host is
one that a rollout depends on, that would leave users between two releases with nobody going on.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase


class ReachableAction(ActionBase):
    """An action that adds nothing to its module but the message for a host that cannot be reached."""

    #: What the host is to the service, and what to do when it is away.
    role_of_host = "host"
    advice = "check that it is up and that its address in the inventory is right"

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        return self._act(task_vars)

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """What the action does: it runs the module of its own name."""
        return self._ask(task_vars)

    def _ask(
        self, task_vars: dict[str, Any] | None, module: str | None = None, args: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What *module* (the task's own, unless said) answers on the task's host; failed where that is away."""
        try:
            result: dict[str, Any] = self._execute_module(module_name=module, module_args=args, task_vars=task_vars)
        except AnsibleConnectionFailure as error:
            return self._away(str(error), task_vars)
        # Some connections (a container that is stopped, say) do not tell a dead host from a failing command:
        # the module then never said a word, and what stands in standard error is the connection's.
        if result.get("rc") and "module_stdout" in result and not result["module_stdout"].strip():
            return self._away(result.get("module_stderr", ""), task_vars)
        return result

    def _away(self, reason: str, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        host = self._task.delegate_to or (task_vars or {}).get("inventory_hostname", "?")
        return {
            "failed": True,
            "away": True,
            "msg": f"{host}, the {self.role_of_host}, cannot be reached: {self.advice}. ({reason.strip()})",
        }
