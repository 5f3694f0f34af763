# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a ledger, as it is declared: a DynamoDB table, or an S3 bucket."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..resource import Address, Wanted

TABLE, BUCKET = "ledger table", "ledger bucket"
_KINDS = {"dynamodb": TABLE, "s3": BUCKET}

#: The keys that a ledger's items have, the partition's first.
KEYS = ["service", "item"]

#: The options of ``aws_ledger``, and of ``ledger`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "type": {"type": "str", "choices": list(_KINDS), "default": "dynamodb"},
    "name": {"type": "str"},
    "kms_key": {"type": "str", "no_log": False},
    "point_in_time_recovery": {"type": "bool", "default": True},
    "old_versions_days": {"type": "int", "default": 90},
}

_NAMES = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
    "dynamodb": (r"[A-Za-z0-9_.-]{3,255}", "3 to 255 letters, digits, dots, hyphens and underscores"),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    "s3": (r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "3 to 63 small letters, digits, dots and hyphens"),
}


def address(stack: str, declared: Mapping[str, Any]) -> Address:
    """The table or the bucket of a *stack*."""
    return Address(_KINDS[declared["type"]], declared["name"] or f"{stack}-ledger")


def wanted(stack: str, declared: Mapping[str, Any], protected: bool) -> Wanted:
    """The table or the bucket *declared* by :data:`ARGUMENTS`."""
    properties: dict[str, Any] = {"kms_key": declared["kms_key"] or ""}
    if declared["type"] == "dynamodb":
        properties |= {
            "keys": KEYS,
            "billing": "on demand",
            "deletion_protection": protected,
            "point_in_time_recovery": declared["point_in_time_recovery"],
        }
    else:
        properties |= {
            "versioned": True,
            "old_versions_days": declared["old_versions_days"],
            "public_access_blocked": True,
            "tls_only": True,
        }
    return Wanted(address(stack, declared), properties)


def check(stack: str, declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    wrong = []
    pattern, expected = _NAMES[declared["type"]]
    name = address(stack, declared).name
    if not re.fullmatch(pattern, name):
        wrong.append(f"name: expected {expected}, but found {name!r}")
    if declared["kms_key"] and not re.fullmatch(r"arn:[^:]+:kms:[^:]+:\d{12}:key/.+", declared["kms_key"]):
        wrong.append(f"kms_key: expected the ARN of a key (not of an alias), but found {declared['kms_key']!r}")
    if declared["old_versions_days"] < 1:
        wrong.append(f"old_versions_days: expected at least 1, but found {declared['old_versions_days']}")
    return wrong
