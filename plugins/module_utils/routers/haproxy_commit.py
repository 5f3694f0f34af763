# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Putting one validated value in force: file, agreed moment, memory, reading back, and undoing on failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import guards
from . import haproxy_map as maps
from .base import RouterError
from .haproxy_socket import AdminSocket

_CONNECT_AHEAD = 0.2  # a connection made earlier could end at a worker that a reload retires meanwhile
_STORE_AHEAD = 1.0  # enough for a busy disk; a host that dies before it comes back as it was
_READ_BACK = 2.0
_POLL = 0.05


class Sent(NamedTuple):
    """When HAProxy was told and when it had obeyed, in epoch seconds: users moved somewhere between the two."""

    at: float
    answered: float


@dataclass(frozen=True)
class MapEntry:
    """One service's entry in one map. *clock* has ``time()``, ``monotonic()`` and ``sleep(seconds)``."""

    service: str
    path: str
    admin: AdminSocket
    clock: Any

    def commit(
        self,
        value: str,
        at: float | None,
        check: Callable[[], object],
        leaving: Callable[[], Sequence[AdminSocket]],
    ) -> Sent:
        """Make *value* the entry, at the moment *at*; returns when that was.

        The file comes first, shortly before the moment: a crash from then on starts with the new value, an earlier
        one with the old. *check* runs again right before the moment and raises RouterError where what was
        validated no longer holds. After any RouterError file and memory are as they were, unless its message
        says otherwise.
        """
        on_file = maps.stored(self.path, self.service)
        in_force = maps.in_force(self.admin, self.path, self.service)
        if at is not None:
            self._sleep_until(at - _STORE_AHEAD)
        maps.store(self.path, self.service, value)
        try:
            if at is not None:
                self._sleep_until(at - _CONNECT_AHEAD)
                check()
            sent = self._send(value, at, known=in_force is not None)
            self._read_back(value)
        except RouterError:
            self._undo(in_force, on_file)
            raise
        for worker in leaving():
            self._tell(worker, value)
        return sent

    def _send(self, value: str, at: float | None, known: bool) -> Sent:
        with self.admin.connected() as connection:
            if at is not None:
                self._sleep_until(at)
                guards.in_time(self.clock.time(), at)
            sent_at = self.clock.time()
            answer = self.admin.exchange(connection, maps.command(self.path, self.service, value, known))
            sent = Sent(sent_at, self.clock.time())
        if answer:
            raise RouterError(f"HAProxy refused the new split of {self.service}: {answer} Nothing was changed.")
        return sent

    def _read_back(self, value: str) -> None:
        """A reload may swap the process under a write; then the new one is told again."""
        deadline = self.clock.monotonic() + _READ_BACK
        while (found := maps.in_force(self.admin, self.path, self.service)) != value:
            if self.clock.monotonic() >= deadline:
                raise RouterError(
                    f"gave green {value} buckets of {self.service}, but HAProxy still says {found} after"
                    f" {_READ_BACK:.0f} s. Look at `show map {self.path}` on its admin socket before anything else."
                )
            self.clock.sleep(_POLL)
            self._tell(self.admin, value)

    def _tell(self, process: AdminSocket, value: str) -> None:
        try:
            known = maps.in_force(process, self.path, self.service) is not None
            process.ask(maps.command(self.path, self.service, value, known))
        except RouterError:
            return  # a worker that left took its connections with it; the serving one is read back

    def _undo(self, in_force: str | None, on_file: str | None) -> None:
        """Put the file back, unless memory already has the new value: a restart must not flip users."""
        try:
            if maps.in_force(self.admin, self.path, self.service) != in_force:
                return
        except RouterError:
            pass  # HAProxy is gone: what it did last is what it must start with
        maps.store(self.path, self.service, on_file)

    def _sleep_until(self, moment: float) -> None:
        while (left := moment - self.clock.time()) > 0:
            self.clock.sleep(left)
