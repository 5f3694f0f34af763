# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: break_glass_events
short_description: The events that bring a break-glass change into the journal
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A rollback that went on without the ledger was noted on each load balancer. This makes the journal's events of those
    notes.
options:
  _input:
    description: The notes of each router, by its host, as M(seamless.delivery.haproxy_split_info) returns them.
    type: dict
    required: true
  history:
    description: The history that M(seamless.delivery.ledger_info) returns.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: What would be written
  ansible.builtin.debug:
    msg: "{{ {'lb1': []} | seamless.delivery.break_glass_events({'rollouts': []}) }}"
"""

RETURN = r"""
_value:
  description: The events in their order, each with C(rollout), C(event) and C(data).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.break_glass import events_of_notes
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History


def _break_glass_events(notes: dict, history: dict) -> list:
    try:
        return events_of_notes(notes, History.from_dict(history))
    except (ValueError, KeyError) as error:
        raise AnsibleFilterError(f"break_glass_events: a note of a load balancer cannot be read: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.break_glass_events``."""

    def filters(self) -> dict:
        return {"break_glass_events": _break_glass_events}
