# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a stack can be watched: the CloudWatch dimensions of its load balancer, databases, cache, groups and CDN.

They are found by the addresses of the other concerns, or named literally under ``resources``. Namespaces and dimensions
are those of the services' own documentation ("CloudWatch metrics for ..."). What measures itself otherwise is a family
of its own: a load balancer by its type, and Aurora's instances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...rollout.split import COLORS
from ..declared import named
from ..resource import Address, Others, StackError

#: CloudFront's metrics are in one region alone ("Viewing CloudFront and edge function metrics" in its guide).
CDN, CDN_REGION = "cdn", "us-east-1"

#: The options under ``resources``: your own, instead of the stack's.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "load_balancer": {"type": "str"},
    "pool_blue": {"type": "str"},
    "pool_green": {"type": "str"},
    "databases": {"type": "list", "elements": "str", "default": []},
    "aurora": {"type": "bool", "default": False},
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

#: The families that a stack need not have anything of beside what it has of another one.
SPECIAL = frozenset({"application_balancer", "network_balancer", "standalone", "aurora", "replica", "aurora_replica"})

# By the type of a load balancer, with which the last part of its ARN begins as well ("net/shop/50dc6c495c0c9188").
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
_APPLICATION, _NETWORK = "AWS/ApplicationELB", "AWS/NetworkELB"


@dataclass(frozen=True)
class Source:
    """What is measured: a namespace, its dimensions as ``[name, value]`` sorted by name, and what has to be there."""

    namespace: str
    dimensions: list[list[Any]]
    after: tuple[Address, ...] = ()


class Sources:
    """Each family (``pool``, ``database`` ...) with its parts (``blue``; "" where there is one alone)."""

    def __init__(self, stack: str, literal: Mapping[str, Any], others: Others) -> None:
        self.stack = stack
        self.literal = literal
        self.others = others
        balancer = self._id("load_balancer", "load balancer", "", "suffix")
        pools = {color: self._id(f"pool_{color}", "target group", color, "suffix") for color in COLORS}
        groups = {color: self._group(color) for color in COLORS}
        distribution = self._id("distribution", "distribution")
        space = self._balancers_namespace()
        balancers = {"": _source(space, LoadBalancer=balancer)} if balancer else {}
        targets = {
            color: _source(space, LoadBalancer=balancer, TargetGroup=pool)
            for color, pool in pools.items()
            if pool and balancer
        }
        databases = self._databases()
        standalone, aurora = ({}, databases) if self._is_aurora() else (databases, {})
        self.families: dict[str, dict[str, Source]] = {
            "load_balancer": balancers,
            "application_balancer": balancers if space == _APPLICATION else {},
            "network_balancer": balancers if space == _NETWORK else {},
            "pool": targets,
            "application_pool": targets if space == _APPLICATION else {},
            "database": databases,
            "standalone": standalone,
            "replica": {part: one for part, one in standalone.items() if part},
            "aurora": aurora,
            # Any of them may be the one that writes, which has no lag to tell of.
            "aurora_replica": aurora if len(aurora) > 1 else {},
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

    def _balancers_namespace(self) -> str:
        if suffix := self.literal["load_balancer"]:
            return _NETWORK if suffix.startswith("net/") else _APPLICATION
        its = self.others.get(named("load balancer", self.stack), {})
        return _NETWORK if its.get("type") == "network" else _APPLICATION

    def _is_aurora(self) -> bool:
        if self.literal["databases"]:
            return bool(self.literal["aurora"])
        return named("database cluster", self.stack, "cluster") in self.others

    def _databases(self) -> dict[str, Source]:
        if names := self.literal["databases"]:
            return {"" if number == 0 else name: _database(name) for number, name in enumerate(names)}
        ours = sorted(one for one in self.others if one.kind == "database")
        return {one.name.removeprefix(self.stack).lstrip("-"): _database(one.name, one) for one in ours}

    def _cache(self) -> dict[str, Source]:
        address = named("cache", self.stack)
        if names := self.literal["cache_nodes"]:
            return {name: Source("AWS/ElastiCache", [["CacheClusterId", name]]) for name in names}
        return {
            node: Source("AWS/ElastiCache", [["CacheClusterId", f"{address.name}-{node}"]], (address,))
            for node in (_nodes(self.others[address]) if address in self.others else ())
        }


def _nodes(cache: Mapping[str, Any]) -> list[str]:
    """What the names of a cache's nodes end in: ElastiCache counts for each node alone.

    Its names for the nodes that it makes with a cache: ``001`` without cluster mode, ``0001-001`` with it, where the
    shard comes first. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html
    """
    members = [f"{number:03}" for number in range(1, cache["replicas"] + 2)]
    if not cache["cluster_mode"]:
        return members
    return [f"{shard:04}-{member}" for shard in range(1, cache["shards"] + 1) for member in members]


def _source(namespace: str, **dimensions: Any) -> Source:
    return Source(namespace, [[name, dimensions[name]] for name in sorted(dimensions)])


def _database(name: str, *after: Address) -> Source:
    return Source("AWS/RDS", [["DBInstanceIdentifier", name]], after)
