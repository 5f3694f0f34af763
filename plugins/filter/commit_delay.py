# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: commit_delay
short_description: How far ahead the instant has to be that several routers agree on
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - At least what is declared, and twice what the slowest rehearsal took, so that a slow controller is not late.
  - Doubled with each further attempt, up to 20 seconds.
options:
  _input:
    description: What each router answered to the rehearsal, by its host, with C(took), in seconds.
    type: dict
    required: true
  least:
    description: The declared seconds.
    type: float
    required: true
  attempt:
    description: The number of the attempt, from 1.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: 3.0, for the slowest took 1.5 seconds
  ansible.builtin.debug:
    msg: "{{ {'lb1': {'took': 0.4}, 'lb2': {'took': 1.5}} | seamless.delivery.commit_delay(2) }}"
"""

RETURN = r"""
_value:
  description: Seconds.
  type: float
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import commit_delay


def _commit_delay(rehearsed: dict, least: float, attempt: int = 1) -> float:
    try:
        return commit_delay(rehearsed, float(least), int(attempt))
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"commit_delay: expected the routers' answers by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.commit_delay``."""

    def filters(self) -> dict:
        return {"commit_delay": _commit_delay}
