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
from dataclasses import replace
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

from . import guards
from . import haproxy_map as maps
from .base import Observed, Pool, RouterError, Written
from .haproxy_commit import MapEntry
from .haproxy_socket import AdminSocket, leaving_workers
from .haproxy_stats import pools, unchecked
from .host_state import HostState

SOCKET = "/run/haproxy/admin.sock"
MASTER = "/run/haproxy-master.sock"
MAP = "/etc/haproxy/seamless/split.map"
STATE = "/var/lib/seamless/router"

_FIRST_CHECK = 3.0
_POLL = 0.05


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
    ) -> None:
        self.service = service
        self.admin = AdminSocket(socket_path)
        self.state = HostState(service, state_dir, clock)
        self.clock = clock
        self._map = map_path
        self._master = master_path

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
        break_glass: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> Written:
        """Put *split* in force, at the moment *at* (epoch seconds) if one is given.

        Compare-and-set: *expect* lists the splits that may be found (None: any). *break_glass* (who,
        reason) passes by the fence and raises it, so that a rollout in progress stops, and leaves a note.
        Raises a RouterError; unless its message says otherwise, file and memory are as they were.
        """
        with self.state.locked():
            if break_glass is None:
                self.state.check_fence(fence)
            else:
                fence = max(fence, self.state.fence() + 1)
            before = self._before(lenient=break_glass is not None)
            in_place = before == split and (maps.stored(self._map, self.service) or "0") == maps.from_split(split)
            if not in_place:
                guards.expected(self.service, before, split, expect)
                self._wait_ready(split, require_healthy)
                guards.in_time(self.clock.time(), at)
            sent_at = None
            if not dry_run:
                self.state.raise_fence(fence)
                if break_glass is not None:
                    self._note(break_glass, before, split)
                if not in_place:
                    entry = MapEntry(self.service, self._map, self.admin, self.clock)
                    value = maps.from_split(split)
                    # Before the act, and once more, exactly, after it: a writer that dies between leaves the moment.
                    self.state.remember_move(split.as_dict(), self.clock.time() if at is None else at)
                    sent_at = entry.commit(value, at, lambda: self._wait_ready(split, require_healthy), self.leaving)
                    self.state.remember_move(split.as_dict(), sent_at)
            return Written(not in_place, before, split, at, sent_at, fence, self.state.moved_at(split.as_dict()))

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

    def _note(self, break_glass: Mapping[str, str], before: Split | None, after: Split) -> None:
        self.state.note(
            {
                "at": self.clock.time(),
                "who": break_glass["who"],
                "reason": break_glass["reason"],
                "before": None if before is None else before.as_dict(),
                "after": after.as_dict(),
            }
        )
