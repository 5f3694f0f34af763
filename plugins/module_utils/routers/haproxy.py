# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HAProxy as a router: the split is one number in a map, compared with each client's stable bucket.

Why a map: measured against server weights and against rewriting the configuration, it is the way that
loses no request, takes effect in milliseconds and is still right after a reload, a restart or a SIGKILL.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from . import guards
from . import haproxy_map as maps
from .armed import Armed, ArmedFile, Revert, WentBack
from .arming import Arming
from .base import Observed, Pool, RouterError, Written
from .guard_client import GUARD, GuardClient
from .haproxy_commit import MapEntry, Sent
from .haproxy_socket import AdminSocket, leaving_workers
from .haproxy_stats import pools, unchecked
from .host_state import HostState

SOCKET = "/run/haproxy/admin.sock"
MASTER = "/run/haproxy-master.sock"
MAP = "/etc/haproxy/seamless/split.map"
STATE = "/var/lib/seamless/router"

_FIRST_CHECK = 3.0
_POLL = 0.05


@dataclass(frozen=True)
class _Order:
    """One write, as it was asked for; *due* is what a guard goes back for."""

    split: Split
    expect: Sequence[Split] | None
    fence: int
    require_healthy: float
    at: float | None = None
    break_glass: Mapping[str, Any] | None = None
    revert: Revert | None = None
    due: Armed | None = None


