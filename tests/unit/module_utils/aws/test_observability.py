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
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import Address, Others, StackError, Wanted

_CACHE = {"replicas": 1, "shards": 1, "cluster_mode": False}
#: A stack that has everything.
_ALL: Others = {
    Address("load balancer", "shop"): {"type": "application"},
    Address("target group", "shop-blue"): {},
    Address("target group", "shop-green"): {},
    Address("autoscaling group", "shop-blue"): {},
    Address("autoscaling group", "shop-green"): {},
    Address("database", "shop"): {},
    Address("database", "shop-replica-1"): {},
    Address("cache", "shop"): _CACHE,
    Address("distribution", "shop"): {},
}
#: The same with what measures itself otherwise.
_OTHERWISE: Others = {
    **_ALL,
    Address("load balancer", "shop"): {"type": "network"},
    Address("database cluster", "shop-cluster"): {},
}
_QUEUE = {"namespace": "Shop", "metric": "Waiting"}


def _filled(**given: Any) -> dict[str, Any]:
    """As Ansible fills in what is not *given*."""
    result = ArgumentSpecValidator(declared.ARGUMENTS).validate(given)
    assert not result.error_messages
    return {**result.validated_parameters, "deletion_protection": True}


def _wanted(others: Others, region: str = "us-east-1", stack: str = "shop", **given: Any) -> dict[str, Wanted]:
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
    names = {name for others in (_ALL, _OTHERWISE) for name in _wanted(others) if name.startswith("alarm shop-")}
    for template in (one for alarms in builtin.SETS.values() for one in alarms):
        assert any(name.startswith(f"alarm shop-{template.name}") for name in names), template.name


def test_a_stack_gets_alarms_for_what_it_has_and_says_what_an_asked_one_lacks() -> None:
    names = [name for name in _wanted({Address("cache", "shop"): _CACHE}) if name.startswith("alarm shop-")]
    assert sorted(names) == sorted(
        f"alarm shop-cache-{what}-{node}" for what in ("cpu", "memory", "evictions") for node in ("001", "002")
    )
    with pytest.raises(StackError, match="alarms: database: this stack has no database to watch"):
        _wanted({}, alarms=["database"])


# What AWS's documentation says that each emits, and under which dimensions (a node's and a pool's beside these).
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
_HOSTS = {"HealthyHostCount", "UnHealthyHostCount"}
_BY_APPLICATION = {*_HOSTS, "RequestCount", "TargetResponseTime"} | {
    f"HTTPCode_{who}_5XX_Count" for who in ("Target", "ELB")
}
_BY_NETWORK = {
    *_HOSTS,
    "NewFlowCount",
    "ActiveFlowCount",
    "UnhealthyRoutingFlowCount",
    "PortAllocationErrorCount",
}
_BY_BOTH = {"CPUUtilization", "FreeableMemory", "WriteLatency", "DatabaseConnections"}
_BY_RDS = {*_BY_BOTH, "ReplicaLag", "FreeStorageSpace"}
_BY_AURORA = {*_BY_BOTH, "AuroraReplicaLag", "FreeLocalStorage"}


def _watched(wanted: dict[str, Wanted], namespaces: tuple[str, ...]) -> set[tuple[str, str]]:
    """Every metric that alarms and dashboard ask for in the *namespaces*, with its namespace."""
    alarms = [
        (metric["namespace"], metric["metric"])
        for name, one in wanted.items()
        if name.startswith("alarm shop-")
        for metric in one.properties["metrics"].values()
    ]
    graphs = [
        (line[0], line[1])
        for one in wanted["dashboard shop"].properties.values()
        for line in (one["properties"].get("metrics", ()) if isinstance(one, dict) else ())
    ]
    return {one for one in (*alarms, *graphs) if one[0] in namespaces}


