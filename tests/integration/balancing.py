# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab of load balancers alone, with pools that answer with their color, for the tests of counts and cohorts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from haproxy_lab import ROOT, Lab

BALANCERS = ("lb1", "lb2")
CHANGES: dict[str, Any] = {
    "clients": {"sticky": True},
    "testers": {"cookie": "seamless_color"},
    "metrics": {"routes": [{"name": "after", "path_beg": "/after/"}]},
}
"""What the lab's service does not declare. Of its hosts, only the controller is a tester here."""


@contextmanager
def balancing() -> Iterator[Lab]:
    """The lab, provided by the role. SEAMLESS_BALANCING_LAB and _SUBNET name one that is up already, and stays."""
    kept = os.environ.get("SEAMLESS_BALANCING_LAB")
    lab = Lab(kept or "balancing", os.environ.get("SEAMLESS_BALANCING_SUBNET", "10.111.3"))
    if not kept:
        lab.tool("down")  # what an interrupted run left would be believed
    lab.tool("up", "--hosts", "lb1,lb2,app1,app2,app3,app4,ops1")
    try:
        lab.start_pools()
        provide(lab)
        for host in BALANCERS:
            lab.install_router(host)
        yield lab
    finally:
        if not kept:
            lab.tool("down")


def provide(lab: Lab, **variables: Any) -> None:
    """The load balancers of *lab* as these tests want them, with *variables* of the role besides."""
    changes = {**CHANGES, "testers": {**CHANGES["testers"], "from": [f"{lab.subnet}.1"]}}
    service = "{{ service | combine(balancing_changes, recursive=true) }}"
    extra = {
        "balancing_changes": changes,
        "load_balancer_service": service,
        "load_balancer_exporter_from": ["127.0.0.0/8", f"{lab.subnet}.31"],  # ops1 scrapes
        **variables,
    }
    lab.playbook(ROOT / "molecule/load_balancer/converge.yml", "-e", json.dumps(extra))


def addresses(lab: Lab) -> dict[str, str]:
    """The load balancers' own addresses, by name."""
    return {host: f"{lab.subnet}.{11 + number}" for number, host in enumerate(BALANCERS)}
