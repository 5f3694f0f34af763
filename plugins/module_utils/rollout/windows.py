# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows of time: which of them cover a moment, and when that changes next.

A window is ``(start, end)`` in epoch seconds: its start belongs to it, its end does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Window = tuple[float, float]


@dataclass(frozen=True)
class State:
    """Whether it is open, since when, and until when; None where that is outside of what was looked at."""

    open: bool
    since: float | None
    until: float | None


def merged(windows: Iterable[Window]) -> list[Window]:
    """The same moments in as few windows as possible, in order. A window that does not end after its start is none."""
    found: list[Window] = []
    for start, end in sorted(window for window in windows if window[0] < window[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def without(windows: Iterable[Window], holes: Iterable[Window]) -> list[Window]:
    """The moments of *windows* that none of *holes* covers, merged."""
    rest: list[Window] = []
    cuts = merged(holes)
    first = 0
    for start, end in merged(windows):
        at = start
        while first < len(cuts) and cuts[first][1] <= start:
            first += 1
        for hole in cuts[first:]:
            if hole[0] >= end:
                break
            rest.append((at, hole[0]))
            at = hole[1]
        rest.append((at, end))
    return merged(rest)


def state(allowed: Iterable[Window] | None, frozen: Iterable[Window], now: float, seen: Window) -> State:
    """Open is what a window of *allowed* covers (None: every moment) and none of *frozen*.

    *seen* is the window that was looked at, with *now* inside: what lies beyond it is not known, and not told.
    """
    start, end = seen
    free = without([seen] if allowed is None else allowed, frozen)
    edges = sorted(edge for window in free for edge in window if start < edge < end)
    return State(
        open=any(window[0] <= now < window[1] for window in free),
        since=max((edge for edge in edges if edge <= now), default=None),
        until=min((edge for edge in edges if edge > now), default=None),
    )
