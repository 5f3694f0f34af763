# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_split_info
short_description: The split between a service's colors on an ALB
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the split in force, the health of both target groups, the highest fencing number and the break-glass notes.
extends_documentation_fragment:
  - seamless.delivery.alb
  - seamless.delivery.aws_router
  - seamless.delivery.reads
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: How is the traffic divided
  seamless.delivery.alb_split_info:
    service: storefront
    listeners: ["{{ listener_arn }}"]
    target_groups: {blue: "{{ blue_arn }}", green: "{{ green_arn }}"}
    table: seamless
  register: found
"""

RETURN = r"""
split:
  description: The percentage of each color.
  returned: success
  type: dict
  sample: {"blue": 100, "green": 0}
persisted:
  description: The same; AWS keeps what it is given.
  returned: success
  type: dict
pools:
  description: Each color's targets as the load balancer sees them, with C(healthy), C(total) and C(members).
  returned: success
  type: dict
fence:
  description: The highest fencing number accepted so far, 0 before the first.
  returned: success
  type: int
clock:
  description: The time of this host, in seconds since the epoch.
  returned: success
  type: float
armed:
  description:
    - Where AWS takes users by itself unless somebody confirms before, as in M(seamless.delivery.haproxy_split_info).
    - V(null) where the split stays.
  returned: success
  type: dict
guard:
  description:
    - Whether there is a role by which AWS would take users back, and what is missing where there is none. Whether AWS
      accepts it, the first step of a rollout finds out before it moves anybody.
  returned: success
  type: dict
  sample: {"running": true, "problem": ""}
notes:
  description: The break-glass notes that were not imported into the ledger yet, oldest first.
  returned: success
  type: list
  elements: dict
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_options import arguments, one_of, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=arguments(), supports_check_mode=True, **one_of())
    try:
        alb = router(module)
        observed, armed, notes = alb.standing()
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    else:
        module.exit_json(
            changed=False,
            **observed.as_dict(),
            clock=(now := time.time()),
            armed=armed and {**armed.as_dict(), "seconds_left": round(armed.deadline - now, 3)},
            guard={"running": not (problem := alb.schedules.problem()), "problem": problem},
            notes=notes,
        )


if __name__ == "__main__":
    main()
