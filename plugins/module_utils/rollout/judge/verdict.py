# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge says after a window, with everything that a person needs to believe it or not."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

from ..lease import clock
from .confidence import interval

HEALTHY, REGRESSED, INCONCLUSIVE = "healthy", "regressed", "inconclusive"


@dataclass(frozen=True)
class Arm:
    """What one color answered in the judged windows. ``slower`` is for the telling edge, None without latency."""

    name: str
    requests: int
    errors: int
    slower: int | None
    burst: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """With rates, and the bounds that hold each rate with 95 % at all moments at once."""
        told: dict[str, Any] = {"name": self.name, "requests": self.requests}
        for what, events in (("errors", self.errors), ("slower", self.slower)):
            told[what] = events
            if events is not None:
                low, high = interval(events, self.requests, burst=self.burst)
                rate = events / self.requests if self.requests else None
                told[f"{what}_rate"] = {"estimate": rate, "low": low, "high": high}
        return told

    def line(self, edge: float | None) -> str:
        """One sentence with counts and shares."""
        slow = "" if self.slower is None else f", {share(self.slower, self.requests)} slower than {edge:g} s"
        errors = f"{self.errors:,} errors ({share(self.errors, self.requests)})"
        return f"{self.name}: {self.requests:,} requests, {errors}{slow}"


@dataclass(frozen=True)
class Driver:
    """Which metric the evidence of a regression comes from, since when, and how large the difference is.

    ``since`` is in epoch seconds: the window from which the evidence grew. ``odds_ratio`` is None where the old
    release had no such answer at all. Counts are those since then, over all routes; ``route`` gave most.
    """

    metric: str
    edge: float | None
    route: str
    since: float
    odds_ratio: float | None
    canary_events: int
    canary_requests: int
    baseline_events: int
    baseline_requests: int

    def as_dict(self) -> dict[str, Any]:
        """For the journal."""
        return {**self.__dict__}

    def lines(self, canary: str, baseline: str) -> list[str]:
        """Since when, what, how much, where."""
        what = "were errors" if self.edge is None else f"took longer than {self.edge:g} s"
        new, old = share(self.canary_events, self.canary_requests), share(self.baseline_events, self.baseline_requests)
        times = "" if self.odds_ratio is None else f": {self.odds_ratio:.3g} times the odds"
        counts = (
            f"{self.canary_events:,} of {self.canary_requests:,}"
            f" against {self.baseline_events:,} of {self.baseline_requests:,}"
        )
        return [
            f"since {clock(self.since)} {new} of {canary}'s answers {what}, {old} of {baseline}'s ({counts}){times}",
            f"most of it on the route {self.route}",
        ]


@dataclass(frozen=True)
class Verdict:
    """``word`` is ``healthy``, ``regressed`` or ``inconclusive``; not ``decided`` means: go on watching.

    An inconclusive verdict that is decided says that watching on will not help by itself; it never promotes.
    Evidence is the natural logarithm of an e-value, thresholds likewise. ``promotion`` is that of the metric
    ``holding_back``. ``gaps`` are the last window's, ``left_out`` those of all. Times are in epoch seconds; ``windows``
    were judged, that is after the warm-up, and hold what ``canary`` and ``baseline`` count.
    """

    word: str
    decided: bool
    reason: str
    began: float
    ended: float
    windows: int
    canary: Arm
    baseline: Arm
    edge: float | None
    driver: Driver | None
    regression: float
    threshold: float
    promotion: float
    promotion_threshold: float
    holding_back: str
    p_value: float | None
    service_down: bool
    vanished: bool
    gaps: dict[str, str]
    left_out: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For the journal and the report: numbers, texts and nulls alone."""
        return {
            **self.__dict__,
            "canary": self.canary.as_dict(),
            "baseline": self.baseline.as_dict(),
            "driver": self.driver.as_dict() if self.driver else None,
            "lines": self.lines(),
        }

    def lines(self) -> list[str]:
        """The verdict in plain sentences: the word, what was compared, what drove it, how sure."""
        so_far = "" if self.decided else " so far"
        told = [f"{self.word}{so_far}: {self.reason}", self.canary.line(self.edge), self.baseline.line(self.edge)]
        if self.driver:
            told += self.driver.lines(self.canary.name, self.baseline.name)
        told.append(f"evidence of a regression: {odds(self.regression)} to 1, {odds(self.threshold)} needed")
        if self.p_value is not None:
            told.append(f"test at the horizon: p = {self.p_value:.2g}")
        told.append(
            f"evidence for a promotion: {odds(self.promotion)} to 1, {odds(self.promotion_threshold)} needed"
            f" (least in: {self.holding_back})"
        )
        if self.service_down:
            told.append(f"the service itself is failing: {self.baseline.name}, too, answers with errors")
        told += [f"left out: {origin}: {why}" for origin, why in sorted(self.gaps.items())]
        before = [(origin, why) for origin, why in sorted(self.left_out.items()) if origin not in self.gaps]
        told += [f"left out before: {origin}: {why}" for origin, why in before]
        return told


def share(events: int, requests: int) -> str:
    """A share as people read it."""
    if not requests:
        return "no answer"
    percent = 100 * events / requests
    return f"{percent:.2f} %" if 0 < percent < 10 else f"{percent:.1f} %" if percent % 1 else f"{percent:.0f} %"


def odds(log_value: float) -> str:
    """An e-value from its logarithm, also one beyond what a number can hold."""
    value = exp(min(log_value, 600.0))
    return f"{value:,.0f}" if 10 <= value < 1e6 else f"{value:.2g}"
