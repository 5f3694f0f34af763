# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read replicas in other regions, as they are declared. Pure.

A stack of the same name may be in that region as well: what is made there is called by the region of its source, and
its address has after an ``@`` the region that it is in. All that it stands on there is the user's own, but for a subnet
group.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..resource import Address

REPLICA, SUBNETS = "distant replica", "distant subnets"

#: The options of a replica that belong to its region.
OPTIONS: dict[str, dict[str, Any]] = {
    "subnets": {"type": "list", "elements": "str"},
    "subnet_group": {"type": "str"},
    "security_groups": {"type": "list", "elements": "str"},
    "kms_key": {"type": "str", "no_log": False},
    "parameter_group": {"type": "str"},
}

_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-\d")
_SORT = "replicas@"


class Place(NamedTuple):
    """By which client a thing is asked for, and what RDS calls it there."""

    service: str
    name: str


def place(home: str, name: str) -> Place:
    """Where that is which an address or RDS calls *name*: in the region that an ARN or an ``@`` says, or at *home*."""
    if name.startswith("arn:"):
        parts = name.split(":")
        return Place(_service(home, parts[3]), parts[-1])
    name, _at, region = name.partition("@")
    return Place(_service(home, region or home), name)


def _service(home: str, region: str) -> str:
    return "rds" if region == home else f"rds@{region}"


def called(stack: str, home: str, number: int) -> str:
    """What RDS calls the replica of a *number*, from 1 on in each region, of a *stack* that is in *home*."""
    return f"{stack}-{home}-replica-{number}"


def sort(region: str) -> str:
    """The sort of parts (parts.py) that there are in a *region*."""
    return f"{_SORT}{region}"


def of_sorts(sorts: Iterable[str]) -> set[str]:
    """The regions that *sorts* of parts name."""
    return {one.removeprefix(_SORT) for one in sorts if one.startswith(_SORT)}


def numbered(stack: str, home: str, declared: Mapping[str, Any]) -> Iterator[tuple[Address, Mapping[str, Any]]]:
    """The declared replicas in other regions, by their addresses."""
    counts: dict[str, int] = {}
    for one in declared["replicas"]:
        if region := one.get("region"):
            counts[region] = counts.get(region, 0) + 1
            yield Address(REPLICA, f"{called(stack, home, counts[region])}@{region}"), one


def at_home(declared: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The declared replicas in the stack's own region."""
    return [one for one in declared["replicas"] if not one.get("region")]


def check(declared: Mapping[str, Any], home: str) -> Iterator[str]:
    """What is wrong with the replicas of a declaration, for a stack in *home*."""
    for number, one in enumerate(declared["replicas"], 1):
        for told in _wrong(one, declared["engine"], home):
            yield f"replicas: of the one with the number {number}, {told}"


def _wrong(one: Mapping[str, Any], engine: str, home: str) -> Iterator[str]:
    region = one.get("region")
    given = [key for key in OPTIONS if one.get(key)]
    if not region:
        if given:
            yield f"{', '.join(given)}: expected with a region alone, for at home it has what the database has"
        return
    if engine.startswith("aurora-"):
        yield "region: expected none with Aurora, whose copies in other regions are a global database: no part of this"
    elif region == home or not _REGION.fullmatch(region):
        yield f"region: expected one such as eu-west-1 and not the stack's own ({home}), but found {region!r}"
    if len({"subnets", "subnet_group"} & set(given)) != 1:
        yield f"expected either subnets or a subnet_group of your own in {region}"
    if not one.get("security_groups"):
        yield f"security_groups: expected the ids of your own in {region}, but found none"
    if not re.fullmatch(rf"arn:[^:]+:kms:{region}:\d+:key/.+", one.get("kms_key") or ""):
        yield (
            f"kms_key: expected the ARN of a key in {region} (arn:aws:kms:{region}:...:key/...), for data is always"
            f" encrypted and no key leaves its region, but found {one.get('kms_key')!r}"
        )
