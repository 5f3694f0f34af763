# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a campaign's declaration; documented in the module of the same name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.campaign_check import (
    checked_campaign,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.check import checked_release
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem, shown
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.artifact import located
from ansible_collections.seamless.delivery.plugins.plugin_utils.declaration.refusal import inventory_of, refused

OPTIONS = {"campaign": {"type": "raw", "required": True}, "release": {"type": "raw"}}


class ActionModule(ActionBase):
    """The action ``seamless.delivery.campaign_check``."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        facts: Mapping[str, Any] = task_vars or {}
        self.validate_argument_spec(OPTIONS)
        # Not validated ones: validation copies, and a copy has lost the origin of its values.
        declared = {name: self._task.args.get(name) for name in OPTIONS}
        campaign, hosts, problems = checked_campaign(declared["campaign"], inventory_of(facts))
        problems.extend(_missing(campaign))
        release = None
        if declared["release"] is not None:
            before = len(problems)
            release = checked_release(declared["release"], (), problems)
            if len(problems) == before:
                problems += [wrong] if (wrong := located(release)) else []
        if problems:
            return refused(problems, declared, facts.get("ansible_inventory_sources") or ())
        return {
            "changed": False,
            "problems": [],
            "campaign": campaign,
            "release": release,
            "ledger_host": hosts[0],
            "directory": os.getcwd(),
        }


def _missing(campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """What a stage names and is not there, from where ansible-playbook was started. Names are Ansible's to find."""
    for index, stage in enumerate(campaign.get("stages") or ()):
        where = ("campaign", "stages", index)
        rollout = stage.get("rollout") or {}
        for source in rollout.get("inventory") or ():
            if not os.path.exists(source):
                yield Problem((*where, "rollout", "inventory"), shown(source), f"an inventory, seen from {os.getcwd()}")
        files = {("rollout", name): rollout.get(name) for name in ("deploy", "rollback")} | {
            ("check",): stage.get("check")
        }
        for way, path in files.items():
            if path and ("/" in path or path.endswith((".yml", ".yaml"))) and not os.path.isfile(path):
                yield Problem((*where, *way), shown(path), f"a file, seen from {os.getcwd()}")
