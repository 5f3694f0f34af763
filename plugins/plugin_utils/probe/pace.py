# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When requests are sent: an open loop, and what latency is measured from.

Request i is due at t0 + i/rate, whatever became of those before it. A closed loop, which waits for an answer
before it asks again, stops asking exactly while the service is stuck, and so omits the requests that would have
been slow: Gil Tene's "coordinated omission" ("How NOT to Measure Latency", 2013). So latency counts from the
moment a request was *due*: one that had to wait for a user's busy connection has waited, as a user would.

There is one exception. The pacer never waits for an answer, so when it wakes late, that is the probe's own doing
(a stopped process, a busy machine), and the service must not be blamed for it:

* late by at most STARVED: ordinary jitter, counted from the due time;
* late by more: counted from the actual start, and the lateness noted (`late_ms` in the status file);
* late by more than CATCH_UP: the requests older than that are not sent at all, because sending them in one burst
  would exceed the declared rate, against a service in production. They are counted as `unsent`: said, not hidden.

What a stall does to answers that arrived during it cannot be told apart afterwards; `late_ms` says that there was
one, and how long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

STARVED = 0.05
CATCH_UP = 0.25
HEARTBEAT = 0.05
"""Seconds. The pacer wakes at least this often, so that it notices a stall at one request a minute, too."""


def shuffle(weights: Mapping[str, float]) -> Iterator[str]:
    """Yield kinds for ever, each first once (so that a wrong path shows at once), then evenly by weight.

    Smooth weighted round-robin, as nginx does it: no bursts of one kind, and exact shares.
    """
    wanted = {kind: weight for kind, weight in weights.items() if weight > 0}
    yield from wanted
    total = sum(wanted.values())
    credit = dict.fromkeys(wanted, 0.0)
    while True:
        for kind, weight in wanted.items():
            credit[kind] += weight
        chosen = max(credit, key=credit.__getitem__)
        credit[chosen] -= total
        yield chosen


class Schedule:
    """The due times. Pure: time (seconds, monotonic) comes in as an argument."""

    def __init__(self, rate: float, start: float) -> None:
        self._interval = 1 / rate
        self._next = start
        self.unsent = 0

    def due(self, now: float) -> Iterator[tuple[float, float]]:
        """Yield (due, counted_from) for each request whose turn has come."""
        behind = now - self._next
        if behind > CATCH_UP:
            skipped = int((behind - CATCH_UP) / self._interval)
            self.unsent += skipped
            self._next += skipped * self._interval
        while self._next <= now:
            due = self._next
            self._next += self._interval
            yield due, due if now - due <= STARVED else now

    def pause(self, now: float) -> float:
        """Return the seconds until the next request, at most HEARTBEAT."""
        return max(0.0, min(self._next - now, HEARTBEAT))


async def pace(
    schedule: Schedule,
    send: Callable[[float], None],
    woke: Callable[[float], None],
    stop: asyncio.Event,
) -> None:
    """Call `send(counted_from)` for each request when it is due, and `woke(seconds late)` at each wake."""
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        for _due, counted_from in schedule.due(clock()):
            send(counted_from)
        before = clock()
        pause = schedule.pause(before)
        await asyncio.sleep(pause)
        woke(clock() - before - pause)
