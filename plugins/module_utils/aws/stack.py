# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings concerns of a stack to what is declared: read, plan, and, when there is anything to do, do it under a lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from .converge import carry_out, read
from .plan import CREATE, REPLACE, Plan, plan
from .resource import Address, Concern, Kind, Readable

#: Held while a stack is written to. What it gives is asked before each step, and raises when the lock was lost.
Lock = Callable[[], AbstractContextManager[Callable[[], None]]]


_LAG, _PAUSE = 60.0, 1.0


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
    without anything to do makes no write at all and takes no *lock*; one with something reads and plans again under it,
    and ends once AWS tells of all that it made. Raises StackError.
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
            _until_told(concerns, planned, ids)
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


def _until_told(concerns: Sequence[Concern], done: Plan, ids: Mapping[str, Mapping[str, str]]) -> None:
    """Return once what was made is found, for whoever reads next would make it again; after a minute in any case.

    AWS is eventually consistent: https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html.
    """
    steps = [one for one in done.steps if one.action in (CREATE, REPLACE)]
    made = {one.address: its for one in steps if (its := ids[str(one.address)].get("id"))}
    makers = [concern for concern in concerns if {kind.name for kind in concern.kinds} & {one.kind for one in made}]
    deadline = time.monotonic() + _LAG
    while made and time.monotonic() < deadline:
        there = {one.address: one.ids.get("id") for one in read(makers)}
        if made.items() <= there.items():
            return
        time.sleep(_PAUSE)


def _declared(concern: Concern, others: dict[Address, Mapping[str, Any]]) -> Iterator[Any]:
    """What a *concern* wants; added to *others*, for the concerns that build on it."""
    wanted = concern.wanted(others)
    others.update((one.address, one.properties) for one in wanted)
    yield from wanted
