# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache, as it is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..declared import named, only
from ..engines import parts, private_subnets, refused_version, settings
from ..resource import Address, Found, Wanted
from .options import family

CACHE, SUBNETS, PARAMETERS = "cache", "cache subnets", "cache parameters"
SET = "parameters"
_MAJOR = 1


def subnet_group(stack: str) -> Address:
    """The subnets that a cache may be in."""
    return named(SUBNETS, stack, "cache")


def parameter_group(stack: str, its_family: str, sharded: bool) -> Address:
    """The parameters for a family of engines, as ``shop-valkey8``; ElastiCache allows no dots there.

    Those for a cache with shards are others: they say so, which cannot be changed while they are used.
    """
    return named(PARAMETERS, stack, its_family.replace(".", "-") + ("-cluster" if sharded else ""))


def usual_group(stack: str, declared: Mapping[str, Any]) -> str:
    """The name of the group of parameters that the cache is to have, where it is the stack's own."""
    its_own = declared["version"] and not declared["parameter_group"]
    return parameter_group(stack, family(declared), declared["shards"] is not None).name if its_own else ""


def implied(declared: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that are set whether they are declared or not."""
    return {} if declared["shards"] is None else {"cluster-enabled": "yes"}


def sorts(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is *declared* of the parts that the cache tells of: parameters that are set, and further groups of them."""
    return {SET: declared["parameters"]}


def wanted(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> Iterator[Wanted]:
    """The resources of a cache *declared* by :data:`ARGUMENTS`."""
    if not declared["subnet_group"]:
        yield Wanted(subnet_group(stack), {"subnets": private_subnets(stack, declared["subnets"], others)})
    sharded = declared["shards"] is not None
    if not declared["parameter_group"]:
        its_family = family(declared)
        parameters = settings({**declared["parameters"], **implied(declared)})
        properties = {"family": its_family, "parameters": parameters}
        yield Wanted(parameter_group(stack, its_family, sharded), properties)
    yield Wanted(named(CACHE, stack), _cache(stack, declared, others, sharded), {"auth_token": declared["auth_token"]})


def _cache(stack: str, declared: Mapping[str, Any], others: Collection[Address], sharded: bool) -> dict[str, Any]:
    groups = declared["security_groups"] or [only("security group", f"{stack}-cache", others, "security_groups").ref()]
    window, backup = declared["maintenance_window"], declared["backup"]
    properties = {
        "engine": declared["engine"],
        "version": declared["version"],
        "node_type": declared["node_type"],
        "replicas": declared["replicas"],
        "shards": declared["shards"] or 1,
        "cluster_mode": sharded,
        "multi_az": declared["multi_az"],
        "failover": sharded or declared["replicas"] > 0,
        "port": declared["port"],
        "tls": declared["tls"],
        "auth": bool(declared["auth_token"]),
        "encrypted": True,
        "subnet_group": declared["subnet_group"] or subnet_group(stack).ref(),
        "security_groups": frozenset(groups),
        "parameter_group": declared["parameter_group"] or parameter_group(stack, family(declared), sharded).ref(),
        "backup": {key: value for key, value in backup.items() if value is not None},
        "auto_minor_upgrades": declared["auto_minor_upgrades"],
    }
    properties |= {"kms_key": declared["kms_key"]} if declared["kms_key"] else {}
    return properties | ({"maintenance_window": window.lower()} if window else {})


def refused(declared: Mapping[str, Any], found: Collection[Found]) -> Iterator[str]:
    """Why what is *found* cannot be brought to what is *declared*, besides what a plan says itself."""
    for one in found:
        if one.ours and one.address.kind == CACHE and one.properties:
            yield from _refused_engine(declared, one.properties)
            yield from _refused_access(declared, one.properties)


def _refused_engine(declared: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    now, then = f"{there['engine']} {there['running']}", f"{declared['engine']} {declared['version']}"
    if (there["engine"], declared["engine"]) == ("valkey", "redis"):
        yield f"engine: {now} is running, and AWS cannot go back to redis: declare valkey"
        return
    same = there["engine"] == declared["engine"]
    if same and there["version"] == declared["version"]:
        return
    if same and (why := refused_version(there["running"], declared["version"], _MAJOR, consent=True)):
        yield why
    major = not same or parts(there["running"])[:_MAJOR] != parts(declared["version"])[:_MAJOR]
    # Until the maintenance window the old group of parameters would be in use, and would have to stay.
    if major and not declared["apply_immediately"]:
        yield (
            f"version: from {now} to {then} is a major upgrade: set apply_immediately, for its end has to be waited for"
        )


def _refused_access(declared: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    if {there["tls"], declared["tls"]} == {"none", "required"}:
        yield (
            f"tls: from {there['tls']} to {declared['tls']} leads by preferred: declare that, change every client, and"
            " then go on"
        )
    if there["auth"] and not declared["auth_token"]:
        yield "auth_token: AWS takes a token away only in exchange for user groups: declare it"
