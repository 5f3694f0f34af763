# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: canary_verdict
short_description: Watch a step of a rollout until it may go on, or users go back
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Counts what both releases answer, about once a second, hands it to the canary judge, listens to what people ask of
    the rollout (M(seamless.delivery.ledger_ask)), checks the step's own gates, and shows how it goes.
  - Ends as soon as the evidence allows, both ways. Fails when users have to go back, and has taken them back by then
    on each load balancer that takes part in the task.
  - Inconclusive never promotes.
options:
  state:
    description:
      - With V(begun), takes one look at the counts on C(localhost), right after users were moved, so that the watch
        that follows begins there. With V(decided), watches.
    type: str
    choices: [begun, decided]
    default: decided
  service:
    description: The checked declaration of the service, see M(seamless.delivery.service_check).
    type: dict
    required: true
  addresses:
    description: Where each load balancer can be asked for its counts, by its host.
    type: dict
    required: true
  rollout:
    description: The id of the rollout.
    type: str
    required: true
  phase:
    description: The phase, which names what is recorded.
    type: str
    required: true
  before:
    description: The phases that were watched before, whose evidence counts as well.
    type: list
    elements: str
    default: []
  color:
    description: The color of the new release.
    type: str
    choices: [blue, green]
    required: true
  release:
    description: The new release.
    type: str
    required: true
  previous:
    description: The release that it is compared with.
    type: str
  step:
    description: What is declared of the step, C(percent), C(least), C(most), C(requests) and C(gates).
    type: dict
    required: true
  jury:
    description:
      - With V(canary), both releases are compared. With V(ceiling), all users are on the new one, and its errors may
        not be above O(max_error_percent). With V(probe), only the probe bears witness.
    type: str
    choices: [canary, ceiling, probe]
    default: canary
  max_error_percent:
    description: The ceiling, in percent of all answers.
    type: float
  evidence:
    description: The gate that what the probe has met must hold, see M(seamless.delivery.probe).
    type: dict
  split:
    description: The split that is in force.
    type: dict
    required: true
  back_to:
    description: The split that users go back to; without one, nobody can go back.
    type: dict
  fence:
    description: The fencing number of the lease.
    type: int
    required: true
  directory:
    description: The folder on the controller for what is recorded.
    type: path
    required: true
  follows:
    description:
      - Seconds that what follows in the same phase may take, in which nobody watches. On each load balancer the way
        back is armed for so much longer when the watch ends, and the lease is prolonged by as much.
    type: float
    default: 0
  poll:
    description: Seconds between two looks at what is counted.
    type: float
    default: 0.5
  listen:
    description: Seconds between two looks at what people ask and at the step's gates; the lease is prolonged with it.
    type: float
    default: 3
  progress:
    description: Seconds between two lines of progress while nothing changes.
    type: float
    default: 5
attributes:
  check_mode:
    description: Watches nothing in check mode.
    support: none
  diff_mode:
    description: Moves users back at most, which M(seamless.delivery.haproxy_split) shows.
    support: none
  idempotent:
    description: A watch that was interrupted goes on with what it had recorded.
    support: full
notes:
  - An action on the controller. Run it in one task on C(localhost), delegated to the ledger's host, and on each load
    balancer, as roles/rollout/tasks/watch_step.yml does; C(forks) must be above the number of load balancers.
"""

EXAMPLES = r"""
- name: Compare both releases
  seamless.delivery.canary_verdict:
    service: "{{ checked.service }}"
    addresses: "{{ checked.addresses }}"
    rollout: storefront-20260131T120000Z-2.0.0-1a2b3c4d
    phase: watch-1
    color: green
    release: 2.0.0-1a2b3c4d
    previous: 1.0.0-5e6f7a8b
    step:
      percent: 5
      least: 60
      most: 600
      requests: 100
      gates: []
    split:
      blue: 95
      green: 5
    back_to:
      blue: 100
      green: 0
    fence: 7
    directory: /var/lib/seamless/record
  delegate_to: "{{ 'ops1' if inventory_hostname == 'localhost' else inventory_hostname }}"
"""

RETURN = r"""
word:
  description: The verdict's word, C(healthy), C(regressed) or C(inconclusive).
  returned: on localhost
  type: str
why:
  description: Why the step ended, in a sentence.
  returned: on localhost
  type: str
requests:
  description: Answers of the new release in this step.
  returned: on localhost
  type: int
colors:
  description: Requests and errors, by release.
  returned: on localhost
  type: dict
verdict:
  description: The whole verdict, for the journal and the report.
  returned: on localhost
  type: dict
seconds:
  description: How long the step was watched.
  returned: on localhost
  type: float
"""
