#!/usr/bin/python
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name, on the controller. This file is its documentation.

from __future__ import annotations

DOCUMENTATION = r"""
module: scaling_report
version_added: 1.0.0
short_description: Write the report of a scaling policy, before it is bought
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Computes how long a declared scaling policy takes at worst from an overload until more capacity is in service,
    replays traces of traffic against it, and keeps both as JSON and as one self-contained HTML page with drawn charts.
  - Fails above the declared limit, after the report has been written, and says which knob would give how much.
  - The page fetches nothing and runs no script.
notes:
  - Runs on the controller and talks to nobody. Use it once for a service, with C(run_once).
attributes:
  action:
    description: Has a corresponding action plugin, which does all of the work on the controller.
    support: full
  check_mode:
    description: Computes all of it, fails above the limit, and writes nothing.
    support: full
  diff_mode:
    description: Shows what would change.
    support: none
  idempotent:
    description: The same declaration gives the same bytes, and files that have them already are left alone.
    support: full
options:
  scaling:
    description: The policy as C(service_scaling) declares it; each key is in docs/autoscaling.md.
    type: dict
    required: true
  traces:
    description:
      - Traces of traffic by the names that the report gives them, each as
        P(seamless.delivery.scaling_simulation#filter) takes it.
    type: dict
    default: {}
  service:
    description: The name of the service, to be shown. With the environment it names the files.
    type: str
    default: service
  environment:
    description: The name of the environment, to be shown.
    type: str
  directory:
    description: Where the report is kept. A relative path starts where Ansible was started.
    type: path
    default: reports/scaling
  refuse:
    description: Whether to fail above the limit.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Show what the policy does before it is bought
  seamless.delivery.scaling_report:
    service: storefront
    environment: production
    scaling: "{{ service_scaling }}"
    traces:
      A sale: {type: spike, low: 90, high: 400}
      An ordinary day: {type: daily, low: 40, high: 300}

- name: Replay last week
  seamless.delivery.scaling_report:
    scaling: "{{ service_scaling }}"
    traces:
      Last week: {type: cloudwatch, answer: "{{ metric_data }}", period: 60, gaps: zero}
"""

RETURN = r"""
headline:
  description: The verdict in one sentence.
  returned: success
  type: str
  sample: More capacity is in service 105 s after an overload, within the 120 s
seconds:
  description: From an overload to added capacity in service, at worst.
  returned: always
  type: float
within:
  description: Whether that is within the limit.
  returned: always
  type: bool
lines:
  description: The parts of it, for people.
  returned: always
  type: list
  elements: str
simulated:
  description:
    - For each trace its C(name), C(seconds), C(above_target), C(longest_above_target), C(highest_percent_of_target),
      C(changes), C(flaps), C(instance_hours), C(most_instances) and C(begin).
  returned: always
  type: list
  elements: dict
json:
  description: Path of the JSON document.
  returned: when not in check mode
  type: str
html:
  description: Path of the page.
  returned: when not in check mode
  type: str
"""
