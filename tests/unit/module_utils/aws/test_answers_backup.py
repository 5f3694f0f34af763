# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups where AWS answers as no emulator does, and mistakes in their declaration that no playbook makes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup.concern import Backup
from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup.declared import (
    ARGUMENTS,
    PLAN,
    ROLE,
    SELECTION,
    TEST,
    TESTED,
    VAULT,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup.kinds import (
    RestoreTestSelection,
    Selection,
    Vault,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)

PREFIX = "arn:aws:backup:eu-central-1:123456789012"
OWN_ROLE = "arn:aws:iam::123456789012:role/ours"
POINT = f"{PREFIX}:recovery-point:1"
TOLD = ["BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"]
UNBELIEVED = ("InvalidParameterValueException", f"IAM Role {OWN_ROLE} cannot be assumed by AWS Backup")


pytestmark = pytest.mark.usefixtures("clock")


def declared(**given):
    checked = ArgumentSpecValidator(ARGUMENTS).validate({"rules": [{"name": "daily"}], **given})
    assert not checked.error_messages
    return checked.validated_parameters


# -- a vault ---------------------------------------------------------------------------------


def points(*arns):
    answer = {"RecoveryPoints": [{"RecoveryPointArn": one} for one in arns]}
    return gives("backup", "list_recovery_points_by_backup_vault", answer, BackupVaultName="shop")


def vault(lock):
    return Found(Address(VAULT, "shop"), {"id": "shop"}, {"lock": lock, "topic": ""})


UNLOCKS = ("backup", "delete_backup_vault_lock_configuration")
REMOVES_VAULT = gives("backup", "delete_backup_vault", BackupVaultName="shop")


def test_a_vault_that_is_locked_is_unlocked_and_emptied_before_it_goes(slept):
    removes = gives("backup", "delete_recovery_point", BackupVaultName="shop", RecoveryPointArn=POINT)
    # What is removed is still listed for a while.
    listed = [points(POINT), removes, points(POINT), points()]
    with vendor(gives(*UNLOCKS, BackupVaultName="shop"), *listed, REMOVES_VAULT) as aws:
        Vault(aws).delete(vault({"min_days": 7, "max_days": 90, "final": False}))
    assert len(slept) == 1


def test_a_vault_whose_lock_is_final_keeps_its_backups():
    final = refuses(*UNLOCKS, "InvalidRequestException", "the lock can no longer be changed", BackupVaultName="shop")
    with vendor(final) as aws, pytest.raises(StackError, match="the lock can no longer be changed"):
        Vault(aws).delete(vault({"min_days": 7, "max_days": 90, "final": True}))


def test_a_vault_whose_backups_may_not_be_removed_stays():
    held = refuses("backup", "delete_recovery_point", "InvalidRequestException", "on legal hold")
    with vendor(points(POINT), held) as aws, pytest.raises(StackError, match="on legal hold"):
        Vault(aws).delete(vault(False))


@pytest.mark.parametrize(
    ("changed", "properties", "operation", "asked"),
    [
        ("lock", {"lock": False}, "delete_backup_vault_lock_configuration", {}),
        (
            "lock",
            {"lock": {"min_days": 7, "max_days": 90, "final": True}},
            "put_backup_vault_lock_configuration",
            {"MinRetentionDays": 7, "MaxRetentionDays": 90, "ChangeableForDays": 3},
        ),
        (
            "lock",
            {"lock": {"min_days": 7, "max_days": 90, "final": False}},
            "put_backup_vault_lock_configuration",
            {"MinRetentionDays": 7, "MaxRetentionDays": 90},
        ),
        ("topic", {"topic": ""}, "delete_backup_vault_notifications", {}),
        (
            "topic",
            {"topic": "arn:aws:sns:eu-central-1:1:shop"},
            "put_backup_vault_notifications",
            {"SNSTopicArn": "arn:aws:sns:eu-central-1:1:shop", "BackupVaultEvents": TOLD},
        ),
    ],
    ids=["no lock", "a final lock", "a lock", "no topic", "a topic"],
)
def test_what_changes_of_a_vault_is_written_and_nothing_else_is(changed, properties, operation, asked):
    wanted = Wanted(Address(VAULT, "shop"), {"lock": False, "topic": "", **properties}, {"final_after_days": 3})
    with vendor(gives("backup", operation, BackupVaultName="shop", **asked)) as aws:
        Vault(aws).change(vault(False), wanted, frozenset({changed}))


# -- a role that was only just made ----------------------------------------------------------


def selected(aws):
    words = {"plan": "plan-1", "role": OWN_ROLE}
    return Selection(aws).create(Wanted(Address(SELECTION, "shop"), words))


SELECTS = {
    "BackupPlanId": "plan-1",
    "BackupSelection": {
        "SelectionName": "shop",
        "IamRoleArn": OWN_ROLE,
        "Resources": ["*"],
        "NotResources": [f"arn:aws:ec2:eu-central-1:123456789012:{one}/*" for one in ("instance", "volume")],
        "Conditions": {
            "StringEquals": [{"ConditionKey": f"aws:ResourceTag/{STACK_TAG}", "ConditionValue": "shop"}],
        },
    },
}


def test_a_selection_is_asked_for_again_until_its_role_is_known(slept):
    asked = [
        refuses("backup", "create_backup_selection", *UNBELIEVED, **SELECTS),
        gives("backup", "create_backup_selection", {"SelectionId": "selection-1"}, **SELECTS),
    ]
    with vendor(*asked) as aws:
        assert selected(aws) == {"id": "selection-1"}
    assert slept == [3]


def test_a_selection_that_is_refused_for_another_reason_is_not_asked_for_again(slept):
    other = refuses("backup", "create_backup_selection", "LimitExceededException", "too many", **SELECTS)
    with vendor(other) as aws, pytest.raises(StackError, match=r"too many \(LimitExceededException\)"):
        selected(aws)
    assert slept == []


def test_a_role_that_is_never_known_is_an_error_in_words():
    asked = [refuses("backup", "create_backup_selection", *UNBELIEVED, **SELECTS)] * 42
    with vendor(*asked) as aws, pytest.raises(StackError, match="120 s for the backup role to be known everywhere"):
        selected(aws)


def test_what_a_restore_test_restores_is_asked_for_again_until_its_role_is_known():
    selection = {
        "RestoreTestingSelectionName": "shop_RDS",
        "ProtectedResourceType": "RDS",
        "ProtectedResourceArns": ["*"],
        "ProtectedResourceConditions": {"StringEquals": [{"Key": f"aws:ResourceTag/{STACK_TAG}", "Value": "shop"}]},
        "IamRoleArn": OWN_ROLE,
        "ValidationWindowHours": 1,
    }
    asked = {"RestoreTestingPlanName": "shop", "RestoreTestingSelection": selection}
    made = {
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "RestoreTestingPlanArn": f"{PREFIX}:restore-testing-plan:shop-1",
        "RestoreTestingPlanName": "shop",
        "RestoreTestingSelectionName": "shop_RDS",
    }
    answers = [
        refuses("backup", "create_restore_testing_selection", *UNBELIEVED, **asked),
        gives("backup", "create_restore_testing_selection", made, **asked),
    ]
    words = {"test": "shop", "type": "RDS", "role": OWN_ROLE, "keep_hours": 1}
    with vendor(*answers) as aws:
        assert RestoreTestSelection(aws).create(Wanted(Address(TESTED, "shop-RDS"), words)) == {"id": "shop_RDS"}


# -- what there is ---------------------------------------------------------------------------

NO_ROLE = refuses("iam", "get_role", "NoSuchEntity", RoleName="shop-backup")
NO_VAULT = refuses("backup", "describe_backup_vault", "AccessDeniedException", BackupVaultName="shop")
NO_PLANS = gives("backup", "list_backup_plans", {"BackupPlansList": []})
NO_TEST = refuses("backup", "get_restore_testing_plan", "ResourceNotFoundException", RestoreTestingPlanName="shop")


def read(aws):
    return {one.address: one for one in Backup(aws, declared()).read()}


def plan(name, at, creator):
    one = {"BackupPlanName": name, "BackupPlanId": at, "BackupPlanArn": f"{PREFIX}:backup-plan:{at}"}
    return {**one, **({"CreatorRequestId": creator} if creator else {})}


def test_somebody_elses_plan_of_the_same_name_is_not_taken_and_the_stacks_is_found_behind_it():
    others = [
        plan("shop", "plan-1", None),
        plan("shop", "plan-2", "seamless.shop-eu.1"),
        plan("nightly", "plan-3", "seamless.shop.1"),
    ]
    rule = {"RuleName": "daily", "TargetBackupVaultName": "shop", "RuleId": "rule-1"}
    ours = {"BackupPlanName": "shop", "Rules": [rule]}
    selection = {"SelectionName": "shop", "SelectionId": "selection-1", "IamRoleArn": OWN_ROLE}
    asked = [
        NO_ROLE,
        NO_VAULT,
        gives("backup", "list_backup_plans", {"BackupPlansList": others, "NextToken": "more"}),
        gives(
            "backup",
            "list_backup_plans",
            {"BackupPlansList": [plan("shop", "plan-4", "seamless.shop.1")]},
            NextToken="more",
        ),
        gives("backup", "get_backup_plan", {"BackupPlan": ours}, BackupPlanId="plan-4"),
        gives("backup", "list_backup_selections", {"BackupSelectionsList": [selection]}, BackupPlanId="plan-4"),
        NO_TEST,
    ]
    with vendor(*asked) as aws:
        there = read(aws)
    assert set(there) == {Address(PLAN, "shop"), Address(SELECTION, "shop")}
    assert there[Address(PLAN, "shop")].ids["id"] == "plan-4"
    assert there[Address(SELECTION, "shop")].properties == {"plan": "plan-4", "role": OWN_ROLE}


def test_a_vault_and_a_restore_test_that_somebody_else_made_are_not_the_stacks():
    kept = {"BackupVaultName": "shop", "BackupVaultArn": f"{PREFIX}:backup-vault:shop", "CreatorRequestId": "theirs"}
    test = {
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "RecoveryPointSelection": {"Algorithm": "RANDOM_WITHIN_WINDOW", "IncludeVaults": ["*"]},
        "RestoreTestingPlanArn": f"{PREFIX}:restore-testing-plan:shop-1",
        "RestoreTestingPlanName": "shop",
        "ScheduleExpression": "rate(1 day)",
    }
    its = {
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
        "IamRoleArn": OWN_ROLE,
        "ProtectedResourceType": "RDS",
        "RestoreTestingPlanName": "shop",
        "RestoreTestingSelectionName": "theirs",
    }
    asked = [
        NO_ROLE,
        gives("backup", "describe_backup_vault", kept, BackupVaultName="shop"),
        refuses("backup", "get_backup_vault_notifications", "ResourceNotFoundException", BackupVaultName="shop"),
        NO_PLANS,
        gives("backup", "get_restore_testing_plan", {"RestoreTestingPlan": test}, RestoreTestingPlanName="shop"),
        gives(
            "backup",
            "list_restore_testing_selections",
            {"RestoreTestingSelections": [its]},
            RestoreTestingPlanName="shop",
        ),
    ]
    with vendor(*asked) as aws:
        there = read(aws)
    assert {str(address): one.ours for address, one in there.items()} == {
        f"{VAULT} shop": False,
        f"{TEST} shop": False,
        f"{TESTED} shop-RDS": False,
    }


# -- what may be declared --------------------------------------------------------------------


def test_a_role_of_ones_own_is_used_everywhere_and_none_is_made():
    with vendor() as aws:
        wanted = Backup(aws, declared(role=OWN_ROLE, restore_test={"types": ["RDS"]})).wanted({})
    assert ROLE not in {one.address.kind for one in wanted}
    used = {one.address.kind: one.properties["role"] for one in wanted if "role" in one.properties}
    assert used == {SELECTION: OWN_ROLE, TESTED: OWN_ROLE}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"rules": [{"name": "daily", "schedule": "0 3 * * *"}]},
            r"^rules daily: schedule: expected cron\(...\) or rate\(...\), but found '0 3 \* \* \*'$",
        ),
        ({"restore_test": {"schedule": "sundays"}}, r"^restore_test: schedule: expected cron.*but found 'sundays'$"),
        (
            {"vault_lock": {"min_days": 60, "max_days": 30}},
            r"vault_lock.min_days: expected at most max_days \(30\), but found 60$",
        ),
        (
            {"rules": [{"name": "daily", "schedule": "daily", "start_within": 5}]},
            "^rules daily: schedule: .*; rules daily: start_within: expected 60 minutes",
        ),
    ],
    ids=["a schedule of cron's own", "a test's schedule", "a lock that is the wrong way round", "two mistakes"],
)
def test_a_declaration_that_cannot_be_is_refused_with_all_that_is_wrong(given, told):
    with vendor() as aws, pytest.raises(StackError, match=told):
        Backup(aws, declared(**given)).wanted({})
