# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a cache.

A version in as few numbers as are meant: ``8`` leaves the minor version to AWS. What is only for the first time, the
token, is never compared later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..engines import parts, wrong_window

#: Without encryption, with either, and with nothing else: clients move in two steps that nobody notices.
TLS = ["none", "preferred", "required"]
_KEY = re.compile(r"arn:[^:]+:kms:[^:]+:\d+:key/.+")
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
_TOKEN = re.compile(r"[A-Za-z0-9!&#$^<>-]{16,128}")

#: The options of ``aws_cache``, and of ``cache`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "engine": {"type": "str", "choices": ["valkey", "redis"], "default": "valkey"},
    "version": {"type": "str"},
    "node_type": {"type": "str"},
    "replicas": {"type": "int", "default": 1},
    "shards": {"type": "int"},
    "multi_az": {"type": "bool", "default": True},
    "port": {"type": "int", "default": 6379},
    "tls": {"type": "str", "choices": TLS, "default": "required"},
    "auth_token": {"type": "str", "no_log": True},
    "kms_key": {"type": "str", "no_log": False},
    "subnets": {"type": "list", "elements": "str"},
    "subnet_group": {"type": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "parameters": {"type": "dict", "default": {}},
    "parameter_group": {"type": "str"},
    "backup": {
        "type": "dict",
        "apply_defaults": True,
        "options": {"retention": {"type": "int", "default": 1}, "window": {"type": "str"}},
    },
    "maintenance_window": {"type": "str"},
    "auto_minor_upgrades": {"type": "bool", "default": True},
    "apply_immediately": {"type": "bool", "default": False},
    "final_snapshot": {"type": "bool", "default": True},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["version", "node_type"])]}


def family(declared: Mapping[str, Any]) -> str:
    """The family of parameters, as in ``valkey8``, ``redis7`` or ``redis6.x``."""
    engine, major = declared["engine"], parts(declared["version"])[0]
    return f"{engine}{major}{'.x' if (engine, major) == ('redis', 6) else ''}"


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    missing = [f"{key}: expected a value" for key in ("version", "node_type") if not declared[key]]
    if missing:
        return missing
    return [*_engine(declared), *_nodes(declared), *_access(declared), *_kept(declared)]


def _engine(declared: Mapping[str, Any]) -> Iterator[str]:
    engine, version = declared["engine"], declared["version"]
    least = {"valkey": 7, "redis": 6}[engine]
    if (parts(version) or (0,))[0] < least:
        yield f"version: expected {least} or later of {engine}, but found {version!r}"
    if declared["parameters"] and declared["parameter_group"]:
        yield "parameters: expected either them or a parameter_group of your own, found both"


def _nodes(declared: Mapping[str, Any]) -> Iterator[str]:
    replicas, shards = declared["replicas"], declared["shards"]
    if not declared["node_type"].startswith("cache."):
        yield f"node_type: expected one such as cache.m7g.large, but found {declared['node_type']!r}"
    if not 0 <= replicas <= 5:
        yield f"replicas: expected 0 to 5, but found {replicas}"
    if shards is not None and not 1 <= shards <= 500:
        yield f"shards: expected 1 to 500, but found {shards}"
    if declared["multi_az"] and not replicas:
        yield "replicas: expected 1 or more with multi_az, but found 0"


def _access(declared: Mapping[str, Any]) -> Iterator[str]:
    if declared["subnets"] and declared["subnet_group"]:
        yield "subnets: expected either them or a subnet_group of your own, found both"
    if declared["auth_token"] and declared["tls"] != "required":
        yield f"auth_token: expected tls to be required with it, but found {declared['tls']}"
    if declared["auth_token"] and not _TOKEN.fullmatch(declared["auth_token"]):
        yield "auth_token: expected 16 to 128 letters, digits, and any of ! & # $ ^ < > -"
    if declared["kms_key"] and not _KEY.fullmatch(declared["kms_key"]):
        yield f"kms_key: expected the ARN of a key (arn:aws:kms:...:key/...), but found {declared['kms_key']!r}"


def _kept(declared: Mapping[str, Any]) -> Iterator[str]:
    if not 0 <= declared["backup"]["retention"] <= 35:
        yield f"backup.retention: expected 0 to 35 days, but found {declared['backup']['retention']}"
    yield from wrong_window("backup.window", declared["backup"]["window"], daily=True)
    yield from wrong_window("maintenance_window", declared["maintenance_window"], daily=False)
