# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a load balancer and what belongs to it are made, changed and removed.

API: Elastic Load Balancing, version 2015-12-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..resource import Found, Wanted
from ..roles import Role
from ..session import Aws
from .declared import BALANCER, GUARD, LISTENER, NO_CONDITION, POOL, RULE

_POOL_ATTRIBUTES = {
    "deregistration_delay": "deregistration_delay.timeout_seconds",
    "slow_start": "slow_start.duration_seconds",
}
_BALANCER_ATTRIBUTES = {
    "deletion_protection": "deletion_protection.enabled",
    "idle_timeout": "idle_timeout.timeout_seconds",
    "drop_invalid_headers": "routing.http.drop_invalid_header_fields.enabled",
}


class _Elb:
    """What the kinds of this concern share."""

    precious = False
    fixed: frozenset[str] = frozenset()
    held_by: frozenset[str] = frozenset()

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def call(self, operation: str, *absent: str, **parameters: Any) -> dict[str, Any]:
        return self.aws.call("elbv2", operation, *absent, **parameters)

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return (
            ids  # each can be built on at once; what needs a balancer in service is a rollout, which reads its health
        )


class GuardRole(Role):
    """By which AWS takes users back when nobody confirms a step of a rollout."""

    name = GUARD
    precious = False


class TargetGroup(_Elb):
    """One color's pool. Removed only when that was declared: users' requests may be in it."""

    name = POOL
    fixed = frozenset({"protocol", "port", "target_type", "vpc"})
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
    held_by = frozenset({LISTENER, RULE})
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        made = self.call(
            "create_target_group",
            Name=wanted.address.name,
            Protocol=properties["protocol"],
            Port=properties["port"],
            VpcId=properties["vpc"],
            TargetType=properties["target_type"],
            Tags=self.aws.tags(wanted.address.name),
            **_health(properties["health"]),
        )["TargetGroups"][0]
        arn = made["TargetGroupArn"]
        self._attributes(arn, properties, frozenset({"deregistration_delay", "slow_start", "stickiness"}))
        self._bring(arn, properties.get("targets", frozenset()), frozenset())
        return {"id": arn, "arn": arn, "suffix": arn.rpartition(":")[2]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        if "targets" in changed:
            self._bring(found.ids["arn"], wanted.properties["targets"], found.properties.get("targets", frozenset()))
        if "health" in changed:
            self.call("modify_target_group", TargetGroupArn=found.ids["arn"], **_health(wanted.properties["health"]))
        self._attributes(found.ids["arn"], wanted.properties, changed)

    def delete(self, found: Found) -> None:
        self.call("delete_target_group", "TargetGroupNotFound", TargetGroupArn=found.ids["arn"])

    def _bring(self, arn: str, wanted: AbstractSet[str], there: AbstractSet[str]) -> None:
        for operation, targets in (("register_targets", wanted - there), ("deregister_targets", there - wanted)):
            if targets:
                pairs = [one.rpartition(":") for one in sorted(targets)]
                described = [{"Id": its_id, "Port": int(port)} for its_id, _colon, port in pairs]
                self.call(operation, TargetGroupArn=arn, Targets=described)

    def _attributes(self, arn: str, properties: Mapping[str, Any], changed: AbstractSet[str]) -> None:
        attributes = _pairs(_POOL_ATTRIBUTES, properties, changed)
        if "stickiness" in changed and "stickiness" in properties:
            seconds = properties["stickiness"]
            attributes.append({"Key": "stickiness.enabled", "Value": _text(seconds > 0)})
            if seconds:
                attributes += [
                    {"Key": "stickiness.type", "Value": "lb_cookie"},
                    {"Key": "stickiness.lb_cookie.duration_seconds", "Value": str(seconds)},
                ]
        if attributes:
            self.call("modify_target_group_attributes", TargetGroupArn=arn, Attributes=attributes)


class LoadBalancer(_Elb):
    """The load balancer itself: its DNS name goes with it."""

    name = BALANCER
    fixed = frozenset({"type", "scheme"})
    precious = True

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        groups = {"SecurityGroups": sorted(properties["security_groups"])} if "security_groups" in properties else {}
        made = self.call(
            "create_load_balancer",
            Name=wanted.address.name,
            Type=properties["type"],
            Scheme=properties["scheme"],
            Subnets=sorted(properties["subnets"]),
            Tags=self.aws.tags(wanted.address.name),
            **groups,
        )["LoadBalancers"][0]
        arn = made["LoadBalancerArn"]
        self._attributes(arn, properties, frozenset(properties))
        return {
            "id": arn,
            "arn": arn,
            "suffix": arn.rpartition(":")[2].removeprefix("loadbalancer/"),
            "dns_name": made["DNSName"],
            "zone": made.get("CanonicalHostedZoneId", ""),
        }

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        arn, properties = found.ids["arn"], wanted.properties
        if "subnets" in changed:
            self.call("set_subnets", LoadBalancerArn=arn, Subnets=sorted(properties["subnets"]))
        if "security_groups" in changed:
            self.call("set_security_groups", LoadBalancerArn=arn, SecurityGroups=sorted(properties["security_groups"]))
        self._attributes(arn, properties, changed)

    def delete(self, found: Found) -> None:
        arn = found.ids["arn"]
        if found.properties["deletion_protection"]:
            self._attributes(arn, {"deletion_protection": False}, frozenset({"deletion_protection"}))
        self.call("delete_load_balancer", LoadBalancerArn=arn)
        with self.aws.waiting(f"{found.address} to be gone"):
            self.aws.client("elbv2").get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[arn])

    def _attributes(self, arn: str, properties: Mapping[str, Any], changed: AbstractSet[str]) -> None:
        attributes = _pairs(_BALANCER_ATTRIBUTES, properties, changed)
        if "access_logs" in changed and "access_logs" in properties:
            logs = properties["access_logs"]
            attributes.append({"Key": "access_logs.s3.enabled", "Value": _text(bool(logs))})
            for key, value in (logs or {}).items():
                attributes.append({"Key": f"access_logs.s3.{key}", "Value": value})
        if attributes:
            self.call("modify_load_balancer_attributes", LoadBalancerArn=arn, Attributes=attributes)


