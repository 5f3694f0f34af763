# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: haproxy_split
short_description: Divide a service's traffic between its two colors on HAProxy
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Gives each color its percentage of a service's clients, without losing a request, and so that it survives a reload,
    a restart or a kill of HAProxy.
  - Refuses, and then changes nothing, when the split found is not the expected one, when a pool that is to get traffic
    is not healthy in HAProxy's own eyes, or when a writer with a higher fencing number was here before.
  - With O(at), several load balancers switch within milliseconds of each other.
  - With O(revert_after), this host takes users back by itself when nobody confirms in time.
extends_documentation_fragment:
  - seamless.delivery.split
  - seamless.delivery.split.revert
  - seamless.delivery.haproxy
  - seamless.delivery.haproxy.revert
attributes:
  idempotent:
    support: full
    description: Changes nothing when the split is in force and on file already; a new deadline is no change.
seealso:
  - module: seamless.delivery.haproxy_split_info
"""

EXAMPLES = r"""
- name: Give green a quarter of the clients, on every load balancer at the same moment
  seamless.delivery.haproxy_split:
    service: storefront
    split: {blue: 75, green: 25}
    expect: {blue: 100, green: 0}
    fence: 7
    at: "{{ commit_at }}"
    revert_after: 90 # without a word from here, users are back on blue by then
    revert_to: {blue: 100, green: 0}
    rollout: "{{ rollout_id }}"

- name: Confirm it
  seamless.delivery.haproxy_split:
    service: storefront
    split: {blue: 75, green: 25}
    fence: 7

- name: Send everybody back to blue although the ledger is out of reach
  seamless.delivery.haproxy_split:
    service: storefront
    split: {blue: 100, green: 0}
    require_healthy: 50
    break_glass: ledger host down, green returns errors

- name: Forget the two notes that were imported into the ledger
  seamless.delivery.haproxy_split:
    service: storefront
    fence: 8
    clear_notes: 2
"""

RETURN = r"""
before:
  description: The split that was found; V(null) when a break-glass write replaced something unreadable.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 100, "green": 0}
after:
  description: The split that is in force now, as read back from HAProxy.
  returned: when O(split) is given
  type: dict
  sample: {"blue": 75, "green": 25}
committed_at:
  description:
    - When the split was sent to HAProxy, in seconds since the epoch by this host's clock.
    - V(null) when nothing was sent.
  returned: when O(split) is given
  type: float
answered_at:
  description:
    - When HAProxy said that the split is in force, in seconds since the epoch by this host's clock. Users moved between
      RV(committed_at) and this moment.
    - V(null) when nothing was sent.
  returned: when O(split) is given
  type: float
in_force_since:
  description:
    - Since when the split is in force, in seconds since the epoch by this host's clock, also where an earlier run
      sent it.
    - V(null) where that is not known.
  returned: when O(split) is given
  type: float
armed:
  description:
    - What happens on this host without a confirmation, as M(seamless.delivery.haproxy_split_info) says it.
    - V(null) when the split stays.
  returned: when O(split) is given
  type: dict
fence:
  description: The fencing number that this host holds now.
  returned: success
  type: int
took:
  description: How long the controller waited for this answer, in seconds.
  returned: always
  type: float
notes_cleared:
  description: How many break-glass notes were dropped.
  returned: when O(clear_notes) is given
  type: int
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_options import arguments, router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.split_options import (
    OPTIONS,
    REVERT,
    checks,
    order,
    result,
)


def write(module: AnsibleModule, haproxy: HAProxyRouter) -> dict[str, Any]:
    written = haproxy.write(**order(module.params, module.check_mode))
    return result(module.params, written, unknown="unreadable")


def clear(module: AnsibleModule, haproxy: HAProxyRouter) -> dict[str, Any]:
    state = haproxy.state
    with state.locked():
        state.check_fence(module.params["fence"] or 0)
        count = min(module.params["clear_notes"], len(state.notes()))
        if not module.check_mode:
            state.forget_notes(count)
        return {"changed": count > 0, "notes_cleared": count, "fence": state.fence()}


def main() -> None:
    module = AnsibleModule(
        argument_spec=arguments(**OPTIONS, **REVERT), supports_check_mode=True, **checks(reverts=True)
    )
    try:
        act = write if module.params["split"] is not None else clear
        module.exit_json(**act(module, router(module.params)))
    except (RouterError, ValueError) as error:
        module.fail_json(msg=str(error), reason=type(error).__name__)


if __name__ == "__main__":
    main()
