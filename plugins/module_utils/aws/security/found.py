# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches over security as AWS describes it, in the words of its declaration.

Inspector keeps no tag of who switched it on: the rule for findings has one for each sort of scan that the stack did.
API: EventBridge 2015-10-07, GuardDuty 2017-11-28, Security Hub 2018-10-26, Inspector 2020-06-08.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..declared import named
from ..resource import STACK_TAG, Address, Found
from ..session import Aws
from .declared import DETECTOR, EVERY, FEATURES, HUB, RULE, SCAN

#: The tag of the rule that says that this stack switched on a sort of scan.
SCAN_TAG = "seamless:inspector-"

_MINUTES = {word: minutes for minutes, word in EVERY.items()}
_SORTS = {"ec2": "EC2", "ecr": "ECR", "lambda": "LAMBDA", "lambdaCode": "LAMBDA_CODE"}


@dataclass(frozen=True)
class There:
    """What is there: the stack's, and by their addresses what others have switched on."""

    found: list[Found] = field(default_factory=list)
    given: set[Address] = field(default_factory=set)


def read(aws: Aws) -> There:
    """The rule, the detector, the hub and the scans; three calls deep."""
    rules, detectors, hubs, scans = aws.together(
        *(lambda some=some: list(some(aws)) for some in (_rule, _detector, _hub, _scans))
    )
    there = There([*rules])
    for one in (*detectors, *hubs):
        # One that is off cannot count as fulfilled, and there is no second one.
        if not one.ours and one.properties.get("on", True):
            there.given.add(one.address)
        else:
            there.found.append(one)
    for one in scans:
        if rules and one.address.name in rules[0].properties["scans"]:
            there.found.append(replace(one, properties={"rule": rules[0].ids["arn"]}))
        else:
            there.given.add(one.address)
    return there


def _rule(aws: Aws) -> Iterator[Found]:
    address = named(RULE, aws.stack, "findings")
    rule = aws.call("events", "describe_rule", "ResourceNotFoundException", Name=address.name)
    if rule:
        targets = list(aws.pages("events", "list_targets_by_rule", "Targets", Rule=address.name))
        tags = aws.call("events", "list_tags_for_resource", ResourceARN=rule["Arn"])["Tags"]
        words = {
            "pattern": json.loads(rule.get("EventPattern") or "{}"),
            "topic": targets[0]["Arn"] if len(targets) == 1 else "",
            "scans": frozenset(one["Key"].partition(SCAN_TAG)[2] for one in tags),
        }
        yield Found(address, {"id": address.name, "arn": rule["Arn"]}, words, aws.ours(tags))


def _detector(aws: Aws) -> Iterator[Found]:
    for one in aws.pages("guardduty", "list_detectors", "DetectorIds"):
        detector = aws.call("guardduty", "get_detector", DetectorId=one)
        ours = detector.get("Tags", {}).get(STACK_TAG) == aws.stack
        yield Found(named(DETECTOR, aws.stack), {"id": one}, detector_in_words(detector), ours)


def detector_in_words(detector: Mapping[str, Any]) -> dict[str, Any]:
    """A detector as its declaration would say it."""
    on = {one["Name"] for one in detector.get("Features", ()) if one["Status"] == "ENABLED"}
    return {
        "on": detector["Status"] == "ENABLED",
        "every": _MINUTES.get(detector.get("FindingPublishingFrequency", "")),
        "features": frozenset(word for word, name in FEATURES.items() if name in on),
    }


def _hub(aws: Aws) -> Iterator[Found]:
    # AWS says InvalidAccessException where Security Hub is off ("DescribeHub").
    hub = aws.call("securityhub", "describe_hub", "InvalidAccessException", "ResourceNotFoundException")
    if not hub:
        return
    tags = aws.call("securityhub", "list_tags_for_resource", ResourceArn=hub["HubArn"]).get("Tags", {})
    ours = tags.get(STACK_TAG) == aws.stack
    standards = list(aws.pages("securityhub", "get_enabled_standards", "StandardsSubscriptions")) if ours else []
    words = {
        "standards": frozenset(
            one["StandardsArn"].partition("standards/")[2] or one["StandardsArn"]
            for one in standards
            if one["StandardsStatus"] != "DELETING"
        )
    }
    yield Found(named(HUB, aws.stack), {"id": hub["HubArn"], "arn": hub["HubArn"]}, words, ours)


def _scans(aws: Aws) -> Iterator[Found]:
    for one in aws.call("inspector2", "batch_get_account_status").get("accounts", ()):
        for sort, state in one["resourceState"].items():
            if sort in _SORTS and state["status"] in ("ENABLED", "ENABLING"):
                yield Found(Address(SCAN, _SORTS[sort]), {"id": _SORTS[sort]}, {})
