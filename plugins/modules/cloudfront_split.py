# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_split
short_description: Divide a service's viewers between its two colors on CloudFront
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives the idle color at most 15 percent of the viewers, by CloudFront's continuous deployment, or all of them, by
    promoting the staging distribution. Then the staging distribution gets the color that was live, so that the way back
    is a promotion, too, as soon as it is deployed.
  - Refuses, and then changes nothing, when the split found is not the expected one, when the staging distribution is
    not deployed everywhere, when anything was changed since it was read, or when a writer with a higher fencing number
    was here before.
  - Where the staging distribution does not serve the color that is to get viewers, it is brought to that first and
    waited for, for half an hour at most. That moves nobody.
  - A change reaches all of CloudFront's places within minutes. In CloudFront's own peak hours all viewers may get the
    live color, whatever the split says, so that a canary there may see nobody.
  - There is nobody at AWS who would take viewers back without a confirmation.
extends_documentation_fragment:
  - seamless.delivery.split.aws
  - seamless.delivery.split
  - seamless.delivery.cloudfront
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
      - The percentage of a color's distributions that must be deployed. There is one of each color, and it always has
        to be, before it gets viewers that it did not have.
    type: float
    default: 100
  stickiness:
    description:
      - For how many seconds without a request viewers stay with their color, 300 to 3600, or 0 for no time at all.
      - Nobody stays for longer than an hour.
    type: int
    default: 300
  testers_header:
    description:
      - A header, its name beginning with C(aws-cf-cd-). While the idle color has no share, viewers who send it with the
        color's name get that color.
      - CloudFront looks at a share or at a header, but not at both.
    type: str
seealso:
  - module: seamless.delivery.cloudfront_split_info
"""

EXAMPLES = r"""
- name: Give green a tenth of the viewers
  seamless.delivery.cloudfront_split:
    service: storefront
    distribution: "{{ stack.resources['distribution storefront'].id }}"
    staging: "{{ stack.resources['staging distribution storefront'].id }}"
    table: seamless
    split: {blue: 90, green: 10}
    expect: {blue: 100, green: 0}
    fence: 7
"""

RETURN = r"""
before:
  description: The split that was found.
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
  description: When AWS said that it has it, in seconds since the epoch by this host's clock.
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
from ansible_collections.seamless.delivery.plugins.module_utils.routers.cloudfront_options import arguments, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.split_options import OPTIONS, checks


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=arguments(
            **OPTIONS,
            stickiness={"type": "int", "default": 300},
            testers_header={"type": "str"},
        ),
        supports_check_mode=True,
        **checks(),
    )
    run(module, router)


if __name__ == "__main__":
    main()
