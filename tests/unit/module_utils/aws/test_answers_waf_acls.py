# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A firewall's web ACL where AWS answers as no emulator does."""

from __future__ import annotations

import pytest
from a_firewall import ARN, ITS_ACL, MARK, OTHER_ARN, acls, lists, refused, says
from a_vendor import WHATEVER, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf import found as description
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.kinds import ACLS, WebAcl
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.rules import visibility

SHOP = Address(ACLS["REGIONAL"], "shop")
IDS = {"id": "2", "arn": ARN}
LOGS = "arn:aws:s3:::aws-waf-logs-shop"
NEW, OLD = (
    f"arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/{name}/1" for name in ("new", "old")
)


PUTS_LOGS = says(
    "put_logging_configuration",
    LoggingConfiguration={
        "ResourceArn": ARN,
        "LogDestinationConfigs": [LOGS],
        "RedactedFields": [{"SingleHeader": {"Name": name}} for name in ("authorization", "cookie")],
    },
)
STOPS_LOGS = {"operation": "delete_logging_configuration", "ResourceArn": ARN}
MAKES = {
    "operation": "create_web_acl",
    "Name": "shop",
    "Scope": "REGIONAL",
    "Description": MARK,
    "Tags": [{"Key": "Name", "Value": "shop"}, {"Key": STACK_TAG, "Value": "shop"}],
    "DefaultAction": {"Allow": {}},
    "Rules": [],
    "VisibilityConfig": visibility("shop"),
}
MADE = {"Summary": {"Name": "shop", "Id": "2", "ARN": ARN}}


def wanted(**more):
    return Wanted(SHOP, {"default_action": "allow", "rules": [], "logs": "", "protects": frozenset(), **more})


def found(logs="", protects=()):
    return Found(SHOP, IDS, {"logs": logs, "protects": frozenset(protects)})


def web_acl(arn=ARN, **more):
    its = {
        "Name": "shop",
        "Id": "2",
        "ARN": arn,
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": visibility("shop"),
    }
    return {"WebACL": {**its, **more}}


def protected(by=None):
    return says("get_web_acl_for_resource", web_acl(by) if by else {}, ResourceArn=NEW)


def test_a_web_acl_is_made_with_its_log_and_protects_once_aws_knows_it(clock):
    protecting = {"operation": "associate_web_acl", "WebACLArn": ARN, "ResourceArn": NEW}
    not_yet = refused(code="WAFUnavailableEntityException", **protecting)
    answers = (
        refused(code="WAFUnavailableEntityException", **MAKES),  # a list that a rule refers to is not known yet
        says(given=MADE, **MAKES),
        PUTS_LOGS,
        protected(),
        not_yet,
        not_yet,
        says(**protecting),
    )
    with vendor(*answers) as aws:
        assert WebAcl(aws, "REGIONAL").create(wanted(logs=LOGS, protects=frozenset({NEW}))) == IDS
    assert clock.slept == [2, 2, 2]


def test_a_web_acl_whose_lists_are_never_known_is_told_of(clock):
    clock.pause = 121.0
    not_yet = refused(code="WAFUnavailableEntityException", **MAKES)
    told = "waited 120 s for what regional web acl shop refers to, which did not come"
    with vendor(not_yet, not_yet) as aws, pytest.raises(StackError, match=told):
        WebAcl(aws, "REGIONAL").create(wanted())


def test_a_web_acl_of_somebody_else_is_not_taken_for_the_stacks():
    twice = refused(code="WAFDuplicateItemException", message="there is one", **MAKES)
    gone = "WAFNonexistentItemException"
    answers = (
        twice,
        acls({"Name": "shop", "Id": "9", "ARN": OTHER_ARN, "Description": MARK}),
        lists(),
        says("get_web_acl", web_acl(OTHER_ARN), Name="shop", Scope="REGIONAL", Id="9"),
        says("list_tags_for_resource", {"TagInfoForResource": {"TagList": [{"Key": STACK_TAG, "Value": "another"}]}}),
        refused("get_logging_configuration", gone),
        refused("list_resources_for_web_acl", gone),
    )
    told = r"^wafv2 CreateWebACL: there is one \(WAFDuplicateItemException\)$"
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        WebAcl(aws, "REGIONAL").create(wanted())


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("arn:aws:s3:::aws-waf-logs-old", LOGS, PUTS_LOGS),
        (LOGS, "", says(**STOPS_LOGS)),
        (LOGS, "", refused(code="WAFNonexistentItemException", **STOPS_LOGS)),
    ],
)
def test_a_log_changes_without_the_rules_being_written(before, after, asked):
    with vendor(asked) as aws:
        WebAcl(aws, "REGIONAL").change(found(logs=before), wanted(logs=after), {"logs"})


