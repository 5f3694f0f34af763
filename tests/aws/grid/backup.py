# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups: each option at least once."""

from __future__ import annotations

MODULE = "aws_backup"
NEEDS: list[tuple[str, dict[str, object]]] = []

_DAILY = {"name": "daily"}
_ELSEWHERE = "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop"
_ROLE = "arn:aws:iam::123456789012:role/own"

CASES: dict[str, list[dict[str, object]]] = {
    "rules come and go": [
        {"rules": [_DAILY], "tags": {"team": "shop"}},
        {"rules": [_DAILY, {"name": "monthly", "schedule": "cron(0 4 1 * ? *)", "keep_days": 365}]},
        {
            "rules": [
                {
                    "name": "monthly",
                    "schedule": "cron(0 4 2 * ? *)",
                    "timezone": "Europe/Berlin",
                    "start_within": 120,
                    "complete_within": 600,
                    "keep_days": 365,
                    "cold_after_days": 30,
                },
                {"name": "daily", "copy_to": _ELSEWHERE, "copy_keep_days": 7},
            ]
        },
        {"rules": [{"name": "always", "continuous": True, "keep_days": 14}]},
    ],
    "the vault": [
        {
            "rules": [_DAILY],
            "topic": "arn:aws:sns:us-east-1:123456789012:on-call",
            "kms_key": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
        {"rules": [_DAILY], "vault_lock": {"min_days": 7, "max_days": 90}},
        {"rules": [_DAILY], "vault_lock": {"min_days": 7, "max_days": 60, "final_after_days": 30}},
        {"rules": [_DAILY]},
        {"rules": [_DAILY], "vault": "own", "deletion_protection": False},
    ],
    "restore tests": [
        {"rules": [_DAILY], "restore_test": {}},
        {
            "rules": [_DAILY],
            "restore_test": {
                "types": ["RDS", "Aurora"],
                "schedule": "cron(0 6 ? * SAT *)",
                "timezone": "Europe/Berlin",
                "start_within_hours": 8,
                "choose": "random",
                "from_last_days": 30,
                "keep_hours": 4,
            },
        },
        {"rules": [_DAILY], "role": _ROLE, "restore_test": {"types": ["Aurora"]}},
        {"rules": [_DAILY], "role": _ROLE},
    ],
}
