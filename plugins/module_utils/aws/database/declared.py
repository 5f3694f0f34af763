# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database with its replicas, as it is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..declared import named, only
from ..engines import parts, private_subnets, refused_version, settings
from ..resource import Address, Found, Ref, Wanted
from . import regions, serverless
from .options import MAJOR, aurora, family

DATABASE, CLUSTER = "database", "database cluster"
SUBNETS, PARAMETERS = "database subnets", "database parameters"
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
_ZONES = 2
SET = "parameters"
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.html
_REPLICAS_FIRST = ("mysql", "mariadb")


def cluster(stack: str) -> Address:
    """Aurora's cluster."""
    return named(CLUSTER, stack, "cluster")


def subnet_group(stack: str) -> Address:
    """The subnets that a database may be in."""
    return named(SUBNETS, stack, "database")


def parameter_group(stack: str, its_family: str) -> Address:
    """The parameters for a family of engines, as ``shop-postgres16``; RDS allows no dots there."""
    return named(PARAMETERS, stack, its_family.replace(".", "-"))


def usual_group(stack: str, declared: Mapping[str, Any]) -> str:
    """The name of the group of parameters that every instance is to have, where it is the stack's own."""
    its_own = declared["version"] and not declared["parameter_group"]
    return parameter_group(stack, family(declared)).name if its_own else ""


