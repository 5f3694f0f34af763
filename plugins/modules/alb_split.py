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
  - seamless.delivery.alb
  - seamless.delivery.alb.revert
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    description: Makes every check and says whether the split would change.
  diff_mode:
    support: full
    description: Shows the split before and after.
  idempotent:
    support: full
    description: Changes no weight when the split is in force already.
options:
  split:
    description: The percentage of each color; whole numbers that add up to 100.
    type: dict
    suboptions:
      blue:
        description: The percentage of blue.
        type: int
        required: true
      green:
        description: The percentage of green.
        type: int
        required: true
  expect:
    description:
      - The split that must be found, or a list of acceptable ones. Left out, any is accepted.
      - A split that already is O(split) is always accepted, so that an interrupted run can be repeated.
    type: raw
  fence:
    description: The fencing number of the lease under which this is written. Required, unless O(break_glass) is given.
    type: int
  require_healthy:
    description:
      - The percentage of the targets of each pool with traffic that the load balancer must see as healthy.
      - One target at least is always needed.
    type: float
    default: 100
  at:
    description:
      - The moment at which to switch, in seconds since the epoch. Everything is validated before.
      - Refused when it is more than half a second past, or more than 60 seconds ahead.
    type: float
  break_glass:
    description:
      - The reason for a change without a lease. Passes by the fence and raises it, so that a rollout in progress stops
        at its next write.
      - Noted down in the table, or on the listeners where the table is out of reach (and the fence cannot be raised
        then); M(seamless.delivery.alb_split_info) returns the notes until they are cleared with O(clear_notes).
    type: str
  who:
    description: Who breaks the glass. By default the user who runs the module.
    type: str
  clear_notes:
    description: Drop this many of the oldest break-glass notes, which the ledger holds by now.
    type: int
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
