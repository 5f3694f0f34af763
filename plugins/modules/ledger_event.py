# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_event
short_description: Write one event into a service's journal
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Appends one event, durably (fsync), under the lease's fencing number, and prolongs the lease.
  - Intents are written before an act, outcomes after it, so that whoever comes next knows what may have happened.
extends_documentation_fragment:
  - seamless.delivery.ledger
options:
  rollout:
    description: The id of the rollout that the event belongs to.
    type: str
    required: true
  event:
    description: The type of the event.
    type: str
    required: true
    choices:
      - rollout.opened
      - phase.intended
      - phase.done
      - phase.failed
      - rollback.intended
      - rollback.done
      - rollout.closed
      - ledger.carried
      - note
  data:
    description: What the event says; docs/architecture.md lists what each type needs.
    type: dict
    default: {}
  fence:
    description: The fencing number of the lease.
    type: int
    required: true
  renew:
    description: Prolong the lease to this many seconds from now.
    type: float
  then:
    description:
      - The phase that comes next. Its intent is written together with this event, so that a rollout between two phases
        does not wait for the ledger twice.
    type: str
attributes:
  check_mode:
    description: Can run in check mode, and writes nothing then.
    support: full
  diff_mode:
    description: Shows the lines that are added.
    support: full
  idempotent:
    description: Every run adds an event. Reading a journal with repeated events gives the same history.
    support: none
"""

EXAMPLES = r"""
- name: Say that users are about to be moved
  seamless.delivery.ledger_event:
    service: storefront
    rollout: storefront-20260131T120000Z-2.0.0-1a2b3c4d
    event: phase.intended
    data:
      phase: shift
    fence: 7
    renew: 60
  delegate_to: ops1
"""

RETURN = r"""
event:
  description: The event as it stands in the journal.
  returned: success
  type: dict
torn:
  description:
    - What was left of a line whose writer had died in the middle of it; it was moved to a file of its own.
    - Empty otherwise.
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
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import TYPES

#: What the holder of the lease writes; what others ask of it is the business of ledger_ask.
EVENTS = [name for name in TYPES if name != "rollout.asked"]


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "rollout": {"type": "str", "required": True},
            "event": {"type": "str", "required": True, "choices": EVENTS},
            "data": {"type": "dict", "default": {}},
            "fence": {"type": "int", "required": True},
            "renew": {"type": "float"},
            "then": {"type": "str"},
        },
        supports_check_mode=True,
    )
    params = module.params
    if module.check_mode:
        module.exit_json(changed=True, event={}, torn="", diff={"before": "", "after": f"{params['event']}\n"})
    try:
        event, torn = open_ledger(params, time.time).append(
            params["rollout"], params["event"], params["data"], params["fence"], params["renew"], params["then"]
        )
    except ERRORS as error:
        module.fail_json(msg=f"{params['service']}: {error}", **told(error))
    if torn:
        module.warn(f"the journal's last line was torn (its writer died); it was moved aside: {torn[:200]!r}")
    lines = event.line() + (event.intends(params["then"]).line() if params["then"] else "")
    module.exit_json(changed=True, event=event.as_dict(), torn=torn, diff={"before": "", "after": lines})


if __name__ == "__main__":
    main()
