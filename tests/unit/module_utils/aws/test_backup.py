# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be declared of backups, and whose a plan is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.backup import declared, found
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Ref

_LOCK = {"min_days": 7, "max_days": 90}


def _filled(**given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    filled: dict[str, Any] = result.validated_parameters
    return filled


def _rules(**given: Any) -> dict[str, Any]:
    return {"rules": [{"name": "daily", **given}]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (_rules(), None),
        (_rules(keep_days=120, cold_after_days=30), None),
        ({}, "rules: expected one at least"),
        ({"rules": [{"name": "a"}, {"name": "a"}]}, "rules: expected each name once"),
        (_rules(keep_days=119, cold_after_days=30), "keep_days: expected 90 more than cold_after_days"),
        (_rules(continuous=True, keep_days=36), "continuous: expected keep_days of at most 35"),
        (_rules(start_within=59), "start_within: expected 60 minutes"),
        (_rules(start_within=60, complete_within=119), "complete_within: expected an hour more"),
        ({**_rules(keep_days=91), "vault_lock": _LOCK}, "keep_days: expected 7 to 90"),
        ({**_rules(), "vault_lock": {**_LOCK, "final_after_days": 2}}, "final_after_days: expected 3 at least"),
        ({**_rules(keep_days=9), "vault_lock": {"min_days": 9, "max_days": 9}, "vault": "own"}, "vault: expected no"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(given: dict[str, Any], said: str | None) -> None:
    wrong = declared.check(_filled(**given))
    if said is None:
        assert wrong == []
    else:
        assert len(wrong) == 1
        assert said in wrong[0]


def test_the_vault_tells_the_stacks_topic_where_it_has_one() -> None:
    topic = Address("alarm topic", "shop")
    for others, told in (([topic], Ref(topic, "arn")), ([], "")):
        vault = next(
            one for one in declared.wanted("shop", _filled(**_rules()), others) if one.address.kind == "backup vault"
        )
        assert vault.properties["topic"] == told


def test_a_request_is_known_again_and_never_the_same() -> None:
    one, other = found.request_id("shop"), found.request_id("shop")
    assert one != other
    assert found.ours("shop", one)
    assert not found.ours("shop-eu", one)
    assert not found.ours("sho", one)
    assert not found.ours("shop", None)
    # AWS takes 50 characters, letters, digits and "-_." alone.
    assert len(found.request_id("a" * 26)) <= 50
