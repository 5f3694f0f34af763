# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account that refuses, is busy, cannot be reached, or has what is others' in it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from a_vendor import gives, refuses, vendor
from botocore.exceptions import EndpointConnectionError

from ansible_collections.seamless.delivery.plugins.module_utils.aws import module as modules
from ansible_collections.seamless.delivery.plugins.module_utils.aws.converge import carry_out
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import CHANGE, Plan, Step
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    STACK_TAG,
    Address,
    Found,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.roles import Role, trusted
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws

# -- errors in words -------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_call_that_is_not_allowed_names_the_permission_that_is_missing(code):
    told = r"^not allowed: wafv2:ListIPSets \(because\). Give the caller's role that permission$"
    with (
        vendor(refuses("wafv2@us-east-1", "list_ip_sets", code)) as aws,
        pytest.raises(StackError, match=told),
    ):
        aws.call("wafv2@us-east-1", "list_ip_sets", "WAFNonexistentItemException", Scope="CLOUDFRONT")


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "RequestLimitExceeded"])
def test_an_account_that_is_too_busy_says_to_come_again(code):
    told = r"^ec2 DescribeVpcs was throttled again and again \(because\). Run this again in a while$"
    with vendor(refuses("ec2", "describe_vpcs", code)) as aws, pytest.raises(StackError, match=told):
        list(aws.pages("ec2", "describe_vpcs", "Vpcs"))


def test_what_else_is_refused_is_told_in_the_words_of_aws():
    told = r"^ec2 DescribeVpcs: no such one \(InvalidVpcID.NotFound\)$"
    with (
        vendor(refuses("ec2", "describe_vpcs", "InvalidVpcID.NotFound", "no such one")) as aws,
        pytest.raises(StackError, match=told),
    ):
        list(aws.pages("ec2", "describe_vpcs", "Vpcs", "AnotherCode"))


