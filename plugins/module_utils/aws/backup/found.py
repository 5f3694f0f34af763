# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups as AWS describes them, in the words of their declaration.

A vault and the plans do not come with their tags, so that the id that their creation was requested by
(``CreatorRequestId``) says whose they are as well. API: AWS Backup, 2018-11-15.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from ..declared import named
from ..resource import Address, Found
from ..roles import managed
from ..session import Aws
from .declared import PLAN, POLICIES, SELECTION, TEST, TESTED, VAULT, role

_GONE = ("ResourceNotFoundException", "AccessDeniedException")
CHOICES = {"latest": "LATEST_WITHIN_WINDOW", "random": "RANDOM_WITHIN_WINDOW"}
_CHOSEN = {algorithm: word for word, algorithm in CHOICES.items()}


def request_id(stack: str) -> str:
    """A new id by which a *stack* requests something, and knows it again."""
    return f"seamless.{stack}.{uuid.uuid4().hex[:8]}"


def ours(stack: str, creator: str | None) -> bool:
    """Whether the request with the id *creator* was the *stack*'s."""
    return (creator or "").startswith(f"seamless.{stack}.")


def test_name(stack: str) -> str:
    """The name of a stack's restore test: AWS takes no hyphen in it."""
    return stack.replace("-", "_")


def read(aws: Aws) -> Iterator[Found]:
    """The role, the vault, the plan and the restore test with their selections; three calls deep."""
    for found in aws.together(*(lambda some=some: list(some(aws)) for some in (_role, _vault, _plan, _test))):
        yield from found


def _role(aws: Aws) -> Iterator[Found]:
    return managed(aws, role(aws.stack), POLICIES)


def _vault(aws: Aws) -> Iterator[Found]:
    address = named(VAULT, aws.stack)
    # AWS says AccessDeniedException of a vault that is not there ("DescribeBackupVault").
    vault = aws.call("backup", "describe_backup_vault", *_GONE, BackupVaultName=address.name)
    if vault:
        told = aws.call("backup", "get_backup_vault_notifications", *_GONE, BackupVaultName=address.name)
        words = {**vault_in_words(vault), "topic": told.get("SNSTopicArn", "")}
        ids = {"id": address.name, "arn": vault["BackupVaultArn"]}
        yield Found(address, ids, words, ours(aws.stack, vault.get("CreatorRequestId")))


def vault_in_words(vault: Mapping[str, Any]) -> dict[str, Any]:
    """A vault as its declaration would say it."""
    lock = {
        "min_days": vault.get("MinRetentionDays"),
        "max_days": vault.get("MaxRetentionDays"),
        "final": bool(vault.get("LockDate")),
    }
    return {"kms_key": vault.get("EncryptionKeyArn"), "lock": lock if vault.get("Locked") else False}


def _plan(aws: Aws) -> Iterator[Found]:
    address = named(PLAN, aws.stack)
    for one in aws.pages("backup", "list_backup_plans", "BackupPlansList"):
        # Somebody else's plan may have the same name.
        if one["BackupPlanName"] == address.name and ours(aws.stack, one.get("CreatorRequestId")):
            plan = aws.call("backup", "get_backup_plan", BackupPlanId=one["BackupPlanId"])
            rules = sorted((rule_in_words(rule) for rule in plan["BackupPlan"]["Rules"]), key=lambda rule: rule["name"])
            yield Found(address, {"id": one["BackupPlanId"], "arn": one["BackupPlanArn"]}, {"rules": rules})
            yield from _selections(aws, one["BackupPlanId"])
            return


def rule_in_words(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's rule as its declaration would say it."""
    copies = rule.get("CopyActions") or [{}]
    copied = {
        "to": copies[0].get("DestinationBackupVaultArn"),
        "keep_days": copies[0].get("Lifecycle", {}).get("DeleteAfterDays"),
    }
    return {
        "name": rule["RuleName"],
        "vault": rule["TargetBackupVaultName"],
        "schedule": rule.get("ScheduleExpression"),
        "timezone": rule.get("ScheduleExpressionTimezone", "Etc/UTC"),
        "start_within": rule.get("StartWindowMinutes"),
        "complete_within": rule.get("CompletionWindowMinutes"),
        "keep_days": rule.get("Lifecycle", {}).get("DeleteAfterDays"),
        "cold_after_days": rule.get("Lifecycle", {}).get("MoveToColdStorageAfterDays") or 0,
        "continuous": rule.get("EnableContinuousBackup", False),
        "copied": copied if copied["to"] else False,
    }


def _selections(aws: Aws, plan: str) -> Iterator[Found]:
    for one in aws.pages("backup", "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan):
        words = {"plan": plan, "role": one["IamRoleArn"]}
        yield Found(Address(SELECTION, one["SelectionName"]), {"id": one["SelectionId"]}, words)


def _test(aws: Aws) -> Iterator[Found]:
    address, name = named(TEST, aws.stack), test_name(aws.stack)
    answer = aws.call("backup", "get_restore_testing_plan", _GONE[0], RestoreTestingPlanName=name)
    if not answer:
        return
    test = answer["RestoreTestingPlan"]
    mine = ours(aws.stack, test.get("CreatorRequestId"))
    yield Found(address, {"id": name, "arn": test["RestoreTestingPlanArn"]}, test_in_words(test), mine)
    listed = aws.pages(
        "backup", "list_restore_testing_selections", "RestoreTestingSelections", RestoreTestingPlanName=name
    )
    for one in listed:
        words = {
            "test": name,
            "type": one["ProtectedResourceType"],
            "role": one["IamRoleArn"],
            "keep_hours": one.get("ValidationWindowHours"),
        }
        ids = {"id": one["RestoreTestingSelectionName"]}
        yield Found(named(TESTED, aws.stack, one["ProtectedResourceType"]), ids, words, mine)


def test_in_words(test: Mapping[str, Any]) -> dict[str, Any]:
    """A restore test as its declaration would say it."""
    chosen = test["RecoveryPointSelection"]
    vaults = chosen.get("IncludeVaults") or [""]
    return {
        "schedule": test["ScheduleExpression"],
        "timezone": test.get("ScheduleExpressionTimezone", "Etc/UTC"),
        "start_within_hours": test.get("StartWindowHours"),
        "choose": _CHOSEN.get(chosen.get("Algorithm", "")),
        "from_last_days": chosen.get("SelectionWindowDays"),
        "vault": vaults[0].rpartition(":")[2],
    }
