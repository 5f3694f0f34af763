# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Isolation: environments, such as staging and production, share no host, address, ledger or source of secrets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .kinds import Text
from .problem import Problem

KINDS = {
    "hosts": "a host",
    "addresses": "an address",
    "hostnames": "a name that users ask for",
    "ledgers": "a ledger",
    "secrets": "a source of secrets",
    "accounts": "an AWS account",
    "stacks": "a stack",
    "networks": "a network",
    "resources": "a resource on AWS",
}
"""What is compared. A ledger is a table or a bucket on AWS, for one in files is its host's. A source of secrets is a
vault id, a variable's file, or where a release secret comes from."""

_ON_AWS = ("accounts", "stacks", "networks", "resources")


@dataclass(frozen=True)
class Footprint:
    """What one inventory stands on: for each of KINDS, names by identity. No value of a secret is among them."""

    environment: str
    inventory: str
    holds: Mapping[str, Mapping[str, str]]
    #: Names that are shared on purpose.
    shares: frozenset[str] = frozenset()


_ENVIRONMENT = Text(r"[a-z][a-z0-9_-]{0,31}", "the name of an environment, such as staging")


def environment_problem(declared: object) -> Problem | None:
    """What is wrong with ``service_environment``, without which environments cannot be told apart."""
    problems: list[Problem] = []
    _ENVIRONMENT.check(declared, ("service_environment",), problems)
    return next(iter(problems), None)


def shared(mine: Footprint, other: Footprint) -> Iterator[Problem]:
    """What both hold. Two inventories of one environment may share all."""
    if mine.environment == other.environment:
        return
    for kind, singular in KINDS.items():
        others = other.holds.get(kind, {})
        held = {
            name
            for identity, name in mine.holds.get(kind, {}).items()
            if any(_alike(kind, identity, theirs) for theirs in others)
        }
        both = sorted(held - mine.shares)
        if both:
            yield Problem(
                ("service_environment",),
                f"{kind} that {other.environment} ({other.inventory}) has as well: {', '.join(both)}",
                f"no {singular.removeprefix('a ').removeprefix('an ')} that {mine.environment} shares with"
                f" {other.environment}",
                f"give {mine.environment} {singular} of its own"
                + ("; vaults are told apart by --vault-id" if kind == "secrets" else "")
                + ("; or list it in aws_environment.shared" if kind in _ON_AWS else ""),
            )


def _alike(kind: str, mine: str, theirs: str) -> bool:
    """Whether these identities are of one thing, or of two that get into each other's way."""
    if kind == "stacks":  # in one account, what belongs to shop is found by shop-*
        return f"{mine}-".startswith(f"{theirs}-") or f"{theirs}-".startswith(f"{mine}-")
    if kind == "networks":
        one, other = ipaddress.ip_network(mine, strict=False), ipaddress.ip_network(theirs, strict=False)
        return one.overlaps(other)
    return mine == theirs
