# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: campaign_story
short_description: Tell what became of a campaign
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A line for the campaign, and one for each stage that was begun.
options:
  _input:
    description: The C(events) that M(seamless.delivery.ledger_info) returns.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: What became of it
  seamless.delivery.say:
    lines: "{{ read.events | seamless.delivery.campaign_story }}"
"""

RETURN = r"""
_value:
  description: The lines; none where there is no campaign.
  type: list
  elements: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError, fold, story
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event


def _campaign_story(events: list) -> list:
    try:
        campaign = fold(Event.from_dict(event) for event in events)
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error
    return story(campaign) if campaign else []


class FilterModule:
    """The filter ``seamless.delivery.campaign_story``."""

    def filters(self) -> dict:
        return {"campaign_story": _campaign_story}