class Listener(_Elb):
    """A port of the load balancer. What it forwards to keeps the weights that a rollout gave it."""

    name = LISTENER
    fixed = frozenset({"balancer"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        made = self.call(
            "create_listener",
            LoadBalancerArn=properties["balancer"],
            Port=properties["port"],
            Protocol=properties["protocol"],
            DefaultActions=_actions(properties, wanted.once["weights"]),
            Tags=self.aws.tags(wanted.address.name),
            **_tls(properties),
        )["Listeners"][0]
        return {"id": made["ListenerArn"], "arn": made["ListenerArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        parameters: dict[str, Any] = {}
        if changed & {"pools", "stickiness", "redirect"}:
            weights = found.properties.get("weights") or wanted.once["weights"]
            parameters["DefaultActions"] = _actions(wanted.properties, weights)
        if changed & {"protocol", "certificate", "tls_policy"}:
            parameters |= {"Protocol": wanted.properties["protocol"], **_tls(wanted.properties)}
        self.call("modify_listener", ListenerArn=found.ids["arn"], **parameters)

    def delete(self, found: Found) -> None:
        self.call("delete_listener", "ListenerNotFound", ListenerArn=found.ids["arn"])


class ListenerRule(_Elb):
    """Where some of a listener's requests go instead."""

    name = RULE
    fixed = frozenset({"listener"})

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        properties = wanted.properties
        made = self.call(
            "create_rule",
            ListenerArn=properties["listener"],
            Priority=properties["priority"],
            Conditions=_conditions(properties),
            Actions=_actions(properties, wanted.once["weights"]),
            Tags=self.aws.tags(wanted.address.name),
        )["Rules"][0]
        return {"id": made["RuleArn"], "arn": made["RuleArn"]}

    def change(self, found: Found, wanted: Wanted, changed: AbstractSet[str]) -> None:
        parameters: dict[str, Any] = {}
        if changed & {"pools", "stickiness", "redirect", "response"}:
            weights = found.properties.get("weights") or wanted.once["weights"]
            parameters["Actions"] = _actions(wanted.properties, weights)
        if changed & NO_CONDITION.keys():
            parameters["Conditions"] = _conditions(wanted.properties)
        self.call("modify_rule", RuleArn=found.ids["arn"], **parameters)

    def delete(self, found: Found) -> None:
        self.call("delete_rule", "RuleNotFound", RuleArn=found.ids["arn"])


# -- parameters ------------------------------------------------------------------------------


def _health(health: Mapping[str, Any]) -> dict[str, Any]:
    parameters = {
        "HealthCheckProtocol": health["protocol"],
        "HealthCheckIntervalSeconds": health["interval"],
        "HealthCheckTimeoutSeconds": health["timeout"],
        "HealthyThresholdCount": health["healthy_threshold"],
        "UnhealthyThresholdCount": health["unhealthy_threshold"],
    }
    if "path" in health:
        parameters |= {"HealthCheckPath": health["path"], "Matcher": {"HttpCode": health["codes"]}}
    return parameters


def _actions(properties: Mapping[str, Any], weights: list[list[Any]]) -> list[dict[str, Any]]:
    if "redirect" in properties:
        config = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
        return [{"Type": "redirect", "RedirectConfig": config}]
    if "response" in properties:
        response = properties["response"]
        config = {"StatusCode": str(response["status"]), "MessageBody": response["body"], "ContentType": "text/plain"}
        return [{"Type": "fixed-response", "FixedResponseConfig": config}]
    known = dict(map(tuple, weights))
    arns = sorted(properties["pools"])
    groups = [{"TargetGroupArn": arn, "Weight": 100 if len(arns) == 1 else known.get(arn, 0)} for arn in arns]
    forward: dict[str, Any] = {"TargetGroups": groups}
    if "stickiness" in properties:
        seconds = properties["stickiness"]
        sticky = {"Enabled": seconds > 0, **({"DurationSeconds": seconds} if seconds else {})}
        forward["TargetGroupStickinessConfig"] = sticky
    return [{"Type": "forward", "ForwardConfig": forward}]


def _conditions(properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    conditions = [
        {"Field": field, config: {"Values": sorted(properties[key])}}
        for key, field, config in (
            ("paths", "path-pattern", "PathPatternConfig"),
            ("hosts", "host-header", "HostHeaderConfig"),
            ("from", "source-ip", "SourceIpConfig"),
        )
        if properties[key]
    ]
    if header := properties["header"]:
        config = {"HttpHeaderName": header["name"], "Values": header["values"]}
        conditions.append({"Field": "http-header", "HttpHeaderConfig": config})
    return conditions


def _tls(properties: Mapping[str, Any]) -> dict[str, Any]:
    if "certificate" not in properties:
        return {}
    return {"Certificates": [{"CertificateArn": properties["certificate"]}], "SslPolicy": properties["tls_policy"]}


def _pairs(keys: Mapping[str, str], properties: Mapping[str, Any], changed: AbstractSet[str]) -> list[dict[str, str]]:
    return [{"Key": keys[key], "Value": _text(properties[key])} for key in keys if key in changed and key in properties]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
