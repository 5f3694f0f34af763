# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack may cost, as it is declared: a budget, unusual costs told, and the tags that costs are split by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named, only
from ..resource import STACK_TAG, Address, Wanted

TAG, BUDGET = "cost allocation tag", "budget"
MONITOR, SUBSCRIPTION = "cost anomaly monitor", "cost anomaly subscription"

_ALERT = {
    "percent": {"type": "float", "required": True},
    "of": {"type": "str", "choices": ["actual", "forecast"], "default": "actual"},
}

#: The options of ``aws_cost``, and of ``cost`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "monthly": {"type": "float"},
    "currency": {"type": "str", "default": "USD"},
    "alerts": {
        "type": "list",
        "elements": "dict",
        "options": _ALERT,
        "default": [{"percent": 80, "of": "actual"}, {"percent": 100, "of": "forecast"}],
    },
    "unusual_from": {"type": "float"},
    "allocation_tags": {"type": "list", "elements": "str", "default": [STACK_TAG]},
    "topic": {"type": "str"},
}

#: What holds between them, in the words of AnsibleModule.
CHECKS: dict[str, Any] = {"required_if": [("state", "present", ["monthly"])]}


def wanted(
    stack: str, declared: Mapping[str, Any], others: Collection[Address], inactive: Collection[str]
) -> Iterator[Wanted]:
    """The resources of a cost guard *declared* by :data:`ARGUMENTS`, where of the tags these are *inactive*.

    Tags are the account's: one that is active counts as fulfilled, and is nobody's to remove.
    """
    topic = declared["topic"] or only("alarm topic", stack, others, "topic").ref("arn")
    for key in declared["allocation_tags"]:
        if key in inactive:
            yield Wanted(Address(TAG, key), {})
    limit = {"monthly": round(float(declared["monthly"]), 2), "currency": declared["currency"]}
    alerts = frozenset(alert(one["of"], one["percent"]) for one in declared["alerts"])
    yield Wanted(named(BUDGET, stack), {**limit, "alerts": alerts, "topic": topic})
    if declared["unusual_from"] is not None:
        monitor = named(MONITOR, stack)
        yield Wanted(monitor, {})
        words = {
            "monitor": monitor.ref("arn"),
            "unusual_from": round(float(declared["unusual_from"]), 2),
            "topic": topic,
        }
        yield Wanted(named(SUBSCRIPTION, stack), words)


def alert(of: str, percent: float) -> str:
    """An alert in words: ``actual 80 %``."""
    return f"{of} {percent:g} %"


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    wrong = []
    if not declared["monthly"] or declared["monthly"] < 0:
        wrong.append(f"monthly: expected more than 0, but found {declared['monthly']}")
    # AWS's own limit ("AWS Budgets quotas").
    if not 1 <= len(declared["alerts"]) <= 10:
        wrong.append(f"alerts: expected 1 to 10, but found {len(declared['alerts'])}")
    if declared["unusual_from"] is not None and declared["currency"] != "USD":
        wrong.append(f"unusual_from: expected the currency USD, the only one it knows, found {declared['currency']}")
    return wrong
