# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Isolation: environments, such as staging and production, share no host, no address and no source of secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .kinds import Text
from .problem import Problem

KINDS = {
    "hosts": "a host",
    "addresses": "an address",
    "hostnames": "a name that users ask for",
    "secrets": "a source of secrets",
}
"""What is compared. A source of secrets is a vault id, a variable's file, or where a release secret comes from."""


@dataclass(frozen=True)
class Footprint:
    """What one inventory stands on: for each of KINDS, names by identity. No value of a secret is among them."""

    environment: str
    inventory: str
    holds: Mapping[str, Mapping[str, str]]


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
        both = sorted(name for identity, name in mine.holds.get(kind, {}).items() if identity in others)
        if both:
            yield Problem(
                ("service_environment",),
                f"{kind} that {other.environment} ({other.inventory}) has as well: {', '.join(both)}",
                f"no {singular.removeprefix('a ').removeprefix('an ')} that {mine.environment} shares with"
                f" {other.environment}",
                f"give {mine.environment} {singular} of its own"
                + ("; vaults are told apart by --vault-id" if kind == "secrets" else ""),
            )
