# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches over the security of a stack's account and region, as it is declared, and who is told of findings.

GuardDuty, Inspector and Security Hub are there once for an account and region: one that is on already, and was not
switched on by this stack, counts as fulfilled and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named, only
from ..resource import Address, Wanted

RULE, DETECTOR, HUB, SCAN = "findings rule", "GuardDuty detector", "Security Hub", "Inspector scan"

#: What GuardDuty can look at besides logs of calls, networks and names, by its words for it.
FEATURES = {
    "eks": "EKS_AUDIT_LOGS",
    "lambda": "LAMBDA_NETWORK_LOGS",
    "rds": "RDS_LOGIN_EVENTS",
    "runtime": "RUNTIME_MONITORING",
    "s3": "S3_DATA_EVENTS",
    "volumes": "EBS_MALWARE_PROTECTION",
}
#: How often GuardDuty says that a finding goes on, in minutes.
EVERY = {15: "FIFTEEN_MINUTES", 60: "ONE_HOUR", 360: "SIX_HOURS"}

# The least of GuardDuty's numbers for each of the words that the others use ("Severity levels of GuardDuty findings").
_SEVERITIES = {"low": 1, "medium": 4, "high": 7, "critical": 9}
_STANDARD = re.compile(r"[a-z0-9-]+/v/[0-9.]+")

#: The options of ``aws_security``, and of ``security`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "guardduty": {
        "type": "dict",
        "options": {
            "features": {"type": "list", "elements": "str", "choices": list(FEATURES)},
            "every": {"type": "int", "choices": list(EVERY), "default": 15},
        },
    },
    "inspector": {"type": "list", "elements": "str", "choices": ["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"], "default": []},
    "security_hub": {
        "type": "dict",
        "options": {
            "standards": {
                "type": "list",
                "elements": "str",
                "default": ["aws-foundational-security-best-practices/v/1.0.0"],
            },
        },
    },
    "severity": {"type": "str", "choices": list(_SEVERITIES), "default": "high"},
    "topic": {"type": "str"},
}


def wanted(
    stack: str, declared: Mapping[str, Any], others: Collection[Address], given: Collection[Address]
) -> Iterator[Wanted]:
    """The resources *declared* by :data:`ARGUMENTS`, without those that others have *given* already."""
    rule = named(RULE, stack, "findings")
    topic = declared["topic"] or only("alarm topic", stack, others, "topic").ref("arn")
    yield Wanted(rule, {"pattern": pattern(declared), "topic": topic})
    for one in (*_detectors(stack, declared), *_hubs(stack, declared), *_scans(rule, declared)):
        if one.address not in given:
            yield one


def _detectors(stack: str, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    if detector := declared["guardduty"]:
        features = {} if detector["features"] is None else {"features": frozenset(detector["features"])}
        yield Wanted(named(DETECTOR, stack), {"on": True, "every": detector["every"], **features})


def _hubs(stack: str, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    if hub := declared["security_hub"]:
        yield Wanted(named(HUB, stack), {"standards": frozenset(hub["standards"])})


def _scans(rule: Address, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    for sort in declared["inspector"]:
        yield Wanted(Address(SCAN, sort), {"rule": rule.ref("arn")})


def pattern(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Which events are told of. Security Hub gathers the others' findings: where it is on, its own are enough."""
    least = _SEVERITIES[declared["severity"]]
    labels = [word.upper() for word, number in _SEVERITIES.items() if number >= least]
    if declared["security_hub"]:
        finding = {"Severity": {"Label": labels}, "Workflow": {"Status": ["NEW"]}, "RecordState": ["ACTIVE"]}
        return {
            "source": ["aws.securityhub"],
            "detail-type": ["Security Hub Findings - Imported"],
            "detail": {"findings": finding},
        }
    on = [name for name in ("guardduty", "inspector") if declared[name]]
    return {
        "source": [{"guardduty": "aws.guardduty", "inspector": "aws.inspector2"}[name] for name in on],
        "detail-type": [{"guardduty": "GuardDuty Finding", "inspector": "Inspector2 Finding"}[name] for name in on],
        "detail": {"severity": [{"numeric": [">=", least]}, *labels]},
    }


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    wrong = []
    if not any(declared[name] for name in ("guardduty", "inspector", "security_hub")):
        wrong.append("expected at least one of guardduty, inspector and security_hub, but found none")
    wrong += [
        f"security_hub.standards: expected the end of a standard's ARN, as in cis-aws-foundations-benchmark/v/3.0.0,"
        f" but found {standard}"
        for standard in (declared["security_hub"] or {}).get("standards", ())
        if not _STANDARD.fullmatch(standard)
    ]
    if len(set(declared["inspector"])) < len(declared["inspector"]):
        wrong.append("inspector: expected each once")
    return wrong
