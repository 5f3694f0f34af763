# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: commit_result
short_description: When users moved, and how far apart the routers were
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Adds up what several routers returned for a write that was to happen at one instant.
options:
  _input:
    description: The routers' results, by host.
    type: dict
    required: true
  at:
    description: The instant that was declared, in epoch seconds; none where each router was to move at once.
    type: float
"""

EXAMPLES = r"""
- name: How far apart were they
  ansible.builtin.debug:
    msg: "{{ results | seamless.delivery.commit_result(10.0) }}"
  vars:
    results: {lb1: {committed_at: 10.0}, lb2: {committed_at: 10.001}}
"""

RETURN = r"""
_value:
  description: The outcome, with C(at), C(committed_at) and C(answered_at) by host, C(skew_ms), C(before), C(after).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import commit_result


def _commit_result(results: dict, at: float | None = None) -> dict:
    try:
        return commit_result(results, at)
    except (AttributeError, TypeError) as error:
        raise AnsibleFilterError(f"commit_result: expected the routers' results by host: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.commit_result``."""

    def filters(self) -> dict:
        return {"commit_result": _commit_result}
