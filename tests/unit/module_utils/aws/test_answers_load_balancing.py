# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer where AWS answers as no emulator does, and what of it is rarely changed."""

from __future__ import annotations

import pytest
from a_vendor import gives, refuses, vendor
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing import declared as declaration
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.declared import (
    BALANCER,
    NO_CONDITION,
    POOL,
    RULE,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.found import read
from ansible_collections.seamless.delivery.plugins.module_utils.aws.load_balancing.kinds import (
    ListenerRule,
    LoadBalancer,
    TargetGroup,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import STACK_TAG, Address, Found, Wanted

PREFIX = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"
ARN, LISTENER_ARN = f"{PREFIX}:loadbalancer/app/shop/1", f"{PREFIX}:listener/app/shop/1/2"
BLUE, GREEN = f"{PREFIX}:targetgroup/shop-blue/3", f"{PREFIX}:targetgroup/shop-green/4"
RULE_ARN = f"{PREFIX}:listener-rule/app/shop/1/2/5"
BALANCING, RULING = Address(BALANCER, "shop"), Address(RULE, "shop:80#7")
FORWARDS = {
    "Type": "forward",
    "ForwardConfig": {
        "TargetGroups": [{"TargetGroupArn": BLUE, "Weight": 90}, {"TargetGroupArn": GREEN, "Weight": 10}],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
    },
}
RULED = {
    **NO_CONDITION,
    "paths": frozenset({"/b", "/a"}),
    "pools": frozenset({BLUE, GREEN}),
    "stickiness": 60,
    "weights": [[BLUE, 90], [GREEN, 10]],
}


# -- what is changed -------------------------------------------------------------------------


@pytest.mark.parametrize("protected", [False, True])
def test_a_load_balancers_protection_is_taken_away_where_there_is_any(protected):
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    answers = (
        *(
            [gives("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=ARN, Attributes=off)]
            if protected
            else []
        ),
        gives("elbv2", "delete_load_balancer", LoadBalancerArn=ARN),
        refuses("elbv2", "describe_load_balancers", "LoadBalancerNotFound", LoadBalancerArns=[ARN]),
    )
    with vendor(*answers) as aws:
        LoadBalancer(aws).delete(Found(BALANCING, {"arn": ARN}, {"deletion_protection": protected}))


@pytest.mark.parametrize(
    ("logs", "attributes"),
    [
        (
            {"bucket": "my-logs", "prefix": "shop"},
            [
                {"Key": "access_logs.s3.enabled", "Value": "true"},
                {"Key": "access_logs.s3.bucket", "Value": "my-logs"},
                {"Key": "access_logs.s3.prefix", "Value": "shop"},
            ],
        ),
        (False, [{"Key": "access_logs.s3.enabled", "Value": "false"}]),
    ],
)
def test_access_logs_go_on_and_off(logs, attributes):
    asked = gives("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=ARN, Attributes=attributes)
    with vendor(asked) as aws:
        wanted = Wanted(BALANCING, {"access_logs": logs, "idle_timeout": 60})
        LoadBalancer(aws).change(Found(BALANCING, {"arn": ARN}, {}), wanted, {"access_logs"})


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        ({"stickiness": 60}, {"Actions": [FORWARDS]}),
        (
            {"paths": frozenset({"/c", "/a"})},
            {"Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a", "/c"]}}]},
        ),
        (
            {
                "paths": frozenset(),
                "header": {"name": "X-Color", "values": ["green"]},
                "from": frozenset({"192.0.2.0/24"}),
                "stickiness": 60,
            },
            {
                "Actions": [FORWARDS],
                "Conditions": [
                    {"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24"]}},
                    {
                        "Field": "http-header",
                        "HttpHeaderConfig": {"HttpHeaderName": "X-Color", "Values": ["green"]},
                    },
                ],
            },
        ),
    ],
)
def test_a_rule_keeps_the_weights_of_a_rollout_and_what_did_not_change(after, asked):
    before = {**RULED, "stickiness": 0}
    wanted = Wanted(RULING, {**RULED, **after}, once={"weights": [[BLUE, 0], [GREEN, 100]]})
    with vendor(gives("elbv2", "modify_rule", RuleArn=RULE_ARN, **asked)) as aws:
        ListenerRule(aws).change(Found(RULING, {"arn": RULE_ARN}, before), wanted, set(after))


