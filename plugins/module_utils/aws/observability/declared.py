# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What watches a stack, as it is declared: who is told, alarms, logs with what they count, and a dashboard."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlsplit

from ..declared import named
from ..resource import Address, Wanted
from . import alarms, sources
from .builtin import SETS
from .dashboard import DASHBOARD, dashboard
from .sources import CDN, CDN_REGION

TOPIC, SUBSCRIPTION, GROUP, FILTER = "alarm topic", "subscription", "log group", "metric filter"
# What the topic tells of, besides itself.
SUBSCRIPTIONS, DASHBOARDS, LOGS = "subscriptions", "dashboard", "logs"

#: The services that may tell the topic something (besides people who may publish by their own permissions).
PUBLISHERS = frozenset({"cloudwatch", "budgets", "costalerts", "events", "backup"})

#: The days for which logs can be kept (``PutRetentionPolicy``); 0 for ever.
# fmt: off
RETENTION = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)
# fmt: on

_PROTOCOLS = ("email", "https", "lambda", "sms", "sqs")
_FILTER = {
    "name": {"type": "str", "required": True},
    "pattern": {"type": "str", "required": True},
    "value": {"type": "str", "default": "1"},
    "default": {"type": "float"},
    "unit": {"type": "str", "default": "None"},
    "dimensions": {"type": "dict", "default": {}},
}

#: The options of ``aws_observability``, and of ``observability`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "topic": {"type": "str"},
    "kms_key": {"type": "str", "default": "", "no_log": False},
    "subscriptions": {
        "type": "list",
        "elements": "dict",
        "default": [],
        # An address on the web is often a secret in itself: who knows it can raise an alarm.
        "options": {protocol: {"type": "str", "no_log": protocol == "https"} for protocol in _PROTOCOLS},
        "mutually_exclusive": [_PROTOCOLS],
        "required_one_of": [_PROTOCOLS],
    },
    "alarms": {"type": "list", "elements": "str", "choices": list(SETS)},
    "overrides": {"type": "dict", "default": {}},
    "metric_alarms": {"type": "list", "elements": "dict", "options": alarms.DECLARED, "default": []},
    "users_hurt": {"type": "bool", "default": True},
    "composite_alarms": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "rule": {"type": "str", "required": True},
            "description": {"type": "str", "default": ""},
            "actions": {"type": "list", "elements": "str"},
        },
    },
    "log_groups": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "retention_days": {"type": "int", "default": 30},
            "filters": {"type": "list", "elements": "dict", "options": _FILTER, "default": []},
        },
    },
    "dashboard": {"type": "bool", "default": True},
    "resources": {"type": "dict", "options": sources.ARGUMENTS, "apply_defaults": True},
}


