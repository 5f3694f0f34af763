# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_dns
short_description: Records in Route 53, by weight, failover and health
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Records in a hosted zone of your own, or in one that the stack makes, with their health checks.
  - Records have no tags. Whose one is, a TXT record below it says, that is made and removed together with it. For
    C(www.example.com) of type A it is C(_seamless-a.www.example.com), with C(-) and the set at the end of the first
    label where there is one, and its value is C(seamless:stack=) and the stack's name. A record without one is never
    touched; give it one if the stack is to have it.
  - Hosted zones and health checks carry the stack's name in the caller reference that they were made with.
  - Removing a record, or the zone, needs O(deletion_protection=false). What is declared for another O(zone) is not
    looked at, so remove a zone's records before you declare another one.
  - Route 53 refuses a CNAME beside another record of its name, and one without a set beside those with one, even for a
    moment. Such a change needs two runs, the first without the old record.
  - A change has reached all of AWS's name servers within a minute as a rule. This module does not wait for that.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.dns
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: The shop's names
  seamless.delivery.aws_dns:
    stack: shop
    zone: example.com
    records:
      - {name: example.com, alias: load_balancer}
      - {name: www.example.com, alias: load_balancer}
      - {name: example.com, type: CAA, values: ['0 issue "amazon.com"'], ttl: 3600}

- name: A region's part of a name, by a weight that rollouts move
  seamless.delivery.aws_dns:
    stack: shop-eu
    zone: example.com
    records:
      - name: api.example.com
        alias: load_balancer
        set: eu
        first_weight: 100
        health_check: {host: eu.api.example.com, interval: 10}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create record www.example.com A"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 1, "change": 0, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.concern import Cdn
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.concern import Dns
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.declared import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancingBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Dns(aws, params)],
        beside=lambda aws: [LoadBalancingBeside(aws), Cdn(aws, {})],
    )


if __name__ == "__main__":
    main()
