# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: campaign_way_back
short_description: Say what of a campaign is to be undone
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the journal of a campaign, open or the newest, and gives its stages, and those that may have changed
    something.
  - Fails where there is nothing to undo.
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
"""

EXAMPLES = r"""
- name: What would be undone
  ansible.builtin.debug:
    msg: "{{ (read.history | seamless.delivery.campaign_way_back(read.events)).to_undo }}"
"""

RETURN = r"""
_value:
  description:
    - The campaign, with C(id), C(release), C(previous), C(outcome), C(stages), C(left), and C(to_undo), the last one
      first. Where it is over, C(undoing_opens) is what the first event of its undoing says of the stages.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError, way_back
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event


def _campaign_way_back(history: dict, events: list) -> dict:
    try:
        return way_back(History.from_dict(history), [Event.from_dict(event) for event in events]).as_dict()
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.campaign_way_back``."""

    def filters(self) -> dict:
        return {"campaign_way_back": _campaign_way_back}
