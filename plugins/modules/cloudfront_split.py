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
  - seamless.delivery.cloudfront
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
    description: Changes nothing when the split is in force already.
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
      - The percentage of a color's distributions that must be deployed. There is one of each color, and it always has
        to be, before it gets viewers that it did not have.
    type: float
    default: 100
  at:
    description:
      - The moment at which to switch, in seconds since the epoch. Everything is validated before.
      - Refused when it is more than half a second past, or more than 60 seconds ahead.
    type: float
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
  break_glass:
    description:
      - The reason for a change without a lease. Passes by the fence and raises it, so that a rollout in progress stops
        at its next write.
      - Noted down in the table, or on the distribution where the table is out of reach (and the fence cannot be raised
        then); M(seamless.delivery.cloudfront_split_info) returns the notes until they are cleared with O(clear_notes).
    type: str
  who:
    description: Who breaks the glass. By default the user who runs the module.
    type: str
  clear_notes:
    description: Drop this many of the oldest break-glass notes, which the ledger holds by now.
    type: int
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
