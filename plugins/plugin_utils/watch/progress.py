# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A watch as people follow it: a line when something changes, and one every few seconds.

Lines, not a screen: they read the same in a terminal and in the log of an AWX job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_BAR = 10


@dataclass(frozen=True)
class Glance:
    """What is shown of one moment. Times in seconds; ``colors`` has requests and errors of each color, by release.

    ``evidence`` is how far the evidence against the new release has come to its threshold, from 0 to 1. Each of the
    ``notes`` is told once, for as long as it lasts.
    """

    elapsed: float
    percent: int
    state: str
    left: float
    colors: Mapping[str, Mapping[str, Any]]
    evidence: float
    word: str
    why: str
    notes: Sequence[str] = ()

    def line(self) -> str:
        """The moment on one line."""
        seen = "".join(
            f"  {name}: {counts['requests']:,} answers, {rate(counts['errors'], counts['requests'])} errors"
            for name, counts in self.colors.items()
        )
        filled = min(_BAR, max(0, round(self.evidence * _BAR)))
        drawn = "▓" * filled + "░" * (_BAR - filled)
        return f"  {clock(self.elapsed):>5} {self.percent:>3} %{seen}  against it {drawn} {self._waits()}"

    def _waits(self) -> str:
        waits = {"paused": "paused", "approval": "waits for approval", "asking": "waits for a decision"}
        return f"{waits.get(self.state, self.word)}, {clock(max(0.0, self.left))} left"


class Progress:
    """Shows glances: at once when state or word changes, else every *interval* seconds."""

    def __init__(self, show: Callable[[str], None], interval: float) -> None:
        self._show = show
        self._interval = interval
        self._last: tuple[str, str, str] | None = None
        self._next = 0.0
        self._notes: Sequence[str] = ()

    def look(self, now: float, glance: Glance) -> None:
        """Show *glance* if it is due at *now* (seconds of any clock)."""
        for note in glance.notes:
            if note not in self._notes:
                self._show(f"  {clock(glance.elapsed)}  {note}")
        self._notes = glance.notes
        told = glance.why if glance.state in ("paused", "approval", "asking") else ""
        if (changed := (glance.state, glance.word, told)) != self._last:
            if told:
                self._show(f"  {clock(glance.elapsed)}  {told}")
        elif now < self._next:
            return
        self._last, self._next = changed, now + self._interval
        self._show(glance.line())


def clock(seconds: float) -> str:
    """Seconds as ``1:05``, or ``1:01:05``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def rate(part: int, whole: int) -> str:
    """A share in percent, with as many digits as it deserves."""
    if not whole:
        return "0 %"
    share = 100 * part / whole
    return f"{share:.2f} %" if 0 < share < 1 else f"{share:.1f} %"
