# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: scaling_simulation
short_description: What a scaling policy makes of a trace of traffic
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Replays a trace of traffic against a declared scaling policy, second by second, and buys nothing.
  - The same trace and policy always give the same run.
options:
  _input:
    description: The policy as C(service_scaling) declares it; each key is in docs/autoscaling.md.
    type: dict
    required: true
  trace:
    description:
      - The traffic, by its C(type). V(step), V(ramp), V(spike) and V(daily) are made from a few numbers, V(points) is a
        list of pairs of a second and the requests a second from then on, V(cloudwatch) is what GetMetricData answered
        for the sum of a load balancer's C(RequestCount).
    type: dict
    required: true
  instances:
    description: How many instances there are at the beginning. By default as many as carry the first load.
    type: int
"""

EXAMPLES = r"""
- name: How long would users wait on a day with a sale
  ansible.builtin.debug:
    msg: "{{ (service_scaling | seamless.delivery.scaling_simulation(sale)).above_target }}"
  vars:
    sale: {type: spike, low: 90, high: 400}
    service_scaling:
      policy: {type: target_tracking}
      target: 50
      instances: {least: 2, most: 20}
      boot: 40
"""

RETURN = r"""
_value:
  description:
    - C(seconds) of the trace, C(above_target) (seconds in which the load was above what the instances in service are to
      carry), C(longest_above_target), C(highest_percent_of_target), C(changes) of the capacity, C(flaps) (changes that
      turn round within 15 minutes), C(instance_hours), C(most_instances).
    - C(changed) has each change with C(at), C(before) and C(after). C(series) has up to 480 stretches, each with its
      highest C(load) and lowest C(capacity).
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.simulate import simulate
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.summary import as_dict
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.traces import trace as read_trace
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain


def _scaling_simulation(declared: dict, trace: dict, instances: int | None = None) -> dict:
    try:
        return as_dict(simulate(policy(plain(declared)), read_trace(plain(trace)), instances=instances))
    except ValueError as error:
        raise AnsibleFilterError(f"scaling_simulation: {error}") from error


class FilterModule:
    """The filter ``seamless.delivery.scaling_simulation``."""

    def filters(self) -> dict:
        return {"scaling_simulation": _scaling_simulation}