def test_a_page_that_is_refused_as_absent_ends_what_there_is():
    pages = [
        gives("ec2", "describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "more"}),
        refuses("ec2", "describe_vpcs", "InvalidVpcID.NotFound", NextToken="more"),
    ]
    with vendor(*pages) as aws:
        assert list(aws.pages("ec2", "describe_vpcs", "Vpcs", "InvalidVpcID.NotFound")) == [{"VpcId": "vpc-1"}]


def test_what_has_no_pages_is_asked_for_once_and_may_be_absent():
    sets = {"IPSets": [{"Name": "shop"}]}
    one = gives("wafv2", "list_ip_sets", sets, Scope="REGIONAL")
    none = refuses("wafv2", "list_ip_sets", "WAFNonexistentItemException", Scope="REGIONAL")
    refused = refuses("wafv2", "list_ip_sets", "WAFInternalErrorException", Scope="REGIONAL")
    asked = ("wafv2", "list_ip_sets", "IPSets", "WAFNonexistentItemException")
    with vendor(one, none, refused) as aws:
        assert list(aws.pages(*asked, Scope="REGIONAL")) == sets["IPSets"]
        assert list(aws.pages(*asked, Scope="REGIONAL")) == []
        with pytest.raises(StackError, match=r"^wafv2 ListIPSets: because \(WAFInternalErrorException\)$"):
            list(aws.pages(*asked, Scope="REGIONAL"))


class Unreachable:
    """A client of a region to which no way leads."""

    def can_paginate(self, operation):
        return operation == "describe_vpcs"

    def get_paginator(self, operation):
        assert operation == "describe_vpcs"
        return SimpleNamespace(paginate=self.get_caller_identity)

    def get_caller_identity(self):
        raise EndpointConnectionError(endpoint_url="https://sts.example.com")


def test_an_account_that_cannot_be_reached_is_told_of_with_what_was_asked():
    aws = Aws("shop", lambda _service: Unreachable())
    told = r"^AWS could not be asked \({}\): Could not connect to the endpoint URL: .*sts.example.com"
    try:
        with pytest.raises(StackError, match=told.format("sts get_caller_identity")):
            _ = aws.account
        with pytest.raises(StackError, match=told.format("ec2 describe_vpcs")):
            list(aws.pages("ec2", "describe_vpcs", "Vpcs"))
    finally:
        aws.close()


@pytest.mark.parametrize(
    "tags",
    [None, [], [{"Key": STACK_TAG, "Value": "shop-eu"}], [{"Key": "stack", "Value": "shop"}], [{"Key": STACK_TAG}]],
)
def test_what_lacks_the_tag_itself_is_left_as_it_is(tags):
    with vendor() as aws, pytest.raises(StackError, match=f"^box shop lacks the tag {STACK_TAG}, and is left as it is"):
        aws.own(Address("box", "shop"), tags)


# -- where it is -----------------------------------------------------------------------------


class Module:
    """As much of a module as a connection needs."""

    def fail_json(self, msg):
        raise SystemExit(msg)


@pytest.fixture
def unconfigured(monkeypatch, tmp_path):
    for key in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(key, raising=False)
    for key in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(key, str(tmp_path / "none"))

    def told(region=None, **how):
        monkeypatch.setattr(modules, "get_aws_connection_info", lambda _module: (region, None, how))

    return told


KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


def test_a_region_that_nobody_says_is_asked_for(unconfigured):
    unconfigured(**KEYS)
    with pytest.raises(
        SystemExit, match=r"^region: expected one, here, in AWS_REGION or in the profile, but found none"
    ):
        modules.connection(Module())


def test_a_profile_that_is_not_there_is_named(unconfigured):
    unconfigured("eu-central-1", profile_name="shop-production")
    with pytest.raises(SystemExit, match=r"^profile: .*shop-production.* could not be found"):
        modules.connection(Module())


def test_a_service_of_another_region_is_asked_there_and_any_other_one_at_home(unconfigured):
    unconfigured("eu-central-1", **KEYS)
    client = modules.connection(Module())
    regions = {one: client(one).meta.region_name for one in ("sts", "wafv2@us-east-1")}
    assert regions == {"sts": "eu-central-1", "wafv2@us-east-1": "us-east-1"}
    assert modules.connection(Module(), asked_in="eu-west-1")("sts").meta.region_name == "eu-west-1"


# -- what is busy ----------------------------------------------------------------------------


class Box:
    """A kind that keeps what it is told."""

    name = "box"
    fixed = held_by = frozenset()
    precious = False

    def __init__(self):
        self.told = []

    def change(self, found, wanted, changed):
        self.told.append(("change", dict(wanted.properties), set(changed)))

    def wait(self, ids):
        self.told.append(("wait", ids["id"]))
        return ids


def test_what_aws_is_still_at_is_waited_for_before_it_is_changed():
    address = Address("box", "shop")
    for busy, first in (("modifying", [("wait", "box-1")]), ("", [])):
        found = Found(address, {"id": "box-1"}, {"size": 1}, busy=busy)
        step = Step(CHANGE, address, found, Wanted(address, {"size": 2}), frozenset({"size"}))
        kind = Box()
        assert carry_out(Plan([step], {address: found.ids}), [kind]) == {"box shop": {"id": "box-1"}}
        assert kind.told == [*first, ("change", {"size": 2}, {"size"}), ("wait", "box-1")]


# -- a role ----------------------------------------------------------------------------------


class ShopRole(Role):
    name = "role"


def documented(statement):
    return '{"Version": "2012-10-17", "Statement": [' + statement + "]}"


def test_what_a_role_allows_is_written_under_its_own_name_and_who_takes_it_stays():
    words = {"trust": trusted("ec2.amazonaws.com"), "permissions": [{"Effect": "Allow"}]}
    put = gives(
        "iam",
        "put_role_policy",
        RoleName="shop-role",
        PolicyName="shop-role",
        PolicyDocument=documented('{"Effect": "Allow"}'),
    )
    with vendor(put) as aws:
        address = Address("role", "shop")
        found = Found(address, {"name": "shop-role"}, {})
        ShopRole(aws, "shop-role").change(found, Wanted(address, words), frozenset({"permissions"}))


def test_a_policy_of_aws_is_attached_once_and_those_of_others_stay():
    managed = "arn:aws:iam::aws:policy/service-role"
    attach = gives("iam", "attach_role_policy", RoleName="shop-role", PolicyArn=f"{managed}/New")
    with vendor(attach) as aws:
        address = Address("role", "shop")
        found = Found(address, {"name": "shop-role"}, {"policies": frozenset({"Old"})})
        wanted = Wanted(address, {"policies": frozenset({"Old", "New"})})
        ShopRole(aws, "shop-role").change(found, wanted, frozenset({"policies"}))
