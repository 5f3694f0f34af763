# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_cache
short_description: A cache of Valkey or Redis on AWS
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - An ElastiCache replication group with its subnet group and parameters.
  - It is not removed or made anew while O(deletion_protection) is on, and a snapshot is left behind when it is
    (O(final_snapshot)).
  - Upgrades that AWS made and changes that wait for the maintenance window do not count as differences.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.cache
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: seamless.delivery.aws_database
"""

EXAMPLES = r"""
- name: A cache that fails over to another zone
  seamless.delivery.aws_cache:
    stack: shop
    version: "8"
    node_type: cache.t4g.small
    auth_token: "{{ lookup('amazon.aws.aws_secret', 'shop/cache') }}"
    parameters:
      maxmemory-policy: allkeys-lru
    maintenance_window: sun:04:00-sun:05:00
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change cache shop: node_type"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description:
    - The identifiers of each resource, by its kind and name. A cache has C(endpoint), and without shards
      C(reader_endpoint) as well.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.concern import Caches
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cache.options import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.concern import NetworkBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Caches(aws, params)],
        beside=lambda aws: [NetworkBeside(aws)],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
