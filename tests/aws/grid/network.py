# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_network"
# Asking once lets the emulator make the network that AWS gives every account.
NEEDS = [("aws_network", {"stack": "none", "state": "absent"})]

_LOGS = {
    "destination": "arn:aws:logs:us-east-1:123456789012:log-group:flows",
    "role": "arn:aws:iam::123456789012:role/flows",
}
_OFFICE = "198.51.100.0/24"

CASES: dict[str, list[dict[str, object]]] = {
    "zones come and go": [
        {"tags": {"team": "shop"}},
        {"zone_count": 3},
        {"zones": ["us-east-1a", "us-east-1c"]},
        {"zones": ["us-east-1a", "us-east-1c"], "dns_hostnames": False},
    ],
    "a small one of its own": [{"cidr": "192.168.4.0/24", "zones": ["us-east-1f"], "endpoints": []}],
    "ways out": [
        {"nat": "none", "endpoints": ["s3"]},
        {"nat": "one", "endpoints": ["dynamodb"]},
        {"nat": "per_zone"},
        {"nat": "one", "deletion_protection": False},
        {"nat": "none", "deletion_protection": False},
    ],
    "a record of connections": [
        {"zone_count": 1, "flow_logs": _LOGS},
        {"zone_count": 1, "flow_logs": {**_LOGS, "traffic": "all"}},
        {"zone_count": 1},
    ],
    "who may talk to whom": [
        {},
        {"clients": [_OFFICE, "pl-0123456789abcdef0"], "ports": {"load_balancer": [443], "app": [8000, 8001]}},
        {"ports": {"database": 3306, "cache": 6380}, "rules": [{"group": "app", "from": _OFFICE, "ports": "22"}]},
        {
            "rules": [
                {"group": "bastion", "from": _OFFICE, "ports": "22"},
                {"group": "app", "from": "bastion", "ports": "22"},
                {"group": "app", "from": "load-balancer", "ports": "9000-9010"},
                {"group": "cache", "from": "cache", "ports": "16379", "protocol": "udp"},
            ]
        },
        {},
    ],
}
