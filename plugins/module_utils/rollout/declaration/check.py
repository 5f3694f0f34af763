# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a declaration: the one function that everything else of this package serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..release import release_id
from .agreement import at, contradictions
from .kinds import INVALID
from .problem import Problem, shown
from .release_table import RELEASE, secret_problems
from .service_table import SERVICE
from .topology import Inventory, members, misfits


@dataclass(frozen=True)
class Checked:
    """A declaration with its defaults filled in. Only to be used when there are no ``problems``.

    ``release`` has its ``id``, and is None where none was declared; ``hosts`` are the members of
    ``routers``, ``blue``, ``green`` and ``ledger``.
    """

    service: dict[str, Any]
    release: dict[str, Any] | None
    hosts: dict[str, list[str]]
    problems: list[Problem]


def checked(service: Any, release: Any, inventory: Inventory, secret_names: Iterable[str] = ()) -> Checked:
    """Every mistake of *service* and *release* at once; nothing is raised, whatever they are.

    *release* None leaves the release unchecked. *secret_names* are the names in ``release_secrets``.
    A declaration that was checked before comes out as it went in.
    """
    problems: list[Problem] = []
    secret_names = tuple(secret_names)
    normalised = SERVICE.check(service, ("service",), problems)
    if normalised is INVALID:
        normalised = {}
    problems.extend(contradictions(normalised))
    problems.extend(misfits(normalised, inventory))
    if secret_names and at(normalised, "runtime", "type") == "autoscaling_group":
        problems.append(
            Problem(
                ("release_secrets",),
                ", ".join(secret_names),
                "none with the runtime autoscaling_group, whose instances would have them in their user data",
                "declare in service.runtime.lookups where instances find them",
            )
        )
    whole = None if release is None else checked_release(release, secret_names, problems)
    return Checked(normalised, whole, members(normalised, inventory), problems)


def checked_release(release: Any, secret_names: tuple[str, ...], problems: list[Problem]) -> dict[str, Any]:
    """The *release* with its defaults and its ``id``; what is wrong with it is in *problems*."""
    before = len(problems)
    normalised = RELEASE.check(release, ("release",), problems)
    if normalised is INVALID:
        normalised = {}
    problems.extend(secret_problems(secret_names, normalised.get("environment", {})))
    if len(problems) > before:
        return dict(normalised)
    computed = release_id(normalised)
    if normalised["id"] not in (None, computed):
        problems.append(Problem(("release", "id"), shown(normalised["id"]), computed, "leave it out: it is computed"))
    return {**normalised, "id": computed}
