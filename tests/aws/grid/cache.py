# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_cache"
# Asking once lets the emulator make the user that AWS gives every account.
NEEDS = [("aws_network", {"stack": "shop"}), ("aws_cache", {"stack": "none", "state": "absent"})]

_SMALL: dict[str, object] = {"version": "8", "node_type": "cache.t4g.small", "final_snapshot": False}
_ONE = {**_SMALL, "replicas": 0, "multi_az": False}
_REDIS = {**_SMALL, "engine": "redis", "version": "7.1"}
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_TOKEN = "correct-horse-battery-staple"

CASES: dict[str, list[dict[str, object]]] = {
    "nodes and their upkeep": [
        {**_SMALL, "tags": {"team": "shop"}},
        {**_SMALL, "replicas": 2, "node_type": "cache.m7g.large"},
        {**_SMALL, "multi_az": False, "backup": {"retention": 7, "window": "03:00-04:00"}},
        {**_ONE, "maintenance_window": "Sun:05:00-Sun:06:00", "auto_minor_upgrades": False},
        {**_SMALL, "apply_immediately": True, "security_groups": ["sg-0a1b2c3d4e5f60001"]},
        {**_SMALL, "port": 6380, "deletion_protection": False},
    ],
    "parameters come and go": [
        {**_SMALL, "kms_key": _KEY},
        {**_SMALL, "kms_key": _KEY, "parameters": {"maxmemory-policy": "allkeys-lru", "timeout": 60}},
        {**_SMALL, "kms_key": _KEY, "parameters": {"timeout": 30}},
        {**_SMALL, "kms_key": _KEY},
    ],
    "from Redis to Valkey": [
        {**_REDIS, "version": "6.2"},
        {**_REDIS, "apply_immediately": True},
        {**_SMALL, "apply_immediately": True},
        {**_SMALL, "version": "8.1"},
    ],
    "shards": [
        {**_SMALL, "shards": 2, "deletion_protection": False},
        {**_SMALL, "shards": 3, "replicas": 2},
        {**_SMALL, "shards": 1, "replicas": 2},
        {**_SMALL, "deletion_protection": False},
    ],
    "encryption and a token in steps": [
        {**_SMALL, "tls": "none"},
        {**_SMALL, "tls": "preferred"},
        {**_SMALL, "tls": "required"},
        {**_SMALL, "tls": "required", "auth_token": _TOKEN},
    ],
}
