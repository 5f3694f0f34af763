# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_cost
short_description: A budget for a stack on AWS, and unusual costs told
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A monthly budget for all that carries the stack's tag, a monitor that learns what it costs usually, and the tags by
    which the account's costs are split.
  - Billing knows a tag up to a day after the first resource has it, and counts from then on. A tag that it does not
    know yet is activated by a later run. An active one stays active, for other stacks need it as well.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  monthly:
    description: What a month may cost. Required with O(state=present).
    type: float
  currency:
    description: The currency that the account is billed in.
    type: str
    default: USD
  alerts:
    description: When the topic is told.
    type: list
    elements: dict
    default: [{percent: 80, of: actual}, {percent: 100, of: forecast}]
    suboptions:
      percent:
        description: At more than this percentage of the budget.
        type: float
        required: true
      of:
        description: Of what was spent, or of what the month will have cost as it looks.
        type: str
        choices: [actual, forecast]
        default: actual
  unusual_from:
    description: The impact in USD from which the topic is told of unusual costs. Left out, it is not.
    type: float
  allocation_tags:
    description:
      - The keys of tags by which costs are split. Only an organization's management account can say so; elsewhere, give
        an empty list.
    type: list
    elements: str
    default: ["seamless:stack"]
  topic:
    description:
      - The ARN of your own SNS topic. Left out, the stack's alarm topic (M(seamless.delivery.aws_observability)).
    type: str
"""

EXAMPLES = r"""
- name: Tell us before the month gets too expensive
  seamless.delivery.aws_cost:
    stack: shop
    monthly: 1200
    unusual_from: 50
    topic: arn:aws:sns:us-east-1:123456789012:shop
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change budget shop: monthly"]
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

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.concern import Cost
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.declared import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.concern import TopicBeside


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Cost(aws, params)],
        beside=lambda aws: [TopicBeside(aws)],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
