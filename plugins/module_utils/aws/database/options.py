# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a database.

A version in as few numbers as are meant: ``16`` leaves the minor version to AWS. What is only for the first time, a
password or the name of a first schema, is never compared later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..engines import overlap, parts, wrong_window
from . import regions, serverless

#: How many first numbers of a version are its major version, by engine.
MAJOR = {"postgres": 1, "mysql": 2, "mariadb": 2, "aurora-postgresql": 1, "aurora-mysql": 2}
MOST_REPLICAS = 15
_KEY = re.compile(r"arn:[^:]+:kms:[^:]+:\d+:key/.+")

#: The options of ``aws_database``, and of ``database`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "engine": {"type": "str", "choices": list(MAJOR), "default": "postgres"},
    "version": {"type": "str"},
    "also_versions": {"type": "list", "elements": "str", "default": []},
    "instance_class": {"type": "str"},
    "serverless": {"type": "dict", "options": serverless.OPTIONS},
    "storage": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "size": {"type": "int", "default": 20},
            "max_size": {"type": "int", "default": 0},
            "type": {"type": "str", "choices": ["gp2", "gp3", "io1", "io2"], "default": "gp3"},
            "iops": {"type": "int"},
            "throughput": {"type": "int"},
        },
    },
    "database_name": {"type": "str"},
    "user": {"type": "str", "default": "administrator"},
    "password": {"type": "str", "no_log": True},
    "port": {"type": "int"},
    "multi_az": {"type": "bool", "default": True},
    "replicas": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "zone": {"type": "str"},
            "instance_class": {"type": "str"},
            "region": {"type": "str"},
            **regions.OPTIONS,
        },
    },
    "subnets": {"type": "list", "elements": "str"},
    "subnet_group": {"type": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "parameters": {"type": "dict", "default": {}},
    "parameter_group": {"type": "str"},
    "kms_key": {"type": "str", "no_log": False},
    "backup": {
        "type": "dict",
        "apply_defaults": True,
        "options": {"retention": {"type": "int", "default": 7}, "window": {"type": "str"}},
    },
    "maintenance_window": {"type": "str"},
    "auto_minor_upgrades": {"type": "bool", "default": True},
    "major_upgrade": {"type": "bool", "default": False},
    "apply_immediately": {"type": "bool", "default": False},
    "performance_insights": {"type": "int", "default": 0},
    "monitoring": {
        "type": "dict",
        "options": {"interval": {"type": "int", "default": 60}, "role": {"type": "str", "required": True}},
    },
    "iam_auth": {"type": "bool", "default": False},
    "logs": {"type": "list", "elements": "str", "default": []},
    "final_snapshot": {"type": "bool", "default": True},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["version"])]}


def aurora(declared: Mapping[str, Any]) -> bool:
    """Whether it is a cluster, whose storage its instances share."""
    return str(declared["engine"]).startswith("aurora-")


def family(declared: Mapping[str, Any], version: str | None = None) -> str:
    """The family of parameters, as in ``postgres16`` or ``mysql8.0``; of another *version* where one is given."""
    first = parts(version or declared["version"])[: MAJOR[declared["engine"]]]
    return f"{declared['engine']}{'.'.join(map(str, first))}"


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (MasterUserPassword, ...)
_PASSWORD = re.compile(r"(?:(?![/\"@])[!-~]){8,}")
_USER = re.compile(r"[A-Za-z]\w{0,15}", re.ASCII)


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    needed = {"version": declared["version"], "instance_class": serverless.usual_class(declared)}
    if missing := [f"{key}: expected a value" for key, value in needed.items() if not value]:
        return missing
    wrong = [*_engine(declared), *_storage(declared), *_copies(declared), *_access(declared), *_watch(declared)]
    unversioned = any(one.startswith("version:") for one in wrong)
    return [*wrong, *(() if unversioned else serverless.check(declared))]


def _engine(declared: Mapping[str, Any]) -> Iterator[str]:
    engine = declared["engine"]
    for option, version in [
        ("version", declared["version"]),
        *(("also_versions", one) for one in declared["also_versions"]),
    ]:
        if len(parts(version)) < MAJOR[engine]:
            example = {1: "16", 2: "8.0"}[MAJOR[engine]]
            yield f"{option}: expected a version of {engine} as {example}, but found {version!r}"
    for one in [declared["instance_class"], *(replica.get("instance_class") for replica in declared["replicas"])]:
        if one and not one.startswith("db."):
            yield f"instance_class: expected one such as db.m7g.large, but found {one!r}"
    if declared["major_upgrade"] and not declared["apply_immediately"]:
        yield "major_upgrade: expected apply_immediately with it, for its end has to be waited for"
    if declared["parameters"] and declared["parameter_group"]:
        yield "parameters: expected either them or a parameter_group of your own, found both"


def _storage(declared: Mapping[str, Any]) -> Iterator[str]:
    storage = declared["storage"]
    if aurora(declared):
        return
    if storage["size"] < 20:
        yield f"storage.size: expected 20 GiB or more, but found {storage['size']}"
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    if storage["max_size"] and storage["max_size"] * 10 < storage["size"] * 11:
        yield (
            "storage.max_size: expected 0, or 10 % more than storage.size at least, but found"
            f" {storage['max_size']} for {storage['size']}"
        )


def _copies(declared: Mapping[str, Any]) -> Iterator[str]:
    number, kept = len(declared["replicas"]), declared["backup"]["retention"]
    least = 1 if number or aurora(declared) else 0
    if not least <= kept <= 35:
        yield f"backup.retention: expected {least} to 35 days{' with replicas' if number else ''}, but found {kept}"
    if number > MOST_REPLICAS:
        yield f"replicas: expected {MOST_REPLICAS} at most, but found {number}"
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html, "Limitations"
    if number and not aurora(declared) and not declared["password"]:
        yield "password: expected one, for RDS makes no replicas of a database whose password it manages itself"
    yield from wrong_window("backup.window", declared["backup"]["window"], daily=True)
    yield from wrong_window("maintenance_window", declared["maintenance_window"], daily=False)
    if overlap(declared["backup"]["window"], declared["maintenance_window"]):
        yield "maintenance_window: expected it apart from backup.window, but they overlap"


def _access(declared: Mapping[str, Any]) -> Iterator[str]:
    if declared["subnets"] and declared["subnet_group"]:
        yield "subnets: expected either them or a subnet_group of your own, found both"
    if declared["password"] and not _PASSWORD.fullmatch(declared["password"]):
        yield 'password: expected 8 characters or more, of ASCII and printable, and none of / " @ and space'
    if not _USER.fullmatch(declared["user"]):
        yield f"user: expected 1 to 16 letters, digits and _, the first one a letter, but found {declared['user']!r}"
    if declared["port"] is not None and not 1150 <= declared["port"] <= 65535:
        yield f"port: expected 1150 to 65535, but found {declared['port']}"
    if declared["kms_key"] and not _KEY.fullmatch(declared["kms_key"]):
        yield f"kms_key: expected the ARN of a key (arn:aws:kms:...:key/...), but found {declared['kms_key']!r}"


def _watch(declared: Mapping[str, Any]) -> Iterator[str]:
    kept, monitoring = declared["performance_insights"], declared["monitoring"]
    if kept not in (0, 7, 731) and (kept < 0 or kept % 31):
        yield f"performance_insights: expected 0, 7, 731 or months of 31 days, but found {kept} days"
    if monitoring and monitoring["interval"] not in (1, 5, 10, 15, 30, 60):
        yield f"monitoring.interval: expected 1, 5, 10, 15, 30 or 60 s, but found {monitoring['interval']}"
