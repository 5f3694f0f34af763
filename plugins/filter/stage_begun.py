# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stage_begun
short_description: Say what a stage of a campaign begins with
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - What the intent of the stage keeps in the journal, so that it can be gone on with, and undone to what was found.
options:
  _input:
    description: The stage, as declared.
    type: dict
    required: true
  found:
    description: >-
      What was found: C(history) of its service's journal, or C(split) of its router.
    type: dict
    required: true
  followed:
    description: Whether this very release went through all stages before, so that users are where they belong.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: What does this stage begin with
  ansible.builtin.debug:
    msg: "{{ {'router': {}, 'to': none} | seamless.delivery.stage_begun({'split': {'blue': 100, 'green': 0}}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(before), the release that users had; or C(found) and C(to), the split and the color that everybody goes to.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.stage_back import opening, stood


def _stage_begun(stage: dict, found: dict, followed: bool = False) -> dict:
    try:
        if "rollout" in stage:
            return {"before": stood(History.from_dict(found["history"]))}
        return opening(Split.parse(found["split"]), stage["to"], followed)
    except (CampaignError, KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.stage_begun``."""

    def filters(self) -> dict:
        return {"stage_begun": _stage_begun}
