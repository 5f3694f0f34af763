# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_load_balancer"
NEEDS: list[tuple[str, dict[str, object]]] = [
    ("aws_network", {"stack": "shop"}),
    ("aws_dns", {"stack": "other", "zone": "example.com", "create_zone": True}),
    ("aws_certificate", {"stack": "shop", "domain": "example.com"}),
]

_HTTP = {"port": 80, "protocol": "HTTP"}

CASES: dict[str, list[dict[str, object]]] = {
    "a pool's health and pace": [
        {"listeners": [_HTTP]},
        {"listeners": [_HTTP], "pools": {"health": {"path": "/readyz", "codes": "200-299", "interval": 6}}},
        {"listeners": [_HTTP], "pools": {"deregistration_delay": 5, "slow_start": 30}},
        {"listeners": [_HTTP], "pools": {"stickiness": 600}},
        {"listeners": [_HTTP], "idle_timeout": 30, "guard": False},
    ],
    "targets of one's own": [
        {"listeners": [_HTTP], "pools": {"target_type": "ip", "targets": {"blue": ["10.0.0.9"], "green": []}}},
        {"listeners": [_HTTP], "pools": {"target_type": "ip", "targets": {"blue": [], "green": ["10.0.0.9:81"]}}},
    ],
    "listeners come and go": [
        {"listeners": [_HTTP]},
        {"listeners": [_HTTP, {"port": 443, "protocol": "HTTPS"}]},
        {
            "listeners": [
                {**_HTTP, "to": "https"},
                {
                    "port": 443,
                    "protocol": "HTTPS",
                    "tls_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
                },
            ]
        },
        {"listeners": [_HTTP]},
    ],
    "rules and testers": [
        {"listeners": [{**_HTTP, "rules": [{"priority": 10, "paths": ["/admin/*"], "to": "response", "status": 403}]}]},
        {
            "listeners": [{**_HTTP, "rules": [{"priority": 10, "hosts": ["a.example.com"], "paths": ["/x", "/y"]}]}],
            "testers": {"from": ["10.0.0.0/8"]},
        },
        {
            "listeners": [{**_HTTP, "rules": [{"priority": 10, "hosts": ["a.example.com"], "to": "https"}]}],
            "testers": {"header": "X-Color", "from": ["10.1.0.0/16", "10.2.0.0/16"]},
        },
        {"listeners": [_HTTP]},
    ],
    "an internal one with logs": [
        {"scheme": "internal", "listeners": [_HTTP], "tags": {"team": "shop"}},
        {"scheme": "internal", "listeners": [_HTTP], "access_logs": {"bucket": "logs", "prefix": "shop"}},
        {"scheme": "internal", "listeners": [_HTTP]},
    ],
    "a network load balancer": [
        {
            "type": "network",
            "listeners": [{"port": 5432, "protocol": "TCP"}],
            "pools": {"protocol": "TCP", "port": 5432, "target_type": "ip", "health": {"protocol": "TCP"}},
        },
    ],
}
