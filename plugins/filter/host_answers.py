# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: host_answers
short_description: What several hosts answered
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Collects a registered result of several hosts; a host that has none is shown as failed.
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
- name: What did each say
  ansible.builtin.debug:
    msg: "{{ hostvars | seamless.delivery.host_answers(['lb1', 'lb2'], '__answer') }}"
"""

RETURN = r"""
_value:
  description: The result of each host, by its name.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import answers


def _host_answers(hostvars: dict, hosts: list, name: str) -> dict:
    try:
        return answers(hostvars, hosts, name)
    except (AttributeError, TypeError) as error:
        raise AnsibleFilterError(f"host_answers: expected hostvars and a list of hosts: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.host_answers``."""

    def filters(self) -> dict:
        return {"host_answers": _host_answers}
