# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Backup: changed plans, selections, notifications, a vault's recovery points and restore tests.

moto has none of them, and keeps removed plans and the tags of both. A plan with selections is not removed, nor is a
restore test, nor a vault with recovery points; a backup that is asked for is made at once:
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupPlan.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultNotifications.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRestoreTestingPlan.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.backup.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse
from moto.backup.urls import url_paths
from moto.core.responses import ActionResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

_moto_delete_plan = BackupBackend.delete_backup_plan


def _kept(response: BackupResponse, what: str) -> dict[Any, Any]:
    """What the backend keeps of *what*: gone when it is reset, and seen in its state."""
    kept: dict[Any, Any] = vars(response.backup_backend).setdefault(what, {})
    return kept


def _path(response: BackupResponse, number: int) -> str:
    return unquote(response.path.strip("/").split("/")[number])


def _said(response: BackupResponse) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(response.body)
    return said


def _one(kept: dict[Any, Any], key: Any) -> Any:
    if key not in kept:
        raise ResourceNotFoundException(f"{key} not found")
    return kept[key]


# -- plans and selections --------------------------------------------------------------------


def _update_plan(self: BackupResponse) -> ActionResult:
    plan = _one(self.backup_backend.plans, _path(self, 2))
    changed = Plan(_said(self)["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id = changed.backup_plan, changed.version_id
    return ActionResult(plan.to_dict())


def _delete_plan(self: BackupBackend, backup_plan_id: str) -> Any:
    if any(plan == backup_plan_id for plan, _ in vars(self).get("selections", ())):
        raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion")
    answer = _moto_delete_plan(self, backup_plan_id)
    del self.plans[backup_plan_id]
    return answer


def _create_selection(self: BackupResponse) -> ActionResult:
    plan, made = _path(self, 2), str(mock_random.uuid4())
    _one(self.backup_backend.plans, plan)
    _kept(self, "selections")[plan, made] = _said(self)["BackupSelection"]
    return ActionResult({"SelectionId": made, "BackupPlanId": plan, "CreationDate": unix_time()})


def _list_selections(self: BackupResponse) -> ActionResult:
    plan = _path(self, 2)
    listed = [
        {"SelectionId": key, "BackupPlanId": plan, **{word: one[word] for word in ("SelectionName", "IamRoleArn")}}
        for (its, key), one in _kept(self, "selections").items()
        if its == plan
    ]
    return ActionResult({"BackupSelectionsList": listed})


def _delete_selection(self: BackupResponse) -> ActionResult:
    _one(_kept(self, "selections"), (_path(self, 2), _path(self, 4)))
    del _kept(self, "selections")[_path(self, 2), _path(self, 4)]
    return ActionResult({})


# -- vaults ----------------------------------------------------------------------------------


def _put_notifications(self: BackupResponse) -> ActionResult:
    _kept(self, "notifications")[_path(self, 1)] = _said(self)
    return ActionResult({})


def _get_notifications(self: BackupResponse) -> ActionResult:
    return ActionResult(_one(_kept(self, "notifications"), _path(self, 1)))


def _delete_notifications(self: BackupResponse) -> ActionResult:
    _kept(self, "notifications").pop(_path(self, 1), None)
    return ActionResult({})


def _delete_vault(self: BackupResponse) -> ActionResult:
    if any(vault == _path(self, 1) for vault, _ in _kept(self, "points")):
        raise InvalidRequestException("Backup vault cannot be deleted because it contains recovery points")
    _kept(self, "notifications").pop(_path(self, 1), None)
    self.backup_backend.delete_backup_vault(_path(self, 1))
    return ActionResult({})


def _start_job(self: BackupResponse) -> ActionResult:
    said, backend, made = _said(self), self.backup_backend, str(mock_random.uuid4())
    backend.describe_backup_vault(said["BackupVaultName"])
    arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:recovery-point:{made}"
    _kept(self, "points")[said["BackupVaultName"], arn] = {"Status": "COMPLETED", "ResourceArn": said["ResourceArn"]}
    return ActionResult({"BackupJobId": made, "RecoveryPointArn": arn, "CreationDate": unix_time()})


def _list_points(self: BackupResponse) -> ActionResult:
    self.backup_backend.describe_backup_vault(_path(self, 1))
    its = {arn: one for (vault, arn), one in _kept(self, "points").items() if vault == _path(self, 1)}
    return ActionResult({"RecoveryPoints": [{**one, "RecoveryPointArn": arn} for arn, one in its.items()]})


def _delete_point(self: BackupResponse) -> ActionResult:
    _one(_kept(self, "points"), (_path(self, 1), _path(self, 3)))
    del _kept(self, "points")[_path(self, 1), _path(self, 3)]
    return ActionResult({})


# -- restore tests ---------------------------------------------------------------------------


def _create_test(self: BackupResponse) -> ActionResult:
    said, backend = _said(self), self.backup_backend
    name = said["RestoreTestingPlan"]["RestoreTestingPlanName"]
    arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:restore-testing-plan:{name}-{mock_random.uuid4()}"
    made = {"RestoreTestingPlanName": name, "RestoreTestingPlanArn": arn, "CreationTime": unix_time()}
    _kept(self, "tests")[name] = {**said["RestoreTestingPlan"], **made, "CreatorRequestId": said["CreatorRequestId"]}
    return ActionResult(made)


def _get_test(self: BackupResponse) -> ActionResult:
    return ActionResult({"RestoreTestingPlan": _one(_kept(self, "tests"), _path(self, 2))})


def _update_test(self: BackupResponse) -> ActionResult:
    test = _one(_kept(self, "tests"), _path(self, 2))
    test.update(_said(self)["RestoreTestingPlan"])
    return ActionResult(test)


def _delete_test(self: BackupResponse) -> ActionResult:
    if any(test == _path(self, 2) for test, _ in _kept(self, "tested")):
        raise InvalidRequestException("The restore testing plan has selections")
    _kept(self, "tests").pop(_path(self, 2), None)
    return ActionResult({})


def _create_tested(self: BackupResponse) -> ActionResult:
    test, said = _one(_kept(self, "tests"), _path(self, 2)), _said(self)["RestoreTestingSelection"]
    made = {**said, "RestoreTestingPlanName": _path(self, 2), "CreationTime": unix_time()}
    _kept(self, "tested")[_path(self, 2), said["RestoreTestingSelectionName"]] = made
    return ActionResult({**made, "RestoreTestingPlanArn": test["RestoreTestingPlanArn"]})


def _list_tested(self: BackupResponse) -> ActionResult:
    listed = [one for (test, _), one in _kept(self, "tested").items() if test == _path(self, 2)]
    return ActionResult({"RestoreTestingSelections": listed})


def _update_tested(self: BackupResponse) -> ActionResult:
    one = _one(_kept(self, "tested"), (_path(self, 2), _path(self, 4)))
    one.update(_said(self)["RestoreTestingSelection"])
    return ActionResult(one)


def _delete_tested(self: BackupResponse) -> ActionResult:
    _kept(self, "tested").pop((_path(self, 2), _path(self, 4)), None)
    return ActionResult({})


BackupBackend.delete_backup_plan = _delete_plan
for operation, answer in {
    "update_backup_plan": _update_plan,
    "create_backup_selection": _create_selection,
    "list_backup_selections": _list_selections,
    "delete_backup_selection": _delete_selection,
    "put_backup_vault_notifications": _put_notifications,
    "get_backup_vault_notifications": _get_notifications,
    "delete_backup_vault_notifications": _delete_notifications,
    "delete_backup_vault": _delete_vault,
    "start_backup_job": _start_job,
    "list_recovery_points_by_backup_vault": _list_points,
    "delete_recovery_point": _delete_point,
    "create_restore_testing_plan": _create_test,
    "get_restore_testing_plan": _get_test,
    "update_restore_testing_plan": _update_test,
    "delete_restore_testing_plan": _delete_test,
    "create_restore_testing_selection": _create_tested,
    "list_restore_testing_selections": _list_tested,
    "update_restore_testing_selection": _update_tested,
    "delete_restore_testing_selection": _delete_tested,
}.items():
    setattr(BackupResponse, operation, answer)

for path in (
    "backup-jobs$",
    "backup-vaults/(?P<name>.+)$",
    "restore-testing/plans$",
    "restore-testing/plans/(?P<name>.+)$",
):
    url_paths["{0}/" + path] = BackupResponse.dispatch
