# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drain_result
short_description: What draining on several routers amounts to
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Adds up the sessions left and closed, and takes the longest duration.
options:
  _input:
    description: What each router answered, by its host.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: What draining on several routers amounts to
  ansible.builtin.debug:
    msg: "{{ {'lb1': {'sessions_left': 0, 'closed': 2, 'seconds': 1.5}} | seamless.delivery.drain_result }}"
"""

RETURN = r"""
_value:
  description: The sum, with C(sessions_left), C(closed) and C(seconds).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import drain_result


def _drain_result(routers: dict) -> dict:
    try:
        return drain_result(routers)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"drain_result: expected the routers' answers by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.drain_result``."""

    def filters(self) -> dict:
        return {"drain_result": _drain_result}
