# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Budgets: changed budgets, and who is told of an alert.

moto has neither:
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_UpdateBudget.html
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeSubscribersForNotification.html
"""

from __future__ import annotations

from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionResult


def _budget(response: BudgetsResponse, name: str) -> Any:
    return response.backend.budgets[response._get_param("AccountId")][name]


def _update(self: BudgetsResponse) -> ActionResult:
    said = self._get_param("NewBudget")
    _budget(self, said["BudgetName"]).budget.update(said)
    return ActionResult({})


def _subscribers(self: BudgetsResponse) -> ActionResult:
    alerts = _budget(self, self._get_param("BudgetName")).notifications
    told = [one.subscribers for one in alerts if one.details == self._get_param("Notification")]
    return ActionResult({"Subscribers": told[0]})


BudgetsResponse.update_budget = _update
BudgetsResponse.describe_subscribers_for_notification = _subscribers
