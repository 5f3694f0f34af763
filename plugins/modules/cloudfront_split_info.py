# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_split_info
short_description: The split between a service's colors on CloudFront
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads the split in force, the state of each distribution, the highest fencing number and the break-glass notes.
extends_documentation_fragment:
  - seamless.delivery.cloudfront
  - seamless.delivery.aws_router
  - seamless.delivery.reads
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: How are the viewers divided
  seamless.delivery.cloudfront_split_info:
    service: storefront
    distribution: "{{ distribution_id }}"
    staging: "{{ staging_id }}"
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
  description: Each color's distribution, with C(healthy), which is 1 where it is deployed everywhere, and C(members).
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
  description: Always V(null), for CloudFront has nobody who takes viewers back by itself.
  returned: success
  type: dict
guard:
  description: Why nobody would take viewers back.
  returned: success
  type: dict
  sample: {"running": false, "problem": "CloudFront has no guard"}
notes:
  description: The break-glass notes that were not imported into the ledger yet, oldest first.
  returned: success
  type: list
  elements: dict
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.cloudfront_options import arguments, router


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=arguments(), supports_check_mode=True)
    try:
        observed, notes = router(module).read()
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    else:
        module.exit_json(
            changed=False,
            **observed.as_dict(),
            clock=time.time(),
            armed=None,
            guard={"running": False, "problem": "CloudFront has no guard"},
            notes=notes,
        )


if __name__ == "__main__":
    main()
