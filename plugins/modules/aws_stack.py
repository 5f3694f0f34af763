# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_stack
short_description: Everything that a service stands on in AWS, declared once
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Converges a whole stack in one process. What is there is read in parallel, and compared; what differs is written in
    the order in which its parts need one another. Where nothing differs, nothing is written.
  - Each section has the options of the module of that name, and means the same. A section that is left out is not
    touched; to remove what it had, use its module with O(state=absent). One at least has to be there.
  - A run that was interrupted anywhere is gone on with by the next one.
extends_documentation_fragment:
  - seamless.delivery.stack
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  network:
    description: The options of M(seamless.delivery.aws_network).
    type: dict
  ledger:
    description: The options of M(seamless.delivery.aws_ledger).
    type: dict
  certificate:
    description: The options of M(seamless.delivery.aws_certificate).
    type: dict
  load_balancer:
    description: The options of M(seamless.delivery.aws_load_balancer).
    type: dict
  waf:
    description: The options of M(seamless.delivery.aws_waf).
    type: dict
  compute:
    description: The options of M(seamless.delivery.aws_compute).
    type: dict
  database:
    description: The options of M(seamless.delivery.aws_database).
    type: dict
  cache:
    description: The options of M(seamless.delivery.aws_cache).
    type: dict
  cdn:
    description: The options of M(seamless.delivery.aws_cdn).
    type: dict
  dns:
    description: The options of M(seamless.delivery.aws_dns).
    type: dict
  observability:
    description: The options of M(seamless.delivery.aws_observability).
    type: dict
  backup:
    description: The options of M(seamless.delivery.aws_backup).
    type: dict
  cost:
    description: The options of M(seamless.delivery.aws_cost).
    type: dict
  security:
    description: The options of M(seamless.delivery.aws_security).
    type: dict
"""

EXAMPLES = r"""
- name: A shop, its database and its cache
  seamless.delivery.aws_stack:
    stack: shop
    tags: {team: shop}
    network:
      cidr: 10.1.0.0/16
    load_balancer:
      listeners:
        - {port: 80, protocol: HTTP}
    database:
      engine: postgres
      version: "16"
      instance_class: db.m7g.large
      storage: {size: 100}

- name: What would change
  seamless.delivery.aws_stack: "{{ declared }}"
  check_mode: true
  diff: true
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line a resource.
  returned: success
  type: list
  elements: str
  sample: ["+ create vpc shop", "~ change target group shop-blue: health"]
counts:
  description: How many resources were created, changed, replaced and deleted.
  returned: success
  type: dict
  sample: {"create": 1, "change": 1, "replace": 0, "delete": 0}
resources:
  description: The identifiers of each resource, by its kind and name.
  returned: success
  type: dict
"""

from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import run
from ansible_collections.seamless.delivery.plugins.module_utils.aws.whole import SECTIONS, InStack


def main() -> None:
    """Run the module."""
    run(
        {name: {"type": "dict"} for name in SECTIONS},
        lambda aws, params: [
            InStack(name, section.concern(aws, params[name]))
            for name, section in SECTIONS.items()
            if params[name] is not None
        ],
        sections=SECTIONS,
    )


if __name__ == "__main__":
    main()
