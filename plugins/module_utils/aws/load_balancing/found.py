# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer as AWS describes it, in the words of its declaration.

API: Elastic Load Balancing, version 2015-12-01, ``Describe*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...rollout.split import COLORS
from .. import roles
from ..resource import Address, Found
from ..session import Aws
from .declared import BALANCER, GUARD, LISTENER, NO_CONDITION, POOL, RULE, named, pool

_NO_POOL = ("TargetGroupNotFound", "TargetGroupNotFoundException")
_NO_BALANCER = ("LoadBalancerNotFound", "LoadBalancerNotFoundException")


def read(aws: Aws, targets: bool, guard: str, guarded: bool) -> Iterator[Found]:
    """The target groups, with their *targets* where asked for, the load balancer, its listeners and their rules.

    *guard* is the role by which AWS takes users back, of interest as a whole where it is *guarded*. Three calls deep.
    """
    whole, its_policy = roles.looks(aws, guard)
    role, document, pools, balancers = aws.together(
        whole, its_policy if guarded else dict, lambda: _pools(aws), lambda: _balancers(aws)
    )
    if role:
        yield roles.found(aws, named(GUARD, aws.stack), role, document)
    described = [*pools, *balancers]
    if not described:
        return
    tags, listeners, *attributes = aws.together(
        lambda: _tags(aws, described),
        lambda: [one for balancer in balancers for one in _listeners(aws, balancer["LoadBalancerArn"])],
        *(lambda one=one: _attributes(aws, one, targets) for one in described),
    )
    for one, its in zip(described, attributes):
        words = pool_in_words if "TargetGroupArn" in one else balancer_in_words
        yield replace(_known(aws, one, tags), properties=words(one, its))
    ours = {arn: aws.ours(its) for arn, its in tags.items()}
    yield from _found_listeners(aws, listeners, ours)


def split(found: Iterable[Found], stack: str) -> dict[str, int] | None:
    """The weights by color of the first action that forwards to both colors; None where none does."""
    arns = {color: pool(stack, color) for color in COLORS}
    ids = {one.address: one.ids["arn"] for one in found if one.address.kind == POOL}
    for one in found:
        weights = dict(map(tuple, one.properties.get("weights", ())))
        its = {color: weights.get(ids.get(address, "")) for color, address in arns.items()}
        if all(weight is not None for weight in its.values()) and any(its.values()):
            return its
    return None


def known(aws: Aws) -> Iterator[Found]:
    """The target groups and the load balancer, by their ids, and of which type it is."""
    pools, balancers = aws.together(lambda: _pools(aws), lambda: _balancers(aws))
    described = [*pools, *balancers]
    tags = _tags(aws, described) if described else {}
    for one in described:
        yield _known(aws, one, tags)


def _known(aws: Aws, one: Mapping[str, Any], tags: Mapping[str, Any]) -> Found:
    if arn := one.get("TargetGroupArn"):
        address, more, words = Address(POOL, one["TargetGroupName"]), {}, {}
    else:
        arn, address = one["LoadBalancerArn"], Address(BALANCER, one["LoadBalancerName"])
        more = {"dns_name": one["DNSName"], "zone": one.get("CanonicalHostedZoneId", "")}
        words = {"type": one["Type"]}
    ids = {"id": arn, "arn": arn, "suffix": arn.rpartition(":")[2].removeprefix("loadbalancer/"), **more}
    busy = one.get("State", {}).get("Code", "active")
    return Found(address, ids, words, aws.ours(tags.get(arn)), "" if busy == "active" else busy)


def _found_listeners(aws: Aws, listeners: list[dict[str, Any]], ours: Mapping[str, bool]) -> Iterator[Found]:
    rules = aws.together(*(lambda one=one: _rules(aws, one["ListenerArn"]) for one in listeners))
    for listener, its in zip(listeners, rules):
        arn, balancer = listener["ListenerArn"], listener["LoadBalancerArn"]
        address = Address(LISTENER, f"{named(BALANCER, aws.stack).name}:{listener['Port']}")
        mine = ours.get(balancer, False)
        yield Found(address, {"id": arn, "arn": arn}, listener_in_words(listener), mine)
        for rule in its:
            if not rule["IsDefault"]:
                name = f"{address.name}#{rule['Priority']}"
                ids = {"id": rule["RuleArn"], "arn": rule["RuleArn"]}
                yield Found(Address(RULE, name), ids, {"listener": arn, **rule_in_words(rule)}, mine)


# -- words -----------------------------------------------------------------------------------