def test_a_rule_answers_by_itself_where_that_is_declared():
    listeners = [
        {
            "port": 80,
            "protocol": "HTTP",
            "rules": [{"priority": 7, "paths": ["/old"], "to": "response", "status": 410, "body": "gone"}],
        }
    ]
    given = {"listeners": listeners, "vpc": "vpc-1", "subnets": ["subnet-1", "subnet-2"], "security_groups": ["sg-1"]}
    validated = ArgumentSpecValidator(declaration.ARGUMENTS).validate(given)
    assert not validated.error_messages
    all_of_them = declaration.wanted("shop", validated.validated_parameters, [], True, {"blue": 100, "green": 0})
    (one,) = [one for one in all_of_them if one.address == RULING]
    assert "pools" not in one.properties
    response = {"StatusCode": "410", "MessageBody": "gone", "ContentType": "text/plain"}
    made = gives(
        "elbv2",
        "create_rule",
        {"Rules": [{"RuleArn": RULE_ARN}]},
        ListenerArn=LISTENER_ARN,
        Priority=7,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old"]}}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": response}],
        Tags=[{"Key": "Name", "Value": "shop:80#7"}, {"Key": STACK_TAG, "Value": "shop"}],
    )
    with vendor(made) as aws:
        resolved = Wanted(RULING, {**one.properties, "listener": LISTENER_ARN}, one.once)
        assert ListenerRule(aws).create(resolved) == {"id": RULE_ARN, "arn": RULE_ARN}


