# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An application load balancer on AWS as a router: the weights of both colors' target groups.

Both target groups stand in each forward action all the time, the idle one at weight 0: the load balancer checks only
the health of groups that are in use. Who stays with a color while a canary grows is the action's stickiness, which a
write leaves as it finds it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS, Split

from . import guards
from .alb_arming import Schedules
from .alb_forwards import Forwards, Place
from .armed import Armed, Revert
from .aws_calls import Again
from .base import Observed, RouterError, StaleFence, TooLate, UnexpectedSplit, Written
from .fence_table import BY_AWS, GOOD_FOR, FenceTable, Memory

_PATIENCE = 30.0
#: Seconds after a write in which AWS may tell of what was before it.
_LAG = 30.0
_PAUSE = 0.2


@dataclass(frozen=True)
class _Order:
    """One write, as it was asked for."""

    split: Split
    expect: Sequence[Split] | None
    fence: int
    at: float | None
    break_glass: Mapping[str, Any] | None
    revert: Revert | None


class AlbRouter:
    """The split of one *service* on one load balancer, from anywhere that reaches AWS.

    *spread* is how many seconds the load balancer may take to obey everywhere, once AWS has answered. *clock* needs
    ``time()`` (epoch seconds), ``monotonic()`` and ``sleep(seconds)``.
    """

    def __init__(
        self,
        service: str,
        forwards: Forwards,
        fences: FenceTable,
        schedules: Schedules,
        spread: float = 0.0,
        clock: Any = time,
    ) -> None:
        self.service = service
        self.forwards = forwards
        self.fences = fences
        self.schedules = schedules
        self.spread = spread
        self.clock = clock

    def read(self) -> tuple[Observed, list[dict[str, Any]]]:
        """What is in force, and the notes that were not imported yet, oldest first."""
        observed, _armed, notes = self.standing()
        return observed, notes

    def standing(self) -> tuple[Observed, Armed | None, list[dict[str, Any]]]:
        """What is in force, what is armed, and the notes; AWS keeps the split that it is given."""
        split = self._agreed(self.forwards.places())
        pools = {color: self.forwards.pool(color) for color in COLORS}
        memory = self.fences.read()
        return Observed(split, pools, memory.fence, persisted=split), memory.armed, self._notes(memory, split)

    def write(
        self,
        split: Split,
        expect: Sequence[Split] | None,
        fence: int,
        require_healthy: float = 100,
        at: float | None = None,
        break_glass: Mapping[str, Any] | None = None,
        dry_run: bool = False,
        revert: Revert | None = None,
    ) -> Written:
        """Put *split* in force, at the moment *at* (epoch seconds) if one is given; as ``HAProxyRouter.write`` does.

        With one forward action and one color that gets traffic, four calls: what is there, its health, the claim, the
        write. To arm, and to confirm what was armed, take one or two more. Raises a RouterError; unless its message
        says otherwise, the weights are as they were.
        """
        order = _Order(split, expect, fence, at, break_glass, revert)
        places, before = self._found(order)
        changed = before != split
        if changed:
            self._ready(split, require_healthy)
            guards.in_time(self.clock.time(), at)
        if dry_run:
            self._rehearse(order)
            return Written(changed, before, split, at, None, fence)
        if changed and at is not None:
            self.clock.sleep(max(0.0, at - self.clock.time()))
        claimed = self.clock.monotonic()
        memory, fence, armed = self._claim(order, before)
        order = replace(order, fence=fence)
        if memory.split is not None and (before is None or memory.split != before.as_dict()):
            # Somebody has written, or was about to, meanwhile; or what was read is of the past.
            places, before = self._found(order, overtaken=True)
            if not changed:
                changed = True  # what is in force already, as it looks, may be so no more
                self._ready(split, require_healthy)
        if armed is not None:
            self.schedules.arm(armed, places)
        sent_at = self.clock.time() if changed else None
        if changed:
            self._put(order, places, before, claimed)
        if armed is None:
            self._confirm(memory, places, order)
        if sent_at is None:
            return Written(False, before, split, at, None, fence, memory.since(split.as_dict()), armed)
        obeyed_at = self.clock.time() + self.spread
        return Written(True, before, split, at, sent_at, fence, sent_at, armed, answered_at=obeyed_at)

    def forget_notes(self, count: int, fence: int) -> None:
        """Drop the *count* oldest notes of :meth:`read`, which the ledger holds now. Raises StaleFence."""
        memory = self.fences.read()
        self.fences.check(memory, fence)
        places = self.forwards.places()
        told = self._notes(memory, places[0].split())[:count]
        if any(note in told for note in memory.notes):
            self.fences.forget_notes(sum(note in told for note in memory.notes), fence)
        if any("on_listeners" in note for note in told):
            self.forwards.forget_note()
        if any("deadline" in note for note in told):
            self.schedules.disarm(places)
            self.fences.settle(fence)

    def _notes(self, memory: Memory, split: Split) -> list[dict[str, Any]]:
        """The notes that were not imported yet, oldest first; those on the load balancer as text."""
        notes = [*memory.notes, *({"on_listeners": text} for text in self.forwards.noted())]
        armed = memory.armed
        if armed is not None and split == armed.back_to and self.clock.time() > armed.deadline:
            told = {"who": "EventBridge Scheduler", "reason": armed.unconfirmed(), "at": armed.deadline}
            notes.append(
                {**told, "rollout": armed.rollout, "deadline": armed.deadline, "before": None, "after": split.as_dict()}
            )
        return notes

    # -- before the write ------------------------------------------------------------------------

    def _found(self, order: _Order, overtaken: bool = False) -> tuple[list[Place], Split | None]:
        """Where it is written, and the split there, as :meth:`_look`.

        For a moment after a write AWS may tell of the past: what was not expected is looked at again, where the last
        write was.
        """
        deadline: float | None = None
        while True:
            try:
                return self._look(order, overtaken)
            except UnexpectedSplit:
                deadline = self._lags_until(order) if deadline is None else deadline
                if self.clock.monotonic() >= deadline:
                    raise
            self.clock.sleep(_PAUSE)

    def _look(self, order: _Order, overtaken: bool) -> tuple[list[Place], Split | None]:
        """Where it is written, and the split there.

        None where the places do not agree, and break glass replaces that, or the writer of it was *overtaken* half-way.
        """
        places = self.forwards.places()
        try:
            before = self._agreed(places)
        except RouterError:
            if order.break_glass is None and not overtaken:
                raise
            return places, None
        guards.expected(self.service, before, order.split, order.expect)
        return places, before

    def _lags_until(self, order: _Order) -> float:
        """Until when AWS may tell of what was before the last write: that was of late, and what is expected."""
        memory = self.fences.read()
        expected = [one.as_dict() for one in order.expect or ()]
        since = self.clock.time() - (memory.moved_at or float("-inf"))
        lag = max(0.0, _LAG - since) if memory.split in expected else 0.0
        return float(self.clock.monotonic() + lag)

    def _agreed(self, places: Sequence[Place]) -> Split:
        splits = {place.arn: place.split() for place in places}
        if len(set(splits.values())) > 1:
            told = "; ".join(f"{arn}: {split}" for arn, split in splits.items())
            raise RouterError(
                f"the listeners and rules of {self.service} do not agree ({told}). Run converge.yml, which brings all"
                " of them to one split"
            )
        return next(iter(splits.values()))

    def _ready(self, split: Split, percent: float) -> None:
        pools = {color: self.forwards.pool(color) for color in split.colors()}
        if short := guards.short_of(split, pools, percent):
            raise guards.not_ready(self.service, short[0], pools[short[0]], percent)

    def _rehearse(self, order: _Order) -> None:
        if order.break_glass is None:  # with it, the table may be out of reach
            memory = self.fences.read()
            self.fences.check(memory, order.fence)
            guards.still_due(self.service, order.split, memory.armed, order.at or self.clock.time(), BY_AWS)
        if order.revert is not None:
            self.schedules.rehearse()

    def _claim(self, order: _Order, before: Split | None) -> tuple[Memory, int, Armed | None]:
        """The memory before the claim, the fence that the write carries, and what is armed from now on."""
        if order.break_glass is None:
            armed = self._armed(order)
            return self.fences.claim(order.fence, order.split, armed=armed), order.fence, armed
        memory, fence = self.fences.break_glass(order.fence, order.split, before, order.break_glass, self.forwards.note)
        return memory, fence, None

    def _confirm(self, memory: Memory, places: Sequence[Place], order: _Order) -> None:
        """Nobody goes back any more. Raises TooLate where a schedule acted while it was being taken away."""
        if memory.armed is None and not memory.lost:
            return
        self.schedules.disarm(places)
        if memory.armed is None:
            return
        self.fences.settle(order.fence)
        found = self._told(order.split, memory.armed.back_to)
        if found == memory.armed.back_to != order.split:
            raise TooLate(f"{self.service} was confirmed too late: AWS has taken users back to {found}")
        if found != order.split:
            raise RouterError(f"{self.service} was given {order.split}, AWS still tells of {found}: read the status")

    def _told(self, *either: Split) -> Split:
        """The split in force, once that is one of these: for a moment AWS may tell of the one before."""
        deadline = self.clock.monotonic() + _LAG
        while True:
            late = self.clock.monotonic() >= deadline
            try:
                found = self._agreed(self.forwards.places())
            except RouterError:
                if late:
                    raise
            else:
                if late or found in either:
                    return found
            self.clock.sleep(_PAUSE)

    def _armed(self, order: _Order) -> Armed | None:
        if order.revert is None:
            return None
        self.schedules.rehearse()
        now = self.clock.time()
        deadline = max(now, order.at or now) + order.revert.after
        return Armed(order.revert.to, deadline, now, order.fence, order.revert.rollout)

    # -- the write -------------------------------------------------------------------------------

    def _put(self, order: _Order, places: Sequence[Place], before: Split | None, claimed: float) -> None:
        begun: list[Place] = []
        try:
            for place in places:
                begun.append(place)
                claimed = self._put_at(order, place, claimed)
        except StaleFence:
            raise  # whoever has overtaken this writes all of them itself
        except RouterError as error:
            if before is None:
                raise
            if left := self._put_back(begun, before):
                raise RouterError(
                    f"{error} These may have the new split still: {', '.join(left)}: run converge.yml"
                ) from error
            raise

    def _put_back(self, places: Sequence[Place], before: Split) -> list[str]:
        """All or none: *places* go back to what they were; returns the ARNs of those that could not be."""
        left = []
        for place in places:
            deadline = self.clock.monotonic() + _PATIENCE
            while True:
                try:
                    self.forwards.write(place, before)
                    break
                except RouterError as error:
                    if not isinstance(error, Again) or self.clock.monotonic() > deadline:
                        left.append(place.arn)
                        break
                self.clock.sleep(_PAUSE)
        return left

    def _put_at(self, order: _Order, place: Place, claimed: float) -> float:
        """Write one place, for as long as it takes, under a claim that is still good; returns when it was claimed."""
        deadline = self.clock.monotonic() + _PATIENCE
        while True:
            while self.clock.monotonic() - claimed > GOOD_FOR / 4 and order.break_glass is None:
                claimed = self.clock.monotonic()
                self.fences.claim(order.fence, order.split)
            try:
                self.forwards.write(place, order.split)
                return claimed
            except Again:
                if self.clock.monotonic() > deadline:
                    raise
            self.clock.sleep(_PAUSE)
