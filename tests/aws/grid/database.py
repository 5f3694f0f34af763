# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database's declarations: each option at least once."""

from __future__ import annotations

MODULE = "aws_database"
NEEDS = [("aws_network", {"stack": "shop"})]

_SMALL: dict[str, object] = {
    "version": "16",
    "instance_class": "db.t4g.medium",
    "final_snapshot": False,
}
_GIVEN = {**_SMALL, "password": "correct-horse-battery-staple"}
_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
_ROLE = "arn:aws:iam::123456789012:role/rds-monitoring"
_MYSQL = {**_GIVEN, "engine": "mysql", "version": "8.0.35"}
_AURORA = {**_SMALL, "engine": "aurora-postgresql"}
_RANGE = {"engine": "aurora-postgresql", "version": "16", "final_snapshot": False}

CASES: dict[str, list[dict[str, object]]] = {
    "one that RDS keeps the password of": [
        {**_SMALL, "tags": {"team": "shop"}, "port": 5433},
        {**_SMALL, "port": 5434, "instance_class": "db.m7g.large", "multi_az": False},
        {**_SMALL, "backup": {"retention": 14, "window": "03:00-04:00"}, "maintenance_window": "Sun:05:00-Sun:06:00"},
        {**_SMALL, "storage": {"size": 100, "max_size": 200}, "auto_minor_upgrades": False},
        {**_SMALL, "storage": {"size": 500, "type": "gp3", "iops": 12000, "throughput": 500}},
        {**_SMALL, "storage": {"size": 500, "type": "io2", "iops": 12000}, "iam_auth": True},
        {**_SMALL, "storage": {"size": 500}, "performance_insights": 7},
        {**_SMALL, "storage": {"size": 500}, "performance_insights": 31, "monitoring": {"role": _ROLE}},
        {**_SMALL, "storage": {"size": 500}, "logs": ["postgresql", "upgrade"], "apply_immediately": True},
        {**_SMALL, "storage": {"size": 500}, "logs": ["upgrade"], "deletion_protection": False},
        {**_GIVEN, "storage": {"size": 500}, "security_groups": ["sg-0a1b2c3d4e5f60001"]},
    ],
    "parameters come and go": [
        {**_GIVEN, "database_name": "shop", "user": "shop"},
        {**_GIVEN, "user": "shop", "parameters": {"work_mem": 65536, "max_connections": "500"}},
        {**_GIVEN, "user": "shop", "parameters": {"work_mem": 32768, "log_connections": True}},
        {**_GIVEN, "user": "shop", "also_versions": ["17"]},
        {**_GIVEN, "user": "shop", "version": "17", "major_upgrade": True, "apply_immediately": True},
    ],
    "replicas come and go": [
        {**_GIVEN, "replicas": [{"zone": "us-east-1b"}, {}], "kms_key": _KEY},
        {**_GIVEN, "replicas": [{"zone": "us-east-1b", "instance_class": "db.m7g.large"}, {}], "kms_key": _KEY},
        {**_GIVEN, "replicas": [{"zone": "us-east-1c"}], "kms_key": _KEY, "deletion_protection": False},
        {**_GIVEN, "replicas": [{"zone": "us-east-1c"}], "user": "other", "deletion_protection": False},
    ],
    "another engine": [
        {**_MYSQL, "parameters": {"max_connections": 500}},
        {**_MYSQL, "version": "8.0.36", "parameters": {"max_connections": 600}},
        {**_AURORA, "deletion_protection": False},
        {**_MYSQL, "engine": "mariadb", "version": "10.11", "deletion_protection": False},
    ],
    "Aurora": [
        {**_AURORA, "replicas": [{"zone": "us-east-1b"}]},
        {**_AURORA, "replicas": [{"zone": "us-east-1b", "instance_class": "db.r7g.large"}, {}], "iam_auth": True},
        {**_AURORA, "parameters": {"work_mem": 65536}, "backup": {"retention": 14}, "deletion_protection": False},
        {**_AURORA, "maintenance_window": "sun:05:00-sun:06:00", "logs": ["postgresql"]},
        {**_AURORA, "performance_insights": 7, "monitoring": {"interval": 15, "role": _ROLE}},
    ],
    "Aurora whose capacity follows the load": [
        {**_RANGE, "serverless": {"min": 0.5, "max": 16}, "replicas": [{}]},
        {**_RANGE, "serverless": {"min": 2, "max": 32.5}, "replicas": [{"instance_class": "db.r7g.large"}]},
        {
            **_RANGE,
            "serverless": {"min": 0, "max": 8, "pause_after": 600},
            "instance_class": "db.r7g.large",
            "deletion_protection": False,
        },
        {**_RANGE, "serverless": {"min": 0, "max": 8, "pause_after": 900}},
        {**_RANGE, "instance_class": "db.r7g.large"},
    ],
}
