# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Successive readings become windows: what each color answered in between two looks, on the same origins.

An origin whose counters began anew, or that gave nothing, is left out of that window for both colors and
said in ``gaps``: never filled in, never counted as zero. When it comes back with the same incarnation, what it
counted in the meantime belongs to the window in which it does, since it counted for both colors alike. A
:class:`Windows` lives as long as one split does, so that no window spans two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .arithmetic import NOTHING, pooled, since, total, went_down
from .counts import Counts, Reading, Sample

FIRST = "its first sample: there is nothing to compare it with yet"
RESET = "its counters began anew"
DOUBT = "its counters fell and rose again: nobody can tell what they counted in between"
SILENT = "it was not asked"
OLD = "no newer sample than before"
#: What is usual: a watch begins, or a source has nothing new yet.
USUAL = (FIRST, OLD)


@dataclass(frozen=True)
class Window:
    """What happened from ``began`` to ``ended`` (epoch seconds) by color and route, pooled over ``origins``.

    ``origins`` are those that counted; ``gaps`` says of each other one why it did not. ``split`` numbers the splits
    of a watch: windows of different splits are never pooled. ``edges`` are in seconds, for ``Counts.slower``.
    """

    began: float
    ended: float
    canary: Mapping[str, Counts]
    baseline: Mapping[str, Counts]
    origins: tuple[str, ...] = ()
    gaps: Mapping[str, str] = field(default_factory=dict)
    edges: tuple[float, ...] = ()
    split: int = 0

    @property
    def measured(self) -> bool:
        """Whether any origin counted: a window without one says nothing, not even that there was no traffic."""
        return bool(self.origins)

    @property
    def canary_total(self) -> Counts:
        """The canary's counts over all routes."""
        return total(self.canary.values())

    @property
    def baseline_total(self) -> Counts:
        """The baseline's counts over all routes."""
        return total(self.baseline.values())


class Windows:
    """Folds the readings of one split into windows; begin another one with each split, numbered upwards."""

    def __init__(self, canary: str, baseline: str, split: int = 0) -> None:
        """*canary* and *baseline* are the colors as :class:`Sample` names them."""
        self._canary, self._baseline, self._split = canary, baseline, split
        self._last: dict[str, Sample] = {}
        #: What an origin had before its counters fell without another incarnation.
        self._fallen: dict[str, Sample] = {}
        self._at: float | None = None
        self._edges: tuple[float, ...] = ()

    def add(self, reading: Reading, at: float) -> Window | None:
        """The window from the last reading to this one, which was taken *at* (epoch seconds); None for the first.

        Raises ValueError where the edges are others than before, an origin is there twice, or time goes back.
        """
        self._check(reading, at)
        gaps = dict.fromkeys(self._last, SILENT)
        gaps.update(reading.missing)
        canary: dict[str, Counts] = {}
        baseline: dict[str, Counts] = {}
        origins = []
        for sample in sorted(reading.samples, key=lambda sample: sample.origin):
            gaps.pop(sample.origin, None)
            why = self._why_not(sample)
            if why:
                gaps[sample.origin] = why
            else:
                origins.append(sample.origin)
                canary = pooled(canary, self._difference(sample, self._canary))
                baseline = pooled(baseline, self._difference(sample, self._baseline))
            if why != OLD:
                self._last[sample.origin] = sample if why else self._without_what_ran_ahead(sample)
        began, self._at = self._at, at
        if began is None:
            return None
        return Window(began, at, canary, baseline, tuple(origins), gaps, self._edges, self._split)

    def _check(self, reading: Reading, at: float) -> None:
        names = [sample.origin for sample in reading.samples]
        if len(set(names)) < len(names):
            raise ValueError(f"a reading has one sample for each origin, but found {sorted(names)}")
        if self._at is not None and at <= self._at:
            raise ValueError(f"expected a reading from after {self._at}, but found one from {at}")
        if not self._last:
            self._edges = reading.edges
        elif reading.samples and reading.edges != self._edges:
            raise ValueError(
                f"expected the edges {list(self._edges)} in every reading of a watch, but found {list(reading.edges)}:"
                " the source's buckets were changed; begin the watch anew"
            )

    def _why_not(self, sample: Sample) -> str | None:
        before = self._last.get(sample.origin)
        if before is None:
            return FIRST
        if sample.incarnation != before.incarnation:
            self._fallen.pop(sample.origin, None)
            return RESET
        if sample.at <= before.at:
            return OLD
        fallen = self._fallen.pop(sample.origin, None)
        if self._fell(before, sample):
            self._fallen[sample.origin] = before
            return RESET
        # One reading without a color looks like a reset, and the next one like its whole past in a single window.
        return DOUBT if fallen is not None and not self._fell(fallen, sample) else None

    def _fell(self, before: Sample, sample: Sample) -> bool:
        colors = (self._canary, self._baseline)
        return any(went_down(before.counts.get(color, {}), sample.counts.get(color, {})) for color in colors)

    def _difference(self, sample: Sample, color: str) -> dict[str, Counts]:
        before, now = self._last[sample.origin].counts.get(color, {}), sample.counts.get(color, {})
        return {route: since(before.get(route, NOTHING), counts)[0] for route, counts in now.items()}

    def _without_what_ran_ahead(self, sample: Sample) -> Sample:
        before = self._last[sample.origin].counts
        kept = {
            color: {
                route: since(before.get(color, {}).get(route, NOTHING), counts)[1] for route, counts in routes.items()
            }
            for color, routes in sample.counts.items()
        }
        return replace(sample, counts=kept)
