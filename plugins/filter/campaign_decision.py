# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: campaign_decision
short_description: Say how a campaign goes on
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the journal of a campaign, and decides whether to start, to resume at a stage, or to go back.
  - Fails, saying how to go on, where another release is on its way, or the stages are others than were begun.
options:
  _input:
    description: The C(history) that M(seamless.delivery.ledger_info) returns.
    type: dict
    required: true
  events:
    description: >-
      The C(events) that it returns: those of the newest campaign.
    type: list
    required: true
    elements: dict
  release:
    description: The id of the release that is asked for.
    type: str
    required: true
  stages:
    description: The stages, as M(seamless.delivery.campaign_check) returns them.
    type: list
    required: true
    elements: dict
"""

EXAMPLES = r"""
- name: How would this campaign go on
  ansible.builtin.debug:
    msg: "{{ {'rollouts': []} | seamless.delivery.campaign_decision([], '2.0.0-1a2b3c4d', stages) }}"
  vars:
    stages: [{name: edge, router: {}}]
"""

RETURN = r"""
_value:
  description:
    - The decision, with C(action), C(message) and C(campaign), which has its C(stages), those C(left), and those
      C(to_undo). To start, C(opens) is what the first event says of the stages.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError, decide
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event


def _campaign_decision(history: dict, events: list, release: str, stages: list) -> dict:
    try:
        told = [Event.from_dict(event) for event in events]
        return decide(History.from_dict(history), told, release, stages).as_dict()
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.campaign_decision``."""

    def filters(self) -> dict:
        return {"campaign_decision": _campaign_decision}
