# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups of a stack, as they are declared: where they are kept, when they are made, and that they can be restored.

What is backed up is what carries the stack's tag, except instances and volumes: those of an autoscaling group hold
nothing that a new one would not have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named
from ..resource import Address, Wanted
from ..roles import trusted

ROLE, VAULT, PLAN, SELECTION = "backup role", "backup vault", "backup plan", "backup selection"
TEST, TESTED = "restore test", "restore test selection"
_SCHEDULE = re.compile(r"(cron|rate)\(.+\)")
TOPIC = "alarm topic"

#: What the role may do, by the names of AWS's managed policies.
POLICIES = frozenset({"AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"})
#: AWS keeps a backup in cold storage for this many days at least ("Lifecycle" of the API).
_COLDEST = 90
#: And goes back by a continuous backup this many at most ("Continuous backups and point-in-time recovery").
_CONTINUOUS = 35

#: What a restore test can restore, besides instances and volumes, which are not backed up.
RESTORED = ["Aurora", "DocumentDB", "DynamoDB", "EFS", "FSx", "Neptune", "RDS", "S3"]

_RULE = {
    "name": {"type": "str", "required": True},
    "schedule": {"type": "str", "default": "cron(0 3 * * ? *)"},
    "timezone": {"type": "str", "default": "Etc/UTC"},
    "start_within": {"type": "int", "default": 60},
    "complete_within": {"type": "int", "default": 480},
    "keep_days": {"type": "int", "default": 35},
    "cold_after_days": {"type": "int", "default": 0},
    "continuous": {"type": "bool", "default": False},
    "copy_to": {"type": "str"},
    "copy_keep_days": {"type": "int", "default": 35},
}
_TEST = {
    "types": {"type": "list", "elements": "str", "choices": RESTORED, "default": ["RDS"]},
    "schedule": {"type": "str", "default": "cron(0 5 ? * SUN *)"},
    "timezone": {"type": "str", "default": "Etc/UTC"},
    "start_within_hours": {"type": "int", "default": 4},
    "choose": {"type": "str", "choices": ["latest", "random"], "default": "latest"},
    "from_last_days": {"type": "int", "default": 7},
    "keep_hours": {"type": "int", "default": 1},
}

#: The options of ``aws_backup``, and of ``backup`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "vault": {"type": "str"},
    "kms_key": {"type": "str", "no_log": False},
    "vault_lock": {
        "type": "dict",
        "options": {
            "min_days": {"type": "int", "required": True},
            "max_days": {"type": "int", "required": True},
            "final_after_days": {"type": "int"},
        },
    },
    "role": {"type": "str"},
    "topic": {"type": "str"},
    "rules": {"type": "list", "elements": "dict", "options": _RULE},
    "restore_test": {"type": "dict", "options": _TEST},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["rules"])]}


def role(stack: str) -> Address:
    """The role by which AWS Backup works for a *stack*."""
    return named(ROLE, stack, "backup")


def wanted(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> Iterator[Wanted]:
    """The resources of backups *declared* by :data:`ARGUMENTS`."""
    vault, plan = named(VAULT, stack), named(PLAN, stack)
    if not declared["role"]:
        yield Wanted(role(stack), {"trust": trusted("backup.amazonaws.com"), "policies": POLICIES})
    if not declared["vault"]:
        yield _vault(stack, declared, others)
    where = declared["vault"] or vault.ref()
    yield Wanted(plan, {"rules": [_rule(one, where) for one in sorted(declared["rules"], key=lambda one: one["name"])]})
    by = declared["role"] or role(stack).ref("arn")
    yield Wanted(named(SELECTION, stack), {"plan": plan.ref(), "role": by})
    if test := declared["restore_test"]:
        address = named(TEST, stack)
        yield Wanted(address, {**_test(test), "vault": where})
        for sort in test["types"]:
            words = {"test": address.ref(), "type": sort, "role": by, "keep_hours": test["keep_hours"]}
            yield Wanted(named(TESTED, stack, sort), words)


def _vault(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> Wanted:
    topic = named(TOPIC, stack)
    told = declared["topic"] or (topic.ref("arn") if topic in others else "")
    lock = declared["vault_lock"] or {}
    final = lock.get("final_after_days")
    words: dict[str, Any] = {
        "lock": {"min_days": lock["min_days"], "max_days": lock["max_days"], "final": bool(final)} if lock else False,
        "topic": told,
    }
    if declared["kms_key"]:
        words["kms_key"] = declared["kms_key"]
    return Wanted(named(VAULT, stack), words, once={"final_after_days": final})


def _rule(one: Mapping[str, Any], vault: Any) -> dict[str, Any]:
    copied = {"to": one["copy_to"], "keep_days": one["copy_keep_days"]} if one["copy_to"] else False
    kept = {key: one[key] for key in _RULE if not key.startswith("copy_")}
    return {**kept, "vault": vault, "copied": copied}


def _test(test: Mapping[str, Any]) -> dict[str, Any]:
    return {key: test[key] for key in _TEST if key not in ("types", "keep_hours")}


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    wrong = [
        f"vault: expected no {key} beside a vault of your own"
        for key in ("kms_key", "vault_lock")
        if _both(declared, key)
    ]
    rules = declared["rules"] or ()
    if not rules:
        wrong.append("rules: expected one at least, but found none")
    for name, times in Counter(one["name"] for one in rules).items():
        if times > 1:
            wrong.append(f"rules: expected each name once, but found {name} again")
    for where, one in [*((f"rules {one['name']}", one) for one in rules), ("restore_test", declared["restore_test"])]:
        if one and not _SCHEDULE.fullmatch(one["schedule"]):
            wrong.append(f"{where}: schedule: expected cron(...) or rate(...), but found {one['schedule']!r}")
    for one in rules:
        wrong += [f"rules {one['name']}: {said}" for said in _check_rule(one, declared["vault_lock"])]
    lock = declared["vault_lock"]
    if lock and lock["final_after_days"] is not None and lock["final_after_days"] < 3:
        wrong.append(f"vault_lock.final_after_days: expected 3 at least, but found {lock['final_after_days']}")
    if lock and lock["min_days"] > lock["max_days"]:
        wrong.append(
            f"vault_lock.min_days: expected at most max_days ({lock['max_days']}), but found {lock['min_days']}"
        )
    return wrong


def _both(declared: Mapping[str, Any], key: str) -> bool:
    return bool(declared["vault"] and declared[key])


def _check_rule(one: Mapping[str, Any], lock: Mapping[str, Any] | None) -> Iterator[str]:
    days, cold = one["keep_days"], one["cold_after_days"]
    if cold and days < cold + _COLDEST:
        yield f"keep_days: expected {_COLDEST} more than cold_after_days ({cold}) at least, but found {days}"
    if one["continuous"] and (cold or days > _CONTINUOUS):
        yield f"continuous: expected keep_days of at most {_CONTINUOUS} and no cold_after_days"
    if one["start_within"] < 60:
        yield f"start_within: expected 60 minutes at least, but found {one['start_within']}"
    if one["complete_within"] < one["start_within"] + 60:
        yield f"complete_within: expected an hour more than start_within at least, but found {one['complete_within']}"
    if lock and not lock["min_days"] <= days <= lock["max_days"]:
        yield f"keep_days: expected {lock['min_days']} to {lock['max_days']}, as the lock has it, but found {days}"
