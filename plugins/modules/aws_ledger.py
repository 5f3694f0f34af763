# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_ledger
short_description: The table or bucket on AWS that keeps a ledger
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Makes the DynamoDB table or the S3 bucket that a service declares as its C(ledger), and that the modules of a stack
    take for O(lock). One does for any number of services and stacks of an environment.
  - A table is billed by request, recoverable to any second of the last 35 days, and protected from deletion by AWS.
  - A bucket is versioned and encrypted, nothing in it can be made public, and it is spoken with over TLS alone. Its
    policy and its lifecycle rules are this module's.
  - Only what has the declared type and name is looked at. When you change either, the old ledger stays where it is.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  type:
    description:
      - A DynamoDB table, which most should take, for each write is one transaction and it keeps the locks of stacks
        and the fencing numbers of load balancers as well; or an S3 bucket, which a person reads more easily.
    type: str
    choices: [dynamodb, s3]
    default: dynamodb
  name:
    description:
      - The name of the table or the bucket. Left out, O(stack) and C(-ledger).
      - All of AWS shares the names of buckets. Choose one that nobody else has.
    type: str
  kms_key:
    description: The ARN of your own KMS key. Left out, a key of AWS's encrypts.
    type: str
  point_in_time_recovery:
    description: Whether the table can be restored as it was at any second of the last 35 days. For V(dynamodb).
    type: bool
    default: true
  old_versions_days:
    description:
      - Days for which the bucket keeps what was overwritten. Each event makes a version of its journal. For V(s3).
    type: int
    default: 90
"""

EXAMPLES = r"""
- name: The table that keeps the ledgers of production
  seamless.delivery.aws_ledger:
    stack: production
    region: eu-west-1

- name: A bucket instead
  seamless.delivery.aws_ledger:
    stack: production
    region: eu-west-1
    type: s3
    name: example-shop-production-ledger
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create ledger table production-ledger"]
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

from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.concern import Ledger
from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.declared import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run


def main() -> None:
    """Run the module."""
    run(ARGUMENTS, lambda aws, params: [Ledger(aws, params)])


if __name__ == "__main__":
    main()
