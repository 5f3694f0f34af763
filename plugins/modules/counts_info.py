# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: counts_info
short_description: Read what was counted of a service's users
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Asks the metric source that a service declares, once, for the counters that a canary is judged by.
  - Fails where nothing at all can be counted, and says why. What is missing in part is in RV(missing).
extends_documentation_fragment:
  - seamless.delivery.reads
options:
  service:
    description: The checked declaration of the service, see M(seamless.delivery.service_check).
    type: dict
    required: true
  addresses:
    description: Where each load balancer can be asked for its counts, by its host.
    type: dict
    required: true
notes:
  - An action that runs on the controller.
"""

EXAMPLES = r"""
- name: Can a canary be judged here?
  seamless.delivery.counts_info:
    service: "{{ checked.service }}"
    addresses: "{{ checked.addresses }}"
"""

RETURN = r"""
edges:
  description: The times that answers are counted up to, in seconds.
  returned: success
  type: list
  elements: float
counts:
  description:
    - By origin (a load balancer, say), color and route, C(requests), C(errors) and C(slower), one number for each edge.
    - All of them since the origin's counters began.
  returned: success
  type: dict
missing:
  description: By origin, why it gave nothing.
  returned: always
  type: dict
"""
