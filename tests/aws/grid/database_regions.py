# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database's replicas in other regions: each option at least once."""

from __future__ import annotations

MODULE = "aws_database"
_GIVEN: dict[str, object] = {
    "version": "16",
    "instance_class": "db.t4g.medium",
    "password": "correct-horse-battery-staple",
    "final_snapshot": False,
}
# What is there already, in the other region: it leaves a subnet group and a group of parameters to use.
_THERE = {"stack": "other", "region": "us-west-2"}
NEEDS: list[tuple[str, dict[str, object]]] = [
    ("aws_network", {"stack": "shop"}),
    ("aws_network", {**_THERE}),
    ("aws_database", {**_THERE, **_GIVEN}),
]

_KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
_WEST: dict[str, object] = {
    "region": "us-west-2",
    "subnet_group": "other-database",
    "security_groups": ["sg-0a1b2c3d4e5f60001"],
    "kms_key": _KEY,
}
_MYSQL = {**_GIVEN, "engine": "mysql", "version": "8.0.35"}

CASES: dict[str, list[dict[str, object]]] = {
    "they come, change and go": [
        {**_GIVEN, "replicas": [{}], "tags": {"team": "shop"}},
        {**_GIVEN, "replicas": [{**_WEST, "zone": "us-west-2a"}, {}]},
        {**_GIVEN, "replicas": [{**_WEST, "instance_class": "db.m7g.large"}, {}]},
        {**_GIVEN, "replicas": [{**_WEST, "parameter_group": "other-postgres16"}, _WEST], "deletion_protection": False},
        {**_GIVEN, "replicas": [_WEST], "iam_auth": True, "deletion_protection": False},
        {**_GIVEN, "deletion_protection": False},
    ],
    "they go with the database": [
        {**_GIVEN, "replicas": [{**_WEST, "parameter_group": "other-postgres16"}]},
        {**_GIVEN, "replicas": [{**_WEST, "security_groups": ["sg-0a1b2c3d4e5f60002"]}], "performance_insights": 7},
    ],
    "they are made anew with the database": [
        {**_MYSQL, "replicas": [_WEST]},
        {**_MYSQL, "replicas": [_WEST], "user": "other", "deletion_protection": False},
    ],
    "Aurora comes after them": [
        {**_GIVEN, "replicas": [_WEST]},
        {**_GIVEN, "engine": "aurora-postgresql", "deletion_protection": False},
    ],
}
