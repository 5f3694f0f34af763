# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53 as a router: the weights of two records of one name, of both colors or of two regions.

Users move as their resolvers ask again, within the records' TTL. Every write is conditional on what was read, so that
of two writers one is refused by AWS itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from . import guards
from .aws_calls import Again, ConditionFailed
from .base import Observed, RouterError, Written
from .fence_table import FenceTable, Memory
from .route53_records import Pair, Records

_PATIENCE = 30.0
_PAUSE = 0.5
# "Changes generally propagate to all Route 53 name servers within 60 seconds":
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
_SPREADS = 60.0
_LONGEST = 300.0
_LOOKS = 2.0


@dataclass(frozen=True)
class _Order:
    """One write, as it was asked for."""

    split: Split
    expect: Sequence[Split] | None
    fence: int
    break_glass: Mapping[str, Any] | None


class Route53Router:
    """The split of one *service* on one name, from anywhere that reaches AWS.

    *spread* is how many seconds users may take to move once all name servers have a change, the records' TTL where it
    is None. *clock* needs ``time()`` (epoch seconds), ``monotonic()`` and ``sleep(seconds)``.
    """

    def __init__(
        self, service: str, records: Records, fences: FenceTable, spread: float | None = None, clock: Any = time
    ) -> None:
        self.service = service
        self.records = records
        self.fences = fences
        self.spread = spread
        self.clock = clock

    def read(self) -> tuple[Observed, list[dict[str, Any]]]:
        """What is in force, and the break-glass notes that were not imported yet, oldest first."""
        pairs, memory = self.records.read(), self.fences.read()
        split = self._agreed(pairs)
        notes = [*memory.notes, *({"on_zone": text} for text in self.records.noted())]
        return Observed(split, self.records.pools(pairs), memory.fence, persisted=split), notes

    def write(
        self,
        split: Split,
        expect: Sequence[Split] | None,
        fence: int,
        require_healthy: float = 100,
        at: float | None = None,
        break_glass: Mapping[str, Any] | None = None,
        dry_run: bool = False,
        wait: bool = False,
    ) -> Written:
        """Put *split* in force, at the moment *at* (epoch seconds) if one is given; as ``HAProxyRouter.write`` does.

        With *wait*, returns once all of Route 53's name servers have it. Raises a RouterError; unless its message says
        otherwise, the weights are as they were.
        """
        order = _Order(split, expect, fence, break_glass)
        pairs, before = self._found(order)
        if before != split:
            self._ready(pairs, split, require_healthy)
            guards.in_time(self.clock.time(), at)
        if dry_run:
            if break_glass is None:
                self.fences.check(self.fences.read(), fence)
            return Written(before != split, before, split, at, None, fence)
        if before != split and at is not None:
            self.clock.sleep(max(0.0, at - self.clock.time()))
        memory, fence = self._claim(order, before)
        order = replace(order, fence=fence)
        if memory.split is not None and (before is None or memory.split != before.as_dict()):
            pairs, before = self._found(order)  # somebody has written, or was about to, since it was read
            if before != split:
                self._ready(pairs, split, require_healthy)
                self._claim_again(order)
        if before == split:
            return Written(False, before, split, at, None, fence, since=memory.since(split.as_dict()))
        sent_at = self.clock.time()
        obeyed_at = self._obeyed(order, pairs, self._put(order, pairs, before), wait)
        return Written(True, before, split, at, sent_at, fence, since=sent_at, answered_at=obeyed_at)

    def forget_notes(self, count: int, fence: int) -> None:
        """Drop the *count* oldest notes of :meth:`read`, which the ledger holds now. Raises StaleFence."""
        in_table = len(self.fences.read().notes)
        self.fences.forget_notes(min(count, in_table), fence)
        if count > in_table:
            self.records.forget_note()

    # -- before the write ------------------------------------------------------------------------

    def _found(self, order: _Order) -> tuple[list[Pair], Split | None]:
        """The records, and the split there; None where break glass replaces what does not agree."""
        pairs = self.records.read()
        try:
            before = self._agreed(pairs)
        except RouterError:
            if order.break_glass is None:
                raise
            return pairs, None
        guards.expected(self.service, before, order.split, order.expect)
        return pairs, before

    def _agreed(self, pairs: Sequence[Pair]) -> Split:
        splits = {pair.type: pair.split() for pair in pairs}
        if len(set(splits.values())) > 1:
            told = "; ".join(f"{type_}: {split}" for type_, split in splits.items())
            raise RouterError(
                f"the records {self.records.name} of {self.service} do not agree ({told}). Give all types the same"
                " weights, or break the glass, which brings all of them to one split"
            )
        return next(iter(splits.values()))

    def _ready(self, pairs: Sequence[Pair], split: Split, percent: float) -> None:
        pools = self.records.pools(pairs, split.colors())
        if short := guards.short_of(split, pools, percent):
            raise guards.not_ready(self.service, short[0], pools[short[0]], percent)

    def _claim(self, order: _Order, before: Split | None) -> tuple[Memory, int]:
        """The memory before the claim, and the fence that the write carries."""
        if order.break_glass is None:
            return self.fences.claim(order.fence, order.split), order.fence
        return self.fences.break_glass(order.fence, order.split, before, order.break_glass, self.records.note)

    def _claim_again(self, order: _Order) -> None:
        if order.break_glass is None:
            self.fences.claim(order.fence, order.split)

    # -- the write -------------------------------------------------------------------------------

    def _put(self, order: _Order, pairs: Sequence[Pair], before: Split | None) -> str:
        """Write, and where AWS was busy, its answer was lost or somebody else was there, look again and go on.

        Returns the change's id, "" where its answer was lost.
        """
        order = replace(order, expect=None if before is None else [before])
        deadline = self.clock.monotonic() + _PATIENCE
        while True:
            try:
                return self.records.write(pairs, order.split)
            except (Again, ConditionFailed) as error:
                if self.clock.monotonic() > deadline:
                    raise
                refused = error
            self.clock.sleep(_PAUSE)
            self._claim_again(order)
            read = pairs
            pairs, found = self._found(order)
            if found == order.split:
                return ""
            if pairs == read and isinstance(refused, ConditionFailed):
                raise refused  # not because of somebody else

    def _obeyed(self, order: _Order, pairs: Sequence[Pair], change: str, wait: bool) -> float:
        """By when the last user has moved (epoch seconds), as far as AWS and the TTL tell."""
        spread = float(self.records.ttl(pairs)) if self.spread is None else self.spread
        if not (wait and change):
            return self.clock.time() + _SPREADS + spread
        deadline = self.clock.monotonic() + _LONGEST
        while not self.records.everywhere(change):
            if self.clock.monotonic() > deadline:
                raise RouterError(
                    f"{self.records.name} was given {order.split}, but not all of Route 53's name servers have it after"
                    f" {_LONGEST:.0f} s ({change} is not INSYNC yet). Users move all the same: look at"
                    " health.aws.amazon.com, then run this again"
                )
            self.clock.sleep(_LOOKS)
        return self.clock.time() + spread
