# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stage_steps
short_description: Say which steps of a router's stage are left
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Compares what the router shows with the steps of the stage.
  - Fails where it shows what no step has, for then somebody has moved it meanwhile.
options:
  _input:
    description: What the stage began with, as P(seamless.delivery.stage_begun#filter) gave it.
    type: dict
    required: true
  steps:
    description: The percentages of the stage.
    type: list
    required: true
    elements: int
  split:
    description: What the router shows.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Which steps are left
  ansible.builtin.debug:
    msg: "{{ begun | seamless.delivery.stage_steps([5, 15, 100], {'blue': 95, 'green': 5}) }}"
  vars:
    begun: {found: {blue: 100, green: 0}, to: green}
"""

RETURN = r"""
_value:
  description: For each step its C(split), and the split that it is to C(expect).
  type: list
  elements: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.stage_back import steps_left


def _stage_steps(begun: dict, steps: list, split: dict) -> list:
    try:
        return steps_left(begun, steps, Split.parse(split))
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.stage_steps``."""

    def filters(self) -> dict:
        return {"stage_steps": _stage_steps}
