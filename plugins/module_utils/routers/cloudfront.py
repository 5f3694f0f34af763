# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudFront as a router: a share of at most 15 % for the idle color, or all of it.

The primary distribution serves the live color. The staging one serves the other, and gets a share of the viewers, or
those with a header. To give the idle color everything, its configuration is promoted to the primary; then the staging
distribution gets the color that was live, so that going back is a promotion, too. Every write is conditional on what
was read (``If-Match``), so that of two writers one is refused by AWS itself.
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
from .cloudfront_edge import MOST, Edge, Site
from .fence_table import FenceTable, Memory

# AWS gives no limit for how long a change takes to reach all places; minutes are usual.
_DEPLOYS = 1800.0
_LOOKS = 10.0
_LONGEST_STAY = 3600
_PATIENCE = 30.0
_PAUSE = 0.5


@dataclass(frozen=True)
class Viewers:
    """How viewers come to the staging distribution.

    ``stickiness`` is for how many seconds without a request one stays where he is, 0 for no time at all. With
    ``header``, those who send it with the idle color's name get there while nobody else does.
    """

    stickiness: int = 300
    header: str | None = None

    def __post_init__(self) -> None:
        if self.stickiness and not 300 <= self.stickiness <= _LONGEST_STAY:
            raise ValueError(f"stickiness: expected 0 or 300 to {_LONGEST_STAY} seconds, but found {self.stickiness}")
        if self.header and not self.header.startswith("aws-cf-cd-"):
            raise ValueError(f"testers_header: expected a name that begins with aws-cf-cd-, but found {self.header!r}")

    def traffic(self, idle: str, percent: int) -> dict[str, Any]:
        """The policy's traffic while the *idle* color has so many *percent*."""
        if not percent and self.header:
            header = {"Header": self.header, "Value": idle}
            return {"Enabled": True, "TrafficConfig": {"Type": "SingleHeader", "SingleHeaderConfig": header}}
        weight: dict[str, Any] = {"Weight": percent / 100}
        if self.stickiness:
            weight["SessionStickinessConfig"] = {"IdleTTL": self.stickiness, "MaximumTTL": _LONGEST_STAY}
        return {"Enabled": percent > 0, "TrafficConfig": {"Type": "SingleWeight", "SingleWeightConfig": weight}}


@dataclass(frozen=True)
class _Order:
    """One write, as it was asked for."""

    split: Split
    expect: Sequence[Split] | None
    fence: int
    break_glass: Mapping[str, Any] | None


