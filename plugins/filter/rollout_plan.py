# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_plan
short_description: The plan of a rollout
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Each step with its hosts, the split it leaves, its gates, the user's own tasks and the longest it may take.
options:
  _input:
    description: The decision that P(seamless.delivery.rollout_decision#filter) gave.
    type: dict
    required: true
  service:
    description: The checked declaration of the service.
    type: dict
    required: true
  hosts:
    description: The members of C(routers), C(blue) and C(green).
    type: dict
    required: true
  hooks:
    description: >-
      Files of the user's own tasks, by kind of phase: lists C(before) and C(after).
      The plan has their names, without folders.
    type: dict
    default: {}
  hook_seconds:
    description: How long these may take in each.
    type: float
    default: 0
"""

EXAMPLES = r"""
- name: Show the plan
  seamless.delivery.say:
    lines: "{{ (decision | seamless.delivery.rollout_plan(service, hosts)).lines }}"
"""

RETURN = r"""
_value:
  description: The plan, with C(steps), C(longest) (seconds), C(digest), and C(lines) for people.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import plan
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain


def _rollout_plan(
    decision: dict, service: dict, hosts: dict, hooks: dict | None = None, hook_seconds: float = 0
) -> dict:
    try:
        made = plan(plain(service), plain(decision), plain(hosts), plain(hooks or {}), float(hook_seconds))
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    return {**made.as_dict(), "lines": made.lines()}


class FilterModule:
    """The filter ``seamless.delivery.rollout_plan``."""

    def filters(self) -> dict:
        return {"rollout_plan": _rollout_plan}
