# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asg_release
short_description: Put a release on a color's Auto Scaling group, and let capacity follow the users
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Works on both colors' Auto Scaling groups of a stack, as M(seamless.delivery.aws_compute) declares them.
  - A release is a version of the color's launch template, built on the default version, with user data of its own.
  - While users are moved neither group loses an instance to autoscaling; both still grow. What is held down for that
    (C(Terminate) and C(AZRebalance)) is noted in the tag C(seamless:held) of the group before, so that a run after a
    crash gives back exactly that, and never what somebody else has suspended.
  - A run that was killed is gone on with by the next one.
extends_documentation_fragment:
  - seamless.delivery.asg
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    description: Says what would be done, and waits for nothing.
  diff_mode:
    support: full
    description: Shows both groups before and after.
  idempotent:
    support: full
    description: Changes nothing where it is as it should be.
options:
  state:
    description:
      - With V(installed), O(color), which has no users, gets O(release) with the capacity of the other color. Instances
        of an earlier release are ended before. Returns once all are in service and healthy in the load balancer's eyes;
        from then on both groups are held.
      - With V(warm), O(color), to which users are to go back, gets the capacity of the other color with the release
        that it has, and is waited for.
      - With V(given_back), O(color), which has all the users, is left to autoscaling again and gets a warm pool where
        the other color has one. The other color keeps its capacity for O(keep_minutes).
      - With V(parked), O(color), which has no users, loses its capacity and its warm pool, until a release or a way
        back needs them.
    type: str
    choices: [installed, warm, given_back, parked]
    required: true
  color:
    description: The color.
    type: str
    choices: [blue, green]
    required: true
  release:
    description: The id of the release; required for V(installed).
    type: str
  user_data:
    description: What an instance does when it boots, so that it gets the release; required for V(installed).
    type: str
  rollout:
    description: The id of the rollout that holds the groups, for their tags; required for V(installed).
    type: str
  start_deadline:
    description: How many seconds instances may take until they are healthy.
    type: float
    default: 600
  enough_percent:
    description: For V(warm), how much of the capacity must be healthy before users go back; the rest comes meanwhile.
    type: float
    default: 100
  keep_minutes:
    description:
      - For V(given_back), how long the other color keeps its capacity for a rollback. Nothing takes it away by itself
        then; V(parked) with O(due) does.
      - With 0 it is parked at once. Left out, autoscaling has it back as well.
    type: float
  due:
    description: For V(parked), whether to do it only once the minutes are over for which it was to be kept.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Put a release on green
  seamless.delivery.asg_release:
    stack: shop
    state: installed
    color: green
    release: 2.0.0-1a2b3c4d
    user_data: "{{ lookup('ansible.builtin.template', 'user-data.sh.j2') }}"
    rollout: shop-20261128T080000Z-2.0.0-1a2b3c4d

- name: Users are on green
  seamless.delivery.asg_release:
    stack: shop
    state: given_back
    color: green
    keep_minutes: 60

- name: End what has been kept long enough
  seamless.delivery.asg_release:
    stack: shop
    state: parked
    color: blue
    due: true
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line each.
  returned: always
  type: list
  elements: str
  sample: ["start 4 instances in shop-green, at least 2 and at most 12"]
blue:
  description: The group of blue, as M(seamless.delivery.asg_release_info) returns it.
  returned: success
  type: dict
green:
  description: The group of green, likewise.
  returned: success
  type: dict
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.releases.autoscaling_group import Groups
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS


def act(module: AnsibleAWSModule, groups: Groups) -> None:
    params, color = module.params, module.params["color"]
    if params["state"] == "installed":
        asked = (params[name] for name in ("release", "user_data", "rollout", "start_deadline"))
        groups.install(color, *asked)
    elif params["state"] == "warm":
        groups.warm(color, params["start_deadline"], params["enough_percent"])
    elif params["state"] == "given_back":
        groups.give_back(color, params["keep_minutes"])
    else:
        groups.park(color, params["due"])


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "stack": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["installed", "warm", "given_back", "parked"], "required": True},
            "color": {"type": "str", "choices": list(COLORS), "required": True},
            "release": {"type": "str"},
            "user_data": {"type": "str"},
            "rollout": {"type": "str"},
            "start_deadline": {"type": "float", "default": 600},
            "enough_percent": {"type": "float", "default": 100},
            "keep_minutes": {"type": "float"},
            "due": {"type": "bool", "default": False},
        },
        required_if=[("state", "installed", ["release", "user_data", "rollout"])],
        supports_check_mode=True,
    )
    stack, done = module.params["stack"], []
    try:
        groups = Groups(Aws(stack, connection(module)), module.check_mode)
        done, before = groups.did, {color: one.set() for color, one in groups.of.items()}
        act(module, groups)
    except StackError as error:
        module.fail_json(msg=f"stack {stack}: {error}", plan=done, changed=bool(done))
    else:
        after = {color: one.set() for color, one in groups.of.items()}
        diff = {"before": before, "after": after}
        module.exit_json(changed=bool(done), plan=done, diff=diff, **groups.shown())


if __name__ == "__main__":
    main()
