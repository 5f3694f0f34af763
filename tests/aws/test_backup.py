# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vault goes with its backups, when that is meant; and the role of AWS Backup is what the stack says that it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from harness import Emulator

_BACKUP: dict[str, Any] = {"stack": "shop", "rules": [{"name": "daily"}]}
_ABSENT = {"stack": "shop", "state": "absent"}
_ROLE = "shop-backup"


def _backed_up(emulator: Emulator, number: int) -> None:
    for one in range(number):
        emulator.client("backup").start_backup_job(
            BackupVaultName="shop",
            ResourceArn=f"arn:aws:rds:us-east-1:123456789012:db:shop-{one}",
            IamRoleArn=f"arn:aws:iam::123456789012:role/{_ROLE}",
        )


def test_a_vault_goes_with_its_backups_only_where_that_is_meant(emulator: Emulator) -> None:
    emulator.must("aws_backup", _BACKUP)
    _backed_up(emulator, 2)
    refused, written = emulator.counting(lambda: emulator.run_module("aws_backup", _ABSENT))
    assert "set deletion_protection to false" in refused["msg"]
    assert written == []
    with pytest.raises(ClientError, match="contains recovery points"):  # AWS removes no other than an empty one
        emulator.client("backup").delete_backup_vault(BackupVaultName="shop")
    emulator.must("aws_backup", {**_ABSENT, "deletion_protection": False})
    assert emulator.count("DeleteRecoveryPoint") == 2
    assert emulator.client("backup").list_backup_vaults()["BackupVaultList"] == []


def _trust(emulator: Emulator, *services: str) -> str:
    """Gives the role to *services*, and returns to whom it was given before."""
    iam = emulator.client("iam")
    before: str = iam.get_role(RoleName=_ROLE)["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"][
        "Service"
    ]
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.update_assume_role_policy(RoleName=_ROLE, PolicyDocument=document)
    return before


def test_a_role_that_others_may_take_is_taken_back(emulator: Emulator) -> None:
    emulator.must("aws_backup", _BACKUP)
    assert _trust(emulator, "backup.amazonaws.com", "ec2.amazonaws.com") == "backup.amazonaws.com"
    done = emulator.must("aws_backup", _BACKUP)
    assert done["plan"] == ["~ change backup role shop-backup: trust"]
    assert _trust(emulator) == "backup.amazonaws.com"


def test_a_policy_that_others_attached_stays_and_one_that_is_missing_comes_back(emulator: Emulator) -> None:
    emulator.must("aws_backup", _BACKUP)
    iam, own = emulator.client("iam"), "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
    theirs = "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup"
    iam.attach_role_policy(RoleName=_ROLE, PolicyArn=theirs)
    assert emulator.must("aws_backup", _BACKUP)["changed"] is False
    iam.detach_role_policy(RoleName=_ROLE, PolicyArn=own)
    assert emulator.must("aws_backup", _BACKUP)["plan"] == ["~ change backup role shop-backup: policies"]
    attached = {one["PolicyArn"] for one in iam.list_attached_role_policies(RoleName=_ROLE)["AttachedPolicies"]}
    assert {own, theirs} <= attached
    assert len(attached) == 3
    emulator.must("aws_backup", {**_ABSENT, "deletion_protection": False})
    assert iam.list_roles()["Roles"] == []
