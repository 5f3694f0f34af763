# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_split_info
short_description: The split between two records of Route 53
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the split in force, the health of both colors' records, the highest fencing number and the break-glass notes.
  - In force is what AWS has accepted. Its name servers may need another 60 seconds for it, and resolvers the TTL.
extends_documentation_fragment:
  - seamless.delivery.route53
  - seamless.delivery.aws_router
  - seamless.delivery.reads
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: How are the users divided
  seamless.delivery.route53_split_info:
    service: storefront
    zone_id: Z0123456789ABCDEFGHIJ
    name: www.example.com
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
  description: Each color's records, one for each type, with C(healthy), C(total) and C(members).
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
  description: Always V(null), for Route 53 has nobody who takes users back by itself.
  returned: success
  type: dict
guard:
  description: Why nobody would take users back.
  returned: success
  type: dict
  sample: {"running": false, "problem": "Route 53 has no guard"}
notes:
  description: The break-glass notes that were not imported into the ledger yet, oldest first.
  returned: success
  type: list
  elements: dict
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.route53_options import arguments, router


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=arguments(), supports_check_mode=True)
    try:
        observed, notes = router(module).read()
    except (RouterError, ValueError) as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    else:
        module.exit_json(
            changed=False,
            **observed.as_dict(),
            clock=time.time(),
            armed=None,
            guard={"running": False, "problem": "Route 53 has no guard"},
            notes=notes,
        )


if __name__ == "__main__":
    main()
