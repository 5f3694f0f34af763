# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_observability
short_description: Alarms, logs and a dashboard for a stack on AWS
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A topic for those who are told, alarms on what tells that users are hurt or soon will be, alarms of your own with
    metric math or a band around what is usual, log groups with what is counted in them, and a dashboard.
  - The stack's load balancer, groups and distribution are found; its databases and cache are named under O(resources),
    or found as well where the whole stack is declared (M(seamless.delivery.aws_stack)).
  - One word turns on the alarms that suit a part of the stack; O(overrides) changes them one by one.
  - Someone who has subscribed to the stack's topic by hand counts as no longer declared, and is removed from it.
  - A band's model of what is usual stays with CloudWatch, without cost, when its alarm is removed.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.observability
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Watch a load balancer and its service, and tell those on call
  seamless.delivery.aws_observability:
    stack: shop
    subscriptions:
      - {email: on-call@example.com}
    alarms: [load_balancer]
    overrides:
      load-balancer-latency: {threshold: 0.5}
    resources:
      load_balancer: app/shop/50dc6c495c0c9188
      pool_blue: targetgroup/shop-blue/73e2d6bc24d8a067
      pool_green: targetgroup/shop-green/09d9a63f4a4f0fd9
    log_groups:
      - name: app
        retention_days: 90
        filters:
          - {name: payments-failed, pattern: '"payment failed"', default: 0}
    metric_alarms:
      - name: payments
        description: Payments fail more often than is usual at this hour
        metrics:
          failed: {of: logs, metric: payments-failed, statistic: Sum}
        band: 3
        hurts_users: true
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change alarm shop-load-balancer-latency: threshold"]
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

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.concern import Cdn
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.concern import Compute
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancingBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.concern import Observability
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.declared import ARGUMENTS


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Observability(aws, params)],
        beside=lambda aws: [LoadBalancingBeside(aws), Compute(aws, {}), Cdn(aws, {})],
    )


if __name__ == "__main__":
    main()
