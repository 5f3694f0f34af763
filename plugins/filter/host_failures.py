# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: host_failures
short_description: Which of several hosts failed, and why
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Names each host whose registered result is a failure, and each that never answered.
options:
  _input:
    description: The variable C(hostvars).
    type: dict
    required: true
  hosts:
    description: The hosts that were asked.
    type: list
    elements: str
    required: true
  name:
    description: The name under which the result was registered.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: All of them or none
  ansible.builtin.assert:
    that: (hostvars | seamless.delivery.host_failures(['lb1', 'lb2'], '__answer')) | length == 0
"""

RETURN = r"""
_value:
  description: The message of each host that failed, by its name; empty when all succeeded.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import failures


def _host_failures(hostvars: dict, hosts: list, name: str) -> dict:
    try:
        return failures(hostvars, hosts, name)
    except (AttributeError, TypeError) as error:
        raise AnsibleFilterError(f"host_failures: expected hostvars and a list of hosts: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.host_failures``."""

    def filters(self) -> dict:
        return {"host_failures": _host_failures}
