# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: haproxy_drain
short_description: Wait until a color without traffic serves nothing any more
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Waits for the requests, streams and websockets that the old color still serves, so that stopping its release breaks
    none.
  - Counts the sessions of the workers that a reload retired as well.
  - Refuses while the color still gets traffic.
extends_documentation_fragment:
  - seamless.delivery.haproxy
attributes:
  check_mode:
    support: full
    description: Says how many sessions are left, without waiting or closing.
  diff_mode:
    support: none
    description: There is nothing to compare.
  idempotent:
    support: full
    description: Changes something only when sessions had to be closed.
options:
  color:
    description: The color to drain.
    type: str
    required: true
    choices: [blue, green]
  deadline:
    description: How many seconds to wait for the sessions to end by themselves.
    type: float
    default: 30
  close:
    description:
      - Whether to close what is left after O(deadline). Clients of websockets and streams then
        reconnect, to the live color.
    type: bool
    default: false
  close_over:
    description:
      - The seconds over which to spread the closing, so that the clients do not all return in the same instant.
    type: float
    default: 5
"""

EXAMPLES = r"""
- name: Let blue's last requests end; after 30 seconds close its websockets, a few at a time
  seamless.delivery.haproxy_drain:
    service: storefront
    color: blue
    deadline: 30
    close: true
"""

RETURN = r"""
drained:
  description: Whether the color serves nothing any more.
  returned: success
  type: bool
sessions_left:
  description: The sessions that remain.
  returned: success
  type: int
closed:
  description: The sessions that were closed.
  returned: success
  type: int
seconds:
  description: How long it took.
  returned: success
  type: float
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_drain import drain
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_options import arguments, router


def main() -> None:
    module = AnsibleModule(
        argument_spec=arguments(
            color={"type": "str", "required": True, "choices": ["blue", "green"]},
            deadline={"type": "float", "default": 30},
            close={"type": "bool", "default": False},
            close_over={"type": "float", "default": 5},
        ),
        supports_check_mode=True,
    )
    params = module.params
    dry = module.check_mode
    try:
        drained = drain(
            router(params),
            params["color"],
            deadline=0 if dry else params["deadline"],
            close=params["close"] and not dry,
            close_over=params["close_over"],
        )
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    module.exit_json(
        changed=drained.closed > 0,
        drained=drained.left == 0,
        sessions_left=drained.left,
        closed=drained.closed,
        seconds=drained.seconds,
    )


if __name__ == "__main__":
    main()
