# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clock of a test's own, which takes the place of the module `time`."""

from __future__ import annotations


class Clock:
    """Time passes only where somebody sleeps, by *pause* seconds at least; *slept* is what was asked for."""

    def __init__(self, pause: float = 0.0, now: float = 0.0):
        self.now, self.pause = now, pause
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    monotonic = time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += max(seconds, self.pause)
