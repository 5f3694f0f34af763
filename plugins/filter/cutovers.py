# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cutovers
short_description: When users moved between which releases
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the cutovers of a rollout out of its events.
options:
  _input:
    description: The events of one rollout, as M(seamless.delivery.ledger_info) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: When did users move
  ansible.builtin.debug:
    msg: "{{ [] | seamless.delivery.cutovers }}"
"""

RETURN = r"""
_value:
  description: The cutovers, oldest first, each with C(at) (epoch seconds), C(from) and C(to).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import cutovers


def _cutovers(events: list) -> list:
    try:
        return cutovers(events)
    except (KeyError, TypeError) as error:
        raise AnsibleFilterError(f"cutovers: expected the events of a journal: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.cutovers``."""

    def filters(self) -> dict:
        return {"cutovers": _cutovers}
