# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From values to pixels: linear and logarithmic axes with ticks at round values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .words import duration, milliseconds

_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)


@dataclass(frozen=True)
class Axis:
    """Maps `low`..`high` to the pixels `start`..`end` (which may fall, as the y of an SVG does). `low` < `high`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of `value`, held inside the axis, rounded to a tenth."""
        low, high, value = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return round(self.start + (self.end - self.start) * (value - low) / (high - low), 1)


def time_ticks(axis: Axis, origin: float, spacing: float) -> list[dict[str, Any]]:
    """[{x, label}] at whole steps from `origin` (epoch seconds), at least about `spacing` pixels apart."""
    wanted = (axis.high - axis.low) * spacing / (axis.end - axis.start)
    # Longer than the longest step: whole days, as many as it takes.
    step = next((each for each in _TIME_STEPS if each >= wanted), math.ceil(wanted / 86400) * 86400)
    first = math.ceil((axis.low - origin) / step)
    last = math.floor((axis.high - origin) / step)
    return [{"x": axis.at(origin + n * step), "label": _elapsed(n * step)} for n in range(first, last + 1)]


def _elapsed(seconds: int) -> str:
    if seconds == 0:
        return "0 s"
    sign = "\N{MINUS SIGN}" if seconds < 0 else "+"
    size = abs(seconds)
    if size >= 60 and size % 60 == 0:
        return f"{sign}{size // 60} min" if size % 3600 else f"{sign}{size // 3600} h"
    return f"{sign}{size} s" if size < 60 else sign + duration(size)


def ceiling(value: float) -> float:
    """The next round number (1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten) at or above `value`; 1 for nothing."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 3, 4, 5, 6, 8, 10) if value <= factor * power * (1 + 1e-9))


def latency_axis(values: list[float], start: float, end: float) -> Axis:
    """A logarithmic axis in ms over whole powers of ten that hold all `values` (none: 1 to 10 ms).

    Logarithmic, because a pause of 2 s and a change from 4 to 5 ms must both be seen.
    """
    known = [max(value, 0.1) for value in values] or [1.0]
    low = math.floor(math.log10(min(known)) + 1e-9)
    high = max(math.ceil(math.log10(max(known)) - 1e-9), low + 1)
    return Axis(10.0**low, 10.0**high, start, end, log=True)


def latency_ticks(axis: Axis) -> list[dict[str, Any]]:
    """[{at, label}] at each power of ten of a latency axis."""
    powers = range(round(math.log10(axis.low)), round(math.log10(axis.high)) + 1)
    return [{"at": axis.at(10.0**power), "label": milliseconds(10.0**power)} for power in powers]
