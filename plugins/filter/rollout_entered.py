# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_entered
short_description: Where a rollout is when it enters a phase
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - One line for people. Which of the plan's phases begins, the users of the new release, how long it and the rest may
    take, and what the probe has met so far.
options:
  _input:
    description: The plan that P(seamless.delivery.rollout_plan#filter) gave.
    type: dict
    required: true
  phase:
    description: The phase.
    type: str
    required: true
  probe:
    description: >-
      What the file that the probe's C(status) names holds, as text. Of one that cannot be read, nothing is said.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Say where the rollout is
  seamless.delivery.say:
    lines: >-
      {{ [decision | seamless.delivery.rollout_plan(service, hosts)
          | seamless.delivery.rollout_entered('shift')] }}
"""

RETURN = r"""
_value:
  description: The line.
  type: str
"""

import json

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.progress import entered
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain


def _rollout_entered(plan: dict, phase: str, probe: str = "") -> str:
    try:
        return entered(plain(plan), str(phase), _read(probe))
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error


def _read(text: str) -> dict:
    try:
        found = json.loads(str(text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class FilterModule:
    """The filter ``seamless.delivery.rollout_entered``."""

    def filters(self) -> dict:
        return {"rollout_entered": _rollout_entered}
