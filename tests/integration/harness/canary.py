# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service that is released in steps, and the users whom a judge sees."""

from __future__ import annotations

import time
from typing import Any

from .site import BALANCERS, Site
from .users import Users

CONFIRM = 10.0
# What counts as well is generous, so that a verdict needs seconds and not minutes of so little traffic.
JUDGE = {"traffic": 200, "base_error_percent": 0, "negligible_error_percent": 2, "negligible_slow_percent": 5}


def canary(
    *steps: dict[str, Any], rate: int = 20, lasts: int = 3600, more: dict[str, Any] | None = None, **judge: Any
) -> str:
    """The site's service, released in these steps; *judge* replaces settings of JUDGE, *more* those of the strategy.

    *rate* is that of the rollout's own probe, which is a user as well, and *lasts* its ``max_seconds``.
    """
    strategy = {
        "type": "canary",
        "steps": list(steps),
        "judge": JUDGE | judge,
        "confirm_within": CONFIRM,
        **(more or {}),
    }
    changes = {"strategy": strategy, "probe": {"max_seconds": lasts, "rate": rate, "mix": {"slow": 0}}}
    return f"{{{{ service | combine({changes!r}, recursive=true) }}}}"  # as Jinja has it: JSON has another null


def step(percent: int, *gates: dict[str, Any], least: float = 2, most: float = 120) -> dict[str, Any]:
    return {"percent": percent, "least": least, "most": most, "requests": 20, "gates": list(gates)}


def back_by_themselves(site: Site, since: float) -> list[float]:
    """When each load balancer took users back (epoch seconds), of whom nobody has spoken *since*."""
    while any(site.router(host, "router.read().split.live() is None") for host in BALANCERS):
        assert time.time() - since < CONFIRM + 5, "users are still divided, and nobody watches"
        time.sleep(0.2)
    return [float(site.sh(host, "stat -c %.Y /etc/haproxy/seamless/split.map")) for host in BALANCERS]


def people(site: Site, rate: int = 200, users: int = 128, address: str = "", **probe: Any) -> Users:
    """Many users, each with a session of their own; what they do is over in a moment."""
    return site.users(address, rate=rate, users=users, mix={"keep_alive": 90, "new_connection": 10}, **probe)
