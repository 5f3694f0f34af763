# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_network
short_description: A network on AWS, with a security group for each tier
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - A VPC with a public and a private subnet in each zone, an internet gateway, route tables, endpoints for S3 and
    DynamoDB, and, where asked for, NAT gateways and flow logs.
  - The security groups C(load-balancer), C(app), C(database) and C(cache), each of which lets in nobody but the one
    before it. Any other rule in these groups is removed, whoever made it.
  - The range of each subnet follows from its zone's letter, so that zones come and go without moving one another. The
    range of a VPC can never be changed.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  vpc:
    description:
      - The id of your own VPC. Then only the security groups are made, in it; name its subnets to the other modules by
        their ids.
    type: str
  cidr:
    description: The VPC's range, from /16 to /24. It is cut into sixteen, and each subnet is one of these.
    type: str
    default: 10.0.0.0/16
  zones:
    description: The availability zones, such as C(us-east-1a). Left out, the O(zone_count) first ones of the region.
    type: list
    elements: str
  zone_count:
    description: In how many zones. Those that the stack is in already are kept.
    type: int
    default: 2
  dns_hostnames:
    description: Whether instances with public addresses get names.
    type: bool
    default: true
  nat:
    description:
      - The way out of private subnets. With V(none) they reach S3 and DynamoDB by O(endpoints), and nothing else.
      - A NAT gateway costs money by the hour and by the gigabyte. V(one) is the cheaper choice, but all zones lose
        their way out together with its zone; V(per_zone) has one in each.
      - The addresses that others see are lost with the gateways, so removing them needs O(deletion_protection=false).
    type: str
    choices: [none, one, per_zone]
    default: none
  endpoints:
    description: Services that are reached without a way out, at no cost.
    type: list
    elements: str
    choices: [dynamodb, s3]
    default: [dynamodb, s3]
  flow_logs:
    description: Where to keep a record of connections. Left out, there is none.
    type: dict
    suboptions:
      destination:
        description: The ARN of a bucket or of a log group.
        type: str
        required: true
      role:
        description: The ARN of the role that writes to the log group; required for one.
        type: str
      traffic:
        description: Which connections.
        type: str
        choices: [all, accept, reject]
        default: reject
  clients:
    description:
      - Who may reach the load balancer, as IPv4 ranges, or ids of prefix lists (C(pl-...), such as CloudFront's) or
        security groups.
    type: list
    elements: str
    default: [0.0.0.0/0]
  ports:
    description: The ports of each tier.
    type: dict
    suboptions:
      load_balancer:
        description: The ports that the load balancer answers on.
        type: list
        elements: int
        default: [80, 443]
      app:
        description: The ports of the application, those of its health checks included.
        type: list
        elements: int
        default: [80]
      database:
        description: The port of the database.
        type: int
        default: 5432
      cache:
        description: The port of the cache.
        type: int
        default: 6379
  rules:
    description: What else is let in.
    type: list
    elements: dict
    default: []
    suboptions:
      group:
        description: The group that lets it in. One of another name than the four is made.
        type: str
        required: true
      from:
        description: A group of this stack, an IPv4 range, or the id of a security group or prefix list.
        type: str
        required: true
      ports:
        description: A port, or a range such as C(8000-8010).
        type: str
        required: true
      protocol:
        description: The protocol.
        type: str
        choices: [tcp, udp]
        default: tcp
"""

EXAMPLES = r"""
- name: A network in two zones
  seamless.delivery.aws_network:
    stack: shop

- name: A network in three zones, with a way out of each
  seamless.delivery.aws_network:
    stack: shop
    cidr: 10.20.0.0/16
    zone_count: 3
    nat: per_zone
    ports: {app: [8000]}
    rules:
      - {group: bastion, from: 198.51.100.0/24, ports: "22"}
      - {group: app, from: bastion, ports: "22"}
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create subnet shop-public-c"]
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
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.concern import Network
from ansible_collections.seamless.delivery.plugins.module_utils.aws.network.declared import ARGUMENTS


def main() -> None:
    """Run the module."""
    run(ARGUMENTS, lambda aws, params: [Network(aws, params)])


if __name__ == "__main__":
    main()
