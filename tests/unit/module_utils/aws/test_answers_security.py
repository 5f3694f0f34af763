# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches over security where AWS answers as no emulator does: done in part, or not at all, without an error."""

from __future__ import annotations

import pytest
from a_vendor import WHATEVER, gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security.declared import HUB, RULE, SCAN
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security.found import SCAN_TAG
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security.kinds import FindingsRule, Hub, Scan

RULE_ARN = "arn:aws:events:eu-central-1:123456789012:rule/shop"
TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:shop"
FINDINGS, HUBBED, SCANNED = Address(RULE, "shop"), Address(HUB, "shop"), Address(SCAN, "EC2")
HUB_ARN = "arn:aws:securityhub:eu-central-1:123456789012:hub/default"
CIS, AWS = "cis-aws-foundations-benchmark/v/3.0.0", "aws-foundational-security-best-practices/v/1.0.0"


def test_a_topic_that_cannot_be_told_is_told_of_though_aws_answers_without_an_error():
    failed = {"TargetId": "topic", "ErrorCode": "ConcurrentModificationException", "ErrorMessage": "try again"}
    answers = (
        gives(
            "events", "put_rule", {"RuleArn": RULE_ARN}, Name="shop", EventPattern='{"source": ["x"]}', Tags=WHATEVER
        ),
        gives(
            "events",
            "put_targets",
            {"FailedEntryCount": 1, "FailedEntries": [failed]},
            Rule="shop",
            Targets=[{"Id": "topic", "Arn": TOPIC_ARN}],
        ),
    )
    wanted = Wanted(FINDINGS, {"pattern": {"source": ["x"]}, "topic": TOPIC_ARN})
    told = f"{TOPIC_ARN} cannot be told: try again \\(ConcurrentModificationException\\)"
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        FindingsRule(aws).create(wanted)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ("topic", gives("events", "put_targets", Rule="shop", Targets=[{"Id": "topic", "Arn": TOPIC_ARN}])),
        ("pattern", gives("events", "put_rule", {"RuleArn": RULE_ARN}, Name="shop", EventPattern="{}")),
    ],
)
def test_only_what_changed_of_a_rule_is_written(changed, asked):
    with vendor(asked) as aws:
        wanted = Wanted(FINDINGS, {"pattern": {}, "topic": TOPIC_ARN})
        FindingsRule(aws).change(Found(FINDINGS, {"id": "shop"}, {}), wanted, {changed})


def subscribes(standard):
    return {"StandardsArn": f"arn:aws:securityhub:eu-central-1::standards/{standard}"}


def test_security_hub_checks_nothing_where_no_standard_is_declared():
    asked = gives(
        "securityhub",
        "enable_security_hub",
        Tags={"Name": "shop", STACK_TAG: "shop"},
        EnableDefaultStandards=False,
    )
    with vendor(asked) as aws:
        assert Hub(aws).create(Wanted(HUBBED, {"standards": frozenset()})) == {"id": HUB_ARN, "arn": HUB_ARN}


@pytest.mark.parametrize(
    ("before", "after"), [({AWS}, {CIS}), ({AWS, CIS}, {CIS}), ({AWS}, {AWS, CIS}), ({AWS, CIS}, set())]
)
def test_only_standards_that_come_or_go_are_written(before, after):
    comes, goes = sorted(after - before), sorted(before - after)
    arns = [f"arn:aws:securityhub:eu-central-1:123456789012:subscription/{one}" for one in goes]
    requests = [subscribes(one) for one in comes]
    enables = gives("securityhub", "batch_enable_standards", StandardsSubscriptionRequests=requests)
    disables = gives("securityhub", "batch_disable_standards", StandardsSubscriptionArns=arns)
    with vendor(*([enables] if comes else []), *([disables] if goes else [])) as aws:
        found = Found(HUBBED, {"id": HUB_ARN}, {"standards": frozenset(before)})
        Hub(aws).change(found, Wanted(HUBBED, {"standards": frozenset(after)}), {"standards"})


FAILED = {
    "accountId": "123456789012",
    "errorCode": "ACCESS_DENIED",
    "errorMessage": "not while another account administers",
}
ANSWERED = {"accounts": [], "failedAccounts": [FAILED]}


def test_a_scan_that_inspector_refuses_is_told_of_though_it_answers_without_an_error():
    tags = [{"Key": f"{SCAN_TAG}EC2", "Value": "shop"}]
    answers = (
        gives("events", "tag_resource", ResourceARN=RULE_ARN, Tags=tags),
        gives("inspector2", "enable", ANSWERED, resourceTypes=["EC2"]),
    )
    told = r"Inspector cannot scan EC2: not while another account administers \(ACCESS_DENIED\)"
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        Scan(aws).create(Wanted(SCANNED, {"rule": RULE_ARN}))


def test_a_scan_that_goes_on_stays_marked_as_ours():
    answered = gives("inspector2", "disable", ANSWERED, resourceTypes=["EC2"])
    told = r"Inspector cannot stop to scan EC2: not while another account administers \(ACCESS_DENIED\)"
    with vendor(answered) as aws, pytest.raises(StackError, match=told):
        Scan(aws).delete(Found(SCANNED, {"id": "EC2"}, {"rule": RULE_ARN}))


def test_a_scan_whose_rule_is_gone_already_is_no_error():
    answers = (
        gives("inspector2", "disable", {"accounts": []}, resourceTypes=["EC2"]),
        refuses(
            "events",
            "untag_resource",
            "ResourceNotFoundException",
            ResourceARN=RULE_ARN,
            TagKeys=[f"{SCAN_TAG}EC2"],
        ),
    )
    with vendor(*answers) as aws:
        Scan(aws).delete(Found(SCANNED, {"id": "EC2"}, {"rule": RULE_ARN}))
