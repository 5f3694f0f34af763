# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be declared of how a stack is watched, and what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability import builtin, declared, marks
from ansible_collections.seamless.delivery.plugins.module_utils.aws.observability.sources import OF, Sources
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, StackError, Wanted

#: A stack that has everything.
_ALL = [
    Address("load balancer", "shop"),
    Address("target group", "shop-blue"),
    Address("target group", "shop-green"),
    Address("autoscaling group", "shop-blue"),
    Address("autoscaling group", "shop-green"),
    Address("database", "shop"),
    Address("database", "shop-replica-1"),
    Address("cache", "shop"),
    Address("distribution", "shop"),
]
_QUEUE = {"namespace": "Shop", "metric": "Waiting"}


def _filled(**given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    return {**result.validated_parameters, "deletion_protection": True}


def _wanted(others: list[Address], region: str = "us-east-1", stack: str = "shop", **given: Any) -> dict[str, Wanted]:
    found = declared.wanted(stack, _filled(**given), others, region)
    return {str(one.address): one for one in found}


def _alarm(**given: Any) -> dict[str, Any]:
    return {"metric_alarms": [{"name": "waiting", "metrics": {"waiting": _QUEUE}, "threshold": 1, **given}]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        (_alarm(), None),
        (_alarm(name="Too Many"), "name: expected small letters"),
        (_alarm(band=2), "expected either a threshold or a band"),
        (_alarm(threshold=None), "expected either a threshold or a band"),
        (_alarm(threshold=None, band=2, when="at_least"), "when: expected one of above, below, outside with a band"),
        (_alarm(when="outside"), "when: expected a band for outside"),
        (_alarm(period=45), "period: expected 10, 20, 30 or a multiple of 60"),
        (_alarm(datapoints=4), "datapoints: expected at most the 3 periods"),
        (_alarm(metrics={"a": _QUEUE, "b": _QUEUE}), "metrics: expected one alone without an expression"),
        (_alarm(metrics={"a": {**_QUEUE, "of": "cdn"}}), "metrics.a: expected either of or a namespace"),
        (_alarm(metrics={"a": {"metric": "M", "of": "moon"}}), "of: expected one of load_balancer"),
        (_alarm(metrics={"Band": _QUEUE}), "expected an id of letters"),
        (_alarm(metrics={"a": _QUEUE}, expression="b * 2"), "expected the expression to use it"),
        (_alarm(metrics={"a": {**_QUEUE, "unit": "Count"}}), "but found unit"),
        ({"overrides": {"load-balancer-moon": {}}}, "overrides: expected one of autoscaling-cpu"),
        ({"overrides": {"cache-cpu": {"when": "below"}}}, "overrides.cache-cpu: expected threshold"),
        ({"overrides": {"cache-cpu": {}}, "alarms": ["cdn"]}, "overrides: expected one of cdn-errors"),
        ({"composite_alarms": [{"name": "a", "rule": "ALARM(users-hurt)"}]}, "expected alarms on metrics"),
        ({"composite_alarms": [{"name": "a", "rule": "TRUE"}]}, "rule: expected ALARM(name)"),
        ({"topic": "arn:x", "subscriptions": [{"email": "a@b.c"}]}, "subscriptions: expected none"),
        ({"kms_key": "alias/aws/sns"}, "kms_key: expected a key of your own"),
        ({"log_groups": [{"name": "a"}, {"name": "a"}]}, "log_groups: expected each name once"),
        ({"log_groups": [{"name": "a", "retention_days": 31}]}, "retention_days: expected one of 0, 1, 3"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(given: dict[str, Any], said: str | None) -> None:
    wrong = declared.check(_filled(**given), "us-east-1")
    if said is None:
        assert wrong == []
    else:
        assert len(wrong) == 1
        assert said in wrong[0]


def test_cloudfront_is_watched_from_its_own_region_alone() -> None:
    assert not [name for name in _wanted(_ALL, "eu-west-1") if "cdn" in name]
    assert declared.check(_filled(alarms=["cdn"]), "us-east-1") == []
    assert "cdn expects the region us-east-1" in declared.check(_filled(alarms=["cdn"]), "eu-west-1")[0]


def test_a_stack_that_has_everything_gets_every_built_in_alarm() -> None:
    names = {name for name in _wanted(_ALL) if name.startswith("alarm shop-")}
    for template in (one for alarms in builtin.SETS.values() for one in alarms):
        assert any(name.startswith(f"alarm shop-{template.name}") for name in names), template.name


def test_a_stack_gets_alarms_for_what_it_has_and_says_what_an_asked_one_lacks() -> None:
    names = [name for name in _wanted([Address("cache", "shop")]) if name.startswith("alarm shop-")]
    assert sorted(names) == sorted(
        f"alarm shop-cache-{what}-{node}" for what in ("cpu", "memory", "evictions") for node in ("001", "002")
    )
    with pytest.raises(StackError, match="alarms: database: this stack has no database to watch"):
        _wanted([], alarms=["database"])


def test_every_alarm_says_what_is_told_and_has_an_id_for_all_that_its_expression_uses() -> None:
    for name, one in _wanted(_ALL).items():
        if not name.startswith("alarm shop-"):
            continue
        assert one.properties["description"]
        assert one.properties["actions"]
        used = set(re.findall(r"[a-z]\w*", one.properties["expression"]))
        assert used <= set(one.properties["metrics"])
        assert one.properties["datapoints"] <= one.properties["periods"]


def test_overrides_change_one_alarm_and_can_take_it_out_of_users_hurt() -> None:
    plain, other = (
        _wanted(_ALL, overrides=overrides)
        for overrides in ({}, {"load-balancer-errors": {"threshold": 5, "hurts_users": False}, "cache-cpu-001": None})
    )
    changed = {name for name in plain if plain[name].properties != other[name].properties}
    assert changed == {"alarm shop-load-balancer-errors", "composite alarm shop-users-hurt"}
    assert other["alarm shop-load-balancer-errors"].properties["threshold"] == 5.0
    assert "load-balancer-errors" not in other["composite alarm shop-users-hurt"].properties["rule"]


def test_a_rule_has_the_stacks_own_alarms_by_their_whole_names_and_waits_for_them() -> None:
    rule = "ALARM(waiting) AND NOT (OK('waiting') OR ALARM(\"somebody-elses\"))"
    one = _wanted([], **_alarm(), composite_alarms=[{"name": "both", "rule": rule}])["composite alarm shop-both"]
    assert one.properties["rule"] == 'ALARM("shop-waiting") AND NOT (OK("shop-waiting") OR ALARM("somebody-elses"))'
    assert one.needs() >= {Address("alarm", "shop-waiting")}


def test_the_dashboard_shows_what_the_stack_has() -> None:
    titles = _wanted([Address("database", "shop")])["dashboard shop"].properties["order"]
    assert titles == ["about", "Alarms", "Database: processors (%)", "Database: connections"]


def test_a_web_address_is_not_shown() -> None:
    secret = "https://on-call.example.com/hook/1f3e"
    (name,) = (name for name in _wanted([], subscriptions=[{"https": secret}]) if name.startswith("subscription"))
    assert name.startswith("subscription shop-https:on-call.example.com#")
    assert "1f3e" not in name


def test_every_part_that_a_metric_can_be_of_is_a_family() -> None:
    families = Sources("shop", _filled()["resources"], _ALL).families
    assert all(part in families[family] for family, part in OF.values())


@pytest.mark.parametrize("text", ["", "Users are hurt", "ends with [brackets]"])
def test_a_mark_is_read_back(text: str) -> None:
    assert marks.unmarked(marks.marked(text, "shop")) == (text, "shop")


def test_text_without_a_mark_is_nobodys() -> None:
    assert marks.unmarked("a word [seamless:stack=shop] and another") == (
        "a word [seamless:stack=shop] and another",
        "",
    )
