# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the environment on AWS; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.production import looked_at
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.aws_holds import stack_of
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain


class ActionModule(ActionBase):
    """The action ``seamless.delivery.aws_environment``: the module gets of a stack only what it looks at."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        given, variables = dict(self._task.args), task_vars or {}
        # What was not given is read from the variables, and only that part of it: what the stack looks up where secrets
        # are kept must not be looked up before the account is known to be the right one.
        stack = given.get("stack") or stack_of(variables)
        seen = looked_at({name: self._opened(value) for name, value in stack.items()})
        given["stack"] = plain(looked_at(self._templar.template(seen)))
        strategy = given.get("strategy") or (self._opened(variables.get("service")) or {}).get("strategy")
        given["strategy"] = plain(self._templar.template(strategy)) or {}
        return self._execute_module(
            module_name="seamless.delivery.aws_environment", module_args=given, task_vars=task_vars
        )

    def _opened(self, value: Any) -> Any:
        """A value that can be looked into: one that is a template as a whole is filled in."""
        return self._templar.template(value) if isinstance(value, str) else value
