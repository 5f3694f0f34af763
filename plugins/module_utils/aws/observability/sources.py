# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a stack can be watched: the CloudWatch dimensions of its load balancer, databases, cache, groups and CDN.

They are found by the addresses of the other concerns, or named literally under ``resources``. Namespaces and dimensions
are those of the services' own documentation ("CloudWatch metrics for ...").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ...rollout.split import COLORS
from ..declared import named
from ..resource import Address, StackError

#: CloudFront's metrics are in one region alone ("Viewing CloudFront and edge function metrics" in its guide).
CDN, CDN_REGION = "cdn", "us-east-1"

#: The options under ``resources``: your own, instead of the stack's.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "load_balancer": {"type": "str"},
    "pool_blue": {"type": "str"},
    "pool_green": {"type": "str"},
    "databases": {"type": "list", "elements": "str", "default": []},
    "cache_nodes": {"type": "list", "elements": "str", "default": []},
    "autoscaling_blue": {"type": "str"},
    "autoscaling_green": {"type": "str"},
    "distribution": {"type": "str"},
}

#: What a metric of a declared alarm can be ``of``, by family and part.
OF: Mapping[str, tuple[str, str]] = {
    "load_balancer": ("load_balancer", ""),
    "pool_blue": ("pool", "blue"),
    "pool_green": ("pool", "green"),
    "database": ("database", ""),
    "autoscaling_blue": ("autoscaling", "blue"),
    "autoscaling_green": ("autoscaling", "green"),
    "instances_blue": ("instances", "blue"),
    "instances_green": ("instances", "green"),
    "cdn": ("cdn", ""),
    "logs": ("logs", ""),
}

# ElastiCache counts for each node alone. The nodes of a group without shards are named after it, from 001 on; two is
# what a group in two zones has.
_CACHE_NODES = ("001", "002")


@dataclass(frozen=True)
class Source:
    """What is measured: a namespace, its dimensions as ``[name, value]`` sorted by name, and what has to be there."""

    namespace: str
    dimensions: list[list[Any]]
    after: tuple[Address, ...] = ()


class Sources:
    """Each family (``pool``, ``database`` ...) with its parts (``blue``; "" where there is one alone)."""

    def __init__(self, stack: str, literal: Mapping[str, Any], others: Collection[Address]) -> None:
        self.stack = stack
        self.literal = literal
        self.others = others
        balancer = self._id("load_balancer", "load balancer", "", "suffix")
        pools = {color: self._id(f"pool_{color}", "target group", color, "suffix") for color in COLORS}
        groups = {color: self._group(color) for color in COLORS}
        distribution = self._id("distribution", "distribution")
        databases = self._databases()
        self.families: dict[str, dict[str, Source]] = {
            "load_balancer": {"": _source("AWS/ApplicationELB", LoadBalancer=balancer)} if balancer else {},
            "pool": {
                color: _source("AWS/ApplicationELB", LoadBalancer=balancer, TargetGroup=pool)
                for color, pool in pools.items()
                if pool and balancer
            },
            "database": databases,
            "replica": {part: one for part, one in databases.items() if part},
            "cache": self._cache(),
            "autoscaling": {
                color: Source("AWS/AutoScaling", [["AutoScalingGroupName", name]], after)
                for color, (name, after) in groups.items()
                if name
            },
            "instances": {
                color: Source("AWS/EC2", [["AutoScalingGroupName", name]], after)
                for color, (name, after) in groups.items()
                if name
            },
            "cdn": {"": _source("AWS/CloudFront", DistributionId=distribution, Region="Global")}
            if distribution
            else {},
            "logs": {"": Source(stack, [])},
        }

    def family(self, name: str, option: str) -> Mapping[str, Source]:
        """The parts of a family. Raises StackError, naming the *option* that asked, where the stack has none."""
        if not self.families[name]:
            raise StackError(
                f"{option}: this stack has no {name.replace('_', ' ')} to watch: declare it, or name your own under"
                " resources"
            )
        return self.families[name]

    def of(self, word: str, option: str) -> Source:
        """The source that a declared metric is ``of``. Raises StackError where the stack does not have it."""
        family, part = OF[word]
        parts = self.family(family, option)
        if part not in parts:
            raise StackError(f"{option}: this stack has no {word}: declare it, or name your own under resources")
        return parts[part]

    def _id(self, option: str, kind: str, part: str = "", what: str = "id") -> Any:
        if self.literal[option]:
            return self.literal[option]
        address = named(kind, self.stack, part)
        return address.ref(what) if address in self.others else None

    def _group(self, color: str) -> tuple[str, tuple[Address, ...]]:
        if name := self.literal[f"autoscaling_{color}"]:
            return name, ()
        address = named("autoscaling group", self.stack, color)
        return (address.name, (address,)) if address in self.others else ("", ())

    def _databases(self) -> dict[str, Source]:
        if names := self.literal["databases"]:
            return {"" if number == 0 else name: _database(name) for number, name in enumerate(names)}
        ours = sorted(one for one in self.others if one.kind == "database")
        return {one.name.removeprefix(self.stack).lstrip("-"): _database(one.name, one) for one in ours}

    def _cache(self) -> dict[str, Source]:
        address = named("cache", self.stack)
        if names := self.literal["cache_nodes"]:
            return {name: Source("AWS/ElastiCache", [["CacheClusterId", name]]) for name in names}
        if address not in self.others:
            return {}
        return {
            node: Source("AWS/ElastiCache", [["CacheClusterId", f"{address.name}-{node}"]], (address,))
            for node in _CACHE_NODES
        }


def _source(namespace: str, **dimensions: Any) -> Source:
    return Source(namespace, [[name, dimensions[name]] for name in sorted(dimensions)])


def _database(name: str, *after: Address) -> Source:
    return Source("AWS/RDS", [["DBInstanceIdentifier", name]], after)