def test_what_is_protected_no_longer_is_let_go_of_without_the_rules_being_written():
    answers = (
        refused("disassociate_web_acl", "WAFNonexistentItemException", ResourceArn=OLD),  # the load balancer is gone
        protected(),
        says("associate_web_acl", WebACLArn=ARN, ResourceArn=NEW),
    )
    with vendor(*answers) as aws:
        WebAcl(aws, "REGIONAL").change(found(protects=[OLD]), wanted(protects=frozenset({NEW})), {"protects"})


def test_what_somebody_else_protects_stays_his():
    told = f"{NEW} is protected by {OTHER_ARN}, which does not belong to this stack: take that one off first"
    with vendor(protected(OTHER_ARN)) as aws, pytest.raises(StackError, match=told):
        WebAcl(aws, "REGIONAL").change(found(), wanted(protects=frozenset({NEW})), {"protects"})


def test_rules_are_written_over_what_was_read_and_what_else_there_is_stays(clock):
    kept = {"Description": MARK, "TokenDomains": ["example.com"], "CaptchaConfig": WHATEVER}
    captcha = {"CaptchaConfig": {"ImmunityTimeProperty": {"ImmunityTime": 60}}}
    its = {"DefaultAction": {"Block": {}}, "Rules": [], "VisibilityConfig": visibility("shop")}
    writing = {"operation": "update_web_acl", **ITS_ACL, **kept, **captcha, **its, "LockToken": "t1"}
    answers = (
        says("get_web_acl", {**web_acl(**{**kept, **captcha}), "LockToken": "t1"}, **ITS_ACL),
        refused(code="WAFUnavailableEntityException", **writing),
        says(given={"NextLockToken": "t2"}, **writing),
    )
    with vendor(*answers) as aws:
        WebAcl(aws, "REGIONAL").change(found(), wanted(default_action="block"), {"default_action"})
    assert clock.slept == [2]


def test_rules_that_somebody_else_writes_meanwhile_are_not_overwritten():
    told = r"wafv2 UpdateWebACL: read it again \(WAFOptimisticLockException\)"
    answers = (
        says("get_web_acl", {**web_acl(), "LockToken": "t1"}, **ITS_ACL),
        refused("update_web_acl", "WAFOptimisticLockException", "read it again"),
    )
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        WebAcl(aws, "REGIONAL").change(found(), wanted(default_action="block"), {"default_action"})


def test_a_web_acl_goes_with_its_log_once_it_protects_nothing(clock):
    deleting = {"operation": "delete_web_acl", **ITS_ACL, "LockToken": "t1"}
    answers = (
        says("disassociate_web_acl", ResourceArn=OLD),
        says(**STOPS_LOGS),
        says("get_web_acl", {**web_acl(), "LockToken": "t1"}, **ITS_ACL),
        refused(code="WAFAssociatedItemException", **deleting),
        says(**deleting),
    )
    with vendor(*answers) as aws:
        WebAcl(aws, "REGIONAL").delete(found(logs=LOGS, protects=[OLD]))
    assert clock.slept == [2]


def test_a_web_acl_that_is_gone_already_is_no_error():
    gone = "WAFNonexistentItemException"
    answers = (refused(code=gone, **STOPS_LOGS), refused("get_web_acl", gone, **ITS_ACL))
    with vendor(*answers) as aws:
        WebAcl(aws, "REGIONAL").delete(found(logs=LOGS))


def test_a_distributions_web_acl_is_looked_for_in_the_one_region_that_has_it():
    there = {"Name": "shop", "Id": "2", "ARN": ARN}
    tags = {"TagInfoForResource": {"TagList": [{"Key": STACK_TAG, "Value": "shop"}]}}
    log = {"LoggingConfiguration": {"ResourceArn": ARN, "LogDestinationConfigs": [f"{LOGS}:*"]}}
    only = "@us-east-1"
    answers = (
        says("list_web_acls", {"WebACLs": [there]}, only, Scope="CLOUDFRONT"),
        says("list_ip_sets", {}, only, Scope="CLOUDFRONT"),
        says("get_web_acl", web_acl(), only, Name="shop", Scope="CLOUDFRONT", Id="2"),
        says("list_tags_for_resource", tags, only, ResourceARN=ARN),
        says("get_logging_configuration", log, only, ResourceArn=ARN),
    )
    with vendor(*answers) as aws:
        (its,) = description.read(aws, "CLOUDFRONT")
    words = {"default_action": "allow", "rules": [], "logs": LOGS}
    assert its == Found(Address(ACLS["CLOUDFRONT"], "shop"), IDS, words)