@pytest.mark.parametrize("protocol", ["TCP", "HTTP"])
def test_a_connection_alone_is_checked_without_a_path(protocol):
    path = {} if protocol == "TCP" else {"path": "/ready", "codes": "200-299"}
    health = {"protocol": protocol, "interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 3}
    asked = gives(
        "elbv2",
        "modify_target_group",
        TargetGroupArn=BLUE,
        HealthCheckProtocol=protocol,
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=3,
        **({"HealthCheckPath": "/ready", "Matcher": {"HttpCode": "200-299"}} if path else {}),
    )
    address = Address(POOL, "shop-blue")
    with vendor(asked) as aws:
        wanted = Wanted(address, {"health": {**health, **path}})
        TargetGroup(aws).change(Found(address, {"arn": BLUE}, {}), wanted, {"health"})


# -- what is there ---------------------------------------------------------------------------


def what_there_is(tags, attributes, rules):
    balancer = {"LoadBalancerArn": ARN, "LoadBalancerName": "shop", "DNSName": "shop.example", "Type": "application"}
    place = {"Scheme": "internal", "AvailabilityZones": [{"SubnetId": "subnet-1"}], "State": {"Code": "active"}}
    listener = {"ListenerArn": LISTENER_ARN, "LoadBalancerArn": ARN, "Port": 80, "Protocol": "HTTP"}
    no_pool = "TargetGroupNotFound"
    answers = (
        refuses("iam", "get_role", "NoSuchEntity", RoleName="shop-guard-eu-central-1"),
        refuses("elbv2", "describe_target_groups", no_pool, Names=["shop-blue", "shop-green"]),
        refuses("elbv2", "describe_target_groups", no_pool, Names=["shop-blue"]),
        refuses("elbv2", "describe_target_groups", no_pool, Names=["shop-green"]),
        gives("elbv2", "describe_load_balancers", {"LoadBalancers": [{**balancer, **place}]}, Names=["shop"]),
        gives("elbv2", "describe_tags", {"TagDescriptions": [{"ResourceArn": ARN, "Tags": tags}]}, ResourceArns=[ARN]),
        gives("elbv2", "describe_listeners", {"Listeners": [{**listener, "DefaultActions": [FORWARDS]}]}),
        gives("elbv2", "describe_load_balancer_attributes", {"Attributes": attributes}, LoadBalancerArn=ARN),
        gives("elbv2", "describe_rules", {"Rules": rules}, ListenerArn=LISTENER_ARN),
    )
    with vendor(*answers) as aws:
        found = read(aws, targets=False, guard="shop-guard-eu-central-1", guarded=False)
        return {str(one.address): one for one in found}


OURS = [{"Key": STACK_TAG, "Value": "shop"}]


@pytest.mark.parametrize(
    ("attributes", "logs"),
    [
        (
            {"enabled": "true", "bucket": "my-logs", "prefix": "shop"},
            {"bucket": "my-logs", "prefix": "shop"},
        ),
        ({"enabled": "true", "bucket": "my-logs"}, {"bucket": "my-logs", "prefix": ""}),
        # AWS remembers where logs went that are off.
        ({"enabled": "false", "bucket": "my-logs", "prefix": "shop"}, False),
    ],
)
def test_access_logs_are_read_as_they_are_declared(attributes, logs):
    told = [{"Key": f"access_logs.s3.{key}", "Value": value} for key, value in attributes.items()]
    assert what_there_is(OURS, told, [])["load balancer shop"].properties["access_logs"] == logs


def rule(priority, action, **condition):
    its = {"RuleArn": f"{RULE_ARN}{priority}", "IsDefault": priority == "default", "Priority": priority}
    return {**its, "Conditions": [condition] if condition else [], "Actions": [action]}


@pytest.mark.parametrize(
    ("tags", "ours"),
    [(OURS, True), ([{"Key": STACK_TAG, "Value": "other"}], False), ([{"Key": "Name", "Value": "shop"}], False)],
)
def test_rules_are_read_as_they_are_declared_and_belong_to_whom_the_load_balancer_does(tags, ours):
    config = {"StatusCode": "410", "MessageBody": "gone", "ContentType": "text/plain"}
    answers_itself = {"Type": "fixed-response", "FixedResponseConfig": config}
    rules = [
        rule("7", answers_itself, Field="host-header", HostHeaderConfig={"Values": ["old.example", "older.example"]}),
        rule("8", FORWARDS, Field="host-header", Values=["by.example"]),
        rule("default", FORWARDS),
    ]
    found = what_there_is(tags, [], rules)
    assert {name: one.ours for name, one in found.items()} == dict.fromkeys(
        ("load balancer shop", "listener shop:80", "listener rule shop:80#7", "listener rule shop:80#8"), ours
    )
    assert found["listener rule shop:80#7"].properties == {
        **NO_CONDITION,
        "listener": LISTENER_ARN,
        "priority": 7,
        "hosts": frozenset({"old.example", "older.example"}),
        "response": {"status": 410, "body": "gone"},
    }
    assert found["listener rule shop:80#8"].properties["hosts"] == frozenset({"by.example"})


def test_a_condition_of_a_sort_that_cannot_be_declared_is_seen_and_hides_no_other():
    query = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "beta", "Value": "1"}]}}
    path = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}
    made_by_hand = {**rule("7", FORWARDS), "Conditions": [query, path]}
    words = what_there_is(OURS, [], [made_by_hand])["listener rule shop:80#7"].properties
    assert (words["paths"], words["hosts"]) == (frozenset({"/a"}), frozenset())
    assert words["other_conditions"] == frozenset({"query-string"}), "no run of the stack leaves it there"
    assert words["weights"] == [[BLUE, 90], [GREEN, 10]]


@pytest.mark.parametrize(
    ("field", "config", "word", "found"),
    [
        ("path-pattern", "PathPatternConfig", "paths", frozenset({"^/a"})),
        ("host-header", "HostHeaderConfig", "hosts", frozenset({"^/a"})),
    ],
)
def test_a_rule_by_hand_with_regular_expressions_can_be_read(field, config, word, found):
    made_by_hand = {**rule("7", FORWARDS), "Conditions": [{"Field": field, config: {"RegexValues": ["^/a"]}}]}
    assert what_there_is(OURS, [], [made_by_hand])["listener rule shop:80#7"].properties[word] == found
