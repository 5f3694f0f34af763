# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_waf
short_description: A web application firewall on AWS
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A web ACL of AWS WAF with rules that AWS manages, a limit for each client, lists of addresses and a log, in front of
    the load balancer or of CloudFront.
  - Rules are asked in this order, allowed addresses, blocked addresses, the limit, managed rules.
  - The log does not have the headers C(Authorization) and C(Cookie).
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  scope:
    description:
      - V(CLOUDFRONT) for a distribution, whose declaration then names this
        (O(seamless.delivery.aws_cdn#module:web_acl)). It is kept in C(us-east-1), whatever the region.
      - V(REGIONAL) for load balancers. Behind a distribution these see its addresses in place of the clients', so that
        address lists and limits belong to scope V(CLOUDFRONT) then.
      - A web ACL cannot go from one scope to the other. Remove it first, with the scope that it has.
    type: str
    choices: [REGIONAL, CLOUDFRONT]
    default: REGIONAL
  default_action:
    description: What happens to a request that no rule decides on.
    type: str
    choices: [allow, block]
    default: allow
  allow_from:
    description: Addresses or ranges, IPv4 and IPv6, whose requests no other rule looks at.
    type: list
    elements: str
    default: []
  block_from:
    description: Addresses or ranges whose requests are refused.
    type: list
    elements: str
    default: []
  rate_limit:
    description: How many requests one address may send. Left out, as many as it likes.
    type: dict
    suboptions:
      requests:
        description: The number, 10 at least.
        type: int
        required: true
      seconds:
        description: Within how many seconds.
        type: int
        choices: [60, 120, 300, 600]
        default: 300
      observe:
        description: Only count what would be refused.
        type: bool
        default: false
  managed_rules:
    description:
      - Groups of rules that AWS or another vendor maintains.
      - Left out, the three that AWS recommends for every web application.
    type: list
    elements: dict
    default:
      - {name: AWSManagedRulesAmazonIpReputationList, vendor: AWS, version: "", observe: false, observe_rules: []}
      - {name: AWSManagedRulesCommonRuleSet, vendor: AWS, version: "", observe: false, observe_rules: []}
      - {name: AWSManagedRulesKnownBadInputsRuleSet, vendor: AWS, version: "", observe: false, observe_rules: []}
    suboptions:
      name:
        description: The group's name.
        type: str
        required: true
      vendor:
        description: Whose it is.
        type: str
        default: AWS
      version:
        description: A version to stay with. Empty for the one that the vendor gives out at any time.
        type: str
        default: ""
      observe:
        description: Only count what the group would refuse, as a new group should for a while.
        type: bool
        default: false
      observe_rules:
        description: Rules of the group that only count.
        type: list
        elements: str
        default: []
  logs:
    description:
      - The ARN of a log group, a bucket or a delivery stream that gets each request. Its name begins with
        C(aws-waf-logs-). Left out, there is no log.
    type: str
  protects:
    description:
      - The ARNs of application load balancers of your own. Left out, the stack's, with scope V(REGIONAL).
      - One that another web ACL protects already is not taken from it.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: What comes through CloudFront, with a limit for each client
  seamless.delivery.aws_waf:
    stack: shop
    scope: CLOUDFRONT
    rate_limit: {requests: 2000}
    block_from: [192.0.2.0/24]
    logs: arn:aws:s3:::aws-waf-logs-shop
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change regional web acl shop: rules"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description:
    - The identifiers of each resource, by its kind and name. The web ACL's kind is C(regional web acl), and C(web acl)
      with scope V(CLOUDFRONT).
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancingBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.concern import Waf
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.declared import ARGUMENTS


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Waf(aws, params)],
        beside=lambda aws: [LoadBalancingBeside(aws)],
    )


if __name__ == "__main__":
    main()
