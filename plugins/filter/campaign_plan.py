# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: campaign_plan
short_description: Write the plan of a campaign for people
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - One line for each stage, with what it moves, its bake, how long it takes at most, and what was found there.
options:
  _input:
    description: The stages, as M(seamless.delivery.campaign_check) returns them.
    type: list
    required: true
    elements: dict
  release:
    description: The id of the release.
    type: str
    required: true
  found:
    description: >-
      What was found, by the stage's name: a service's journal, or a router's split.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: What would happen
  seamless.delivery.say:
    lines: "{{ stages | seamless.delivery.campaign_plan('2.0.0-1a2b3c4d') }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import plan_lines
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split


def _campaign_plan(stages: list, release: str, found: dict | None = None) -> list:
    stood = {
        name: str(Split.parse(one["split"])) if "split" in one else one["history"]["live_release"] or "no release"
        for name, one in (found or {}).items()
    }
    return plan_lines(release, stages, stood)


class FilterModule:
    """The filter ``seamless.delivery.campaign_plan``."""

    def filters(self) -> dict:
        return {"campaign_plan": _campaign_plan}