def sorts(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What is *declared* of the parts that instances tell of: parameters or more groups of them, and other regions."""
    elsewhere = {regions.sort(one["region"]): True for one in declared["replicas"] if one.get("region")}
    return {SET: declared["parameters"] or declared["also_versions"], **elsewhere}


def replica(stack: str, number: int) -> Address:
    """The read replica of a *number*, from 1 on."""
    return named(DATABASE, stack, f"replica-{number}")


def wanted(
    stack: str, home: str, declared: Mapping[str, Any], others: Collection[Address], protected: bool
) -> Iterator[Wanted]:
    """The resources of a database *declared* by :data:`ARGUMENTS`, of a stack that is in *home*."""
    if not declared["subnet_group"]:
        subnets = private_subnets(stack, declared["subnets"], others, least=_ZONES)
        yield Wanted(subnet_group(stack), {"subnets": subnets})
    if not declared["parameter_group"]:
        families = [family(declared, version) for version in (declared["version"], *declared["also_versions"])]
        for its_family in dict.fromkeys(families):
            parameters = {"family": its_family, "parameters": settings(declared["parameters"])}
            yield Wanted(parameter_group(stack, its_family), parameters)
    data = {**_engine(stack, declared, others), **_kept(declared), "deletion_protection": protected}
    once = {"password": declared["password"], "database_name": declared["database_name"]}
    if aurora(declared):
        whole = {**data, **serverless.in_words(declared), "logs": frozenset(declared["logs"])}
        yield Wanted(cluster(stack), whole, once)
        yield from _members(stack, declared)
        return
    primary = {**data, **_instance(declared), "multi_az": declared["multi_az"], "storage": _storage(declared)}
    yield Wanted(named(DATABASE, stack), {**primary, "logs": frozenset(declared["logs"])}, once)
    yield from _replicas(stack, declared, others, protected)
    yield from _elsewhere(stack, home, declared, protected)


def _engine(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    """What a primary and Aurora's cluster have in common."""
    return {
        "engine": declared["engine"],
        "version": declared["version"],
        "user": declared["user"],
        "managed_password": not declared["password"],
        "subnet_group": declared["subnet_group"] or subnet_group(stack).ref(),
        "iam_auth": declared["iam_auth"],
        "encrypted": True,
        **_given(declared, "port", "kms_key"),
        **_network(stack, declared, others),
    }


def _kept(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Backups and maintenance."""
    backup = {"retention": declared["backup"]["retention"], **_given(declared["backup"], "window")}
    window = declared["maintenance_window"]
    return {"backup": backup, **({"maintenance_window": window.lower()} if window else {})}


def _instance(declared: Mapping[str, Any], one: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What every instance has; *one* is the declaration of a replica."""
    one = one or {}
    monitoring = declared["monitoring"] or {"interval": 0}
    return {
        "instance_class": one.get("instance_class") or serverless.usual_class(declared),
        "auto_minor_upgrades": declared["auto_minor_upgrades"],
        "performance_insights": declared["performance_insights"],
        "monitoring": monitoring,
        **_given(one, "zone"),
    }


def _network(stack: str, declared: Mapping[str, Any], others: Collection[Address]) -> dict[str, Any]:
    groups: Sequence[str | Ref] = declared["security_groups"] or [
        only("security group", f"{stack}-database", others, "security_groups").ref()
    ]
    own = declared["parameter_group"]
    parameters = own or parameter_group(stack, family(declared)).ref()
    return {"security_groups": frozenset(groups), "parameter_group": parameters}


def _storage(declared: Mapping[str, Any]) -> dict[str, Any]:
    storage = declared["storage"]
    return {**_given(storage, "size", "type", "iops", "throughput"), "max_size": storage["max_size"]}


def _members(stack: str, declared: Mapping[str, Any]) -> Iterator[Wanted]:
    """Aurora's instances: the first one, and another for each replica. Which of them writes is Aurora's affair."""
    shared = {"cluster": cluster(stack).ref(), "engine": declared["engine"]}
    yield Wanted(named(DATABASE, stack), {**shared, **_instance(declared)})
    for number, one in enumerate(declared["replicas"], 1):
        properties = {**shared, **_instance(declared, one)}
        yield Wanted(replica(stack, number), properties, after=[named(DATABASE, stack)])


def _replicas(
    stack: str, declared: Mapping[str, Any], others: Collection[Address], protected: bool
) -> Iterator[Wanted]:
    for number, one in enumerate(regions.at_home(declared), 1):
        followed = {"source": named(DATABASE, stack).ref(), **_network(stack, declared, others)}
        yield Wanted(replica(stack, number), {**followed, **_following(declared, one, protected)})


def _following(declared: Mapping[str, Any], one: Mapping[str, Any], protected: bool) -> dict[str, Any]:
    """What every replica has, wherever it is."""
    logs = frozenset(declared["logs"])
    its = {"iam_auth": declared["iam_auth"], "logs": logs, "deletion_protection": protected}
    return {**its, **_instance(declared, one)}


def _elsewhere(stack: str, home: str, declared: Mapping[str, Any], protected: bool) -> Iterator[Wanted]:
    """The replicas in other regions, each with a subnet group of its own where subnets are named.

    They come after their source, which says where they are.
    """
    source = named(DATABASE, stack)
    for address, one in regions.numbered(stack, home, declared):
        subnets = Address(regions.SUBNETS, address.name)
        if one.get("subnets"):
            yield Wanted(subnets, {"subnets": frozenset(one["subnets"])}, after=[source])
        properties = {
            "source": source.ref("arn"),
            "subnet_group": one.get("subnet_group") or subnets.ref(),
            "security_groups": frozenset(one["security_groups"]),
            **_given(one, "kms_key", "parameter_group"),
            **_following(declared, one, protected),
        }
        yield Wanted(address, properties)


def _given(declared: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: declared[key] for key in keys if declared.get(key)}


def refused(declared: Mapping[str, Any], found: Collection[Found]) -> Iterator[str]:
    """Why what is *found* cannot be brought to what is *declared*, besides what a plan says itself."""
    for one in found:
        there = one.properties
        # Replicas and Aurora's instances follow.
        if one.ours and there.get("engine") == declared["engine"] and not {"source", "cluster"} & set(there):
            yield from _refused_version(declared, there)
            yield from _refused_size(declared, one)


def _refused_version(declared: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    if there["version"] == declared["version"]:
        return
    engine, running = declared["engine"], there["running"]
    major = MAJOR[engine]
    if why := refused_version(running, declared["version"], major, declared["major_upgrade"]):
        yield why
    elif parts(running)[:major] != parts(declared["version"])[:major]:
        if declared["replicas"] and engine in _REPLICAS_FIRST:
            yield f"version: RDS upgrades no {engine} before its replicas: move it to a copy (aws_database_switch)"
        elif declared["replicas"] != regions.at_home(declared):
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
            yield (
                "version: with the database RDS upgrades the replicas of its own region alone: take those in other"
                " regions out of the declaration first, and declare them again afterwards"
            )


def _refused_size(declared: Mapping[str, Any], one: Found) -> Iterator[str]:
    storage = one.properties.get("storage")
    if storage and storage["size"] > declared["storage"]["size"]:
        yield (
            f"storage.size: {one.address} has {storage['size']} GiB, which AWS cannot shrink to"
            f" {declared['storage']['size']}: declare {storage['size']} or more, or move the data to a new database"
        )
