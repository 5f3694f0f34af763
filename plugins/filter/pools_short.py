# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: pools_short
short_description: Which routers see too few healthy members
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Names the routers on which a color has fewer healthy members than it needs.
options:
  _input:
    description: What each router answered, by its host.
    type: dict
    required: true
  color:
    description: The color.
    type: str
    required: true
  percent:
    description: The percentage of members that must be healthy.
    type: float
    required: true
"""

EXAMPLES = r"""
- name: Which routers see too few healthy members
  ansible.builtin.debug:
    msg: "{{ {'lb1': {'pools': {'blue': {'healthy': 1, 'total': 2}}}} | seamless.delivery.pools_short('blue', 100) }}"
"""

RETURN = r"""
_value:
  description: What each such router counts, by its host; empty when all have enough.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.results import pools_short


def _pools_short(routers: dict, color: str, percent: float) -> dict:
    try:
        return pools_short(routers, color, percent)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"pools_short: expected the routers' answers by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.pools_short``."""

    def filters(self) -> dict:
        return {"pools_short": _pools_short}
