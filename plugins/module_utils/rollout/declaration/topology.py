# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a declaration says of the inventory: its groups exist, and no two members are in each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..split import COLORS
from .agreement import at, longest
from .problem import Problem, Where, nearest, shown


@dataclass(frozen=True)
class Inventory:
    """Facts of the inventory: hosts by group, and the address by host at which the others reach it."""

    groups: Mapping[str, Sequence[str]]
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> set[str]:
        """Every host, in whichever group."""
        return {host for members in self.groups.values() for host in members}

    def members(self, group: Any) -> list[str]:
        """The hosts of a group; none of a group that does not exist."""
        return list(self.groups.get(group, ())) if isinstance(group, str) else []


def members(service: Mapping[str, Any], inventory: Inventory) -> dict[str, list[str]]:
    """The hosts of each part that a rollout deals with: ``routers``, ``blue``, ``green``, ``ledger``.

    A ledger that is no host's is spoken with from the controller, and so are Auto Scaling groups.
    """
    return {
        "routers": inventory.members(at(service, "router", "group")),
        **{color: _pool(service, color, inventory) for color in COLORS},
        "ledger": ledger_hosts(service, inventory),
    }


def _pool(service: Mapping[str, Any], color: str, inventory: Inventory) -> list[str]:
    if at(service, "runtime", "type") == "autoscaling_group":
        return ["localhost"]
    return inventory.members(at(service, "pools", color, "group"))


def ledger_hosts(declared: Mapping[str, Any], inventory: Inventory) -> list[str]:
    """Where the ledger of a declaration is spoken with from; none where the inventory lacks that host."""
    if at(declared, "ledger", "type") in ("dynamodb", "s3"):
        return ["localhost"]
    host = at(declared, "ledger", "host")
    return [host] if host in inventory.hosts else []


def misfits(service: Mapping[str, Any], inventory: Inventory) -> Iterator[Problem]:
    """What the inventory does not have, or has twice. *service* is normalised, without what was wrong."""
    for way in (("pools", "blue"), ("pools", "green"), ("router",)):
        yield from _group(("service", *way, "group"), at(service, *way, "group"), inventory)
    ledger = at(service, "ledger", "host")
    if ledger is not None and ledger not in inventory.hosts:
        where = ("service", "ledger", "host")
        yield Problem(where, shown(ledger), "a host of the inventory", nearest(ledger, inventory.hosts))
    yield from _collisions(service, inventory)
    yield from _rolls(service, inventory)
    yield from _runs(service)


def _group(where: Where, group: str | None, inventory: Inventory) -> Iterator[Problem]:
    if group is None:
        return
    if group not in inventory.groups:
        choice = [name for name in inventory.groups if name not in ("all", "ungrouped")]
        yield Problem(where, shown(group), "a group of the inventory", nearest(group, choice))
    elif not inventory.groups[group]:
        yield Problem(where, f"{shown(group)}, which is empty", "a group with hosts", "add hosts to it")


def _runs(service: Mapping[str, Any]) -> Iterator[Problem]:
    """A pool is a group of hosts, or an Auto Scaling group, which needs the load balancer and the strategies of AWS."""
    scaled = at(service, "runtime", "type") == "autoscaling_group"
    for color in COLORS:
        pool, where = at(service, "pools", color) or {}, ("service", "pools", color, "group")
        if scaled and pool.get("group") is not None:
            hint = "its instances are those of the stack's Auto Scaling group: leave it out"
            yield Problem(where, shown(pool["group"]), "none with the runtime autoscaling_group", hint)
        elif at(service, "runtime", "type") == "systemd" and pool.get("group", "") is None:
            yield Problem(where, "none", "the group of the pool's hosts, for the runtime systemd")
    router, strategy = at(service, "router", "type"), at(service, "strategy") or {}
    if scaled and router not in (None, "alb"):
        yield Problem(("service", "router", "type"), shown(router), "alb with Auto Scaling groups")
    refresh = ("service", "strategy", "refresh")
    if scaled and strategy.get("type") == "rolling" and strategy.get("refresh", "") is None:
        wanted = "a mapping with the runtime autoscaling_group, {} for its defaults"
        yield Problem(refresh, "none", wanted, "one group's instances are replaced share by share: docs/rolling.md")
    elif at(service, "runtime", "type") == "systemd" and strategy.get("refresh") is not None:
        yield Problem(refresh, "a mapping", "none with the runtime systemd", "hosts go one by one: leave it out")


def _rolls(service: Mapping[str, Any], inventory: Inventory) -> Iterator[Problem]:
    """A rolling release goes host by host: each has both colors, and another one to leave its users to."""
    if at(service, "strategy", "type") != "rolling" or at(service, "runtime", "type") == "autoscaling_group":
        return
    pools = {color: inventory.members(at(service, "pools", color, "group")) for color in COLORS}
    where: Where = ("service", "strategy", "type")
    if set(pools["blue"]) != set(pools["green"]):
        found = "; ".join(f"{color}: {', '.join(hosts) or 'none'}" for color, hosts in pools.items())
        yield Problem(where, f"'rolling' with {found}", "both colors on the same hosts", "two pools: use blue_green")
    elif len(pools["blue"]) == 1:
        yield Problem(where, "'rolling' with one host", "two hosts at least", "its users need another one meanwhile")
    lasts, each = at(service, "probe", "max_seconds"), longest(service)
    if lasts is not None and each is not None and each <= lasts < each * len(pools["blue"]):
        needed = f"at least {each * len(pools['blue']):g}, for {len(pools['blue'])} hosts one after the other"
        yield Problem(("service", "probe", "max_seconds"), shown(lasts), needed, "raise it: it is to see all of them")


def _collisions(service: Mapping[str, Any], inventory: Inventory) -> Iterator[Problem]:
    """Two endpoints of the service at one host and port, or at one address and port."""
    taken: dict[tuple[str, int], str] = {}
    for name, where, group, port in _endpoints(service):
        for host in inventory.members(group) if port is not None else ():
            endpoint = f"{name} on {host}"
            places = {(host, port), (inventory.addresses.get(host, host), port)}
            others = sorted({taken[place] for place in places & taken.keys()})
            for place in places:
                taken.setdefault(place, endpoint)
            if others:
                yield Problem(
                    where,
                    f"{port}, at which {host} has {' and '.join(others)} already",
                    f"a port of its own for {name}",
                    "give it another port, or other hosts",
                )
                break


def _endpoints(service: Mapping[str, Any]) -> Iterator[tuple[str, Where, Any, Any]]:
    """What listens: (name, way to its port, group, port)."""
    yield "the entry", ("service", "entry", "port"), at(service, "router", "group"), at(service, "entry", "port")
    for color in COLORS:
        pool = at(service, "pools", color)
        yield color, ("service", "pools", color, "port"), at(pool, "group"), at(pool, "port")
