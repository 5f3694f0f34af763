#!/usr/bin/python
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_environment
version_added: 1.0.0
short_description: Check that this is the declared environment, before anything is done in it
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Compares the account and the region of the caller with those that the inventory declares, and fails where they are
    others, with one call to AWS and before anything is changed.
  - In production, names each thing that a declared stack and its releases lack and production asks for, which are
    protection against deletion, more than one zone, standbys, backups, alarms that reach somebody, and approval.
  - That two environments share nothing is found by M(seamless.delivery.service_check), which reads both inventories.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
options:
  environment:
    description: What the inventory declares as C(aws_environment).
    type: dict
    required: true
    suboptions:
      account:
        description: The account's number, 12 digits in quotes.
        type: str
        required: true
      region:
        description: The region.
        type: str
        required: true
      production:
        description: Whether what is missing for production is refused.
        type: bool
        default: false
      approval:
        description:
          - Who approves a release, and where, when the strategy has no gate of the type V(approval) itself. A text for
            people, such as the name of the workflow's node.
        type: str
      shared:
        description:
          - What this environment has in common with others on purpose, by the names that
            M(seamless.delivery.service_check) gives it. It is not looked at here.
        type: list
        elements: str
        default: []
  stack:
    description:
      - The declared stack, the options of each concern by its name. By default what the variables C(aws_stack_*) say.
      - Of it only what production asks for leaves the controller, and no secret. Of the variables no other part is
        templated, so that no secret is looked up before the account is known to be the right one.
    type: dict
    default: {}
  strategy:
    description: How releases are rolled out. By default the variable C(service.strategy), if there is one.
    type: dict
    default: {}
attributes:
  action:
    description: Has a corresponding action plugin, which keeps secrets of the stack on the controller.
    support: full
  check_mode:
    description: Does the same; it never changes anything.
    support: full
  diff_mode:
    description: Nothing changes.
    support: none
  idempotent:
    description: It never changes anything.
    support: full
requirements:
  - boto3
  - the collection amazon.aws
"""

EXAMPLES = r"""
- name: Nothing happens in another account than the inventory's
  seamless.delivery.aws_environment:
    environment: "{{ aws_environment }}"
  run_once: true
  delegate_to: localhost
"""

RETURN = r"""
account:
  description: The caller's account.
  returned: always
  type: str
region:
  description: The region of the caller's connection; null where there is none.
  returned: always
  type: str
caller:
  description: Who the caller is.
  returned: always
  type: str
  sample: arn:aws:sts::111122223333:assumed-role/deployer/ci
problems:
  description: What was found wrong; the message says the same.
  returned: always
  type: list
  elements: str
"""

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says so

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.caller import ARGUMENTS, strayed
from ansible_collections.seamless.delivery.plugins.module_utils.aws.environment.production import missing
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "environment": {"type": "dict", "required": True, "options": ARGUMENTS},
            "stack": {"type": "dict", "default": {}},
            "strategy": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    environment = module.params["environment"]
    try:
        # Asked in the declared region: where the caller has none, that is to be told, not to be in the way.
        caller = connection(module, asked_in=environment["region"])("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        module.fail_json_aws(error, msg="expected to be told by AWS who the caller is")
    region, _endpoint, _how = get_aws_connection_info(module)
    found = {"account": caller["Account"], "region": region, "caller": caller["Arn"]}
    problems = [
        *strayed(environment, **found),
        *missing(environment, module.params["stack"], module.params["strategy"]),
    ]
    if problems:
        lines = "\n".join(f"- {problem}" for problem in problems)
        module.fail_json(msg=f"The environment is not what is expected:\n{lines}", problems=problems, **found)
    module.exit_json(changed=False, problems=[], **found)


if __name__ == "__main__":
    main()
