# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what watches over security is switched on, changed and switched off.

API: EventBridge 2015-10-07, GuardDuty 2017-11-28, Security Hub 2018-10-26, Inspector 2020-06-08.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Found, StackError, Wanted
from ..session import Aws
from .declared import DETECTOR, EVERY, FEATURES, HUB, RULE, SCAN
from .found import SCAN_TAG

_TARGET = "topic"
_GONE = "ResourceNotFoundException"


class _Guard:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids  # nothing else builds on it


class FindingsRule(_Guard):
    """Of which findings the topic is told."""

    name = RULE

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        name = wanted.address.name
        arn = self._put(wanted, Tags=self.aws.tags(name))
        self._tell(name, wanted.properties["topic"])
        return {"id": name, "arn": arn}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "pattern" in changed:
            self._put(wanted)
        if "topic" in changed:
            self._tell(found.address.name, wanted.properties["topic"])

    def delete(self, found: Found) -> None:
        name = found.address.name
        self.aws.call("events", "remove_targets", _GONE, Rule=name, Ids=[_TARGET])
        self.aws.call("events", "delete_rule", _GONE, Name=name)

    def _put(self, wanted: Wanted, **more: Any) -> str:
        pattern = json.dumps(wanted.properties["pattern"])
        answer = self.aws.call("events", "put_rule", Name=wanted.address.name, EventPattern=pattern, **more)
        return str(answer["RuleArn"])

    def _tell(self, rule: str, topic: str) -> None:
        answer = self.aws.call("events", "put_targets", Rule=rule, Targets=[{"Id": _TARGET, "Arn": topic}])
        for failed in answer.get("FailedEntries", ()):
            raise StackError(f"{topic} cannot be told: {failed['ErrorMessage']} ({failed['ErrorCode']})")


class Detector(_Guard):
    """GuardDuty in this region: its findings go with it."""

    name = DETECTOR
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        tags = self.aws.tag_map(wanted.address.name)
        made = self.aws.call("guardduty", "create_detector", Tags=tags, **_detector(wanted.properties))
        return {"id": made["DetectorId"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        self.aws.call("guardduty", "update_detector", DetectorId=found.ids["id"], **_detector(wanted.properties))

    def delete(self, found: Found) -> None:
        self.aws.call("guardduty", "delete_detector", DetectorId=found.ids["id"])


class Hub(_Guard):
    """Security Hub in this region, with the standards that it checks: its findings go with it."""

    name = HUB
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        arn = self.aws.arn("securityhub", "hub/default")
        tags = self.aws.tag_map(wanted.address.name)
        self.aws.call("securityhub", "enable_security_hub", Tags=tags, EnableDefaultStandards=False)
        self._check(wanted.properties["standards"])
        return {"id": arn, "arn": arn}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        del changed
        before, after = found.properties["standards"], wanted.properties["standards"]
        self._check(after - before)
        if gone := sorted(before - after):
            arns = [self.aws.arn("securityhub", f"subscription/{one}") for one in gone]
            self.aws.call("securityhub", "batch_disable_standards", StandardsSubscriptionArns=arns)

    def delete(self, found: Found) -> None:
        del found
        self.aws.call("securityhub", "disable_security_hub", _GONE)

    def _check(self, standards: Iterable[str]) -> None:
        meta = self.aws.client("securityhub").meta
        arns = [
            f"arn:{meta.partition}:securityhub:{meta.region_name}::standards/{standard}"
            for standard in sorted(standards)
        ]
        if arns:
            requests = [{"StandardsArn": arn} for arn in arns]
            self.aws.call("securityhub", "batch_enable_standards", StandardsSubscriptionRequests=requests)


class Scan(_Guard):
    """What Inspector looks at for known vulnerabilities. The rule is marked first, so that a run that dies is known."""

    name = SCAN

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        sort, rule = wanted.address.name, wanted.properties["rule"]
        mark = [{"Key": SCAN_TAG + sort, "Value": self.aws.stack}]
        self.aws.call("events", "tag_resource", ResourceARN=rule, Tags=mark)
        _done(self.aws.call("inspector2", "enable", resourceTypes=[sort]), f"Inspector cannot scan {sort}")
        return {"id": sort}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        """Nothing of it can change: it is on or off."""

    def delete(self, found: Found) -> None:
        sort, rule = found.address.name, found.properties["rule"]
        _done(self.aws.call("inspector2", "disable", resourceTypes=[sort]), f"Inspector cannot stop to scan {sort}")
        self.aws.call("events", "untag_resource", _GONE, ResourceARN=rule, TagKeys=[SCAN_TAG + sort])


# -- parameters ------------------------------------------------------------------------------


def _detector(properties: Mapping[str, Any]) -> dict[str, Any]:
    parameters: dict[str, Any] = {"Enable": True, "FindingPublishingFrequency": EVERY[properties["every"]]}
    if "features" in properties:
        parameters["Features"] = [
            {"Name": name, "Status": "ENABLED" if word in properties["features"] else "DISABLED"}
            for word, name in FEATURES.items()
        ]
    return parameters


def _done(answer: Mapping[str, Any], what: str) -> None:
    for failed in answer.get("failedAccounts", ()):
        raise StackError(f"{what}: {failed['errorMessage']} ({failed['errorCode']})")