def sorts(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is *declared* of each sort of parts that the alarm topic tells of."""
    options = {SUBSCRIPTIONS: "subscriptions", DASHBOARDS: "dashboard", LOGS: "log_groups"}
    return {sort: declared.get(option) for sort, option in options.items()}


def wanted(
    stack: str,
    declared: Mapping[str, Any],
    others: Collection[Address],
    region: str,
    has: AbstractSet[str] = frozenset(),
) -> Iterator[Wanted]:
    """The resources that watch a stack, as *declared* by :data:`ARGUMENTS`. Raises StackError for what is not there.

    *has* is what the topic is to tell of its parts.
    """
    topic = named(TOPIC, stack)
    told: Any = declared["topic"] or topic.ref("arn")
    if not declared["topic"]:
        yield Wanted(topic, {"kms_key": declared["kms_key"], "publishers": PUBLISHERS, "has": frozenset(has)})
        for address, (protocol, endpoint) in subscribers(stack, declared).items():
            once = {"protocol": protocol, "endpoint": endpoint}
            yield Wanted(address, {"topic": topic.ref("arn")}, once=once)
    after = () if declared["topic"] else (topic,)
    yield from _logs(stack, declared, after)
    seen = sources.Sources(stack, declared["resources"], others)
    sets = declared["alarms"]
    if sets is None:
        sets = [word for word in SETS if seen.families[word] and (word != CDN or region == CDN_REGION)]
    all_alarms = [*alarms.built_in(sets, declared["overrides"], seen), *declared["metric_alarms"]]
    yield from (alarms.wanted(stack, one, seen, told) for one in all_alarms)
    combined = list(alarms.composites(stack, declared, all_alarms, told))
    yield from combined
    if declared["dashboard"]:
        addresses = [*(one.address for one in combined), *(named(alarms.ALARM, stack, a["name"]) for a in all_alarms)]
        words = dashboard(stack, region, seen, addresses, _metrics(declared))
        yield Wanted(named(DASHBOARD, stack), words, after=after)


def subscribers(stack: str, declared: Mapping[str, Any]) -> dict[Address, tuple[str, str]]:
    """The declared subscriptions, each with its protocol and its endpoint."""
    pairs = [(word, one[word]) for one in declared.get("subscriptions", ()) for word in _PROTOCOLS if one.get(word)]
    return {subscription(stack, protocol, endpoint): (protocol, endpoint) for protocol, endpoint in pairs}


def subscription(stack: str, protocol: str, endpoint: str) -> Address:
    """The address of a subscription. Of an address on the web only its host is shown, and a digest of the rest."""
    if protocol in ("http", "https"):
        endpoint = f"{urlsplit(endpoint).hostname}#{hashlib.sha256(endpoint.encode()).hexdigest()[:8]}"
    return named(SUBSCRIPTION, stack, f"{protocol}:{endpoint}")


def group(stack: str, name: str) -> Address:
    """The address of a log group. A path, so that one stack's groups never begin as those of another."""
    return Address(GROUP, f"/{stack}/{name}")


def _logs(stack: str, declared: Mapping[str, Any], after: Sequence[Address]) -> Iterator[Wanted]:
    for one in declared["log_groups"]:
        address = group(stack, one["name"])
        properties = {
            "retention_days": one["retention_days"],
            "kms_key": declared["kms_key"],
            "deletion_protection": declared["deletion_protection"],
        }
        yield Wanted(address, properties, after=after)
        for its in one["filters"]:
            words = {
                "group": address.ref("name"),
                "namespace": stack,
                "metric": its["name"],
                **{key: its[key] for key in ("pattern", "value", "default", "unit")},
                "dimensions": [[name, its["dimensions"][name]] for name in sorted(its["dimensions"])],
            }
            yield Wanted(Address(FILTER, f"{address.name}:{stack}-{its['name']}"), words)


def _metrics(declared: Mapping[str, Any]) -> list[str]:
    """The metrics that logs are counted into, without those that dimensions split."""
    return [its["name"] for one in declared["log_groups"] for its in one["filters"] if not its["dimensions"]]


def check(declared: Mapping[str, Any], region: str) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    wrong = list(alarms.check(declared))
    if declared["topic"] and declared["subscriptions"]:
        wrong.append("subscriptions: expected none beside a topic of your own, whose subscribers are your own as well")
    if declared["kms_key"].startswith("alias/aws/"):
        wrong.append(
            f"kms_key: expected a key of your own, but found {declared['kms_key']}: AWS's own keys do not let"
            " CloudWatch publish to the topic, so that no alarm would arrive"
        )
    if CDN in (declared["alarms"] or ()) and region != CDN_REGION:
        wrong.append(
            f"alarms: cdn expects the region {CDN_REGION}, the only one with CloudFront's metrics, but found {region}:"
            " declare it in a stack of that region"
        )
    for name, times in Counter(one["name"] for one in declared["log_groups"]).items():
        if times > 1:
            wrong.append(f"log_groups: expected each name once, but found {name} again")
    for one in declared["log_groups"]:
        if one["retention_days"] not in RETENTION:
            allowed = ", ".join(map(str, RETENTION))
            wrong.append(
                f"log_groups {one['name']}: retention_days: expected one of {allowed}, but found"
                f" {one['retention_days']}"
            )
        wrong += [
            f"log_groups {one['name']}: filters {its['name']}: expected either a default or dimensions, but found both"
            for its in one["filters"]
            if its["dimensions"] and its["default"] is not None
        ]
    return wrong
