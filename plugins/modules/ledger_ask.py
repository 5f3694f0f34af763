# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_ask
short_description: Ask something of a rollout in progress
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Writes into the journal that somebody asks the rollout in progress to pause, to go on, to skip the rest of its
    step, or to take users back. Whoever runs the rollout reads it within seconds and acts; this module moves nothing.
  - Needs no lease, so that anybody may ask from any other terminal or job.
  - Fails, and writes nothing, when no rollout is in progress or nobody works on it.
extends_documentation_fragment:
  - seamless.delivery.ledger
options:
  action:
    description:
      - With V(pause) the step goes on being watched and does not end by itself; V(resume) ends that.
      - With V(promote) the rollout goes on to its next step without waiting any longer. At a step that needs a
        person's approval, this is the approval.
      - With V(abort) users go back.
    type: str
    choices: [pause, resume, promote, abort]
    required: true
  reason:
    description: Why, for the journal and the report.
    type: str
    required: true
  who:
    description: Who asks, as M(seamless.delivery.operator) tells it.
    type: dict
    required: true
attributes:
  check_mode:
    description: Can run in check mode, and writes nothing then.
    support: full
  diff_mode:
    description: Shows what is asked.
    support: full
  idempotent:
    description: Every run asks once more. Asking twice for the same comes to the same.
    support: none
"""

EXAMPLES = r"""
- name: Ask the rollout in progress to wait
  seamless.delivery.ledger_ask:
    service: storefront
    action: pause
    reason: support reports slow payments
    who:
      name: alice
      host: control.example.com
  delegate_to: ops1
"""

RETURN = r"""
event:
  description: The event as it stands in the journal.
  returned: success
  type: dict
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.stores import (
    ARGUMENTS,
    ERRORS,
    open_ledger,
    told,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import ACTIONS


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "action": {"type": "str", "choices": list(ACTIONS), "required": True},
            "reason": {"type": "str", "required": True},
            "who": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    params = module.params
    diff = {"before": "", "after": f"{params['action']}: {params['reason']}\n"}
    if not params["reason"].strip():
        module.fail_json(msg="reason: expected why, for the journal, but found nothing. Nothing was asked")
    if module.check_mode:
        module.exit_json(changed=True, event={}, diff=diff)
    try:
        event = open_ledger(params, time.time).ask(params["action"], params["reason"], params["who"])
    except ERRORS as error:
        module.fail_json(msg=f"{params['service']}: {error}", **told(error))
    module.exit_json(changed=True, event=event.as_dict(), diff=diff)


if __name__ == "__main__":
    main()
