# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DNS as it is declared: what is refused, what records refer to, and whose they are."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns import declared
from ansible_collections.seamless.delivery.plugins.module_utils.aws.dns.marks import (
    is_mark,
    mark,
    marks,
    plain,
    reference,
    referred,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.plan import plan
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError

WWW = {"name": "www.example.com", "values": ["192.0.2.1"]}


def declaration(*records, **options):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate(
        {"zone": "example.com", "records": [dict(one) for one in records], **options}
    )
    assert not checked.error_messages
    return checked.validated_parameters


def mistakes(*records, **options):
    return list(declared.check(declaration(*records, **options)))


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"name": "www"}, "name: expected example.com or a name that ends with .example.com"),
        ({"name": "www.notexample.com"}, "name: expected example.com or a name"),
        ({"name": "WWW.example.com"}, "name: expected small letters"),
        ({"name": "example.com", "type": "CNAME", "values": ["a.b.c"]}, "type: expected another"),
        ({"values": None}, "expected one of values, alias and alias_to, but found none"),
        ({"alias": "load_balancer"}, "but found values and alias"),
        ({"values": None, "type": "CNAME", "alias": "load_balancer"}, "type: expected A or AAAA"),
        ({"values": ["2001:db8::1"]}, "values: expected IPv4 addresses"),
        ({"type": "AAAA"}, "values: expected IPv6 addresses"),
        ({"set": "eu"}, "set: expected"),
        ({"weight": 1}, "set: expected"),
        ({"set": "eu", "weight": 1, "first_weight": 1}, "set: expected"),
        ({"set": "eu west", "weight": 1}, "set: expected at most"),
        ({"set": "eu", "weight": 256}, "weight: expected from 0 to 255"),
        ({"health_check": {"host": "a", "failures": 11}}, "health_check.failures: expected"),
    ],
)
def test_each_mistake_is_named(record, told):
    assert [one for one in mistakes({**WWW, **record}) if told in one]


def test_a_zone_that_is_made_has_no_id_yet():
    assert mistakes(zone="example.com.")
    assert mistakes(zone_id="Z1", create_zone=True)
    assert not mistakes(create_zone=True)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"name": "*.example.com"},
        {"set": "eu", "first_weight": 0},
        {"set": "eu", "failover": "primary", "health_check": {"host": "a"}},
        {"values": None, "alias": "distribution", "type": "AAAA"},
        {"name": "_dmarc.example.com", "type": "TXT", "values": ["v=DMARC1"]},
    ],
)
def test_what_is_right_is_not_refused(record):
    assert not mistakes({**WWW, **record})


def test_a_weight_of_rollouts_is_given_once():
    ours, theirs = declared.wanted(
        "shop", declaration({**WWW, "set": "eu", "weight": 5}, {**WWW, "set": "us", "first_weight": 7})
    )
    assert ours.properties["weight"] == 5
    assert "weight" not in theirs.properties
    assert theirs.once == {"weight": 7}


def test_records_of_one_name_and_of_two_types_have_a_health_check_each():
    probed = {**WWW, "health_check": {"host": "eu.example.com"}}
    both = declaration(probed, {**probed, "type": "AAAA", "values": ["2001:db8::1"]})
    checks = {str(one.address) for one in declared.wanted("shop", both) if one.address.kind == declared.CHECK}
    assert checks == {"health check shop-www.example.com A", "health check shop-www.example.com AAAA"}
    assert len(declared.check_addresses("shop", both)) == 2
    twice = list(declared.wanted("shop", declaration(probed, probed)))
    with pytest.raises(StackError, match=r"declared twice: health check shop-www\.example\.com A, "):
        plan(twice, [], [])


def test_an_alias_needs_what_it_stands_for_and_the_zone():
    (record,) = declared.wanted("shop", declaration({"name": "example.com", "alias": "load_balancer"}))
    assert {str(one) for one in record.needs()} == {"load balancer shop", "hosted zone example.com"}


def test_text_is_quoted_in_pieces():
    assert declared.quoted("x") == '"x"'
    assert declared.quoted('say "x"') == '"say \\"x\\""'
    assert declared.quoted('"as it is"') == '"as it is"'
    assert declared.quoted("x" * 256) == f'"{"x" * 255}" "x"'


def test_a_mark_names_its_owner_and_nobody_else():
    ours, theirs = mark("shop", "www.example.com", "A"), mark("shopper", "www.example.com", "A", "eu")
    assert ours["Name"] == "_seamless-a.www.example.com"
    assert marks("shop", [ours, theirs]) == {"_seamless-a.www.example.com"}
    assert marks("shopper", [ours, theirs]) == {"_seamless-a-eu.www.example.com"}
    assert is_mark(theirs)
    assert not is_mark({"Name": "www.example.com", "Type": "TXT"})
    assert marks("shop", [{**ours, "Type": "A"}]) == frozenset()


def test_the_longest_mark_is_a_label():
    name = mark("x" * 26, "www.example.com", "CNAME", f"{'x' * 26}-ap-southeast-1")["Name"]
    assert len(name.partition(".")[0]) <= 63


def test_a_reference_tells_the_stack_is_never_the_same_and_is_short_enough():
    made = reference("x" * 26, "0" * 8)
    assert len(made) <= 64
    assert made != reference("x" * 26, "0" * 8)
    assert referred("x" * 26, made) == "0" * 8
    assert referred("x" * 25, made) == ""


def test_names_are_plain():
    assert plain("\\052.Example.com.") == "*.example.com"
