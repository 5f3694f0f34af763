# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which release may answer when: what cutovers, each {at, from, to}, say about a request sent at a given time.

A request is answered by the wrong release when it was sent more than the tolerance after a cutover and answered by
that cutover's `from`, or more than the tolerance before it and answered by its `to`. Where several routers moved
one after the other, `first` is the first of them and `at` the last; between the two, both releases are right. The
tolerance stands for the distance between the clocks of the probe and the router, and for the time from the socket to
the router's decision; within it, both are right. With several cutovers (a rollout and its rollback) each holds until
the next.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DURING = 5.0
"""Seconds. Latency "during" is that of requests sent from a cutover to so long after it."""
PERIODS = ("before", "during", "after")


@dataclass(frozen=True)
class Cutover:
    """All users went from one release to another, from `first` to `at` (epoch seconds). None: no such release."""

    at: float
    first: float
    origin: str | None
    target: str | None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Cutover:
        """Return the cutover in {at, from, to} and, where routers moved one by one, {first}. Raises ValueError."""
        at = data.get("at")
        first = at if data.get("first") is None else data["first"]
        for name, instant in (("at", at), ("first", first)):
            if isinstance(instant, bool) or not isinstance(instant, int | float) or not math.isfinite(instant):
                raise ValueError(f"cutovers: `{name}`: expected epoch seconds, found {instant!r}")
        if unknown := set(data) - {"at", "first", "from", "to"}:
            raise ValueError(f"cutovers: expected the keys at, from and to, found also {', '.join(sorted(unknown))}")
        return cls(float(at), min(float(first), float(at)), data.get("from") or None, data.get("to") or None)


class Timeline:
    """All cutovers, in order of time. `wrong(sent)` and `period(sent)` are called once for each request."""

    def __init__(self, cutovers: Iterable[Mapping[str, Any]], tolerance: float) -> None:
        self.cutovers = sorted((Cutover.parse(data) for data in cutovers), key=lambda cutover: cutover.at)
        self._edges: list[float] = []
        self._wrong: list[frozenset[str | None]] = []
        origin: str | None = None
        for cutover in self.cutovers:
            last = self._edges[-1] if self._edges else -math.inf
            # nextafter: exactly at the tolerance is not *more* than the tolerance, on either side.
            early = max(last, math.nextafter(cutover.first - tolerance, -math.inf))
            self._edges += [early, max(early, cutover.at + tolerance)]
            self._wrong += [_names({origin, cutover.target} - {cutover.origin}), frozenset()]
            origin = cutover.origin
        self._wrong.append(_names({origin} - {self.cutovers[-1].target}) if self.cutovers else frozenset())
        self._starts = [cutover.at for cutover in self.cutovers]

    def wrong(self, sent: float) -> frozenset[str | None]:
        """Return the releases that must not answer a request sent at this time."""
        return self._wrong[bisect_left(self._edges, sent)]

    def period(self, sent: float) -> int:
        """Return the index in PERIODS of a time: before the first cutover, during one, or after."""
        passed = bisect_left(self._starts, sent)
        if passed < len(self._starts) and self._starts[passed] == sent:
            passed += 1
        if passed == 0:
            return 0
        return 1 if sent < self._starts[passed - 1] + DURING else 2

    def reign(self, index: int) -> tuple[float, float]:
        """Return from when to when (sent) a cutover is the one that matters: between its neighbours."""
        before = self._starts[index - 1] if index else -math.inf
        after = self._starts[index + 1] if index + 1 < len(self._starts) else math.inf
        return before, after


def _names(releases: set[str | None]) -> frozenset[str | None]:
    return frozenset(releases - {None})


class Handover:
    """When one cutover showed at the users' side: the last answer of its `from`, the first of its `to`."""

    def __init__(self, timeline: Timeline, index: int, tolerance: float) -> None:
        self.cutover = timeline.cutovers[index]
        self._tolerance = tolerance
        self._since, self._until = timeline.reign(index)
        self._last_from: float | None = None
        self._first_to: float | None = None

    def note(self, sent: float, received: float, release: str) -> None:
        """Look at one fast answer."""
        if not self._since <= sent < self._until:
            return
        at = self.cutover.at
        # Close to the next cutover, the same release may answer because it is that one's target: to and fro.
        if release == self.cutover.origin and at <= received < self._until - self._tolerance:
            if self._last_from is None or received > self._last_from:
                self._last_from = received
        elif (
            release == self.cutover.target
            and sent >= at - self._tolerance
            and (self._first_to is None or received < self._first_to)
        ):
            self._first_to = received

    def summary(self) -> dict[str, Any]:
        """Return {at, from, to, last_from_ms, first_to_ms}: milliseconds after the cutover, None without one."""
        return {
            "at": self.cutover.at,
            "from": self.cutover.origin,
            "to": self.cutover.target,
            "last_from_ms": self._after(self._last_from),
            "first_to_ms": self._after(self._first_to),
        }

    def _after(self, moment: float | None) -> float | None:
        return None if moment is None else round((moment - self.cutover.at) * 1000, 3)
