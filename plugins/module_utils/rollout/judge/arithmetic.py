# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums and differences of counts. Where one side did not measure latency, neither does the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .counts import Counts

NOTHING = Counts(0, 0)


def plus(one: Counts, other: Counts) -> Counts:
    """Both together. No requests at all measure everything that the other side does."""
    if not one.requests:
        return other
    if not other.requests:
        return one
    measured = len(one.slower) == len(other.slower)
    slower = tuple(a + b for a, b in zip(one.slower, other.slower)) if measured else ()
    return Counts(one.requests + other.requests, one.errors + other.errors, slower)


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together; zeros without any."""
    result = NOTHING
    for each in counts:
        result = plus(result, each)
    return result


def pooled(
    one: Mapping[str, Counts],
    other: Mapping[str, Counts],
) -> dict[str, Counts]:
    """Two mappings from route to counts, route by route."""
    return {route: plus(one.get(route, NOTHING), other.get(route, NOTHING)) for route in sorted({*one, *other})}


def went_down(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> bool:
    """Whether any counter of *before* is smaller in *after*: cumulative counters do that only when they begin anew."""
    for route, was in before.items():
        now = after.get(route, NOTHING)
        if now.requests < was.requests or now.errors < was.errors:
            return True
        if len(now.slower) == len(was.slower) and any(a < b for a, b in zip(now.slower, was.slower)):
            return True
    return False


def since(before: Counts, after: Counts) -> tuple[Counts, Counts]:
    """What *after* adds to *before*, and what to take as *before* the next time.

    A source reads its counters one after the other, so an error may be counted before its request is. What is
    ahead of the requests waits for the next difference: it is neither lost nor more than there were requests.
    """
    requests = after.requests - before.requests
    errors = min(requests, after.errors - before.errors)
    known = before.slower if before.requests or before.slower else (0,) * len(after.slower)
    slower: tuple[int, ...] = ()
    if len(known) == len(after.slower):
        slower = tuple(min(requests, now - was) for was, now in zip(known, after.slower))
    kept = Counts(after.requests, before.errors + errors, tuple(a + b for a, b in zip(known, slower)) or after.slower)
    return Counts(requests, errors, slower), kept
