# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate as it is declared: what is refused, what is compared, and when it is late."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.certificate import declared

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pem(what):
    body = base64.b64encode(what).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
OWN = {"certificate": pem(b"one"), "private_key": KEY}


def declaration(**options):
    checked = ArgumentSpecValidator(declared.ARGUMENTS).validate(options)
    assert not checked.error_messages
    return checked.validated_parameters


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "domain: expected either"),
        ({"domain": "example.com", "imported": OWN}, "domain: expected either"),
        ({"domain": "Example.com"}, "expected names such as"),
        ({"domain": "www.*.example.com"}, "expected names such as"),
        ({"domain": "example.com", "alternative_names": ["example.com"]}, "alternative_names: expected each name once"),
        ({"imported": {**OWN, "certificate": pem(b"one") * 2}}, "imported.certificate: expected one certificate"),
        ({"imported": {**OWN, "certificate": "shop.crt"}}, "imported.certificate: expected one certificate"),
        ({"imported": {**OWN, "chain": "issuers.crt"}}, "imported.chain: expected its issuers"),
        ({"imported": {**OWN, "private_key": "shop.key"}}, "imported.private_key: expected"),
    ],
)
def test_each_mistake_is_named(options, told):
    assert [mistake for mistake in declared.check(declaration(**options)) if told in mistake]


@pytest.mark.parametrize(
    "options",
    [
        {"domain": "*.example.com", "alternative_names": ["example.com"]},
        {"imported": OWN},
        {"imported": {**OWN, "chain": pem(b"two") + pem(b"three")}},
    ],
)
def test_what_is_right_is_not_refused(options):
    assert not declared.check(declaration(**options))


def test_a_key_is_never_compared_nor_shown():
    wanted = declared.wanted("shop", declaration(imported=OWN), [])
    assert KEY not in str(wanted.properties)
    assert wanted.once["imported"]["private_key"] == KEY


def test_how_pem_is_written_makes_no_difference():
    loose = "Subject: shop\n" + pem(b"one").replace("\n", "\n\n") + "\n"
    assert declared.fingerprints(loose) == declared.fingerprints(pem(b"one"))
    assert declared.fingerprints(pem(b"two")) != declared.fingerprints(pem(b"one"))


@pytest.mark.parametrize(("days", "renew_before", "late"), [(13, 14, True), (14, 14, False), (0, 0, False)])
def test_a_certificate_is_late_when_it_ends_soon(days, renew_before, late):
    issued = declaration(domain="example.com", renew_before=renew_before)
    assert bool(declared.late(issued, {}, NOW + timedelta(days=days), NOW)) is late


def test_a_successor_makes_up_for_a_late_one():
    own, ends = declaration(imported=OWN), NOW + timedelta(days=1)
    same, other = (declared.aim(declaration(imported={**OWN, "certificate": pem(what)})) for what in (b"one", b"two"))
    assert "give its successor" in declared.late(own, same, ends, NOW)
    assert not declared.late(own, other, ends, NOW)
