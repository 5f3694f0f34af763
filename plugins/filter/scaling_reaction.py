# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: scaling_reaction
short_description: How long autoscaling takes at worst
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Computes from a declared scaling policy the longest time from an overload until the capacity that is added for it is
    in service, part by part, each with the page on which AWS describes it.
  - Fails where that is longer than the declared limit, and says which knob would give how much.
options:
  _input:
    description: The policy as C(service_scaling) declares it; each key is in docs/autoscaling.md.
    type: dict
    required: true
  refuse:
    description: Whether to fail above the limit. Otherwise RV(_value) says so.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: How long do users wait for more capacity
  ansible.builtin.debug:
    msg: "{{ (service_scaling | seamless.delivery.scaling_reaction).lines }}"
  vars:
    service_scaling:
      policy: {type: target_tracking}
      target: 50
      instances: {least: 2, most: 20}
      metric: {period: 10, delivery: 5}
      boot: 40
      health: {interval: 5}
"""

RETURN = r"""
_value:
  description:
    - The worst case with C(seconds), C(limit), C(within) (whether it is), and its C(parts), each with C(name),
      C(seconds), C(key), C(because) and C(source).
    - C(knobs) are the changes that would help, the most effective first, each with C(key), C(now), C(then) and the
      C(seconds) that it would lead to. C(lines) says it all to people.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.assessment import assessed
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain


def _scaling_reaction(declared: dict, refuse: bool = True) -> dict:
    try:
        found = assessed(plain(declared))
    except ValueError as error:
        raise AnsibleFilterError(f"scaling_reaction: {error}") from error
    if refuse and found["refusal"]:
        raise AnsibleFilterError(f"scaling_reaction: {found['refusal']}")
    return found


class FilterModule:
    """The filter ``seamless.delivery.scaling_reaction``."""

    def filters(self) -> dict:
        return {"scaling_reaction": _scaling_reaction}
