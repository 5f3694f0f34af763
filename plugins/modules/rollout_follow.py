# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rollout_follow
short_description: Follow a rollout in progress from elsewhere
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Tells what the journal says of the rollout in progress, a line for each event as it happens, and what its run is at,
    until it is over. Changes nothing, and needs no lease.
  - Where no rollout is in progress, it tells of the last one and ends.
extends_documentation_fragment:
  - seamless.delivery.ledger
  - seamless.delivery.reads
options:
  every:
    description: Seconds between two looks at the ledger.
    type: float
    default: 2
  most:
    description: Seconds after which it ends, whether the rollout is over or not.
    type: float
    default: 3600
notes:
  - An action on the controller, which asks the ledger's host with M(seamless.delivery.ledger_info).
"""

EXAMPLES = r"""
- name: Follow the rollout in progress
  seamless.delivery.rollout_follow:
    service: storefront
  delegate_to: ops1
"""

RETURN = r"""
lines:
  description: What was told.
  returned: success
  type: list
  elements: str
over:
  description: Whether the rollout was over at the end.
  returned: success
  type: bool
"""
