# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger's table or bucket: what of its declaration is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.declared import address, check

DECLARED = {
    "type": "dynamodb",
    "name": None,
    "kms_key": None,
    "point_in_time_recovery": True,
    "old_versions_days": 90,
}


def test_a_ledger_is_named_after_its_stack() -> None:
    assert str(address("shop", DECLARED)) == "ledger table shop-ledger"
    assert str(address("shop", {**DECLARED, "type": "s3"})) == "ledger bucket shop-ledger"
    assert str(address("shop", {**DECLARED, "name": "ours"})) == "ledger table ours"
    assert check("shop", DECLARED) == []


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"name": "a b"}, "name: expected 3 to 255 letters, digits, dots, hyphens and underscores, but found 'a b'"),
        ({"type": "s3", "name": "Ours"}, "name: expected 3 to 63 small letters, digits, dots and hyphens"),
        ({"kms_key": "alias/ours"}, "kms_key: expected the ARN of a key (not of an alias), but found 'alias/ours'"),
        ({"old_versions_days": 0}, "old_versions_days: expected at least 1, but found 0"),
    ],
)
def test_what_cannot_be_is_refused(declared: dict[str, Any], told: str) -> None:
    (wrong,) = check("shop", {**DECLARED, **declared})
    assert wrong.startswith(told)
