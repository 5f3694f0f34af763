# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch Logs: what belongs to a group, and its deletion protection.

moto adds a second metric filter of the same name where AWS replaces the first, counts none of them, keeps those of a
removed group, and knows neither a changed key nor deletion protection:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import LogsClientError
from moto.logs.models import LogGroup, LogsBackend, logs_backends
from moto.logs.responses import LogsResponse

_moto_create = LogsResponse.create_log_group
_moto_delete = LogsBackend.delete_log_group
_moto_put_filter = LogsBackend.put_metric_filter
_moto_describe = LogGroup.to_describe_dict


def _group(response: LogsResponse, name: str) -> LogGroup:
    group: LogGroup = response.logs_backend.groups[name]
    return group


def _create(self: LogsResponse) -> str:
    answer = _moto_create(self)
    _group(self, self._get_param("logGroupName")).protected = bool(self._get_param("deletionProtectionEnabled"))
    return answer


def _protect(self: LogsResponse) -> ActionResult:
    name = self._get_param("logGroupIdentifier")
    _group(self, name).protected = bool(self._get_param("deletionProtectionEnabled"))
    return EmptyResult()


def _key(self: LogsResponse) -> ActionResult:
    _group(self, self._get_param("logGroupName")).kms_key_id = self._get_param("kmsKeyId")
    return EmptyResult()


def _delete(self: LogsBackend, log_group_name: str) -> None:
    if log_group_name in self.groups and getattr(self.groups[log_group_name], "protected", False):
        raise LogsClientError("ValidationException", "Deletion protection is enabled for the log group")
    _moto_delete(self, log_group_name)
    kept = [one for one in self.filters.metric_filters if one["logGroupName"] != log_group_name]
    self.filters.metric_filters = kept


def _put_filter(self: LogsBackend, filter_name: str, pattern: str, log_group_name: str, counted: Any) -> None:
    self.delete_metric_filter(filter_name, log_group_name)
    _moto_put_filter(self, filter_name, pattern, log_group_name, counted)


def _describe(self: LogGroup) -> dict[str, Any]:
    filters = logs_backends[self.account_id][self.region].filters.metric_filters
    return {
        **_moto_describe(self),
        "metricFilterCount": sum(one["logGroupName"] == self.name for one in filters),
        "deletionProtectionEnabled": getattr(self, "protected", False),
    }


LogsResponse.create_log_group = _create
LogsResponse.put_log_group_deletion_protection = _protect
LogsResponse.associate_kms_key = LogsResponse.disassociate_kms_key = _key
LogsBackend.delete_log_group = _delete
LogsBackend.put_metric_filter = _put_filter
LogGroup.to_describe_dict = _describe
