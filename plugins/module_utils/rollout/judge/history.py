# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a watch looked like, window by window, for drawing it: rates with their bounds, and the lines of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .confidence import interval
from .counts import Counts


@dataclass(frozen=True)
class Point:
    """The state after one window. Times in epoch seconds, evidence as natural logarithms of e-values.

    ``window_*`` are the counts of this window alone, ``canary`` and ``baseline`` those since the beginning of the
    judged windows. ``judged`` is False in the warm-up and where nothing was measured.
    """

    began: float
    ended: float
    split: int
    judged: bool
    window_canary: Counts
    window_baseline: Counts
    canary: Counts
    baseline: Counts
    regression: float
    threshold: float
    promotion: float
    promotion_threshold: float

    def as_dict(self, burst: float = 1.0, edge: int | None = None) -> dict[str, Any]:
        """Error rates of both colors (this window's, and the mean so far with its 95 % bounds) and the evidence.

        With *edge*, the index of one, also how many were slower than it and their shares, as ``slower`` in each color.
        """
        return {
            "began": self.began,
            "ended": self.ended,
            "split": self.split,
            "judged": self.judged,
            "canary": _color(self.window_canary, self.canary, burst, edge),
            "baseline": _color(self.window_baseline, self.baseline, burst, edge),
            "regression": self.regression,
            "threshold": self.threshold,
            "promotion": self.promotion,
            "promotion_threshold": self.promotion_threshold,
        }


def _color(window: Counts, so_far: Counts, burst: float, edge: int | None) -> dict[str, Any]:
    told = {
        "requests": window.requests,
        "errors": window.errors,
        **_rates((window.errors, window.requests), (so_far.errors, so_far.requests), burst),
    }
    if edge is not None:
        now, before = (_slower(counts, edge) for counts in (window, so_far))
        told["slower"] = {"slower": now[0], **_rates(now, before, burst)} if now and before else None
    return told


def _slower(counts: Counts, edge: int) -> tuple[int, int] | None:
    if not counts.requests:
        return 0, 0
    return (counts.slower[edge], counts.requests) if counts.slower else None


def _rates(now: tuple[int, int], so_far: tuple[int, int], burst: float) -> dict[str, Any]:
    low, high = interval(*so_far, burst=burst)
    return {
        "rate": now[0] / now[1] if now[1] else None,
        "mean": so_far[0] / so_far[1] if so_far[1] else None,
        "low": low,
        "high": high,
    }
