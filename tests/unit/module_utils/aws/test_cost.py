# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be declared of a stack's cost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.cost.found import budget_in_words
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError


def _filled(**given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    filled: dict[str, Any] = result.validated_parameters
    return filled


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"monthly": 1}, None),
        ({}, "monthly: expected more than 0"),
        ({"monthly": -1}, "monthly: expected more than 0"),
        ({"monthly": 1, "alerts": []}, "alerts: expected 1 to 10"),
        ({"monthly": 1, "unusual_from": 5, "currency": "EUR"}, "unusual_from: expected the currency USD"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(given: dict[str, Any], said: str | None) -> None:
    wrong = declared.check(_filled(**given))
    if said is None:
        assert wrong == []
    else:
        assert len(wrong) == 1
        assert said in wrong[0]


def test_somebody_has_to_be_told() -> None:
    with pytest.raises(StackError, match="topic: this stack has no alarm topic shop"):
        list(declared.wanted("shop", _filled(monthly=1), [], ()))


def test_only_a_tag_that_billing_knows_and_does_not_use_is_activated() -> None:
    filled = _filled(monthly=1, topic="arn:x", allocation_tags=["team", "seamless:stack"])
    for inactive in (set(), {"team"}, {"team", "other"}):
        tags = {
            one.address.name
            for one in declared.wanted("shop", filled, [], inactive)
            if one.address.kind == declared.TAG
        }
        assert tags == inactive & {"team"}


def test_a_budgets_alerts_are_read_as_they_are_declared() -> None:
    budget = {"BudgetLimit": {"Amount": "10.0", "Unit": "USD"}, "TimeUnit": "MONTHLY"}
    words = budget_in_words(budget, [{"NotificationType": "FORECASTED", "Threshold": 80.0}], ["arn:a"])
    assert words["alerts"] == {declared.alert("forecast", 80)}
    assert (words["monthly"], words["topic"]) == (10, "arn:a")
    assert budget_in_words(budget, [], ["arn:a", "a@example.com"])["topic"] == ""
    assert budget_in_words({**budget, "TimeUnit": "DAILY"}, [], [])["monthly"] is None
