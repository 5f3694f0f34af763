# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stage_result
short_description: Say what a stage of a campaign came to
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the journal of the stage's service, whose playbook ended well.
  - Fails where that journal does not have the release live.
options:
  _input:
    description: What the stage began with, as P(seamless.delivery.stage_begun#filter) gave it.
    type: dict
    required: true
  history:
    description: What the service's journal adds up to now.
    type: dict
    required: true
  release:
    description: The id of the campaign's release.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: What did the stage come to
  ansible.builtin.debug:
    msg: "{{ begun | seamless.delivery.stage_result({'live_release': '2.0.0-1a2b3c4d'}, '2.0.0-1a2b3c4d') }}"
  vars:
    begun: {before: {live: 1.0.0-5e6f7a8b, rollout: none}}
"""

RETURN = r"""
_value:
  description: The release that is C(live), the newest C(rollout) there, and whether the stage C(changed) anything.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.stage_back import result


def _stage_result(begun: dict, history: dict, release: str) -> dict:
    try:
        return result(begun, History.from_dict(history), release)
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.stage_result``."""

    def filters(self) -> dict:
        return {"stage_result": _stage_result}
