# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_database
short_description: A database on AWS with its replicas
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - PostgreSQL, MySQL or MariaDB on RDS with read replicas, or an Aurora cluster, with its subnet group and parameters.
  - Nothing that holds data is removed or made anew while O(deletion_protection) is on, and a snapshot is left behind
    when it is (O(final_snapshot)).
  - Upgrades that AWS made, storage that has grown by itself, and changes that wait for the maintenance window do not
    count as differences.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.database
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: seamless.delivery.aws_cache
"""

EXAMPLES = r"""
- name: A database with a standby, and a replica to read from in another zone
  seamless.delivery.aws_database:
    stack: shop
    version: "16"
    instance_class: db.m7g.large
    storage: {size: 100, max_size: 500}
    password: "{{ lookup('amazon.aws.aws_secret', 'shop/database') }}"
    replicas:
      - zone: eu-central-1b
    parameters:
      log_min_duration_statement: 500
    maintenance_window: sun:04:00-sun:05:00

- name: A database with a replica in another region, to go on there when this one is lost
  seamless.delivery.aws_database:
    stack: shop
    region: eu-central-1
    version: "16"
    instance_class: db.m7g.large
    password: "{{ lookup('amazon.aws.aws_secret', 'shop/database') }}"
    replicas:
      - region: eu-west-1
        subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
        security_groups: [sg-0a1b2c3d4e5f60001]
        kms_key: arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555

- name: Aurora, with a second instance that takes over
  seamless.delivery.aws_database:
    stack: shop
    engine: aurora-postgresql
    version: "16"
    instance_class: db.r7g.large
    replicas: [{}]

- name: Aurora that grows and shrinks by itself, with one reader that does not
  seamless.delivery.aws_database:
    stack: shop
    engine: aurora-postgresql
    version: "16"
    serverless: {min: 0.5, max: 16}
    replicas:
      - {}
      - {instance_class: db.r7g.large}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change database shop: instance_class"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description:
    - The identifiers of each resource, by its kind and name. A database has C(endpoint), and C(secret) where RDS keeps
      its password; an Aurora cluster C(reader_endpoint) as well.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.concern import Databases
from ansible_collections.seamless.delivery.plugins.module_utils.aws.database.options import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.concern import NetworkBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Databases(aws, params)],
        beside=lambda aws: [NetworkBeside(aws)],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
