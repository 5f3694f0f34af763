# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator
short_description: Tell who runs this playbook
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives the identity under which a run holds a lease. It differs from that of any other run, on any machine.
  - Says whether the holder of a given lease is a run of this very machine that has ended, whose lease may be taken at
    once.
extends_documentation_fragment:
  - seamless.delivery.reads
options:
  lease:
    description: A lease, as M(seamless.delivery.ledger_info) returns it.
    type: dict
notes:
  - An action that runs on the controller; it never connects to a host.
  - In AWX, the job's number and the user who launched it are part of the identity.
"""

EXAMPLES = r"""
- name: Who am I
  seamless.delivery.operator:
  register: me
"""

RETURN = r"""
holder:
  description: The identity, with C(name), C(host), C(pid), C(started), C(boot) and C(job).
  returned: always
  type: dict
gone:
  description: Why the lease's holder can be told to be gone. Empty when it lives, or cannot be told.
  returned: always
  type: str
"""
