# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_compute
short_description: Instances on AWS for each color, and when there are more of them
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A launch template and an Auto Scaling group for blue and one for green, what their instances may do, and the
    policies by which the groups grow and shrink.
  - A change of what instances are like makes a new default version of the launch template. Instances that run keep
    theirs, and so do those that a group adds to them; the next release is built on the new one.
  - How many instances there are at a time belongs to autoscaling and to rollouts, and so do the version of the launch
    template that a group uses, suspended processes, and all sizes and the warm pool of a group that is parked, that is
    whose most is 0. No run of this module changes them.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.compute
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Two to twelve instances behind the stack's load balancer
  seamless.delivery.aws_compute:
    stack: shop
    image: ami-0abcdef1234567890
    instance_types: [m7g.large, m6g.large]
    size: {min: 2, max: 12}
    may_read:
      - arn:aws:s3:::shop-releases/storefront/*
      - arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/database-AbCdEf
    policies:
      - {name: requests, metric: requests, target: 800}
      - name: surge
        type: step
        alarm: {threshold: 70}
        step_adjustments:
          - {lower_bound: 0, upper_bound: 20, scaling_adjustment: 2}
          - {lower_bound: 20, scaling_adjustment: 4}
      - {name: forecast, type: predictive, target: 50}
    schedules:
      - {name: morning, recurrence: "30 7 * * 1-5", time_zone: Europe/Berlin, min: 6}
      - {name: night, recurrence: "0 20 * * *", time_zone: Europe/Berlin, min: 2}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change autoscaling group shop-blue: max"]
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

from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.concern import Compute
from ansible_collections.seamless.delivery.plugins.module_utils.aws.compute.declared import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancingBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.concern import NetworkBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Compute(aws, params)],
        beside=lambda aws: [NetworkBeside(aws), LoadBalancingBeside(aws)],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
