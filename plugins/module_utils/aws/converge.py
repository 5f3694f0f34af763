# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a stack in parallel, and writes it in the order in which its resources need one another.

Nothing is remembered between runs: what is there is read from AWS, so that a run which died anywhere is gone on with by
the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

from .plan import DELETE, REPLACE, Plan, Step, resolve
from .resource import Address, Found, Kind, Readable, StackError

_READERS = 12
_WRITERS = 8


def read(concerns: Iterable[Readable]) -> list[Found]:
    """All that is there of these *concerns*, each read by a thread of its own. Raises the first error of any."""
    with ThreadPoolExecutor(_READERS) as threads:
        return [found for one in threads.map(lambda concern: concern.read(), concerns) for found in one]


def carry_out(plan: Plan, kinds: Sequence[Kind], may_go_on: Callable[[], None] = lambda: None) -> Mapping[str, Any]:
    """Do all of the *plan*, steps that do not need one another at the same time; returns the ids by resource.

    *may_go_on* is asked before each step, and raises to stop. When a step fails, those that are under way are brought
    to their end, no other is begun, and a StackError says what was done and what was not.
    """
    return _Work(plan, {kind.name: kind for kind in kinds}, may_go_on).done()


@dataclass
class _Work:
    plan: Plan
    kinds: Mapping[str, Kind]
    may_go_on: Callable[[], None]
    known: dict[Address, Mapping[str, str]] = field(default_factory=dict)

    def done(self) -> Mapping[str, Any]:
        self.known.update(self.plan.known)
        ahead = self.plan.ahead(self.kinds)
        self._remove(ahead)
        writes = [step for step in self.plan.steps if step.action != DELETE]
        self._at_once(writes, {step.address: _needs(step, writes) for step in writes})
        self._remove([step for step in self.plan.steps if step.action == DELETE and step not in ahead])
        return {str(address): dict(ids) for address, ids in sorted(self.known.items())}

    def _remove(self, steps: Sequence[Step]) -> None:
        """Remove what there is of *steps* in the reverse order of the kinds: what stands on a thing goes before it."""
        ranks = {kind: rank for rank, kind in enumerate(self.kinds)}
        after = {
            step.address: {other.address for other in steps if ranks[other.address.kind] > ranks[step.address.kind]}
            for step in steps
        }
        self._at_once([replace(step, action=DELETE) for step in steps], after)

    def _at_once(self, steps: Sequence[Step], needs: Mapping[Address, set[Address]]) -> None:
        """Each step as soon as those that it *needs* are done."""
        waiting = {step.address: step for step in steps}
        done: set[Address] = set()
        failures: dict[Address, Exception] = {}
        with ThreadPoolExecutor(_WRITERS) as threads:
            running: dict[Future[None], Address] = {}
            while waiting or running:
                if not failures:
                    for address in [one for one in waiting if needs[one] <= done]:
                        running[threads.submit(self._do, waiting.pop(address))] = address
                if not running:
                    break
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    address = running.pop(ended)
                    error = ended.exception()
                    if error is None:
                        done.add(address)
                    elif isinstance(error, Exception):
                        failures[address] = error
                    else:
                        raise error
        if failures:
            raise _failed(failures, done, waiting)

    def _do(self, step: Step) -> None:
        kind = self.kinds[step.address.kind]
        self.may_go_on()
        if step.action in (DELETE, REPLACE) and step.found is not None and step.address in self.known:
            kind.delete(step.found)
            self.known.pop(step.address, None)
        if step.action == DELETE or step.wanted is None:
            return
        wanted = replace(
            step.wanted,
            properties=resolve(step.wanted.properties, self.known),
            once=resolve(step.wanted.once, self.known),
        )
        if step.address in self.known and step.found is not None:
            if step.found.busy:
                kind.wait(step.found.ids)
            kind.change(step.found, wanted, step.changed)
            ids = step.found.ids
        else:
            ids = kind.create(wanted)
        self.known[step.address] = kind.wait(ids)


def _needs(step: Step, steps: Sequence[Step]) -> set[Address]:
    changing = {other.address for other in steps} - {step.address}
    return set() if step.wanted is None else set(step.wanted.needs()) & changing


def _failed(failures: Mapping[Address, Exception], done: set[Address], left: Iterable[Address]) -> StackError:
    reasons = "; ".join(f"{address}: {error}" for address, error in sorted(failures.items()))
    told = [f"done before: {', '.join(map(str, sorted(done))) or 'nothing'}"]
    if names := ", ".join(map(str, sorted(left))):
        told.append(f"not begun: {names}")
    return StackError(f"{reasons} ({'; '.join(told)}). Nothing is lost: mend the cause and run this again")
