# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: clocks_apart
short_description: Which clocks differ too much
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Names the hosts whose clock is certainly further from the controller's than it may be.
options:
  _input:
    description: What each router answered, by its host.
    type: dict
    required: true
  tolerance:
    description: The distance that is allowed, in seconds.
    type: float
    required: true
"""

EXAMPLES = r"""
- name: Which clocks differ too much
  ansible.builtin.debug:
    msg: "{{ {'lb1': {'clock_offset': 0.2, 'clock_uncertainty': 0.1}} | seamless.delivery.clocks_apart(0.05) }}"
"""

RETURN = r"""
_value:
  description: The distance of each such clock, by its host; empty when all agree.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import clocks_apart


def _clocks_apart(routers: dict, tolerance: float) -> dict:
    try:
        return clocks_apart(routers, tolerance)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"clocks_apart: expected the routers' answers by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.clocks_apart``."""

    def filters(self) -> dict:
        return {"clocks_apart": _clocks_apart}
