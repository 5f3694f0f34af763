# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asg_release_info
short_description: What release and what capacity each color's Auto Scaling group has
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Reads both colors' Auto Scaling groups of a stack; three calls.
extends_documentation_fragment:
  - seamless.delivery.asg
  - seamless.delivery.reads
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What runs on AWS
  seamless.delivery.asg_release_info:
    stack: shop
  register: found
"""

RETURN = r"""
blue:
  description:
    - The group of blue.
    - C(id), the release that its instances start with, empty for none, and C(active), whether any is in service.
    - C(version), that of its launch template, and C(whole), whether all instances were started from it; C(problem)
      says which were not.
    - C(min), C(max) and C(desired), C(in_service) (how many instances are), and C(parked) where it has no capacity.
    - C(releases), how many instances have which release.
    - C(warm_pool), whether there is one.
    - C(held), what a rollout has suspended, and C(kept_until), until when it is kept for a rollback (epoch seconds).
  returned: success
  type: dict
green:
  description: The group of green, as for RV(blue).
  returned: success
  type: dict
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.releases.autoscaling_group import Groups


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec={"stack": {"type": "str", "required": True}}, supports_check_mode=True)
    stack = module.params["stack"]
    try:
        groups = Groups(Aws(stack, connection(module)))
    except StackError as error:
        module.fail_json(msg=f"stack {stack}: {error}")
    else:
        module.exit_json(changed=False, **groups.shown())


if __name__ == "__main__":
    main()
