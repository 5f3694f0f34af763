# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a service's declaration; documented in the module of the same name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.check import Checked, checked
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.isolation import (
    environment_problem,
    shared,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.artifact import located
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.calendar_problems import calendar_problems
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.footprint import footprint, siblings
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.refusal import inventory_of, refused
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.role_variables import (
    misspelt,
    role_options,
    role_problems,
)

OPTIONS = {
    "service": {"type": "raw", "required": True},
    "release": {"type": "raw"},
    "isolated_from": {"type": "list", "elements": "path", "default": []},
    "secrets_names": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "role_variables": {"type": "str", "choices": ["none", "rollout", "all"], "default": "none"},
}


class ActionModule(ActionBase):
    """The action ``seamless.delivery.service_check``."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        facts: Mapping[str, Any] = task_vars or {}
        _result, options = self.validate_argument_spec(OPTIONS)
        # Not from options: validation copies, and a copy has lost the origin of its values.
        service, release = (self._task.args.get(name) for name in ("service", "release"))
        environment = self._templar.template(facts.get("service_environment"))
        self._declared = {"service": service, "release": release, "service_environment": environment}
        self._sources = facts.get("ansible_inventory_sources") or ()
        inventory = inventory_of(facts)
        outcome = checked(service, release, inventory, options["secrets_names"])
        problems = [*outcome.problems, *self._isolation(environment, options["isolated_from"])]
        if outcome.release and not any(problem.where[0] == "release" for problem in problems):
            problems += [wrong] if (wrong := located(outcome.release)) else []
        if (calendar := outcome.service.get("calendar")) and not any(
            "calendar" in problem.where for problem in problems
        ):
            problems.extend(calendar_problems(calendar))
        problems.extend(self._of_roles(facts, options["role_variables"]))
        if problems:
            return refused(problems, self._declared, self._sources)
        addresses = {host: inventory.addresses[host] for host in outcome.hosts["routers"]}
        found = {"environment": str(environment), "addresses": addresses, **_result_of(outcome)}
        return {"changed": False, "problems": [], **found}

    def _of_roles(self, facts: Mapping[str, Any], which: str) -> list[Problem]:
        """What is misspelt of what this run is told, or all that is wrong with every role's variables."""
        if which == "none":
            return []
        if which == "rollout":
            wrong = misspelt(facts, role_options("rollout"))
        else:
            wrong = role_problems(_variables(facts), role_options())
        self._declared |= {name: value for name, (_problem, value) in wrong.items()}
        return [problem for problem, _value in wrong.values()]

    def _isolation(self, environment: Any, named: list[str]) -> list[Problem]:
        """What this inventory shares with those beside it, and with those that were *named*."""
        where = ("service_environment",)
        if wrong := environment_problem(environment):
            return [wrong]
        try:
            mine = footprint(self._sources)
            others = [footprint([path]) for path in sorted({*map(os.path.abspath, named), *siblings(self._sources)})]
        except AnsibleError as error:
            hint = "the environments cannot be compared: mend that inventory, or take it away"
            return [Problem(where, f"an inventory that cannot be read: {error}", "readable inventories", hint)]
        return [problem for other in others if mine and other for problem in shared(mine, other)]


def _variables(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those of each host; where an inventory lists none, as on AWS, those of the controller."""
    hosts = facts.get("groups", {}).get("all") or ["localhost"]
    yield from (facts["hostvars"][host] for host in hosts)


def _result_of(outcome: Checked) -> dict[str, Any]:
    if outcome.service["entry"]["ca_file"]:
        outcome.service["entry"]["ca_file"] = os.path.abspath(outcome.service["entry"]["ca_file"])
    return {"service": outcome.service, "release": outcome.release, "hosts": outcome.hosts}
