# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a declared load balancer beyond its types: what AWS would refuse in the middle of a run.

Ranges: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/ (CreateTargetGroup, CreateListener,
CreateRule, TargetGroupAttribute, LoadBalancerAttribute).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...rollout.split import COLORS

_PROTOCOLS = {"application": ("HTTP", "HTTPS"), "network": ("TCP", "TLS")}
_HEALTH = {"interval": (5, 300), "timeout": (2, 120), "healthy_threshold": (2, 10), "unhealthy_threshold": (2, 10)}
_POOLS = {"port": (1, 65535), "deregistration_delay": (0, 3600), "stickiness": (0, 604800), "slow_start": (0, 900)}
_LEAST_SLOW_START = 30
_PRIORITIES = (1, 50000)
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:(acm|iam):.+")


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration; empty when nothing is."""
    if not declared["listeners"]:
        return ["listeners: expected at least one, but found none"]
    wrong = [*_ports(declared), *_pools(declared), *_within("idle_timeout", declared["idle_timeout"], (1, 4000))]
    for listener in declared["listeners"]:
        wrong += [f"listeners: port {listener['port']}: {told}" for told in _listener(listener, declared)]
    return wrong


def _ports(declared: Mapping[str, Any]) -> Iterator[str]:
    ports = [listener["port"] for listener in declared["listeners"]]
    for port in sorted(set(ports)):
        if ports.count(port) > 1:
            yield f"listeners: expected each port once, but found {port} twice"
        yield from _within("listeners.port", port, _POOLS["port"])


def _pools(declared: Mapping[str, Any]) -> Iterator[str]:
    pools, health, protocols = declared["pools"], declared["pools"]["health"], _PROTOCOLS[declared["type"]]
    if pools["protocol"] not in protocols:
        yield f"pools.protocol: {_expected(protocols, declared)}, but found {pools['protocol']}"
    for key, limits in _POOLS.items():
        yield from _within(f"pools.{key}", pools[key], limits)
    if 0 < pools["slow_start"] < _LEAST_SLOW_START:
        yield f"pools.slow_start: expected 0, or {_LEAST_SLOW_START} s or more, but found {pools['slow_start']}"
    for key, limits in _HEALTH.items():
        yield from _within(f"pools.health.{key}", health[key], limits)
    if health["timeout"] >= health["interval"]:
        yield f"pools.health.timeout: expected below the interval, but found {health['timeout']} s"
    if not health["path"].startswith("/"):
        yield f"pools.health.path: expected one that begins with /, but found {health['path']!r}"
    if health["protocol"] == "TCP" and declared["type"] == "application":
        yield "pools.health.protocol: expected HTTP or HTTPS for an application load balancer, but found TCP"


def _listener(listener: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    protocols, certificate = _PROTOCOLS[declared["type"]], listener["certificate"]
    if listener["protocol"] not in protocols:
        yield f"protocol: {_expected(protocols, declared)}, but found {listener['protocol']}"
    if certificate and not _CERTIFICATE.fullmatch(certificate):
        yield f"certificate: expected the ARN of one of ACM's or IAM's, but found {certificate!r}"
    if declared["type"] == "network" and (listener["rules"] or listener["to"] == "https"):
        yield "rules, to: expected neither rules nor to https for a network load balancer, which only forwards"
    if listener["protocol"] == "HTTPS" and "https" in (listener["to"], *(rule["to"] for rule in listener["rules"])):
        yield "to: expected pools on a listener for HTTPS, for https would send users round in a circle"
    yield from _rules(listener["rules"], bool(declared["testers"]))


def _rules(rules: Sequence[Mapping[str, Any]], testers: bool) -> Iterator[str]:
    priorities = [rule["priority"] for rule in rules]
    for priority in sorted(set(priorities)):
        yield from _within("rules.priority", priority, _PRIORITIES)
        if priorities.count(priority) > 1:
            yield f"rules.priority: expected each once, but found {priority} twice"
        if testers and priority <= len(COLORS):
            yield f"rules.priority: expected above {len(COLORS)}, for testers have the first ones, but found {priority}"
    for rule in rules:
        if not rule["paths"] and not rule["hosts"]:
            yield f"rules: expected paths or hosts for priority {rule['priority']}, but found neither"
        if rule["to"] == "response":
            yield from _within("rules.status", rule["status"], (200, 599))


def _expected(protocols: Sequence[str], declared: Mapping[str, Any]) -> str:
    return f"expected {' or '.join(protocols)} for type {declared['type']}"


def _within(option: str, value: int, limits: tuple[int, int]) -> Iterator[str]:
    if not limits[0] <= value <= limits[1]:
        yield f"{option}: expected {limits[0]} to {limits[1]}, but found {value}"
