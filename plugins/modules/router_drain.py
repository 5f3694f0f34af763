# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: router_drain
short_description: Wait until a color without traffic serves nothing any more, whatever router it is
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Runs the module of the router that a service declares, with what is declared of it.
  - Those are M(seamless.delivery.haproxy_drain) and M(seamless.delivery.alb_drain).
  - Besides O(router) it takes the options of that module, and it returns what that returns.
extends_documentation_fragment:
  - seamless.delivery.router
attributes:
  diff_mode:
    description: As the module that runs has it.
    support: N/A
seealso:
  - module: seamless.delivery.haproxy_drain
  - module: seamless.delivery.alb_drain
"""

EXAMPLES = r"""
- name: Let blue end what it has begun
  seamless.delivery.router_drain:
    router: "{{ service.router }}"
    service: "{{ service.name }}"
    color: blue
    deadline: 30
"""

RETURN = r"""
took:
  description: How long the controller waited for the answer, in seconds.
  returned: always
  type: float
"""
