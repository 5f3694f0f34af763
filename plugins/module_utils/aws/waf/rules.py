# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of a web ACL, in AWS's words and in those of its declaration. Pure.

API: AWS WAF, version 2019-07-29, ``Rule``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def visibility(name: str) -> dict[str, Any]:
    """The metric of a rule or a web ACL, and samples of what it saw."""
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


# -- to AWS ----------------------------------------------------------------------------------


def rules(words: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules in the order in which they are declared; the first that fits and does not just count decides."""
    return [
        {"Name": one["name"], "Priority": priority, "VisibilityConfig": visibility(one["name"]), **_rule(one)}
        for priority, one in enumerate(words)
    ]


def _rule(words: Mapping[str, Any]) -> dict[str, Any]:
    if "observe" in words:
        return {
            "Statement": {"ManagedRuleGroupStatement": _group(words)},
            "OverrideAction": {"Count" if words["observe"] else "None": {}},
        }
    statement = _rate(words) if "requests" in words else _lists(words["lists"])
    return {"Statement": statement, "Action": {words["action"].capitalize(): {}}}


def _lists(arns: Sequence[str]) -> dict[str, Any]:
    statements = [{"IPSetReferenceStatement": {"ARN": arn}} for arn in arns]
    return statements[0] if len(statements) == 1 else {"OrStatement": {"Statements": statements}}


def _rate(words: Mapping[str, Any]) -> dict[str, Any]:
    limit = {"Limit": words["requests"], "EvaluationWindowSec": words["seconds"], "AggregateKeyType": "IP"}
    return {"RateBasedStatement": limit}


def _group(words: Mapping[str, Any]) -> dict[str, Any]:
    vendor, _dash, name = words["name"].partition("-")
    overrides = [{"Name": rule, "ActionToUse": {"Count": {}}} for rule in words["observe_rules"]]
    return {
        "VendorName": vendor,
        "Name": name,
        **({"Version": words["version"]} if words["version"] else {}),
        **({"RuleActionOverrides": overrides} if overrides else {}),
    }


# -- from AWS --------------------------------------------------------------------------------


def in_words(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A web ACL's rules as its declaration would say them; those that none can say have a name alone."""
    return [
        {"name": one["Name"], **_rule_in_words(one)} for one in sorted(given, key=lambda rule: int(rule["Priority"]))
    ]


def _rule_in_words(rule: Mapping[str, Any]) -> dict[str, Any]:
    statement = rule["Statement"]
    if group := statement.get("ManagedRuleGroupStatement"):
        return {
            "version": group.get("Version", ""),
            "observe": "Count" in (rule.get("OverrideAction") or {}),
            "observe_rules": sorted(one["Name"] for one in group.get("RuleActionOverrides", ())),
        }
    action = {"action": next(iter(rule.get("Action") or {}), "").lower()}
    if rate := statement.get("RateBasedStatement"):
        return {**action, "requests": rate["Limit"], "seconds": rate.get("EvaluationWindowSec", 300)}
    parts = statement["OrStatement"]["Statements"] if "OrStatement" in statement else [statement]
    if all("IPSetReferenceStatement" in part for part in parts):
        return {**action, "lists": [part["IPSetReferenceStatement"]["ARN"] for part in parts]}
    return {}
