# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_decision
short_description: Say how a run goes on
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the journal's history and the routers' splits, and decides whether to start, to resume, to go back or to do
    nothing.
  - Fails, naming both, where the journal and the routers cannot both be right.
options:
  _input:
    description: The history that M(seamless.delivery.ledger_info) returns.
    type: dict
    required: true
  routers:
    description:
      - What each router answered, by its host, as M(seamless.delivery.haproxy_split_info) does, with its C(split).
    type: dict
    required: true
  release:
    description: The id of the release that is asked for.
    type: str
    required: true
  in_place:
    description: Whether the release replaces the one that is live in the live color itself, but for the first of all.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: How would this release go on
  ansible.builtin.debug:
    msg: "{{ {'rollouts': []} | seamless.delivery.rollout_decision(routers, '2.0.0-1a2b3c4d') }}"
  vars:
    routers: {lb1: {split: {blue: 100, green: 0}}}
"""

RETURN = r"""
_value:
  description:
    - The decision, with C(action), C(message), C(color), C(live_color), C(release), C(previous), C(rollout), C(phase)
      and C(abandon).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.decision import Disagreement, decide
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split


def _rollout_decision(history: dict, routers: dict, release: str, in_place: bool = False) -> dict:
    try:
        shown = {host: Split.parse(answer["split"]) for host, answer in routers.items()}
        return decide(History.from_dict(history), shown, release, in_place).as_dict()
    except (Disagreement, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.rollout_decision``."""

    def filters(self) -> dict:
        return {"rollout_decision": _rollout_decision}
