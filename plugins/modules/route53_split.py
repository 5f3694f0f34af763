# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_split
short_description: Divide a service's users between two records of Route 53
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives the weighted records of each color, or of each of two regions, their percentage of a name's answers, for all
    types of the name in one step, which AWS makes as a whole or not at all.
  - Refuses, and then changes nothing, when the split found is not the expected one, when the health check of a record
    that is to get users is not well, when anything of the records was changed since they were read, or when a writer
    with a higher fencing number was here before.
  - Users move when their resolver asks again, within the records' TTL (60 seconds for an alias), after Route 53's name
    servers have the change, which they usually do within 60 seconds. So does everybody who is taken back. Give such
    records a TTL of 60 seconds at most.
  - It is answers that are divided, not requests, and one answer may be for many users. Some programs ask once and
    never again; keep what was left running until its requests have ended, however long that takes.
  - The weights belong to rollouts. M(seamless.delivery.aws_dns) leaves them as they are where C(first_weight) declares
    them.
  - There is nobody at AWS who would take users back without a confirmation.
extends_documentation_fragment:
  - seamless.delivery.split.aws
  - seamless.delivery.split
  - seamless.delivery.route53
  - seamless.delivery.aws_router
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  idempotent:
    support: full
    description: Changes nothing when the split is in force already.
options:
  require_healthy:
    description:
      - The percentage of the records of each color with users that must be well by their health checks, one at least.
      - A record without a health check counts as well, and one with a calculated check does not, for AWS does not tell
        of it.
      - Where all records with a weight are unwell, Route 53 answers with those of weight 0.
    type: float
    default: 100
  wait:
    description: Whether to wait, for five minutes at most, until all of Route 53's name servers have the change.
    type: bool
    default: false
  spread:
    description:
      - For how many seconds users may still get the other color, once all name servers have the change.
      - Left out, the longest TTL of the records.
    type: float
seealso:
  - module: seamless.delivery.route53_split_info
"""

EXAMPLES = r"""
- name: Give green a tenth of the answers
  seamless.delivery.route53_split:
    service: storefront
    zone_id: "{{ stack.resources['hosted zone example.com'].id }}"
    name: www.example.com
    types: [A, AAAA]
    table: seamless
    split: {blue: 90, green: 10}
    expect: {blue: 100, green: 0}
    fence: 7

- name: Send everybody to the other region, and wait until all name servers say so
  seamless.delivery.route53_split:
    service: storefront
    zone_id: Z0123456789ABCDEFGHIJ
    name: www.example.com
    records: {blue: eu-west-1, green: us-east-1}
    table: seamless
    split: {blue: 0, green: 100}
    fence: 8
    wait: true
"""

RETURN = r"""
before:
  description: The split that was found; V(null) when a break-glass write replaced what did not agree.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 100, "green": 0}
after:
  description: The split that is in force now.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 90, "green": 10}
committed_at:
  description:
    - When the split was sent to AWS, in seconds since the epoch by this host's clock; V(null) when nothing was sent.
  returned: when O(split) is given
  type: float
answered_at:
  description:
    - By when the last user who goes by the TTL has moved, in seconds since the epoch by this host's clock.
    - That is O(spread) after all name servers have the change; without O(wait), the 60 seconds that this usually takes
      are added.
  returned: when O(split) is given
  type: float
in_force_since:
  description: Since when the split is in force, also where an earlier run sent it; V(null) where that is not known.
  returned: when O(split) is given
  type: float
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
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_split import run
from ansible_collections.seamless.delivery.plugins.module_utils.routers.route53_options import arguments, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.split_options import OPTIONS, checks


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=arguments(**OPTIONS, wait={"type": "bool", "default": False}, spread={"type": "float"}),
        supports_check_mode=True,
        **checks(),
    )
    run(module, router, wait=module.params["wait"])


if __name__ == "__main__":
    main()
