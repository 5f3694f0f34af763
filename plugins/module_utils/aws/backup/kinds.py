# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How backups are made, changed and removed.

API: AWS Backup, 2018-11-15.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..patience import until
from ..resource import STACK_TAG, Found, StackError, Wanted
from ..roles import Role
from ..session import Aws
from .declared import PLAN, ROLE, SELECTION, TEST, TESTED, VAULT
from .found import CHOICES, request_id, test_name

_GONE = "ResourceNotFoundException"
_TOLD = ["BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"]


class _Backup:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("backup", operation, *absent, **parameters)

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """Nothing of it can change in place."""

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # each can be built on at once


class BackupRole(Role):
    """The role by which AWS Backup reads what it backs up, and makes what it restores."""

    name = ROLE
    precious = False


class Vault(_Backup):
    """Where backups are kept: they go with it."""

    name = VAULT
    fixed = frozenset({"kms_key"})
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name, properties = wanted.address.name, wanted.properties
        key = {"EncryptionKeyArn": properties["kms_key"]} if "kms_key" in properties else {}
        made = self.call(
            "create_backup_vault",
            BackupVaultName=name,
            BackupVaultTags=self.aws.tag_map(name),
            CreatorRequestId=request_id(self.aws.stack),
            **key,
        )
        set_ = {key for key in ("lock", "topic") if properties[key]}
        self._set(name, wanted, set_)
        return {"id": name, "arn": made["BackupVaultArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        self._set(found.address.name, wanted, changed)

    def delete(self, found: Found) -> None:
        name = found.address.name
        if found.properties["lock"]:
            self.call("delete_backup_vault_lock_configuration", _GONE, BackupVaultName=name)
        for one in self._points(name):
            self.call("delete_recovery_point", _GONE, BackupVaultName=name, RecoveryPointArn=one["RecoveryPointArn"])
        until(lambda: None if self._points(name) else True, f"{found.address} to be empty")
        self.call("delete_backup_vault", _GONE, BackupVaultName=name)

    def _points(self, name: str) -> list[dict[str, Any]]:
        operation = "list_recovery_points_by_backup_vault"
        return list(self.aws.pages("backup", operation, "RecoveryPoints", _GONE, BackupVaultName=name))

    def _set(self, name: str, wanted: Wanted, changed: AbstractSet[str]) -> None:
        lock, topic = wanted.properties["lock"], wanted.properties["topic"]
        if "lock" in changed and lock:
            final = {"ChangeableForDays": wanted.once["final_after_days"]} if lock["final"] else {}
            self.call(
                "put_backup_vault_lock_configuration",
                BackupVaultName=name,
                MinRetentionDays=lock["min_days"],
                MaxRetentionDays=lock["max_days"],
                **final,
            )
        elif "lock" in changed:
            self.call("delete_backup_vault_lock_configuration", BackupVaultName=name)
        if "topic" in changed and topic:
            self.call(
                "put_backup_vault_notifications", BackupVaultName=name, SNSTopicArn=topic, BackupVaultEvents=_TOLD
            )
        elif "topic" in changed:
            self.call("delete_backup_vault_notifications", BackupVaultName=name)


class Plan(_Backup):
    """When backups are made, and how long each is kept."""

    name = PLAN

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        made = self.call(
            "create_backup_plan",
            BackupPlan=_plan(wanted),
            BackupPlanTags=self.aws.tag_map(name),
            CreatorRequestId=request_id(self.aws.stack),
        )
        return {"id": made["BackupPlanId"], "arn": made["BackupPlanArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        self.call("update_backup_plan", BackupPlanId=found.ids["id"], BackupPlan=_plan(wanted))

    def delete(self, found: Found) -> None:
        self.call("delete_backup_plan", _GONE, BackupPlanId=found.ids["id"])


class Selection(_Backup):
    """What is backed up."""

    name = SELECTION
    fixed = frozenset({"plan", "role"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        selection = {
            "SelectionName": wanted.address.name,
            "IamRoleArn": wanted.properties["role"],
            "Resources": ["*"],
            "NotResources": [self.aws.arn("ec2", f"{one}/*") for one in ("instance", "volume")],
            "Conditions": {
                "StringEquals": [
                    {"ConditionKey": f"aws:ResourceTag/{STACK_TAG}", "ConditionValue": self.aws.stack},
                ]
            },
        }
        plan = wanted.properties["plan"]
        made = _believed(lambda: self.call("create_backup_selection", BackupPlanId=plan, BackupSelection=selection))
        return {"id": made["SelectionId"]}

    def delete(self, found: Found) -> None:
        self.call(
            "delete_backup_selection",
            _GONE,
            BackupPlanId=found.properties["plan"],
            SelectionId=found.ids["id"],
        )


class RestoreTest(_Backup):
    """When it is tried whether backups can be restored."""

    name = TEST

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = test_name(self.aws.stack)
        made = self.call(
            "create_restore_testing_plan",
            RestoreTestingPlan={"RestoreTestingPlanName": name, **self._test(wanted.properties)},
            Tags=self.aws.tag_map(wanted.address.name),
            CreatorRequestId=request_id(self.aws.stack),
        )
        return {"id": name, "arn": made["RestoreTestingPlanArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        test = self._test(wanted.properties)
        self.call("update_restore_testing_plan", RestoreTestingPlanName=found.ids["id"], RestoreTestingPlan=test)

    def delete(self, found: Found) -> None:
        self.call("delete_restore_testing_plan", _GONE, RestoreTestingPlanName=found.ids["id"])

    def _test(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "RecoveryPointSelection": {
                "Algorithm": CHOICES[properties["choose"]],
                "IncludeVaults": [self.aws.arn("backup", f"backup-vault:{properties['vault']}")],
                "RecoveryPointTypes": ["CONTINUOUS", "SNAPSHOT"],
                "SelectionWindowDays": properties["from_last_days"],
            },
            "ScheduleExpression": properties["schedule"],
            "ScheduleExpressionTimezone": properties["timezone"],
            "StartWindowHours": properties["start_within_hours"],
        }


class RestoreTestSelection(_Backup):
    """Of which sort of resource it is tried; what was restored is removed after the time to look at it."""

    name = TESTED
    fixed = frozenset({"test", "type"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        name = test_name(f"{self.aws.stack}-{properties['type']}")
        condition = {"Key": f"aws:ResourceTag/{STACK_TAG}", "Value": self.aws.stack}
        selection = {
            "RestoreTestingSelectionName": name,
            "ProtectedResourceType": properties["type"],
            "ProtectedResourceArns": ["*"],
            "ProtectedResourceConditions": {"StringEquals": [condition]},
            **_restored(properties),
        }
        test = properties["test"]
        _believed(
            lambda: self.call(
                "create_restore_testing_selection", RestoreTestingPlanName=test, RestoreTestingSelection=selection
            )
        )
        return {"id": name}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        self.call(
            "update_restore_testing_selection",
            RestoreTestingPlanName=found.properties["test"],
            RestoreTestingSelectionName=found.ids["id"],
            RestoreTestingSelection=_restored(wanted.properties),
        )

    def delete(self, found: Found) -> None:
        self.call(
            "delete_restore_testing_selection",
            _GONE,
            RestoreTestingPlanName=found.properties["test"],
            RestoreTestingSelectionName=found.ids["id"],
        )


# -- parameters ------------------------------------------------------------------------------


def _plan(wanted: Wanted) -> dict[str, Any]:
    return {"BackupPlanName": wanted.address.name, "Rules": [_rule(rule) for rule in wanted.properties["rules"]]}


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    cold = {"MoveToColdStorageAfterDays": rule["cold_after_days"]} if rule["cold_after_days"] else {}
    parameters = {
        "RuleName": rule["name"],
        "TargetBackupVaultName": rule["vault"],
        "ScheduleExpression": rule["schedule"],
        "ScheduleExpressionTimezone": rule["timezone"],
        "StartWindowMinutes": rule["start_within"],
        "CompletionWindowMinutes": rule["complete_within"],
        "Lifecycle": {"DeleteAfterDays": rule["keep_days"], **cold},
        "EnableContinuousBackup": rule["continuous"],
    }
    if copied := rule["copied"]:
        kept = {"DeleteAfterDays": copied["keep_days"]}
        parameters["CopyActions"] = [{"DestinationBackupVaultArn": copied["to"], "Lifecycle": kept}]
    return parameters


def _restored(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"IamRoleArn": properties["role"], "ValidationWindowHours": properties["keep_hours"]}


def _believed(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What *make* returns, once a role that was only just made is known everywhere (IAM is eventually consistent)."""

    def look() -> dict[str, Any] | None:
        try:
            return make()
        except StackError as error:
            if "assumed" not in str(error):
                raise
            return None

    return until(look, "the backup role to be known everywhere", longest=120, pause=3)
