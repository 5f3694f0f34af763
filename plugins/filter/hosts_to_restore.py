# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts_to_restore
short_description: Where a color has to be started again before and after users go back to it
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Of a release that goes host by host, the hosts that the old one has left.
options:
  _input:
    description: What each router answered, by its host.
    type: dict
    required: true
  hosts:
    description: The hosts of both colors.
    type: list
    elements: str
    required: true
  color:
    description: The color that users go back to.
    type: str
    required: true
  capacity:
    description: The percentage of the hosts that can carry all users.
    type: float
    required: true
"""

EXAMPLES = r"""
- name: Where does blue have to be started
  ansible.builtin.debug:
    msg: "{{ routers | seamless.delivery.hosts_to_restore(['app1', 'app2'], 'blue', 50) }}"
"""

RETURN = r"""
_value:
  description: C(first), the hosts where it must be back before users can go there, and C(rest), all others.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.rolling import to_restore


def _hosts_to_restore(routers: dict, hosts: list, color: str, capacity: float) -> dict:
    try:
        return dict(to_restore(routers, hosts, color, float(capacity)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"hosts_to_restore: expected the routers' answers by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.hosts_to_restore``."""

    def filters(self) -> dict:
        return {"hosts_to_restore": _hosts_to_restore}
