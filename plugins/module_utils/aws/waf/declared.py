# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web application firewall as it is declared: a web ACL with its rules, and lists of addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named, only
from ..resource import Address, Wanted

CLOUDFRONT, REGIONAL = "CLOUDFRONT", "REGIONAL"
ADDRESSES = "address list"
#: By scope: a distribution can have the one alone, and is refused where there is only the other.
ACLS = {CLOUDFRONT: "web acl", REGIONAL: "regional web acl"}

# https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html
_LOGS = re.compile(r"arn:aws[a-z-]*:(s3|firehose|logs):.*[:/]aws-waf-logs-.+")

_MANAGED = {
    "name": {"type": "str", "required": True},
    "vendor": {"type": "str", "default": "AWS"},
    "version": {"type": "str", "default": ""},
    "observe": {"type": "bool", "default": False},
    "observe_rules": {"type": "list", "elements": "str", "default": []},
}
# What AWS recommends for every web application:
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
_BASELINE: list[dict[str, Any]] = [
    {"name": name, "vendor": "AWS", "version": "", "observe": False, "observe_rules": []}
    for name in (
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    )
]
_RATE = {
    "requests": {"type": "int", "required": True},
    "seconds": {"type": "int", "choices": [60, 120, 300, 600], "default": 300},
    "observe": {"type": "bool", "default": False},
}

#: The options of ``aws_waf``, and of ``waf`` in a stack.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "scope": {"type": "str", "choices": [REGIONAL, CLOUDFRONT], "default": REGIONAL},
    "default_action": {"type": "str", "choices": ["allow", "block"], "default": "allow"},
    "allow_from": {"type": "list", "elements": "str", "default": []},
    "block_from": {"type": "list", "elements": "str", "default": []},
    "rate_limit": {"type": "dict", "options": _RATE},
    "managed_rules": {"type": "list", "elements": "dict", "options": _MANAGED, "default": _BASELINE},
    "logs": {"type": "str"},
    "protects": {"type": "list", "elements": "str"},
}


def wanted(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> Iterator[Wanted]:
    """The resources of a firewall *declared* by :data:`ARGUMENTS`."""
    lists = {action: dict(_lists(stack, action, declared[f"{action}_from"])) for action in ("allow", "block")}
    for its in lists.values():
        for address, (version, networks) in its.items():
            yield Wanted(address, {"version": version, "addresses": networks})
    properties: dict[str, Any] = {
        "default_action": declared["default_action"],
        "rules": [*_list_rules(lists), *_rate_rule(declared["rate_limit"]), *map(_managed, declared["managed_rules"])],
        "logs": (declared["logs"] or "").removesuffix(":*"),
    }
    if declared["scope"] == REGIONAL:
        properties["protects"] = frozenset(_protected(stack, declared["protects"], others))
    yield Wanted(named(ACLS[declared["scope"]], stack), properties)


def _lists(stack: str, action: str, ranges: Sequence[str]) -> Iterator[tuple[Address, tuple[str, frozenset[str]]]]:
    """A list for each version of IP that there are *ranges* of: AWS does not mix them."""
    networks = [ipaddress.ip_network(one) for one in ranges]
    for version in (4, 6):
        if these := frozenset(str(one) for one in networks if one.version == version):
            yield named(ADDRESSES, stack, f"{action}-ipv{version}"), (f"IPV{version}", these)


def _list_rules(lists: Mapping[str, Mapping[Address, Any]]) -> Iterator[dict[str, Any]]:
    for action, its in lists.items():
        if its:
            yield {"name": f"{action}-list", "action": action, "lists": [address.ref("arn") for address in its]}


def _rate_rule(limit: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if limit:
        action = "count" if limit["observe"] else "block"
        yield {"name": "rate-limit", "action": action, "requests": limit["requests"], "seconds": limit["seconds"]}


def _managed(group: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{group['vendor']}-{group['name']}",
        "version": group["version"],
        "observe": group["observe"],
        "observe_rules": sorted(group["observe_rules"]),
    }


def _protected(stack: str, own: Sequence[str] | None, others: Collection[Address]) -> Sequence[Any]:
    return [only("load balancer", stack, others, "protects").ref("arn")] if own is None else own


def check(declared: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a declaration beyond its types; empty when nothing is."""
    groups = [f"{group['vendor']}-{group['name']}" for group in declared["managed_rules"]]
    wrong = [
        f"managed_rules: expected each once, but found {name} twice"
        for name in sorted(set(groups))
        if groups.count(name) > 1
    ]
    for option in ("allow_from", "block_from"):
        wrong += [mistake for one in declared[option] for mistake in _wrong_range(option, one)]
    limit = declared["rate_limit"]
    # https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
    if limit and not 10 <= limit["requests"] <= 2_000_000_000:
        wrong.append(f"rate_limit.requests: expected 10 to 2000000000, but found {limit['requests']}")
    logs = declared["logs"]
    if logs and not _LOGS.fullmatch(logs):
        wrong.append(
            f"logs: expected the ARN of a destination whose name begins with aws-waf-logs-, but found {logs!r}"
        )
    if declared["scope"] == CLOUDFRONT and declared["protects"]:
        wrong.append("protects: expected none with scope CLOUDFRONT, for distributions name their web ACL themselves")
    for one in declared["protects"] or ():
        if ":loadbalancer/app/" not in one:
            wrong.append(f"protects: expected ARNs of application load balancers, but found {one!r}")
    return wrong


def _wrong_range(option: str, given: str) -> Iterator[str]:
    try:
        network = ipaddress.ip_network(given)
    except ValueError as error:
        yield f"{option}: expected addresses or ranges of them, as 192.0.2.0/24, but {error}"
        return
    if network.prefixlen == 0:
        yield f"{option}: expected less than all addresses, but found {given}"
