# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard's decisions: what is armed here, when it is due, and taking users back.

One loop looks, and answers who asks; each going back has a thread of its own, for it may have to wait. Whether it
still is due is decided in there once more, under the lock that a confirmation needs as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .armed import Armed, services
from .arming import Arming
from .base import RouterError, Written

POLL = 0.2  # seconds between looks while something is armed: a clock that is set meanwhile is noticed that soon
IDLE = 1.0  # and while nothing is
AGAIN = 1.0  # between two attempts to go back
STUCK = 60.0  # no attempt lasts that long, unless it hangs
_REPEAT = 60.0  # before the same message about the same service is logged again


class Reverting(Protocol):
    """What the guard needs of a router."""

    @property
    def arming(self) -> Arming:
        """What is armed for its service."""

    def place(self) -> Mapping[str, str]:
        """What it reads and writes."""

    def go_back(self, due: Armed, who: str) -> Written | None:
        """Take users back, unless *due* is not what is armed any more (None)."""


@dataclass
class _Watch:
    """One service's deadline, also by the monotonic clock; ``again`` and ``began`` are of that clock as well."""

    armed: Armed
    until: float
    again: float = 0.0
    began: float | None = None


class Guard:
    """The guard of all services under *directory*, as *name*. *make* gives the router of a service.

    *clock* needs ``time()`` (epoch seconds), ``monotonic()`` and ``sleep(seconds)``; *begin* runs an attempt.
    """

    def __init__(
        self,
        directory: str,
        make: Callable[[str], Reverting],
        code: str,
        name: str,
        clock: Any,
        log: Callable[[str], object],
        begin: Callable[[Callable[[], None]], object] = lambda attempt: threading.Thread(target=attempt).start(),
    ) -> None:
        self._directory = directory
        self._make = make
        self._code = code
        self._name = name
        self._clock = clock
        self._log = log
        self._begin = begin
        self._watched: dict[str, _Watch] = {}
        self._said: dict[str, tuple[str, float]] = {}

    def tick(self) -> float:
        """Look at all that is armed and begin what is due; returns the seconds until the next look."""
        return min([IDLE, *(self._look(service) for service in services(self._directory))])

    def answer(self, service: str) -> dict[str, Any]:
        """What this guard is, and what it has seen armed for *service*: from now on it keeps that deadline."""
        router = self._make(service)
        standing = router.arming.standing()
        if standing.armed is not None:
            self._watch(service, standing.armed)
        return {
            "code": self._code,
            **router.place(),
            "armed": None if standing.armed is None else standing.armed.as_dict(),
            "problem": standing.problem,
        }

    def stuck(self) -> bool:
        """Whether an attempt hangs, so that only a new process can help."""
        now = self._clock.monotonic()
        return any(watch.began is not None and now - watch.began > STUCK for watch in self._watched.values())

    def _look(self, service: str) -> float:
        standing = self._make(service).arming.standing()
        if standing.problem:
            self._say(service, standing.problem)
        if standing.armed is None:
            self._watched.pop(service, None)
            return IDLE
        watch = self._watch(service, standing.armed)
        now = self._clock.monotonic()
        left = min(watch.armed.deadline - self._clock.time(), watch.until - now)
        if left > 0:
            return min(left, POLL)
        if watch.began is None and now >= watch.again:
            watch.began = now
            self._begin(lambda: self._attempt(service, watch))
        return POLL

    def _watch(self, service: str, armed: Armed) -> _Watch:
        watch = self._watched.get(service)
        if watch is None or watch.armed != armed:
            # The wall clock decides, for all load balancers must agree. Where it is set back meanwhile, or is wrong
            # after a boot, users still go back after the time that was agreed, by the clock that nobody sets.
            length = min(armed.deadline - self._clock.time(), armed.deadline - armed.armed_at)
            watch = self._watched[service] = _Watch(armed, self._clock.monotonic() + length)
        return watch

    def _attempt(self, service: str, watch: _Watch) -> None:
        try:
            written = self._make(service).go_back(watch.armed, self._name)
            if written is None:
                self._say(service, "somebody confirmed just in time, or agreed on another deadline")
            else:
                self._say(service, f"users are back on {written.after}: {watch.armed.unconfirmed()}")
        except (RouterError, OSError) as error:
            self._say(service, f"cannot take users back to {watch.armed.back_to} yet, and tries again: {error}")
        finally:
            watch.again = self._clock.monotonic() + AGAIN
            watch.began = None

    def _say(self, service: str, message: str) -> None:
        now = self._clock.monotonic()
        said, at = self._said.get(service, ("", 0.0))
        if message != said or now - at >= _REPEAT:
            self._said[service] = (message, now)
            self._log(f"{service}: {message}")
