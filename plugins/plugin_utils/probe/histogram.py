# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantiles in bounded memory: a histogram whose bucket edges grow by a constant factor.

The method is DDSketch's (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with
relative-error guarantees", VLDB 2019) without the collapsing, which our range makes needless: from 1 microsecond
to 6 hours there are about 1,200 buckets, and a histogram keeps only those that it has met.
"""

from __future__ import annotations

import math

RELATIVE_ERROR = 0.01
"""A quantile is at most 1 % away from the sample that it stands for."""

_GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
SCALE = 1 / math.log(_GAMMA)
SMALLEST = 0.001
"""Milliseconds; anything shorter counts as this."""


class Histogram:
    """Counts of values (milliseconds) by bucket, and the exact largest one."""

    __slots__ = ("buckets", "largest")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.largest: float | None = None

    def add(self, value: float) -> None:
        """Count one value."""
        key = bucket(value)
        self.buckets[key] = self.buckets.get(key, 0) + 1
        if self.largest is None or value > self.largest:
            self.largest = value

    def quantile(self, share: float) -> float | None:
        """Return the value below which `share` (0..1) of the values lie, or None without values."""
        if self.largest is None:
            return None
        rank = share * (sum(self.buckets.values()) - 1)
        seen = 0
        for key in sorted(self.buckets):
            seen += self.buckets[key]
            if seen > rank:
                return round(min(_middle(key), self.largest), 3)
        return round(self.largest, 3)  # pragma: no cover - only reachable through rounding of rank

    def summary(self) -> dict[str, float | None]:
        """Return p50, p95, p99 (within RELATIVE_ERROR) and max (exact)."""
        largest = None if self.largest is None else round(self.largest, 3)
        return {"p50": self.quantile(0.5), "p95": self.quantile(0.95), "p99": self.quantile(0.99), "max": largest}


def bucket(value: float) -> int:
    """Return the number of the bucket (gamma^(n-1), gamma^n] that holds a value."""
    return math.ceil(math.log(max(SMALLEST, value)) * SCALE)


def _middle(key: int) -> float:
    """Return the point of a bucket that is equally far, relatively, from both of its edges."""
    return 2 * _GAMMA**key / (_GAMMA + 1)
