# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_load_balancer
short_description: A load balancer on AWS with a pool for each color
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - An application or network load balancer, its listeners and rules, and a target group for blue and one for green.
  - The split between the colors is given once, all to blue, when a listener is made. From then on it belongs to
    rollouts (M(seamless.delivery.alb_split)), and no run of this module moves it.
extends_documentation_fragment:
  - seamless.delivery.load_balancer
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A load balancer with a pool for each color
  seamless.delivery.aws_load_balancer:
    stack: shop
    pools:
      port: 8000
      health: {path: /readyz}
    listeners:
      - {port: 80, protocol: HTTP, to: https}
      - {port: 443, protocol: HTTPS}
    testers:
      from: [10.0.0.0/8]
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change target group shop-blue: health"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.concern import Certificates
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancing
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.declared import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.concern import NetworkBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [LoadBalancing(aws, params)],
        beside=lambda aws: [NetworkBeside(aws), Certificates(aws, {})],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
