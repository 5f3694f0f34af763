# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ledger_lease
short_description: Acquire, renew or give back the right to change a service's traffic
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Keeps the lease of one service in its ledger. Each acquisition has a fencing number above all before, and the
    modules that move traffic refuse a number that was overtaken.
  - A second operator is told who holds the lease, since when, until when, and how to take it over.
extends_documentation_fragment:
  - seamless.delivery.ledger
options:
  state:
    description:
      - Whether the holder shall have the lease.
      - With V(renewed) it is prolonged, and the task fails where somebody else has taken it since.
    type: str
    choices: [held, renewed, released]
    default: held
  holder:
    description:
      - Who asks. V(name) and V(host) are shown to others; the whole must be the same for the same run and different
        for any other.
      - Required with O(state=held).
    type: dict
  ttl:
    description: How long the lease is valid without being renewed, in seconds.
    type: float
    default: 120
  takeover:
    description:
      - A reason for taking the lease from somebody who holds it. Whoever held it cannot change anything any more.
    type: str
  takeover_fence:
    description: Take the lease over only while this is its fencing number.
    type: int
  floor:
    description: The highest fencing number that any router has seen; the new one is above it.
    type: int
    default: 0
  fence:
    description: The fencing number to prolong or to give back. Required with O(state=renewed) and O(state=released).
    type: int
  doing:
    description:
      - What the holder is at, for people who ask from elsewhere; used with O(state=renewed).
    type: str
    default: ""
attributes:
  check_mode:
    description: Can run in check mode and says what it would do.
    support: full
  diff_mode:
    description: Shows the holder before and after.
    support: full
  idempotent:
    description: The same holder gets the same fencing number again; its expiry moves.
    support: full
"""

EXAMPLES = r"""
- name: Take the right to change the storefront's traffic
  seamless.delivery.ledger_lease:
    service: storefront
    holder:
      name: alice
      host: control.example.com
      pid: 4711
    ttl: 300
  delegate_to: ops1

- name: Give it back
  seamless.delivery.ledger_lease:
    service: storefront
    state: released
    fence: 7
  delegate_to: ops1
"""

RETURN = r"""
fence:
  description: The fencing number to write with.
  returned: success
  type: int
  sample: 7
lease:
  description: The lease as it is now, with C(holder), C(acquired_at), C(expires_at) and C(released_at) (epoch seconds),
    and C(doing).
  returned: success
  type: dict
previous:
  description: The lease as it was found, or null.
  returned: success
  type: dict
history:
  description: What the journal adds up to, for whoever acquires the lease; see M(seamless.delivery.ledger_info).
  returned: success
  type: dict
"""

import time
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.stores import (
    ARGUMENTS,
    ERRORS,
    open_ledger,
    told,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout import lease as leases


def held(ledger: Any, previous: Any, params: dict[str, Any], dry_run: bool) -> leases.Lease:
    how = {key: params[key] for key in ("takeover", "takeover_fence", "floor")}
    if dry_run:
        return leases.acquire(previous, params["holder"], time.time(), params["ttl"], **how)
    return ledger.acquire(params["holder"], params["ttl"], **how)


def renewed(ledger: Any, previous: Any, params: dict[str, Any], dry_run: bool) -> leases.Lease:
    if dry_run:
        return leases.renew(previous, params["fence"], time.time(), params["ttl"], params["doing"])
    return ledger.renew(params["fence"], params["ttl"], params["doing"])


def released(ledger: Any, previous: Any, params: dict[str, Any], dry_run: bool) -> leases.Lease:
    if dry_run:
        return leases.release(previous, params["fence"], time.time())
    return ledger.release(params["fence"])


STATES = {"held": held, "renewed": renewed, "released": released}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "state": {"type": "str", "choices": ["held", "renewed", "released"], "default": "held"},
            "holder": {"type": "dict"},
            "ttl": {"type": "float", "default": 120.0},
            "takeover": {"type": "str"},
            "takeover_fence": {"type": "int"},
            "floor": {"type": "int", "default": 0},
            "fence": {"type": "int"},
            "doing": {"type": "str", "default": ""},
        },
        required_if=[
            ("state", "held", ["holder"]),
            ("state", "renewed", ["fence"]),
            ("state", "released", ["fence"]),
        ],
        supports_check_mode=True,
    )
    params = module.params
    ledger = open_ledger(params, time.time)
    try:
        previous = ledger.lease()
        lease = STATES[params["state"]](ledger, previous, params, dry_run=module.check_mode)
        history = ledger.history()
    except ERRORS as error:
        module.fail_json(msg=f"{params['service']}: {error}", **told(error))
    before = previous.as_dict() if previous else None
    module.exit_json(
        changed=previous is None or previous.fence != lease.fence or previous.released_at != lease.released_at,
        fence=lease.fence,
        lease=lease.as_dict(),
        previous=before,
        history=history.as_dict(),
        diff={"before": {"lease": before}, "after": {"lease": lease.as_dict()}},
    )


if __name__ == "__main__":
    main()
