# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A declaration in which every key is declared, one with as little as possible, and the inventory for both."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.check import Checked, checked
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.topology import Inventory

INVENTORY = Inventory(
    groups={
        "all": ["lb1", "lb2", "app1", "app2", "app3", "ops1"],
        "ungrouped": [],
        "load_balancers": ["lb1", "lb2"],
        "blue": ["app1", "app2"],
        "green": ["app3"],
        "empty": [],
    },
    addresses={"lb1": "10.0.0.1", "lb2": "10.0.0.2", "app1": "10.0.0.3", "app2": "10.0.0.4", "app3": "10.0.0.5"},
)

MINIMAL: dict[str, Any] = {
    "service": {
        "name": "storefront",
        "entry": {"address": "10.0.0.10", "hostnames": ["shop.example.test"]},
        "pools": {"blue": {"group": "blue", "port": 8000}, "green": {"group": "green", "port": 8000}},
        "router": {"type": "haproxy", "group": "load_balancers"},
        "ledger": {"type": "file", "host": "ops1"},
        "runtime": {"type": "systemd", "command": "/usr/bin/python3 {artifact}", "user": "storefront"},
        "testers": {"from": ["10.0.0.0/24"]},
        "smoke": [{"path": "/"}],
        "strategy": {"type": "blue_green"},
    },
    "release": {"version": "2.0.0", "artifact": "dist/storefront.pyz", "digest": f"sha256:{'0a' * 32}"},
}

FULL: dict[str, Any] = {
    "service": {
        "name": "storefront",
        "entry": {"address": "10.0.0.10", "port": 443, "hostnames": ["shop.example.test"], "ca_file": "ca.pem"},
        "pools": {"blue": {"group": "blue", "port": 8000}, "green": {"group": "green", "port": 8000}},
        "router": {"type": "haproxy", "group": "load_balancers"},
        "ledger": {"type": "file", "host": "ops1", "path": "/var/lib/seamless/ledger"},
        "runtime": {
            "type": "systemd",
            "command": "/usr/bin/python3 {artifact}",
            "user": "storefront",
            "keep": 3,
            "start_deadline": 30,
        },
        "health": {"path": "/healthz", "ready_path": "/readyz", "interval": 0.5},
        "clients": {"cookie": "sid", "bucket_cookie": "seamless_bucket", "sticky": False},
        "testers": {
            "header": "X-Seamless-Color",
            "cookie": "seamless_color",
            "from": ["10.0.0.0/24", "2001:db8::/32", "10.1.1.1"],
        },
        "smoke": [{"path": "/", "status": 200, "contains": "Storefront"}, {"path": "/products/1", "status": 200}],
        "strategy": {
            "type": "blue_green",
            "commit_delay": 2,
            "require_healthy": 100,
            "drain": {"deadline": 15, "close": True},
            "bake": {"duration": 5},
            "max_failed": 0,
            "max_slow_percent": 5,
        },
        "metrics": {
            "edges": [0.1, 1],
            "routes": [{"name": "checkout", "path_beg": "/checkout"}],
            "source": {"type": "haproxy", "port": 8406},
        },
        "probe": {
            "rate": 100,
            "mix": {"keep_alive": 70, "new_connection": 20, "slow": 2, "post": 8},
            "paths": {
                "keep_alive": ["/", "/products/1"],
                "new_connection": ["/"],
                "slow": ["/slow?seconds=2"],
                "post": ["/orders"],
                "stream": ["/stream?seconds=5"],
                "websocket": ["/ws"],
            },
            "post_body": "{}",
            "post_content_type": "application/json; charset=utf-8",
            "users": 32,
            "streams": 4,
            "stream_seconds": 5,
            "websockets": 4,
            "websocket_seconds": 10,
            "timeout": 10,
            "max_in_flight": 512,
            "max_seconds": 7200,
            "grace": 12,
            "tls": True,
            "verify": True,
            "slow_ms": 1000,
            "tolerance_ms": 50,
        },
    },
    "release": {
        "version": "2.0.0",
        "artifact": "dist/storefront.pyz",
        "digest": f"sha256:{'0a' * 32}",
        "environment": {"STOREFRONT_FAULT_ERROR_RATE": 0.5, "GREETING": "hello"},
    },
}


@pytest.fixture(scope="session")
def declared() -> Callable[..., dict[str, Any]]:
    """A maker of declarations, ``full`` or as little as possible (session-wide, so that property tests may use it)."""
    return lambda full=True: copy.deepcopy(FULL if full else MINIMAL)


@pytest.fixture(scope="session")
def check() -> Callable[..., Checked]:
    """Checks a declaration against INVENTORY, or another."""

    def run(
        declaration: dict[str, Any], inventory: Inventory = INVENTORY, secret_names: tuple[str, ...] = ()
    ) -> Checked:
        return checked(declaration.get("service"), declaration.get("release"), inventory, secret_names)

    return run


@pytest.fixture(scope="session")
def inventory() -> Inventory:
    """The inventory of both declarations."""
    return INVENTORY
