# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stage_undo
short_description: Say how a stage of a campaign is undone
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Compares what the stage began with and what is found now, and decides whether to take users back, to do nothing, or
    to leave it alone because others have been there since.
options:
  _input:
    description: The stage, one of C(to_undo) of P(seamless.delivery.campaign_way_back#filter).
    type: dict
    required: true
  found:
    description: >-
      What is found now: C(history) of its service's journal, or C(split) of its router.
    type: dict
    required: true
  release:
    description: The id of the campaign's release.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: How is it undone
  ansible.builtin.debug:
    msg: "{{ stage | seamless.delivery.stage_undo({'split': {'blue': 95, 'green': 5}}, '2.0.0-1a2b3c4d') }}"
  vars:
    stage:
      phase: stage-2
      declared: {name: edge, router: {}, steps: [5, 100]}
      begun: {found: {blue: 100, green: 0}, to: green}
"""

RETURN = r"""
_value:
  description: C(how), one of C(roll_back), C(nothing) and C(leave), and C(why).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.stage_back import rollout_undo, router_undo


def _stage_undo(stage: dict, found: dict, release: str) -> dict:
    try:
        declared, begun = stage["declared"], stage["begun"]
        if "rollout" in declared:
            return rollout_undo(begun, History.from_dict(found["history"]), release).as_dict()
        return router_undo(begun, declared["steps"], Split.parse(found["split"])).as_dict()
    except (KeyError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter ``seamless.delivery.stage_undo``."""

    def filters(self) -> dict:
        return {"stage_undo": _stage_undo}
