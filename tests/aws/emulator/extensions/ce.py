# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Cost Explorer: anomaly monitors and subscriptions, and cost allocation tags, which moto lacks.

Every tag counts as known to billing, which on AWS takes up to a day, and as inactive until it is activated:
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalyMonitor.html
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalySubscription.html
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
"""

from __future__ import annotations

from typing import Any

from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random

from ..extend import RESETS

# Not the backend's, for they stay when a stack goes, and are no resources.
_ACTIVE: set[str] = set()
RESETS.append(_ACTIVE.clear)


def _kept(response: CostExplorerResponse, what: str) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = vars(response.ce_backend).setdefault(what, {})
    return kept


def _create(response: CostExplorerResponse, what: str, arn: str) -> ActionResult:
    made = f"arn:aws:ce::{response.current_account}:{what.lower()}/{mock_random.uuid4()}"
    _kept(response, what)[made] = {**response._get_param(what), arn: made}
    response.ce_backend.tag_resource(made, response._get_param("ResourceTags") or [])
    return ActionResult({arn: made})


def _delete(response: CostExplorerResponse, what: str, arn: str, error: str) -> ActionResult:
    if _kept(response, what).pop(response._get_param(arn), None) is None:
        raise JsonRESTError(error, "not found")
    return ActionResult({})


def _update_subscription(self: CostExplorerResponse) -> ActionResult:
    arn = self._get_param("SubscriptionArn")
    if arn not in _kept(self, "AnomalySubscription"):
        raise JsonRESTError("UnknownSubscriptionException", "not found")
    words = ("MonitorArnList", "Subscribers", "Frequency", "ThresholdExpression")
    _kept(self, "AnomalySubscription")[arn].update({word: self._get_param(word) for word in words})
    return ActionResult({"SubscriptionArn": arn})


def _list_tags(self: CostExplorerResponse) -> ActionResult:
    listed = [
        {"TagKey": key, "Type": "UserDefined", "Status": "Active" if key in _ACTIVE else "Inactive"}
        for key in self._get_param("TagKeys")
    ]
    return ActionResult({"CostAllocationTags": [one for one in listed if one["Status"] == self._get_param("Status")]})


def _update_tags(self: CostExplorerResponse) -> ActionResult:
    for one in self._get_param("CostAllocationTagsStatus"):
        (_ACTIVE.add if one["Status"] == "Active" else _ACTIVE.discard)(one["TagKey"])
    return ActionResult({"Errors": []})


for operation, answer in {
    "create_anomaly_monitor": lambda self: _create(self, "AnomalyMonitor", "MonitorArn"),
    "create_anomaly_subscription": lambda self: _create(self, "AnomalySubscription", "SubscriptionArn"),
    "get_anomaly_monitors": lambda self: ActionResult(
        {"AnomalyMonitors": list(_kept(self, "AnomalyMonitor").values())}
    ),
    "get_anomaly_subscriptions": lambda self: ActionResult(
        {"AnomalySubscriptions": list(_kept(self, "AnomalySubscription").values())}
    ),
    "update_anomaly_subscription": _update_subscription,
    "delete_anomaly_monitor": lambda self: _delete(self, "AnomalyMonitor", "MonitorArn", "UnknownMonitorException"),
    "delete_anomaly_subscription": lambda self: _delete(
        self, "AnomalySubscription", "SubscriptionArn", "UnknownSubscriptionException"
    ),
    "list_cost_allocation_tags": _list_tags,
    "update_cost_allocation_tags_status": _update_tags,
}.items():
    setattr(CostExplorerResponse, operation, answer)