def pool_in_words(one: Mapping[str, Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """A target group as its declaration would say it."""
    health = {
        "protocol": one["HealthCheckProtocol"],
        "path": one.get("HealthCheckPath"),
        "codes": one.get("Matcher", {}).get("HttpCode"),
        "interval": one["HealthCheckIntervalSeconds"],
        "timeout": one["HealthCheckTimeoutSeconds"],
        "healthy_threshold": one["HealthyThresholdCount"],
        "unhealthy_threshold": one["UnhealthyThresholdCount"],
    }
    sticky = attributes.get("stickiness.enabled") == "true"
    return {
        "protocol": one["Protocol"],
        "port": one["Port"],
        "target_type": one["TargetType"],
        "vpc": one["VpcId"],
        "health": {key: value for key, value in health.items() if value is not None},
        "deregistration_delay": int(attributes.get("deregistration_delay.timeout_seconds", 300)),
        "slow_start": int(attributes.get("slow_start.duration_seconds", 0)),
        "stickiness": int(attributes.get("stickiness.lb_cookie.duration_seconds", 86400)) if sticky else 0,
        **({"targets": frozenset(attributes["targets"])} if "targets" in attributes else {}),
    }


def balancer_in_words(one: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, Any]:
    """A load balancer as its declaration would say it."""
    logs: Any = False
    if attributes.get("access_logs.s3.enabled") == "true":
        logs = {
            "bucket": attributes.get("access_logs.s3.bucket", ""),
            "prefix": attributes.get("access_logs.s3.prefix", ""),
        }
    return {
        "type": one["Type"],
        "scheme": one["Scheme"],
        "subnets": frozenset(zone["SubnetId"] for zone in one["AvailabilityZones"]),
        "security_groups": frozenset(one.get("SecurityGroups", ())),
        "deletion_protection": attributes.get("deletion_protection.enabled") == "true",
        "access_logs": logs,
        "idle_timeout": int(attributes.get("idle_timeout.timeout_seconds", 60)),
        "drop_invalid_headers": attributes.get("routing.http.drop_invalid_header_fields.enabled") == "true",
    }


def listener_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A listener as its declaration would say it."""
    words = {
        "balancer": one["LoadBalancerArn"],
        "port": one["Port"],
        "protocol": one["Protocol"],
        **_target_in_words(one["DefaultActions"]),
    }
    if one.get("Certificates"):
        words |= {"certificate": one["Certificates"][0]["CertificateArn"], "tls_policy": one.get("SslPolicy")}
    return words


def rule_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """A listener's rule as its declaration would say it."""
    words: dict[str, Any] = {**NO_CONDITION, "priority": int(one["Priority"]), **_target_in_words(one["Actions"])}
    for condition in one["Conditions"]:
        field = condition["Field"]
        if field == "path-pattern":
            words["paths"] = frozenset(_patterns(condition.get("PathPatternConfig", condition)))
        elif field == "host-header":
            words["hosts"] = frozenset(_patterns(condition.get("HostHeaderConfig", condition)))
        elif field == "source-ip":
            words["from"] = frozenset(condition["SourceIpConfig"]["Values"])
        elif field == "http-header":
            config = condition["HttpHeaderConfig"]
            words["header"] = {"name": config["HttpHeaderName"], "values": _patterns(config)}
        else:
            words["other_conditions"] |= {field}
    return words


def _patterns(config: Mapping[str, Any]) -> list[str]:
    """What a condition compares with; regular expressions, which nobody can declare here, are somebody else's."""
    return [*config.get("Values", ()), *config.get("RegexValues", ())]


def _target_in_words(actions: list[dict[str, Any]]) -> dict[str, Any]:
    action = actions[-1]
    if action["Type"] == "redirect":
        return {"redirect": action["RedirectConfig"].get("Protocol", "").lower()}
    if action["Type"] == "fixed-response":
        config = action["FixedResponseConfig"]
        return {"response": {"status": int(config["StatusCode"]), "body": config.get("MessageBody", "")}}
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
    groups = config["TargetGroups"]
    sticky = config.get("TargetGroupStickinessConfig") or {}
    return {
        "pools": frozenset(group["TargetGroupArn"] for group in groups),
        "weights": [[group["TargetGroupArn"], group.get("Weight", 1)] for group in groups],
        "stickiness": int(sticky.get("DurationSeconds", 0)) if sticky.get("Enabled") else 0,
    }


# -- calls -----------------------------------------------------------------------------------


def _pools(aws: Aws) -> list[dict[str, Any]]:
    names = [pool(aws.stack, color).name for color in COLORS]
    both = list(aws.pages("elbv2", "describe_target_groups", "TargetGroups", *_NO_POOL, Names=names))
    if both:
        return both
    # When one name is missing, AWS gives none of the others either.
    each = [aws.pages("elbv2", "describe_target_groups", "TargetGroups", *_NO_POOL, Names=[name]) for name in names]
    return [one for some in each for one in some]


def _balancers(aws: Aws) -> list[dict[str, Any]]:
    name = named(BALANCER, aws.stack).name
    return list(aws.pages("elbv2", "describe_load_balancers", "LoadBalancers", *_NO_BALANCER, Names=[name]))


def _listeners(aws: Aws, arn: str) -> list[dict[str, Any]]:
    return list(aws.pages("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn))


def _rules(aws: Aws, arn: str) -> list[dict[str, Any]]:
    return list(aws.pages("elbv2", "describe_rules", "Rules", ListenerArn=arn))


def _tags(aws: Aws, described: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    arns = [one.get("TargetGroupArn") or one["LoadBalancerArn"] for one in described]
    described = aws.call("elbv2", "describe_tags", ResourceArns=arns)["TagDescriptions"]
    return {one["ResourceArn"]: one["Tags"] for one in described}


def _attributes(aws: Aws, one: Mapping[str, Any], targets: bool) -> dict[str, Any]:
    if "TargetGroupArn" not in one:
        answer = aws.call("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=one["LoadBalancerArn"])
        return {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
    group = {"TargetGroupArn": one["TargetGroupArn"]}
    answer = aws.call("elbv2", "describe_target_group_attributes", **group)
    found: dict[str, Any] = {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
    if targets:
        health = aws.call("elbv2", "describe_target_health", **group)["TargetHealthDescriptions"]
        found["targets"] = [
            f"{its['Target']['Id']}:{its['Target']['Port']}"
            for its in health
            if its["TargetHealth"]["State"] != "draining"
        ]
    return found
