# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A firewall's address lists, and how they are read, where AWS answers as no emulator does."""

from __future__ import annotations

import pytest
from a_firewall import ARN, ITS_ACL, MARK, OTHER_ARN, acls, lists, refused, says
from a_vendor import refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf import found as description
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.kinds import ADDRESSES, AddressList

ALLOWED = Address(ADDRESSES, "shop-allowed")
WANTED = Wanted(ALLOWED, {"version": "IPV4", "addresses": frozenset({"192.0.2.0/24"})})
FOUND = Found(ALLOWED, {"id": "1", "arn": "arn:aws:wafv2:eu-central-1:1:regional/ipset/shop-allowed/1"}, {})
ITS_LIST = {"Name": "shop-allowed", "Scope": "REGIONAL", "Id": "1"}


# -- address lists ---------------------------------------------------------------------------


def summary(name, its_id="1", comment=MARK):
    arn = f"arn:aws:wafv2:eu-central-1:1:regional/ipset/{name}/{its_id}"
    return {"Name": name, "Id": its_id, "ARN": arn, **({"Description": comment} if comment else {})}


def has(one, *addresses):
    its = {key: one[key] for key in ("Name", "Id", "ARN")}
    answer = {"IPSet": {**its, "IPAddressVersion": "IPV4", "Addresses": list(addresses)}}
    return says("get_ip_set", answer, Name=one["Name"], Scope="REGIONAL", Id=one["Id"])


TWICE = refused("create_ip_set", "WAFDuplicateItemException", "there is one")


def test_a_list_that_a_lost_call_has_made_is_known_by_its_mark():
    denied, allowed = summary("shop-denied", "5"), summary("shop-allowed", "6")
    answers = (TWICE, acls(), lists(denied, allowed), has(denied), has(allowed, "192.0.2.0/24"))
    with vendor(*answers) as aws:
        ids = AddressList(aws, "REGIONAL").create(WANTED)
    assert ids == {"id": "6", "arn": allowed["ARN"]}


@pytest.mark.parametrize("comment", ["", "allowed", f"{MARK}-2", f"{STACK_TAG}=another"])
def test_a_list_of_somebody_else_is_not_taken_for_the_stacks(comment):
    answers = (TWICE, acls(), lists(summary("shop-allowed", "6", comment)))
    told = r"^wafv2 CreateIPSet: there is one \(WAFDuplicateItemException\)$"
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        AddressList(aws, "REGIONAL").create(WANTED)


def test_a_list_that_is_refused_for_another_reason_is_looked_for_nowhere():
    too_many = refused("create_ip_set", "WAFLimitsExceededException", "no more")
    told = r"wafv2 CreateIPSet: no more \(WAFLimitsExceededException\)"
    with vendor(too_many) as aws, pytest.raises(StackError, match=told):
        AddressList(aws, "REGIONAL").create(WANTED)


def test_a_list_that_is_gone_already_is_no_error():
    with vendor(refuses("wafv2", "get_ip_set", "WAFNonexistentItemException")) as aws:
        AddressList(aws, "REGIONAL").delete(FOUND)


def test_a_list_goes_once_no_rule_refers_to_it(clock):
    deleting = {"operation": "delete_ip_set", **ITS_LIST, "LockToken": "t1"}
    in_use = refused(code="WAFAssociatedItemException", **deleting)
    with vendor(says("get_ip_set", {"LockToken": "t1"}, **ITS_LIST), in_use, in_use, says(**deleting)) as aws:
        AddressList(aws, "REGIONAL").delete(FOUND)
    assert clock.slept == [2, 2]


def test_a_list_that_a_rule_goes_on_referring_to_is_told_of(clock):
    clock.pause = 121.0
    in_use = refused("delete_ip_set", "WAFAssociatedItemException")
    told = "waited 120 s for delete_ip_set to be possible, which did not come"
    answers = (says("get_ip_set", {"LockToken": "t1"}), in_use, in_use)
    with vendor(*answers) as aws, pytest.raises(StackError, match=told):
        AddressList(aws, "REGIONAL").delete(FOUND)


# -- what is there ---------------------------------------------------------------------------


def test_lists_are_read_page_by_page_and_those_of_somebody_else_are_not_ours():
    mine, foreign = summary("shop-denied", "5"), summary("shop-allowed", "6", "made by hand")
    answers = (
        acls({"Name": "another", "Id": "8", "ARN": OTHER_ARN}, more="m1", Scope="REGIONAL"),
        acls(Scope="REGIONAL", NextMarker="m1"),
        lists(summary("shop2-denied", "4"), more="m2", Scope="REGIONAL"),
        lists(foreign, mine, Scope="REGIONAL", NextMarker="m2"),
        has(mine, "192.0.2.0/24"),
    )
    with vendor(*answers) as aws:
        read = list(description.read(aws, "REGIONAL"))
    words = {"version": "IPV4", "addresses": frozenset({"192.0.2.0/24"})}
    assert read == [
        Found(Address(ADDRESSES, "shop-denied"), {"id": "5", "arn": mine["ARN"]}, words),
        Found(ALLOWED, {"id": "6", "arn": foreign["ARN"]}, {}, ours=False),
    ]


def test_what_goes_while_it_is_read_is_not_there():
    gone = "WAFNonexistentItemException"
    stays, goes = summary("shop-denied", "5"), summary("shop-allowed", "6")
    answers = (
        acls({"Name": "shop", "Id": "2", "ARN": ARN}),
        lists(goes, stays),
        refused("get_ip_set", gone, **{**ITS_LIST, "Id": "6"}),
        has(stays),
        refused("get_web_acl", gone, **ITS_ACL),
        refused("list_tags_for_resource", gone, ResourceARN=ARN),
        refused("get_logging_configuration", gone, ResourceArn=ARN),
        refused("list_resources_for_web_acl", gone, WebACLArn=ARN, ResourceType="APPLICATION_LOAD_BALANCER"),
    )
    with vendor(*answers) as aws:
        read = [one.address for one in description.read(aws, "REGIONAL")]
    assert read == [Address(ADDRESSES, "shop-denied")]
