# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One member of a pool, for a release that goes host by host: out of service, tried by testers, back among the others.

In HAProxy's words: ``maint`` takes no request at all, not even those of users whom a cookie ties to it; ``drain`` is
checked and takes those alone that name it, which are testers; ``ready`` takes users. Each is set in the workers that a
reload retired as well, for they still route the next request of their old connections. A reload makes all ready: a host
without a release is then found out by its health checks, and what it refuses meanwhile is asked of another one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from .base import Member, NotReady, RouterError
from .haproxy import HAProxyRouter
from .haproxy_drain import Drained, emptied
from .haproxy_stats import backend, member

#: What the modules' states are in HAProxy's words.
WORDS = {"drained": "maint", "held": "drain", "ready": "ready", "released": "ready"}

_POLL = 0.1
_MAINTAINED, _DRAINED = 0x01 | 0x02 | 0x04 | 0x20, 0x08 | 0x10


@dataclass(frozen=True)
class Put:
    """What a member was in HAProxy's words, and is now; *drained* is None where nothing had to end."""

    before: str
    after: str
    drained: Drained | None = None


@dataclass(frozen=True)
class Emptying:
    """How what is in flight ends: by itself within *deadline* seconds, then, with *close*, over as many more."""

    deadline: float = 30
    close: bool = False
    close_over: float = 5


class PoolMember:
    """The member *name* of *color*, written under the lease's *fence* (None: the glass was broken before)."""

    def __init__(self, router: HAProxyRouter, color: str, name: str, fence: int | None) -> None:
        self.router = router
        self.color = color
        self.name = name
        self.fence = fence

    def drain(self, least_left: int, emptying: Emptying, dry_run: bool = False) -> Put:
        """No request goes there any more, and those in flight end. Raises NotReady where its users had too few others.

        *least_left* healthy members of its color must remain, and one where that has users at all.
        """
        with self.router.state.locked():
            found = self._checked()
            users = self.router.read().split.share(self.color) > 0
            least = max(least_left, 1 if users else 0)
            if found.others < least:
                raise NotReady(
                    f"expected {least} other healthy members of {self.color} before {self.name} leaves it, but found"
                    f" {found.others}. Nothing was changed. Repair them first: its users would have nobody to go to."
                )
            put = self._put("drained", dry_run)
        waiting = Emptying(0) if dry_run else emptying
        done = emptied(
            self.router,
            self.color,
            self._sessions,
            waiting.deadline,
            waiting.close,
            waiting.close_over,
            self.name,
        )
        return Put(put.before, put.after, done)

    def hold(self, dry_run: bool = False, within: float = 0.0) -> Put:
        """Health checks go on and testers who name it get it, but no user.

        With *within*, waits until a health check has passed, for so many seconds at most. Raises NotReady.
        """
        with self.router.state.locked():
            self._checked()
            put = self._put("held", dry_run)
            if within and not dry_run:
                self._until_passed(within)
            return put

    def admit(self, within: float, dry_run: bool = False) -> Put:
        """It takes users once a health check has passed, within so many seconds. Raises NotReady."""
        with self.router.state.locked():
            self._checked()
            before = self._word()
            if not dry_run:
                self._until_passed(within)
            return Put(before, self._put("ready", dry_run).after)

    def _until_passed(self, within: float) -> None:
        clock = self.router.clock
        until = clock.monotonic() + within
        while not self._seen().passed:
            if clock.monotonic() >= until:
                raise NotReady(
                    f"expected {self.name} of {self.color} to pass a health check within {within:g} s, but it is"
                    f" {self._seen().state}. It takes no users. Look at its release's log there."
                )
            # In maintenance nothing is checked: what nobody could tell must be found out before a user does.
            self._tell(WORDS["held"])
            clock.sleep(_POLL)

    def release(self, dry_run: bool = False) -> Put:
        """Nothing is said of it any more: its health checks decide. Raises RouterError where its color has users."""
        with self.router.state.locked():
            found = self._checked()
            share = self.router.read().split.share(self.color)
            if share and not found.passed:
                raise RouterError(
                    f"expected {self.color} to be without traffic before {self.name}, which is not known to be healthy,"
                    f" belongs to it again, but it has {share} %. Nothing was changed."
                )
            return self._put("released", dry_run)

    def _checked(self) -> Member:
        """The member as it is, for a writer whose fence is not stale."""
        if self.fence is not None:
            self.router.state.check_fence(self.fence)
        return self._seen()

    def _seen(self) -> Member:
        return member(self.router.admin.ask("show stat"), self.router.service, self.color, self.name)

    def _sessions(self) -> int:
        found = self._seen().sessions
        for worker in self.router.leaving():
            with suppress(RouterError):  # it left in between, or dates from before this member was declared
                found += member(worker.ask("show stat"), self.router.service, self.color, self.name).sessions
        return found

    def _put(self, state: str, dry_run: bool) -> Put:
        before, after = self._word(), WORDS[state]
        if before == after or dry_run:
            return Put(before, after)
        if self.fence is not None:
            self.router.state.raise_fence(self.fence)
        self._tell(after)
        if (found := self._word()) != after:
            raise RouterError(
                f"expected {self.name} of {self.color} to be {after} once that was asked, but HAProxy says {found}."
                " Is it being reloaded? Run again."
            )
        return Put(before, after)

    def _tell(self, word: str) -> None:
        command = f"set server {backend(self.router.service, self.color)}/{self.name} state {word}"
        if answer := self.router.admin.ask(command):
            raise RouterError(f"HAProxy refused `{command}`: {answer}")
        for worker in self.router.leaving():
            with suppress(RouterError):  # it left in between
                worker.ask(command)

    def _word(self) -> str:
        """What is administered, which the status alone does not tell of a member that is down."""
        name = backend(self.router.service, self.color)
        for line in self.router.admin.ask(f"show servers state {name}").splitlines():
            fields = line.split()
            if len(fields) > 6 and fields[1] == name and fields[3] == self.name:
                flags = int(fields[6])
                return "maint" if flags & _MAINTAINED else "drain" if flags & _DRAINED else "ready"
        raise RouterError(f"HAProxy does not tell the state of {self.name} of {name}. Nothing was changed.")
