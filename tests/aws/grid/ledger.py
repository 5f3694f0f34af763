# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_ledger"
NEEDS: list[tuple[str, dict[str, object]]] = []

_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_OTHER = "arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000"
_BUCKET = {"type": "s3", "name": "example-shop-ledger"}

CASES: dict[str, list[dict[str, object]]] = {
    "a table": [
        {},
        {"kms_key": _KEY},
        {"kms_key": _OTHER, "point_in_time_recovery": False},
        {"deletion_protection": False},
    ],
    "a table with a key and a name of its own": [
        {"name": "ledgers", "kms_key": _KEY, "point_in_time_recovery": False, "tags": {"team": "shop"}},
        {"name": "ledgers"},
    ],
    "a bucket": [
        _BUCKET,
        {**_BUCKET, "old_versions_days": 7},
        {**_BUCKET, "old_versions_days": 7, "kms_key": _KEY},
        _BUCKET,
    ],
}