class CloudFrontRouter:
    """The split of one *service* on one distribution, from anywhere that reaches AWS.

    *clock* needs ``time()`` (epoch seconds), ``monotonic()`` and ``sleep(seconds)``.
    """

    def __init__(self, service: str, edge: Edge, fences: FenceTable, viewers: Viewers, clock: Any = time) -> None:
        self.service = service
        self.edge = edge
        self.fences = fences
        self.viewers = viewers
        self.clock = clock

    def read(self) -> tuple[Observed, list[dict[str, Any]]]:
        """What is in force, and the break-glass notes that were not imported yet, oldest first."""
        site, memory = self.edge.read(), self.fences.read()
        notes = [*memory.notes, *({"on_distribution": text} for text in self.edge.noted(site))]
        return Observed(site.split(), site.pools(), memory.fence, persisted=site.split()), notes

    def write(
        self,
        split: Split,
        expect: Sequence[Split] | None,
        fence: int,
        require_healthy: float = 100,
        at: float | None = None,
        break_glass: Mapping[str, Any] | None = None,
        dry_run: bool = False,
    ) -> Written:
        """Put *split* in force, at the moment *at* (epoch seconds) if one is given; as ``HAProxyRouter.write`` does.

        Where the staging distribution does not serve the color that is to get viewers, it is brought to that first and
        waited for, which takes minutes and moves nobody. Raises a RouterError; unless its message says otherwise,
        viewers go where they went.
        """
        order = _Order(split, expect, fence, break_glass)
        site = self.edge.read()
        before = site.split()
        guards.expected(self.service, before, split, expect)
        changed = before != split or self._traffic(site, split) is not None
        if changed:
            self._possible(site, split)
            guards.in_time(self.clock.time(), at)
            if not self._to_stage(order, site):
                self._ready(site, split, require_healthy)
            elif not dry_run:
                site = self._staged(order, site)
                self._ready(site, split, require_healthy)
        if dry_run:
            if break_glass is None:
                self.fences.check(self.fences.read(), fence)
            return Written(changed, before, split, at, None, fence)
        if changed and at is not None:
            self.clock.sleep(max(0.0, at - self.clock.time()))
        memory, fence = self._claim(order, site, before)
        if not changed:
            if memory.split not in (None, split.as_dict()):  # somebody's write was under way when it was read
                guards.expected(self.service, self.edge.read().split(), split, [split])
            return Written(False, before, split, at, None, fence, since=memory.since(split.as_dict()))
        sent_at = self.clock.time()
        self._put(replace(order, fence=fence), site, before)
        if not split.share(site.live):
            self._keep_warm()
        return Written(True, before, split, at, sent_at, fence, since=sent_at, answered_at=self.clock.time())

    def forget_notes(self, count: int, fence: int) -> None:
        """Drop the *count* oldest notes of :meth:`read`, which the ledger holds now. Raises StaleFence."""
        in_table = len(self.fences.read().notes)
        self.fences.forget_notes(min(count, in_table), fence)
        if count > in_table:
            self.edge.forget_note(self.edge.read())

    # -- before the write ------------------------------------------------------------------------

    def _traffic(self, site: Site, split: Split) -> Mapping[str, Any] | None:
        """What the policy has to have instead of what it has, for a *split* that leaves the primary as it is."""
        if not split.share(site.live):
            return None
        traffic = self.viewers.traffic(site.idle, split.share(site.idle))
        found = {key: site.traffic.get(key) for key in traffic}
        off = not traffic["Enabled"] and not found["Enabled"]  # one that is off may say what it likes
        return None if off or _same(traffic, found) else traffic

    def _possible(self, site: Site, split: Split) -> None:
        if MOST < split.share(site.idle) < 100:
            raise RouterError(
                f"expected at most {MOST} % or all for {site.idle}, which is all that CloudFront can do, but found"
                f" {split.share(site.idle)} %. Nothing was changed: after a step of {MOST} % comes one of 100 %"
            )

    def _to_stage(self, order: _Order, site: Site) -> bool:
        """Whether the staging distribution has to be brought to another color first."""
        needed = order.split.share(site.idle) > 0 or self.viewers.header is not None
        return needed and site.staging.color != site.idle

    def _staged(self, order: _Order, site: Site) -> Site:
        """The site once the staging distribution serves what is to get viewers, everywhere."""
        if order.break_glass is None:
            self.fences.check(self.fences.read(), order.fence)
        self._stage(site)
        deadline = self.clock.monotonic() + _DEPLOYS
        while True:
            seen = self.edge.read()
            # For a moment CloudFront may tell of the distribution as it was.
            if seen.staging.color == site.idle and seen.staging.pool().healthy:
                guards.expected(self.service, seen.split(), order.split, [site.split()])
                return seen
            if self.clock.monotonic() > deadline:
                return seen
            self.clock.sleep(_LOOKS)

    def _stage(self, site: Site) -> None:
        """Bring the staging distribution to the idle color, of which nobody may get anything before it is there."""
        if site.traffic["Enabled"]:
            self.edge.weigh(site, Viewers().traffic(site.idle, 0))
        self.edge.stage(site, site.idle)

    def _ready(self, site: Site, split: Split, percent: float) -> None:
        """The primary serves already, and goes on with it while a change of it spreads."""
        pool = site.pools()[site.idle]
        if split.share(site.idle) and not pool.ready(percent):
            raise guards.not_ready(self.service, site.idle, pool, percent)

    def _claim(self, order: _Order, site: Site, before: Split) -> tuple[Memory, int]:
        """The memory before the claim, and the fence that the write carries."""
        if order.break_glass is None:
            return self.fences.claim(order.fence, order.split), order.fence
        return self.fences.break_glass(
            order.fence, order.split, before, order.break_glass, lambda note: self.edge.note(site, note)
        )

    # -- the write -------------------------------------------------------------------------------

    def _put(self, order: _Order, site: Site, before: Split) -> None:
        """Write, and where AWS was busy, its answer was lost or somebody else was there, look again and go on."""
        promotes = not order.split.share(site.live)
        deadline = self.clock.monotonic() + _PATIENCE
        while True:
            try:
                if promotes:
                    self.edge.promote(site)
                else:
                    self.edge.weigh(site, self.viewers.traffic(site.idle, order.split.share(site.idle)))
                return
            except (Again, ConditionFailed):
                if self.clock.monotonic() > deadline:
                    raise
            self.clock.sleep(_PAUSE)
            if order.break_glass is None:
                self.fences.claim(order.fence, order.split)
            site = self.edge.read()
            guards.expected(self.service, site.split(), order.split, [before])
            if site.split() == order.split and (promotes or self._traffic(site, order.split) is None):
                return

    def _keep_warm(self) -> None:
        """Have the staging distribution serve what was live, so that the way back is open in minutes."""
        try:
            site = self.edge.read()
            if site.staging.color == site.live:
                self.edge.stage(site, site.idle)
        except RouterError:
            pass  # viewers are where they should be, and the next write that needs it brings it there


def _same(wanted: Any, found: Any) -> bool:
    """Whether *found* is what is *wanted*; AWS keeps weights as floats of 32 bits."""
    if isinstance(wanted, Mapping):
        there = isinstance(found, Mapping) and wanted.keys() == found.keys()
        return there and all(_same(one, found[key]) for key, one in wanted.items())
    if isinstance(wanted, float):
        return isinstance(found, (int, float)) and abs(wanted - found) < 0.001
    return bool(wanted == found)