class HAProxyRouter:
    """The split of one *service* on the HAProxy of this host.

    *clock* needs ``time()`` (epoch seconds), ``monotonic()`` and ``sleep(seconds)``.
    """

    def __init__(
        self,
        service: str,
        socket_path: str = SOCKET,
        map_path: str = MAP,
        state_dir: str = STATE,
        clock: Any = time,
        master_path: str = MASTER,
        guard_path: str = GUARD,
    ) -> None:
        self.service = service
        self.clock = clock
        self._map = map_path
        self._master = master_path
        self.admin = AdminSocket(socket_path)
        self.state = HostState(service, state_dir, clock)
        self.arming = Arming(ArmedFile(service, state_dir), GuardClient(guard_path, clock), self.place(), clock)

    def read(self) -> Observed:
        """What is in force, what is on file, and both pools. Raises RouterError."""
        persisted = maps.stored(self._map, self.service)
        return Observed(
            split=self._in_force(),
            pools=self.pools(),
            fence=self.state.fence(),
            persisted=None if persisted is None else maps.to_split(persisted, self._map),
        )

    def pools(self) -> dict[str, Pool]:
        """Both pools as the serving process sees them, with the sessions that leaving workers still hold."""
        found = self._serving()
        for worker in self.leaving():
            try:
                old = pools(worker.ask("show stat"), self.service)
            except RouterError:
                continue  # it left in between, or dates from before this service was declared
            found = {
                color: replace(pool, sessions=pool.sessions + old[color].sessions) for color, pool in found.items()
            }
        return found

    def place(self) -> dict[str, str]:
        """What this router writes, for the guard to compare: with other files it would move other users."""
        return {"map": self._map, "socket": self.admin.path}

    def processes(self) -> list[AdminSocket]:
        """The serving process, then those that a reload retired."""
        return [self.admin, *self.leaving()]

    def leaving(self) -> list[AdminSocket]:
        """The workers that a reload retired and that still serve."""
        return leaving_workers(self._master)

    def write(
        self,
        split: Split,
        expect: Sequence[Split] | None,
        fence: int,
        require_healthy: float = 100,
        at: float | None = None,
        break_glass: Mapping[str, Any] | None = None,
        dry_run: bool = False,
        revert: Revert | None = None,
    ) -> Written:
        """Put *split* in force, at the moment *at* (epoch seconds) if one is given.

        Compare-and-set: *expect* lists the splits that may be found (None: any). *break_glass* (who,
        reason) passes by the fence and raises it, so that a rollout in progress stops, and leaves a note.

        With *revert*, users go back to its split unless another write comes within its seconds, counted from *at* or
        from now; where *split* is in force already, that agrees on another deadline and changes nothing else. Without
        it *split* stays, which confirms what was armed. In this order, each on disk before the next begins:

        1. armed, and the guard of this host has seen it; 2. fence; 3. note; 4. file; 5. memory, read back;
        6. where nothing is to be confirmed: disarmed.

        So whoever dies leaves a host that goes back by itself, from 1 on; between 1 and 4 that moves nobody. A
        confirmation that dies before 6 was never given, and has to be repeated.

        Raises a RouterError; unless its message says otherwise, file, memory and what is armed are as they were.
        """
        order = _Order(split, expect, fence, require_healthy, at, break_glass, revert)
        with self.state.locked():
            return self._rehearse(order) if dry_run else self._obey(order)

    def go_back(self, due: Armed, who: str) -> Written | None:
        """What the guard does at a deadline, as *who*: a rollback with a note, under a fence that stops who was silent.

        None where *due* is not what is armed any more: a confirmation, or another deadline, had the lock first.
        Raises a RouterError while the pool to go back to has no healthy member, or HAProxy does not answer.
        """
        glass = {"who": who, "reason": due.unconfirmed(), "rollout": due.rollout, "deadline": due.deadline}
        with self.state.locked():
            if self.arming.standing().armed != due:
                return None
            return self._obey(_Order(due.back_to, None, due.fence + 1, 0, break_glass=glass, due=due))

    def _rehearse(self, order: _Order) -> Written:
        fence, before, in_place = self._validated(order)
        if order.revert is not None:
            self.arming.rehearse()
        return Written(not in_place, before, order.split, order.at, None, fence, self._since(order.split))

    def _obey(self, order: _Order) -> Written:
        fence, before, in_place = self._validated(order)
        standing = self.arming.standing()
        armed = None if order.revert is None else self.arming.arm(order.revert, order.at, fence)
        self.state.raise_fence(fence)
        if order.break_glass is not None:
            self._note(order.break_glass, before, order.split)
        sent = None
        if not in_place:
            try:
                sent = self._put(order)
            except (RouterError, OSError):
                if armed is not None and before is not None and self._in_place(before):
                    self.arming.restore(standing)
                raise
        if armed is None:
            self.arming.settle(self._went_back(order.due, fence))
        sent_at, answered_at = sent or (None, None)
        since = self._since(order.split)
        return Written(not in_place, before, order.split, order.at, sent_at, fence, since, armed, answered_at)

    def _validated(self, order: _Order) -> tuple[int, Split | None, bool]:
        """The fence to write under, the split found, and whether it is the one wanted, in memory and on file."""
        if order.break_glass is None:
            self.state.check_fence(order.fence, self.arming.overtaken(order.fence))
            fence = order.fence
        else:
            fence = max(order.fence, self.state.fence() + 1)
        before = self._before(lenient=order.break_glass is not None)
        in_place = before == order.split and self._in_place(order.split)
        if order.break_glass is None:
            now = self.clock.time()
            moment = now if in_place or order.at is None else max(now, order.at)
            guards.still_due(self.service, order.split, self.arming.standing().armed, moment)
        if not in_place:
            guards.expected(self.service, before, order.split, order.expect)
            self._wait_ready(order.split, order.require_healthy)
            guards.in_time(self.clock.time(), order.at)
        return fence, before, in_place

    def _put(self, order: _Order) -> Sent:
        entry = MapEntry(self.service, self._map, self.admin, self.clock)
        split = order.split
        # Before the act, and once more, exactly, after it: a writer that dies between leaves the moment.
        self.state.remember_move(split.as_dict(), self.clock.time() if order.at is None else order.at)
        sent = entry.commit(
            maps.from_split(split), order.at, lambda: self._wait_ready(split, order.require_healthy), self.leaving
        )
        self.state.remember_move(split.as_dict(), sent.at)
        return sent

    def _in_place(self, split: Split) -> bool:
        """Whether memory and file both have *split*; where they cannot be read, it is not certain, and so False."""
        try:
            stored = maps.stored(self._map, self.service) or "0"
            return self._in_force() == split and stored == maps.from_split(split)
        except RouterError:
            return False

    def _since(self, split: Split) -> float | None:
        return self.state.moved_at(split.as_dict())

    def _went_back(self, due: Armed | None, fence: int) -> WentBack | None:
        return None if due is None else WentBack(due.rollout, due.deadline, self.clock.time(), fence)

    def _serving(self) -> dict[str, Pool]:
        return pools(self.admin.ask("show stat"), self.service)

    def _in_force(self) -> Split:
        value = maps.in_force(self.admin, self._map, self.service)
        return maps.to_split(value or "0", f"the map {self._map} in memory")

    def _before(self, lenient: bool) -> Split | None:
        try:
            return self._in_force()
        except RouterError:
            if not lenient:
                raise
            return None

    def _wait_ready(self, split: Split, percent: float) -> None:
        """Raises NotReady; right after a reload, waits for the first health checks instead of guessing."""
        deadline = self.clock.monotonic() + _FIRST_CHECK
        while short := guards.short_of(split, found := self._serving(), percent):
            if self.clock.monotonic() >= deadline or not any(unchecked(found[color]) for color in short):
                raise guards.not_ready(self.service, short[0], found[short[0]], percent)
            self.clock.sleep(_POLL)

    def _note(self, glass: Mapping[str, Any], before: Split | None, after: Split) -> None:
        if "deadline" in glass and any(
            (note.get("rollout"), note.get("deadline")) == (glass["rollout"], glass["deadline"])
            for note in self.state.notes()
        ):
            return  # a guard that was interrupted goes on with what it has noted already
        self.state.note(
            {
                **glass,
                "at": self.clock.time(),
                "before": None if before is None else before.as_dict(),
                "after": after.as_dict(),
            }
        )
