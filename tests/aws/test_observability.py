# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack is watched by is found by itself, and what others watch it by is left alone."""

from __future__ import annotations

from typing import Any

from harness import Emulator


def _balancer(emulator: Emulator) -> str:
    """A load balancer of the stack; the end of its ARN."""
    emulator.must(
        "aws_load_balancer",
        {"stack": "shop", **emulator.own_network(), "listeners": [{"port": 80, "protocol": "HTTP"}]},
    )
    (one,) = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return str(one["LoadBalancerArn"]).partition("loadbalancer/")[2]


def _alarms(emulator: Emulator) -> dict[str, Any]:
    return {one["AlarmName"]: one for one in emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]}


def test_the_stacks_load_balancer_is_watched_without_being_named(emulator: Emulator) -> None:
    end = _balancer(emulator)
    emulator.must("aws_observability", {"stack": "shop"})
    slow = _alarms(emulator)["shop-load-balancer-latency"]
    assert slow["Dimensions"] == [{"Name": "LoadBalancer", "Value": end}]
    assert slow["ExtendedStatistic"] == "p99"
    (topic,) = emulator.client("sns").list_topics()["Topics"]
    assert slow["AlarmActions"] == [topic["TopicArn"]]


def test_a_network_load_balancer_beside_is_watched_where_it_measures_itself(emulator: Emulator) -> None:
    emulator.must("aws_network", {"stack": "shop"})
    network = {"type": "network", "listeners": [{"port": 80, "protocol": "TCP"}], "pools": {"protocol": "TCP"}}
    emulator.must("aws_load_balancer", {"stack": "shop", **network})
    emulator.must("aws_observability", {"stack": "shop"})
    alarms = _alarms(emulator)
    assert alarms["shop-load-balancer-unhealthy-blue"]["Namespace"] == "AWS/NetworkELB"
    assert alarms["shop-load-balancer-fail-open"]["Namespace"] == "AWS/NetworkELB"
    assert "shop-load-balancer-latency" not in alarms, "it would never have any data"


def test_what_has_the_stacks_name_and_not_its_mark_is_left_alone(emulator: Emulator) -> None:
    client = emulator.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName="shop-own",
        AlarmDescription="by hand",
        Namespace="Shop",
        MetricName="Waiting",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    emulator.client("logs").create_log_group(logGroupName="/shop/own")
    declared = {"stack": "shop", "deletion_protection": False}
    emulator.must("aws_observability", declared)
    gone = emulator.must("aws_observability", {**declared, "state": "absent"})
    assert gone["plan"] == ["- delete dashboard shop", "- delete alarm topic shop"]
    assert list(_alarms(emulator)) == ["shop-own"]

    waiting = {"name": "own", "metrics": {"a": {"namespace": "Shop", "metric": "Waiting"}}, "threshold": 1}
    refused = emulator.run_module("aws_observability", {**declared, "metric_alarms": [waiting]})
    assert "alarm shop-own exists already and does not belong to this stack" in refused["msg"]


def test_the_other_modules_find_the_alarm_topic(emulator: Emulator) -> None:
    emulator.must("aws_observability", {"stack": "shop"})
    (topic,) = emulator.client("sns").list_topics()["Topics"]
    emulator.must("aws_cost", {"stack": "shop", "monthly": 100})
    emulator.must("aws_security", {"stack": "shop", "inspector": ["EC2"]})
    emulator.must("aws_backup", {"stack": "shop", "rules": [{"name": "daily"}]})
    (target,) = emulator.client("events").list_targets_by_rule(Rule="shop-findings")["Targets"]
    told = emulator.client("backup").get_backup_vault_notifications(BackupVaultName="shop")["SNSTopicArn"]
    assert target["Arn"] == told == topic["TopicArn"]
