# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: haproxy_split_info
short_description: Read a service's split and the state of its pools from HAProxy
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Says how HAProxy divides a service's traffic, what a restart would bring, and how many members of each pool HAProxy
    itself calls healthy.
extends_documentation_fragment:
  - seamless.delivery.haproxy
  - seamless.delivery.reads
"""

EXAMPLES = r"""
- name: Read what the load balancers do now
  seamless.delivery.haproxy_split_info:
    service: storefront
  register: router
"""

RETURN = r"""
split:
  description: The percentage of each color that is in force.
  returned: success
  type: dict
  sample: {"blue": 100, "green": 0}
persisted:
  description: The split on file, which a restart brings; V(null) where none is stored, which means all on blue.
  returned: success
  type: dict
pools:
  description:
    - For each color the number of healthy and of all members, the sessions in progress, and each member's state in
      HAProxy's words.
  returned: success
  type: dict
  sample: {"blue": {"healthy": 2, "total": 2, "sessions": 5, "members": {"app1": "UP L7OK", "app2": "UP L7OK"}}}
fence:
  description: The highest fencing number that this host has seen, V(0) before the first.
  returned: success
  type: int
clock:
  description: This host's clock, in seconds since the epoch.
  returned: success
  type: float
armed:
  description: Where users go by themselves unless somebody confirms before; V(null) where the split stays.
  returned: success
  type: dict
  contains:
    back_to:
      description: The split to go back to.
      type: dict
    deadline:
      description: The instant, in seconds since the epoch; the same on each load balancer that was given the same.
      type: float
    seconds_left:
      description: The seconds until then by this host's clock; negative where users should be back already.
      type: float
    rollout:
      description: What was not confirmed yet.
      type: str
    fence:
      description: The fencing number of the write that armed it.
      type: int
    armed_at:
      description: When that was, in seconds since the epoch.
      type: float
guard:
  description: Whether somebody would take users back on this host.
  returned: success
  type: dict
  contains:
    running:
      description: Whether the guard answers, with this collection's code, and can read what is armed.
      type: bool
    problem:
      description: What is wrong and what to do, empty where it is running.
      type: str
notes:
  description: The break-glass notes that were not imported into the ledger yet, oldest first.
  returned: success
  type: list
  elements: dict
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_options import arguments, router


def main() -> None:
    module = AnsibleModule(argument_spec=arguments(), supports_check_mode=True)
    try:
        haproxy = router(module.params)
        observed = haproxy.read()
        armed, problem, now = haproxy.arming.standing().armed, haproxy.arming.problem(), time.time()
        module.exit_json(
            changed=False,
            **observed.as_dict(),
            clock=now,
            armed=None if armed is None else {**armed.as_dict(), "seconds_left": round(armed.deadline - now, 3)},
            guard={"running": not problem, "problem": problem},
            notes=haproxy.state.notes(),
        )
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)


if __name__ == "__main__":
    main()
