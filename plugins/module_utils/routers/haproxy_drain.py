# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for the last sessions of a color or a member to end, and closing what stays, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .base import RouterError
from .haproxy import HAProxyRouter
from .haproxy_socket import AdminSocket
from .haproxy_stats import backend, sessions

_POLL = 0.2
_CLOSING = 2.0


@dataclass(frozen=True)
class Drained:
    """``left`` sessions remain after ``seconds``, ``closed`` of those that ended were closed by us."""

    left: int
    closed: int
    seconds: float


def drain(router: HAProxyRouter, color: str, deadline: float, close: bool = False, close_over: float = 5.0) -> Drained:
    """Wait up to *deadline* seconds until *color* serves nothing, then close the rest over *close_over* seconds.

    Requests end by themselves in that time; what remains is websockets and streams. Closing all at once
    would send all of their clients to the new pool in the same instant. Raises RouterError while the
    color still gets traffic: it would never be empty.
    """
    share = router.read().split.share(color)
    if share:
        raise RouterError(
            f"expected {color} of {router.service} to be without traffic, but it has {share} %. Nothing was closed."
            " Move the split away from it first."
        )
    return emptied(router, color, lambda: router.pools()[color].sessions, deadline, close, close_over)


def emptied(
    router: HAProxyRouter,
    color: str,
    count: Callable[[], int],
    deadline: float,
    close: bool,
    close_over: float,
    member: str = "",
) -> Drained:
    """Wait until *count* finds nothing of *color*, or of its one *member*; see :func:`drain`. No new ones may come."""
    clock = router.clock
    start = clock.monotonic()
    left = _wait_empty(router, count, start + deadline)
    closed = 0
    if left and close:
        closed = _close(router, color, close_over, member)
        left = _wait_empty(router, count, clock.monotonic() + _CLOSING)
    return Drained(left=left, closed=closed, seconds=round(clock.monotonic() - start, 3))


def _wait_empty(router: HAProxyRouter, count: Callable[[], int], until: float) -> int:
    while True:
        left = count()
        if not left or router.clock.monotonic() >= until:
            return left
        router.clock.sleep(_POLL)


def _close(router: HAProxyRouter, color: str, over: float, member: str) -> int:
    found: list[tuple[AdminSocket, str]] = []
    for process in router.processes():
        try:
            answer = process.ask("show sess")
        except RouterError:
            continue  # a leaving worker left
        theirs = sessions(answer, backend(router.service, color), member)
        found += [(process, identity) for identity in theirs]
    for number, (process, identity) in enumerate(found):
        if number:
            router.clock.sleep(over / len(found))
        process.ask(f"shutdown session {identity}")
    return len(found)
