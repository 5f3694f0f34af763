# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A firewall as it is declared: what is refused, and what AWS is told and tells back."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import resolve, same
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.waf.rules import in_words, rules

ALB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/0123456789abcdef"


def declaration(**options):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate({"protects": [], **options})
    assert not checked.error_messages
    return checked.validated_parameters


def resources(**options):
    return {str(one.address): one for one in declared.wanted("shop", declaration(**options), [])}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"allow_from": ["192.0.2.1/24"]}, "allow_from: expected addresses"),
        ({"block_from": ["everyone"]}, "block_from: expected addresses"),
        ({"block_from": ["::/0"]}, "block_from: expected less than all"),
        ({"rate_limit": {"requests": 9}}, "rate_limit.requests: expected 10"),
        ({"managed_rules": [{"name": "A"}, {"name": "A"}]}, "managed_rules: expected each once"),
        ({"logs": "arn:aws:s3:::shop-logs"}, "logs: expected"),
        ({"scope": "CLOUDFRONT", "protects": [ALB]}, "protects: expected none"),
        ({"protects": ["arn:aws:apigateway:x"]}, "protects: expected ARNs"),
    ],
)
def test_each_mistake_is_named(options, told):
    assert [mistake for mistake in declared.check(declaration(**options)) if told in mistake]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"allow_from": ["192.0.2.0/24"], "protects": [ALB]},
        {"rate_limit": {"requests": 10}, "managed_rules": [{"name": "A"}, {"name": "A", "vendor": "B"}]},
        {"logs": "arn:aws:s3:::aws-waf-logs-shop"},
        {"logs": "arn:aws:firehose:us-east-1:123456789012:deliverystream/aws-waf-logs-shop"},
        {"logs": "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-shop:*"},
    ],
)
def test_what_is_right_is_not_refused(options):
    assert not declared.check(declaration(**options))


def test_addresses_are_in_one_list_for_each_version():
    found = resources(allow_from=["192.0.2.7", "2001:db8::/32", "192.0.2.8/32"], block_from=["198.51.100.0/24"])
    assert {name: one.properties["addresses"] for name, one in found.items() if "addresses" in one.properties} == {
        "address list shop-allow-ipv4": {"192.0.2.7/32", "192.0.2.8/32"},
        "address list shop-allow-ipv6": {"2001:db8::/32"},
        "address list shop-block-ipv4": {"198.51.100.0/24"},
    }


def test_rules_read_back_as_they_were_declared():
    found = resources(
        allow_from=["192.0.2.7", "2001:db8::1"],
        block_from=["198.51.100.0/24"],
        rate_limit={"requests": 100, "seconds": 60, "observe": True},
        managed_rules=[
            {"name": "One-Two", "vendor": "Them", "version": "1"},
            {"name": "Three", "observe": True, "observe_rules": ["b", "a"]},
        ],
    )
    ids = {one.address: {"arn": f"arn:{name}"} for name, one in found.items()}
    words = resolve(found["regional web acl shop"].properties["rules"], ids)
    told = rules(words)
    assert [one["Name"] for one in told] == ["allow-list", "block-list", "rate-limit", "Them-One-Two", "AWS-Three"]
    assert told[3]["Statement"]["ManagedRuleGroupStatement"]["Name"] == "One-Two"
    assert same(words, in_words(list(reversed(told))))


def test_a_rule_that_none_can_declare_differs_from_every_declared_one():
    stranger = {"Name": "allow-list", "Priority": 0, "Statement": {"GeoMatchStatement": {}}, "Action": {"Allow": {}}}
    words = resolve(
        resources(allow_from=["192.0.2.7"], managed_rules=[])["regional web acl shop"].properties["rules"],
        {Address("address list", "shop-allow-ipv4"): {"arn": "a"}},
    )
    assert not same(words, in_words([stranger]))


def test_a_load_balancer_has_to_be_there():
    with pytest.raises(StackError, match="protects: this stack has no load balancer shop"):
        resources(protects=None)
