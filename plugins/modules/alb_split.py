# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_split
short_description: Divide a service's traffic between its two colors on an ALB
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives each color's target group its percentage of a service's requests, on an application load balancer on AWS.
  - Refuses, and then changes nothing, when the split found is not the expected one, when a pool that is to get traffic
    is not healthy in the load balancer's own eyes, or when a writer with a higher fencing number was here before.
  - The load balancer knows no condition on a write. The fencing number is kept in the ledger's table and claimed right
    before the write; who overtakes another waits for four seconds, after which the other one's write is not sent any
    more.
extends_documentation_fragment:
  - seamless.delivery.split.aws
  - seamless.delivery.split
  - seamless.delivery.split.revert
  - seamless.delivery.alb
  - seamless.delivery.alb.revert
  - seamless.delivery.aws_router
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  idempotent:
    support: full
    description: Changes no weight when the split is in force already.
seealso:
  - module: seamless.delivery.alb_split_info
"""

EXAMPLES = r"""
- name: Give green a quarter of the requests
  seamless.delivery.alb_split:
    service: storefront
    listeners: ["{{ stack.resources['listener storefront:443'].arn }}"]
    target_groups:
      blue: "{{ stack.resources['target group storefront-blue'].arn }}"
      green: "{{ stack.resources['target group storefront-green'].arn }}"
    table: seamless
    split: {blue: 75, green: 25}
    expect: {blue: 100, green: 0}
    fence: 7
"""

RETURN = r"""
before:
  description: The split that was found; V(null) when a break-glass write replaced what did not agree.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 100, "green": 0}
after:
  description: The split that is in force now, as the load balancer answered to the write.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 75, "green": 25}
committed_at:
  description:
    - When the split was sent to AWS, in seconds since the epoch by this host's clock; V(null) when nothing was sent.
  returned: when O(split) is given
  type: float
answered_at:
  description:
    - By when all of the load balancer obeys, in seconds since the epoch by this host's clock.
    - That is AWS's answer and O(spread).
  returned: when O(split) is given
  type: float
in_force_since:
  description: Since when the split is in force, also where an earlier run sent it; V(null) where that is not known.
  returned: when O(split) is given
  type: float
armed:
  description:
    - What AWS does without a confirmation, as M(seamless.delivery.alb_split_info) says it.
    - V(null) when the split stays.
  returned: when O(split) is given
  type: dict
fence:
  description: The fencing number that the table holds now.
  returned: success
  type: int
notes_cleared:
  description: How many break-glass notes were dropped.
  returned: when O(clear_notes) is given
  type: int
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_options import arguments, one_of, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_split import run
from ansible_collections.seamless.delivery.plugins.module_utils.routers.split_options import OPTIONS, REVERT, checks


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=arguments(**OPTIONS, **REVERT),
        supports_check_mode=True,
        **checks(reverts=True, more=one_of()),
    )
    run(module, router)


if __name__ == "__main__":
    main()
