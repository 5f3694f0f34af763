# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be declared of a stack's security, and which findings are told."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address
from ansible_collections.seamless.delivery.plugins.module_utils.aws.security import declared


def _filled(**given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    filled: dict[str, Any] = result.validated_parameters
    return filled


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"inspector": ["EC2"]}, None),
        ({"security_hub": {}}, None),
        ({}, "expected at least one of guardduty"),
        ({"security_hub": {"standards": ["arn:aws:securityhub:::x"]}}, "standards: expected the end"),
        ({"inspector": ["EC2", "EC2"]}, "inspector: expected each once"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(given: dict[str, Any], said: str | None) -> None:
    wrong = declared.check(_filled(**given))
    if said is None:
        assert wrong == []
    else:
        assert len(wrong) == 1
        assert said in wrong[0]


def test_each_service_says_in_its_own_way_how_severe_a_finding_is() -> None:
    both = declared.pattern(_filled(guardduty={}, inspector=["EC2"], severity="high"))
    assert both["source"] == ["aws.guardduty", "aws.inspector2"]
    assert both["detail"] == {"severity": [{"numeric": [">=", 7]}, "HIGH", "CRITICAL"]}


def test_with_security_hub_a_finding_is_told_once() -> None:
    pattern = declared.pattern(_filled(guardduty={}, security_hub={}, severity="critical"))
    assert pattern["source"] == ["aws.securityhub"]
    assert pattern["detail"]["findings"]["Severity"] == {"Label": ["CRITICAL"]}


def test_what_is_given_is_not_wanted() -> None:
    filled = _filled(guardduty={}, inspector=["EC2", "ECR"], topic="arn:x")
    given = {Address(declared.DETECTOR, "shop"), Address(declared.SCAN, "ECR")}
    wanted = [str(one.address) for one in declared.wanted("shop", filled, [], given)]
    assert wanted == ["findings rule shop-findings", "Inspector scan EC2"]