@pytest.mark.parametrize(
    ("others", "balancers", "emitted", "databases"),
    [
        (_ALL, "AWS/ApplicationELB", _BY_APPLICATION, _BY_RDS),
        (_OTHERWISE, "AWS/NetworkELB", _BY_NETWORK, _BY_AURORA),
    ],
)
def test_nothing_is_watched_that_is_never_measured(
    others: Others, balancers: str, emitted: set[str], databases: set[str]
) -> None:
    found = _watched(_wanted(others), ("AWS/ApplicationELB", "AWS/NetworkELB", "AWS/RDS"))
    assert found == {(balancers, one) for one in emitted} | {("AWS/RDS", one) for one in databases}


def test_what_is_yours_measures_itself_as_it_is_named() -> None:
    suffix, pool = "net/shop/50dc6c495c0c9188", "targetgroup/shop-blue/73e2d6bc24d8a067"
    own = {"load_balancer": suffix, "pool_blue": pool, "databases": ["a", "b"], "aurora": True}
    made = _wanted({}, resources=own)
    assert made["alarm shop-load-balancer-unhealthy-blue"].properties["metrics"]["metric"] == {
        "namespace": "AWS/NetworkELB",
        "metric": "UnHealthyHostCount",
        "dimensions": [["LoadBalancer", suffix], ["TargetGroup", pool]],
        "statistic": "Maximum",
    }
    # Either may be the one that writes, now or after a failover.
    assert {"alarm shop-database-lag", "alarm shop-database-lag-b"} <= set(made)
    assert "alarm shop-database-lag" not in _wanted({}, resources={**own, "databases": ["a"]})


def test_auroras_lag_is_compared_in_the_seconds_of_every_other_lag() -> None:
    alarm = _wanted(_OTHERWISE)["alarm shop-database-lag-replica-1"].properties
    assert (alarm["expression"], alarm["metrics"]["lag"]["metric"]) == ("lag / 1000", "AuroraReplicaLag")
    other = _wanted(_OTHERWISE, overrides={"database-lag-replica-1": {"threshold": 2}})
    assert other["alarm shop-database-lag-replica-1"].properties["threshold"] == 2.0


@pytest.mark.parametrize(
    ("cache", "nodes"),
    [
        ({"replicas": 0, "shards": 1, "cluster_mode": False}, ["shop-001"]),
        ({"replicas": 2, "shards": 1, "cluster_mode": False}, ["shop-001", "shop-002", "shop-003"]),
        ({"replicas": 0, "shards": 1, "cluster_mode": True}, ["shop-0001-001"]),
        (
            {"replicas": 1, "shards": 2, "cluster_mode": True},
            ["shop-0001-001", "shop-0001-002", "shop-0002-001", "shop-0002-002"],
        ),
    ],
)
def test_each_node_of_a_cache_is_watched(cache: dict[str, Any], nodes: list[str]) -> None:
    made = _wanted({Address("cache", "shop"): cache})
    watched = [
        one.properties["metrics"]["metric"]["dimensions"]
        for name, one in made.items()
        if name.startswith("alarm shop-cache-memory")
    ]
    assert watched == [[["CacheClusterId", node]] for node in nodes]


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
    one = _wanted({}, **_alarm(), composite_alarms=[{"name": "both", "rule": rule}])["composite alarm shop-both"]
    assert one.properties["rule"] == 'ALARM("shop-waiting") AND NOT (OK("shop-waiting") OR ALARM("somebody-elses"))'
    assert one.needs() >= {Address("alarm", "shop-waiting")}


def test_the_dashboard_shows_what_the_stack_has() -> None:
    titles = _wanted({Address("database", "shop"): {}})["dashboard shop"].properties["order"]
    assert titles == ["about", "Alarms", "Database: processors (%)", "Database: connections"]


def test_a_web_address_is_not_shown() -> None:
    secret = "https://on-call.example.com/hook/1f3e"
    (name,) = (name for name in _wanted({}, subscriptions=[{"https": secret}]) if name.startswith("subscription"))
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
