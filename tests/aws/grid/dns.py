# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DNS's declarations: each option at least once."""

from __future__ import annotations

from typing import Any

MODULE = "aws_dns"
NEEDS = [
    ("aws_network", {"stack": "shop"}),
    ("aws_load_balancer", {"stack": "shop", "listeners": [{"port": 80, "protocol": "HTTP"}]}),
    ("aws_dns", {"stack": "other", "zone": "example.com", "create_zone": True}),
]


def _declared(*records: dict[str, Any], **more: Any) -> dict[str, object]:
    return {"zone": "example.com", "records": list(records), **more}


_WWW = {"name": "www.example.com", "values": ["192.0.2.1", "192.0.2.2"]}
_WWW6 = {**_WWW, "type": "AAAA", "values": ["2001:db8::1"]}
_API: dict[str, Any] = {"name": "api.example.com", "alias": "load_balancer"}
_PROBED = {"host": "eu.example.com"}
_ELSEWHERE = {"dns_name": "elsewhere.us-east-1.elb.amazonaws.com", "zone_id": "Z35SXDOTRQ7X7K"}

CASES: dict[str, list[dict[str, object]]] = {
    "records come and go": [
        _declared(_WWW),
        _declared({**_WWW, "values": ["192.0.2.3"], "ttl": 300}),
        _declared({**_WWW, "type": "AAAA", "values": ["2001:db8::1"]}, _WWW),
        _declared(
            _WWW,
            {"name": "example.com", "type": "TXT", "values": ['v=spf1 "quoted" -all', "x" * 300]},
            {"name": "example.com", "type": "MX", "values": ["10 mail.example.com."]},
            {"name": "*.example.com", "type": "CNAME", "values": ["www.example.com"]},
            deletion_protection=False,
        ),
        _declared(_WWW, deletion_protection=False),
    ],
    "aliases": [
        _declared(_API),
        _declared({**_API, "evaluate_target_health": True}, {**_API, "type": "AAAA"}),
        _declared({"name": "api.example.com", "alias_to": _ELSEWHERE}, {**_API, "type": "AAAA"}),
        _declared({"name": "api.example.com", "values": ["192.0.2.1"]}, deletion_protection=False),
    ],
    "by weight": [
        _declared({**_API, "set": "eu", "weight": 10}, {**_API, "set": "us", "first_weight": 90}),
        _declared(
            {**_API, "set": "eu", "weight": 0}, {**_API, "set": "us", "first_weight": 50, "health_check": _PROBED}
        ),
        _declared({**_API, "set": "eu", "weight": 0}, {**_API, "set": "us", "first_weight": 50}),
    ],
    "by failover": [
        _declared(
            {**_API, "set": "first", "failover": "primary", "health_check": _PROBED},
            {"name": "api.example.com", "values": ["192.0.2.1"], "set": "then", "failover": "secondary"},
        ),
        _declared(
            {**_API, "set": "first", "failover": "primary", "health_check": {**_PROBED, "path": "/x", "failures": 2}},
            {"name": "api.example.com", "values": ["192.0.2.2"], "set": "then", "failover": "secondary"},
        ),
        _declared(
            {**_API, "set": "first", "failover": "primary", "health_check": {**_PROBED, "interval": 10}},
            deletion_protection=False,
        ),
        _declared(
            {
                **_API,
                "set": "first",
                "failover": "primary",
                "health_check": {"host": "eu.example.com", "protocol": "TCP", "port": 443},
            },
            deletion_protection=False,
        ),
    ],
    "both families of addresses, each with a health check": [
        _declared({**_WWW, "health_check": _PROBED}),
        _declared({**_WWW, "health_check": _PROBED}, {**_WWW6, "health_check": _PROBED}),
        _declared({**_WWW, "health_check": _PROBED}, {**_WWW6, "health_check": {**_PROBED, "path": "/six"}}),
        _declared({**_WWW, "health_check": _PROBED}, _WWW6),
    ],
    "a zone of its own": [
        {"zone": "shop.test", "create_zone": True},
        {"zone": "shop.test", "create_zone": True, "records": [{"name": "shop.test", "values": ["192.0.2.1"]}]},
    ],
}
