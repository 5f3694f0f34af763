# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_cdn
short_description: A content delivery network on AWS
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A CloudFront distribution in front of a load balancer, S3 buckets or servers of your own, with the cache policies,
    response headers policy, functions and origin access control that it needs.
  - A change is made as soon as AWS has taken it, and reaches all of CloudFront's places some minutes later. Removal
    waits until the distribution is disabled everywhere, which takes as long.
  - What somebody else changes while this runs is never overwritten, and what is not declared here, such as Lambda
    functions of a behavior, stays as it is.
extends_documentation_fragment:
  - seamless.delivery.stack
  - seamless.delivery.cdn
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Pages from the load balancer, versioned files from a bucket
  seamless.delivery.aws_cdn:
    stack: shop
    origins:
      - {name: app}
      - {name: assets, bucket: shop-assets.s3.eu-central-1.amazonaws.com, shield: eu-central-1}
    behaviors:
      - {path: /assets/*, origin: assets, strategy: assets}
      - {path: /api/*, strategy: api}
    aliases: [www.example.com]
    certificate: arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555
    web_acl: stack
    logs: {bucket: shop-logs.s3.amazonaws.com, prefix: cdn/}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["~ change distribution shop: behaviors"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 0, "change": 1, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name. A distribution's are C(id), C(arn) and C(domain).
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.concern import Cdn
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cdn.options import ARGUMENTS, CHECKS
from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate.concern import Certificates
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.concern import LoadBalancingBeside
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.concern import Waf
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.declared import CLOUDFRONT


def main() -> None:
    """Run the module."""
    run(
        ARGUMENTS,
        lambda aws, params: [Cdn(aws, params)],
        beside=lambda aws: [LoadBalancingBeside(aws), Certificates(aws, {}), Waf(aws, {"scope": CLOUDFRONT})],
        **CHECKS,
    )


if __name__ == "__main__":
    main()
