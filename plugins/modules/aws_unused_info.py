# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_unused_info
short_description: What an account on AWS pays for in a region and nobody uses
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Finds volumes and addresses that are attached to nothing, load balancers without traffic, and old snapshots that no
    image needs, of whichever stack, or of none. It removes nothing.
  - Snapshots of AWS Backup are managed by it and are found here too while they are old; its plans say when they go.
extends_documentation_fragment:
  - seamless.delivery.reads
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  idle_days:
    description: Days without traffic after which a load balancer counts as unused.
    type: int
    default: 14
  snapshot_days:
    description: Days after which a snapshot that no image needs counts as unused.
    type: int
    default: 90
requirements:
  - boto3
  - the collection amazon.aws
"""

EXAMPLES = r"""
- name: What do we pay for in vain
  seamless.delivery.aws_unused_info:
    region: us-east-1
  register: found

- name: Say it
  ansible.builtin.debug:
    msg: "{{ found.unused | map(attribute='why') }}"
"""

RETURN = r"""
unused:
  description: What nobody uses.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What it is, V(volume), V(address), V(snapshot) or V(load balancer).
      type: str
    id:
      description: Its id, or its ARN.
      type: str
    why:
      description: Why it counts as unused.
      type: str
    since:
      description: When it was made; V(null) where AWS does not say.
      type: str
    stack:
      description: The stack that it belongs to; V(null) where it has no such tag, or is a load balancer.
      type: str
"""

from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.unused import unused
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws


def main() -> None:
    """Run the module."""
    arguments = {"idle_days": {"type": "int", "default": 14}, "snapshot_days": {"type": "int", "default": 90}}
    module = AnsibleAWSModule(argument_spec=arguments, supports_check_mode=True)
    try:
        aws, now = Aws("", connection(module)), datetime.now(timezone.utc)
        found = unused(aws, now, module.params["idle_days"], module.params["snapshot_days"])
    except StackError as error:
        module.fail_json(msg=str(error))
    else:
        module.exit_json(changed=False, unused=found)


if __name__ == "__main__":
    main()
