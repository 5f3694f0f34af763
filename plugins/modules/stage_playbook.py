# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stage_playbook
short_description: Run a playbook of a campaign's stage in a process of its own
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Runs a playbook for another inventory, with the C(ansible-playbook) of the same Python, and shows its output line by
    line. What it shows is that of P(seamless.delivery.story#callback).
  - Meanwhile the campaign's lease is prolonged. Once that is lost, the playbook is killed, so that whoever has taken
    the campaign over finds nobody at work.
  - The playbook does not outlive the run that started it. When that is killed, so is the playbook, as a controller that
    dies; its own rollout then can be gone on with, and goes back by silence where its router does that.
options:
  playbook:
    description: A path, or the full name of a collection's playbook, such as V(seamless.delivery.deploy).
    type: str
    required: true
  inventory:
    description: The inventories that it runs for.
    type: list
    elements: str
    required: true
  variables:
    description: Extra variables for it. They are passed on in a file that only this user can read.
    type: dict
    default: {}
  answer:
    description:
      - The name of a variable in which the playbook is told where to write its answer, as JSON.
      - The task fails where it writes none.
    type: str
  longest:
    description: How many seconds it may take. Then it is killed, and the task fails.
    type: float
    default: 7200
  label:
    description: What its lines begin with.
    type: str
    default: ""
  quiet:
    description: Whether its lines are shown only where it fails.
    type: bool
    default: false
  lease:
    description: The campaign's lease, which is prolonged every ten seconds, for a minute each time.
    type: dict
    suboptions:
      service:
        description: The campaign's name.
        type: str
        required: true
      ledger:
        description: The campaign's ledger, as M(seamless.delivery.ledger_lease) takes it.
        type: dict
        required: true
      fence:
        description: The fencing number.
        type: int
        required: true
attributes:
  check_mode:
    description: Runs the playbook with C(--check --diff).
    support: full
  diff_mode:
    description: As the playbook has it.
    support: N/A
  idempotent:
    description: As the playbook is.
    support: N/A
notes:
  - An action that runs on the controller. Delegate it to the host of the campaign's ledger, where the lease is.
  - It asks for no password. Give a vault's in the environment (C(ANSIBLE_VAULT_PASSWORD_FILE)), and keys by an agent.
"""

EXAMPLES = r"""
- name: Release in the second region
  seamless.delivery.stage_playbook:
    playbook: seamless.delivery.deploy
    inventory: [inventories/aws-us]
    variables:
      release: "{{ release }}"
    label: virginia
"""

RETURN = r"""
rc:
  description: The exit status of the playbook.
  returned: when it was not killed
  type: int
lines:
  description: Its last lines.
  returned: when it was not killed
  type: list
  elements: str
answer:
  description: What it wrote as its answer, or null.
  returned: when it was not killed
  type: raw
seconds:
  description: How long it took.
  returned: when it was not killed
  type: float
"""
