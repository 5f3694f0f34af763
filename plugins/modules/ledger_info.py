# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_info
short_description: Read a service's journal and lease
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives the lease, what the journal adds up to, and the events of one rollout.
extends_documentation_fragment:
  - seamless.delivery.ledger
  - seamless.delivery.reads
options:
  rollout:
    description: The rollout whose events are returned; the newest one unless said.
    type: str
"""

EXAMPLES = r"""
- name: What is live, and who is changing it
  seamless.delivery.ledger_info:
    service: storefront
  delegate_to: ops1
  register: ledger
"""

RETURN = r"""
lease:
  description: The lease as it was last written, or null.
  returned: success
  type: dict
held:
  description: Whether somebody holds the lease now.
  returned: success
  type: bool
described:
  description: Who holds the lease, since when and until when, for people; empty when nobody does.
  returned: success
  type: str
history:
  description:
    - What the journal adds up to. C(live_color), C(live_release) and C(installed) (a release for each color);
      C(current) is the rollout that is open, C(last) the newest, C(rollouts) the newest ten.
  returned: success
  type: dict
events:
  description: The events of the rollout, oldest first.
  returned: success
  type: list
  elements: dict
torn:
  description: What is left of a line whose writer died in the middle of it. Empty otherwise.
  returned: success
  type: str
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.stores import (
    ARGUMENTS,
    ERRORS,
    open_ledger,
    told,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import described


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec={**ARGUMENTS, "rollout": {"type": "str"}}, supports_check_mode=True)
    ledger = open_ledger(module.params, time.time)
    try:
        reading, lease = ledger.read(), ledger.lease()
    except ERRORS as error:
        module.fail_json(msg=f"{module.params['service']}: {error}", **told(error))
    history = fold(reading.events)
    wanted = module.params["rollout"] or (history.last.id if history.last else None)
    held = lease is not None and lease.held(time.time())
    module.exit_json(
        changed=False,
        lease=lease.as_dict() if lease else None,
        held=held,
        described=described(lease, time.time()) if held else "",
        history=history.as_dict(),
        events=[event.as_dict() for event in reading.events if event.rollout == wanted],
        torn=reading.torn,
    )


if __name__ == "__main__":
    main()
