# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions that check a declaration have in common: facts of the inventory, and words for mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.topology import Inventory

from .origin import place, vaulted


def inventory_of(facts: Mapping[str, Any]) -> Inventory:
    """Groups from the facts of the task; addresses in the order in which the roles look for them."""
    groups = {str(name): [str(host) for host in hosts] for name, hosts in facts.get("groups", {}).items()}
    hostvars = facts.get("hostvars", {})
    addresses = {}
    for host in groups.get("all", ()):
        known = hostvars.get(host, {})
        addresses[host] = str(known.get("service_address") or known.get("ansible_host") or host)
    return Inventory(groups, addresses)


def refused(problems: Sequence[Problem], declared: Mapping[str, Any], sources: Iterable[str]) -> dict[str, Any]:
    """The failure of an action: every mistake with its file and line, in what was ``declared`` in those *sources*."""
    told = [_told(problem, declared, sources) for problem in problems]
    head = f"The declaration cannot be used: {len(told)} {'problem' if len(told) == 1 else 'problems'}."
    return {"failed": True, "changed": False, "msg": "\n".join([head, *map(_paragraph, told)]), "problems": told}


def _told(problem: Problem, declared: Mapping[str, Any], sources: Iterable[str]) -> dict[str, str | None]:
    hidden = vaulted(declared, problem.where)
    return {
        "at": place(declared, problem.where, sources),
        "key": problem.path,
        "found": "a value from a vault (not shown)" if hidden else problem.found,
        "expected": problem.expected,
        "hint": problem.hint,
    }


def _paragraph(problem: Mapping[str, str | None]) -> str:
    lines = [
        f"- {problem['key']}" + (f" ({problem['at']})" if problem["at"] else ""),
        f"    found:    {problem['found']}",
        f"    expected: {problem['expected']}",
    ]
    return "\n".join(lines + ([f"    hint:     {problem['hint']}"] if problem["hint"] else []))
