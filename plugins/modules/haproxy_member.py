# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: haproxy_member
short_description: Take one member of a pool out of service on HAProxy, try it, and bring it back
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - For a release that goes host by host, in the pool that has users.
  - Refuses, and then changes nothing, when too few others would be left for its users, or when a writer with a higher
    fencing number was here before.
  - A reload of HAProxy makes every member ready again; its health checks then decide.
extends_documentation_fragment:
  - seamless.delivery.haproxy
attributes:
  check_mode:
    support: full
    description: Makes every check and says whether the member's state would change.
  diff_mode:
    support: full
    description: Shows the state before and after, in HAProxy's words.
  idempotent:
    support: full
    description: Changes something only when the state is another one, or when sessions had to be closed.
options:
  color:
    description: The color of the pool.
    type: str
    required: true
    choices: [blue, green]
  member:
    description: The name of the member, which is its host's.
    type: str
    required: true
  state:
    description:
      - With V(drained), no request goes there any more, and those in flight end.
      - With V(held), testers who name it get it, and no user does.
      - With V(ready), it takes users, once a health check has passed.
      - With V(released), nothing is said of it any more, so that its health checks decide; refused while it is down in
        a color with users.
    type: str
    required: true
    choices: [drained, held, ready, released]
  fence:
    description: The fencing number of the lease; left out where the glass was broken, which has stopped all others.
    type: int
  checked:
    description: Whether to wait, when V(held), until a health check has passed, so that testers get it.
    type: bool
    default: false
  least_left:
    description: How many other members of the color must be healthy before this one is V(drained).
    type: int
    default: 1
  deadline:
    description:
      - How many seconds what is in flight may take to end when V(drained), or the health check to pass when V(ready),
        or when V(held) with O(checked).
    type: float
    default: 30
  close:
    description: Whether to close what is left after O(deadline), when V(drained).
    type: bool
    default: false
  close_over:
    description: The seconds over which to spread the closing.
    type: float
    default: 5
"""

EXAMPLES = r"""
- name: Take app1 out, and let its last requests end
  seamless.delivery.haproxy_member:
    service: storefront
    color: blue
    member: app1
    state: drained
    fence: 12
    deadline: 30
    close: true
"""

RETURN = r"""
before:
  description: What HAProxy was told of the member before, C(ready), C(drain) or C(maint).
  returned: success
  type: str
after:
  description: What it is told now.
  returned: success
  type: str
sessions_left:
  description: The sessions that remain.
  returned: when drained
  type: int
closed:
  description: The sessions that were closed.
  returned: when drained
  type: int
seconds:
  description: How long the last sessions took.
  returned: when drained
  type: float
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_member import Emptying, PoolMember, Put
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_options import arguments, router


def put(module: AnsibleModule) -> Put:
    params, dry = module.params, module.check_mode
    member = PoolMember(router(params), params["color"], params["member"], params["fence"])
    if params["state"] == "drained":
        emptying = Emptying(params["deadline"], params["close"], params["close_over"])
        return member.drain(params["least_left"], emptying, dry)
    if params["state"] == "ready":
        return member.admit(params["deadline"], dry)
    if params["state"] == "held":
        return member.hold(dry, params["deadline"] if params["checked"] else 0.0)
    return member.release(dry)


def main() -> None:
    module = AnsibleModule(
        argument_spec=arguments(
            color={"type": "str", "required": True, "choices": ["blue", "green"]},
            member={"type": "str", "required": True},
            state={"type": "str", "required": True, "choices": ["drained", "held", "ready", "released"]},
            fence={"type": "int"},
            checked={"type": "bool", "default": False},
            least_left={"type": "int", "default": 1},
            deadline={"type": "float", "default": 30},
            close={"type": "bool", "default": False},
            close_over={"type": "float", "default": 5},
        ),
        supports_check_mode=True,
    )
    try:
        done = put(module)
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    name = f"{module.params['color']}/{module.params['member']}"
    result = {
        "changed": done.before != done.after,
        "before": done.before,
        "after": done.after,
        "diff": {"before": f"{name}: {done.before}\n", "after": f"{name}: {done.after}\n"},
    }
    if done.drained is not None:
        result["changed"] = result["changed"] or done.drained.closed > 0
        result |= {
            "sessions_left": done.drained.left,
            "closed": done.drained.closed,
            "seconds": done.drained.seconds,
        }
    module.exit_json(**result)


if __name__ == "__main__":
    main()
