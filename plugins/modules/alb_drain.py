# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: alb_drain
short_description: Wait until what a color without traffic had begun on an ALB has ended
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - An application load balancer sends no new request to a target group of weight 0, lets those end that it has begun,
    and does not tell how many they are. So this waits for the whole O(deadline), and makes no claim about what is left.
  - Refuses to wait for a color that has traffic.
extends_documentation_fragment:
  - seamless.delivery.alb
  - seamless.delivery.aws_router
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    description: Does not wait.
  diff_mode:
    support: N/A
    description: Changes nothing.
  idempotent:
    support: full
    description: Changes nothing.
options:
  color:
    description: The color that has no traffic.
    type: str
    choices: [blue, green]
    required: true
  deadline:
    description: The seconds that a request may take.
    type: float
    default: 30
  close:
    description: Without effect; an ALB closes nothing for one color alone.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Give what blue has begun half a minute
  seamless.delivery.alb_drain:
    service: storefront
    stack: shop
    table: seamless
    color: blue
"""

RETURN = r"""
sessions_left:
  description: V(null), for it is not known.
  returned: success
  type: int
closed:
  description: The sessions that were closed, always 0.
  returned: success
  type: int
seconds:
  description: How long it took.
  returned: success
  type: float
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_options import arguments, one_of, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=arguments(
            color={"type": "str", "required": True, "choices": list(COLORS)},
            deadline={"type": "float", "default": 30},
            close={"type": "bool", "default": False},
        ),
        supports_check_mode=True,
        **one_of(),
    )
    params = module.params
    try:
        split = router(module).read()[0].split
        if split.share(params["color"]):
            raise RouterError(f"expected {params['color']} without traffic, but found {split}")
    except RouterError as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)
    else:
        seconds = 0.0 if module.check_mode else params["deadline"]
        time.sleep(seconds)
        module.exit_json(changed=False, sessions_left=None, closed=0, seconds=seconds)


if __name__ == "__main__":
    main()
