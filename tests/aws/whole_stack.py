# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole stack: what the playbook of one task for each resource makes (tools/seamless_bench/aws), and more."""

from __future__ import annotations

from typing import Any

_LOAD_BALANCER: dict[str, Any] = {
    "pools": {"port": 80, "health": {"path": "/health", "interval": 10}, "deregistration_delay": 30},
    "listeners": [{"port": 80, "protocol": "HTTP", "rules": [{"priority": 10, "paths": ["/api/*"]}]}],
}

#: The arguments of ``aws_stack``.
WHOLE: dict[str, Any] = {
    "stack": "app",
    "tags": {"Environment": "prod", "App": "app"},
    "network": {"cidr": "10.9.0.0/16"},
    "load_balancer": _LOAD_BALANCER,
    "compute": {
        "image": "ami-12c6146b",
        "instance_types": ["t3.micro"],
        "size": {"min": 2, "max": 6},
        "policies": [{"name": "cpu", "metric": "cpu", "target": 50}],
    },
    "database": {
        "engine": "mysql",
        "version": "8.0.35",
        "instance_class": "db.t3.medium",
        "storage": {"size": 20},
        "password": "correct-horse-battery-staple",
        "replicas": [{}],
        "final_snapshot": False,
    },
    "cache": {"engine": "redis", "version": "7.1", "node_type": "cache.t3.micro", "final_snapshot": False},
    "cdn": {"origins": [{"name": "app"}]},
    "dns": {
        "zone": "example.com",
        "create_zone": True,
        "records": [{"name": "www.example.com", "alias": "load_balancer"}],
    },
    "observability": {"dashboard": False},
}
