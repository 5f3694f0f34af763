# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asg_refresh
short_description: Replace the instances of the live Auto Scaling group by ones with another release, share by share
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - For those who run one Auto Scaling group of a stack and no second one for a release to be tried on;
    M(seamless.delivery.asg_release) is for two.
  - A release is a version of the color's launch template, built on the default version, with user data of its own.
    Between which versions instances are replaced is noted in the tag C(seamless:refresh) of the group before.
  - Each share is an instance refresh that ends at its checkpoint by itself, also where nobody waits for it. Until all
    instances are new, autoscaling starts instances of the release before.
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
    description: Shows the color's group before and after.
  idempotent:
    support: full
    description: Changes nothing where it is as it should be.
options:
  state:
    description:
      - With V(prepared), O(release) becomes a version of the launch template, and no instance has it yet. Refused where
        the group cannot be refreshed, or somebody else's refresh goes on.
      - With V(refreshed), instances are replaced until O(percent) of them have the prepared release and are healthy in
        the load balancer's eyes. Where they do not get there, the refresh is stopped.
      - With V(back), a refresh that goes on is stopped, and what was replaced is replaced again by what was there
        before, and waited for.
    type: str
    choices: [prepared, refreshed, back]
    required: true
  color:
    description: The color, which has the users.
    type: str
    choices: [blue, green]
    required: true
  release:
    description:
      - The id of the release; required for V(prepared).
      - For V(back), the one that is expected to come back; anything else is refused.
    type: str
    default: ""
  user_data:
    description: What an instance does when it boots, so that it gets the release; required for V(prepared).
    type: str
  rollout:
    description: The id of the rollout, for the tag; required for V(prepared) and V(refreshed).
    type: str
  percent:
    description: For V(refreshed), the share of the instances.
    type: int
    default: 100
  require_healthy:
    description: How many percent of the desired instances stay healthy meanwhile.
    type: int
    default: 100
  max_healthy:
    description:
      - How many percent of the desired instances may exist meanwhile, 100 to 200. New ones start before old ones end
        where this is above 100. At most 100 above O(require_healthy).
    type: int
    default: 110
  alarms:
    description: Names of CloudWatch alarms at which AWS takes the share back that is being replaced.
    type: list
    elements: str
    default: []
  start_deadline:
    description: How many seconds one instance may take until it is healthy.
    type: float
    default: 600
  within:
    description: How many seconds all of it may take.
    type: float
    default: 1800
"""

EXAMPLES = r"""
- name: Make a version of the launch template with a release
  seamless.delivery.asg_refresh:
    stack: shop
    state: prepared
    color: green
    release: 2.0.0-1a2b3c4d
    user_data: "{{ lookup('ansible.builtin.template', 'user-data.sh.j2') }}"
    rollout: shop-20261128T080000Z-2.0.0-1a2b3c4d

- name: Bring it to a quarter of the instances
  seamless.delivery.asg_refresh:
    stack: shop
    state: refreshed
    color: green
    percent: 25
    rollout: shop-20261128T080000Z-2.0.0-1a2b3c4d

- name: Take it back
  seamless.delivery.asg_refresh:
    stack: shop
    state: back
    color: green
"""

RETURN = r"""
plan:
  description: What was done, or would be, a line each.
  returned: always
  type: list
  elements: str
  sample: ["replace instances of shop-green by ones from version 4, up to 25 %"]
percent:
  description: The share that was asked for.
  returned: success
  type: int
group:
  description: The group of O(color), as M(seamless.delivery.asg_release_info) returns it.
  returned: success
  type: dict
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.aws.module import connection
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.releases.instance_refresh import Pace, Refreshing
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS


def act(params: dict, groups: Refreshing) -> None:
    color, release = params["color"], params["release"]
    pace = Pace(
        params["require_healthy"],
        params["max_healthy"],
        tuple(params["alarms"]),
        params["start_deadline"],
        params["within"],
    )
    if params["state"] == "prepared":
        groups.prepare(color, release, params["user_data"], params["rollout"], pace)
    elif params["state"] == "refreshed":
        groups.refresh(color, params["rollout"], params["percent"], pace)
    else:
        groups.back(color, release, pace)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "stack": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["prepared", "refreshed", "back"], "required": True},
            "color": {"type": "str", "choices": list(COLORS), "required": True},
            "release": {"type": "str", "default": ""},
            "user_data": {"type": "str"},
            "rollout": {"type": "str"},
            "percent": {"type": "int", "default": 100},
            "require_healthy": {"type": "int", "default": 100},
            "max_healthy": {"type": "int", "default": 110},
            "alarms": {"type": "list", "elements": "str", "default": []},
            "start_deadline": {"type": "float", "default": 600},
            "within": {"type": "float", "default": 1800},
        },
        required_if=[("state", "prepared", ["release", "user_data", "rollout"]), ("state", "refreshed", ["rollout"])],
        supports_check_mode=True,
    )
    stack, color, done = module.params["stack"], module.params["color"], []
    try:
        groups = Refreshing(Aws(stack, connection(module)), module.check_mode)
        done, before = groups.did, groups.of[color].swapped()
        act(module.params, groups)
    except StackError as error:
        module.fail_json(msg=f"stack {stack}: {error}", plan=done, changed=bool(done))
    else:
        found = groups.of[color]
        told = {"plan": done, "percent": module.params["percent"], "group": found.shown()}
        module.exit_json(changed=bool(done), diff={"before": before, "after": found.swapped()}, **told)


if __name__ == "__main__":
    main()
