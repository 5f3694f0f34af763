# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings concerns of a stack to what is declared: read, plan, and, when there is anything to do, do it under a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from .converge import carry_out, read
from .plan import CREATE, Plan, plan
from .resource import Address, Concern, Kind, Readable

#: Held while a stack is written to. What it gives is asked before each step, and raises when the lock was lost.
Lock = Callable[[], AbstractContextManager[Callable[[], None]]]


@dataclass(frozen=True)
class Outcome:
    """What was planned, and the identifiers of what is there afterwards, by resource."""

    plan: Plan
    ids: Mapping[str, Mapping[str, str]]

    def as_result(self) -> dict[str, Any]:
        """What a module returns of it."""
        return {
            "changed": bool(self.plan.steps),
            "plan": self.plan.lines(),
            "counts": self.plan.counts(),
            "resources": self.ids,
            "diff": self.plan.diff(),
        }


def converge(
    concerns: Sequence[Concern],
    beside: Sequence[Readable] = (),
    *,
    present: bool = True,
    protected: bool = True,
    dry_run: bool = False,
    lock: Lock = lambda: nullcontext(lambda: None),
    locked_in: Address | None = None,
) -> Outcome:
    """Bring *concerns*, in the order in which they build on one another, to what is declared; *beside* are only read.

    Where the lock is *locked_in* a table that this very run has to make, that comes first, and without the lock: nobody
    can hold one there yet, and of two runs that make it AWS refuses the second.

    Without *present* all that is theirs is removed. Precious resources go only where *protected* is false. A run
    without anything to do makes no write at all and takes no *lock*; one with something reads and plans again under it.
    Raises StackError.
    """
    kinds = [kind for concern in concerns for kind in concern.kinds]
    planned = _planned(concerns, beside, kinds, present, protected)
    if planned.steps and not dry_run:
        first = [step for step in planned.steps if step.address == locked_in and step.action == CREATE]
        if first:
            carry_out(replace(planned, steps=first), kinds)
        with lock() as still_held:
            planned = _planned(concerns, beside, kinds, present, protected)
            ids = carry_out(planned, kinds, still_held)
            return Outcome(replace(planned, steps=[*first, *planned.steps]), ids)
    return Outcome(planned, {str(address): dict(ids) for address, ids in sorted(planned.known.items())})


def _planned(
    concerns: Sequence[Concern], beside: Sequence[Readable], kinds: Sequence[Kind], present: bool, protected: bool
) -> Plan:
    found = read([*concerns, *beside])
    written = {kind.name for kind in kinds}
    others = {one.address: one.properties for one in found if one.address.kind not in written}
    wanted = [one for concern in concerns for one in _declared(concern, others)] if present else []
    return plan(wanted, found, kinds, protected)


def _declared(concern: Concern, others: dict[Address, Mapping[str, Any]]) -> Iterator[Any]:
    """What a *concern* wants; added to *others*, for the concerns that build on it."""
    wanted = concern.wanted(others)
    others.update((one.address, one.properties) for one in wanted)
    yield from wanted
