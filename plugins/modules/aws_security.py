# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_security
short_description: GuardDuty, Inspector and Security Hub on AWS, and who is told of their findings
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Switches on what watches over the security of an account in a region, and sends findings from a severity on to a
    topic.
  - These services are there once for an account and region. One that is on already and was not switched on by this
    stack counts as fulfilled and is left as it is; only what this stack has switched on is changed, or switched off.
  - Switching off GuardDuty or Security Hub, which needs O(deletion_protection=false), loses their findings.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  guardduty:
    description: GuardDuty, which looks for attacks in what goes on. Left out, it is not wanted.
    type: dict
    suboptions:
      features:
        description: What it looks at besides logs of calls, networks and names. Left out, what AWS has it do.
        type: list
        elements: str
        choices: [eks, lambda, rds, runtime, s3, volumes]
      every:
        description: The minutes after which it says that a finding goes on.
        type: int
        choices: [15, 60, 360]
        default: 15
  inspector:
    description: What Inspector looks at for known vulnerabilities.
    type: list
    elements: str
    choices: [EC2, ECR, LAMBDA, LAMBDA_CODE]
    default: []
  security_hub:
    description:
      - Security Hub, which checks standards, for which it needs AWS Config, and gathers the findings of the others.
        Left out, it is not wanted.
    type: dict
    suboptions:
      standards:
        description: The ends of the standards' ARNs.
        type: list
        elements: str
        default: [aws-foundational-security-best-practices/v/1.0.0]
  severity:
    description: The severity from which a finding is told.
    type: str
    choices: [low, medium, high, critical]
    default: high
  topic:
    description:
      - The ARN of your own SNS topic. Left out, the stack's alarm topic (M(seamless.delivery.aws_observability)).
    type: str
"""

EXAMPLES = r"""
- name: Watch over the account, and tell us of what is serious
  seamless.delivery.aws_security:
    stack: shop
    guardduty:
      features: [s3, rds]
    inspector: [EC2]
    security_hub: {}
    topic: arn:aws:sns:us-east-1:123456789012:shop
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create Inspector scan EC2"]
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

from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.concern import TopicBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security.concern import Security
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security.declared import ARGUMENTS


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Security(aws, params)],
        beside=lambda aws: [TopicBeside(aws)],
    )


if __name__ == "__main__":
    main()
