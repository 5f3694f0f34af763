# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger in a store that many machines reach and none can lock.

What is to be written is worked out from what was read, and the store takes it only if nothing else was written since;
otherwise all of it once more, from what is there then (optimistic concurrency control, Kung and Robinson 1981).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ..aws.resource import StackError
from ..rollout import lease as leases
from ..rollout.history import History, fold
from ..rollout.journal import Event, Reading, parse
from .errors import LedgerError, NotAtWork

#: From this size on, the journal goes on in a new segment once a rollout is closed: each write or look reads one.
ROTATE_BYTES = 1024 * 1024
_PATIENCE = 30.0
_PAUSES = (0.02, 1.0)


class Overtaken(Exception):
    """Somebody else wrote between the reading and the writing; nothing was written."""


@dataclass(frozen=True)
class Snapshot:
    """What was there: the lease, events (the last one at least), and by what the store knows that it is still so."""

    lease: leases.Lease | None = None
    events: tuple[Event, ...] = ()
    version: Any = None


@dataclass(frozen=True)
class Draft:
    """What shall be there next: the lease, and events that are added."""

    lease: leases.Lease | None
    events: tuple[Event, ...] = ()


class SharedLedger:
    """The journal and the lease of one *service*, in the store *where* (for people). *now* gives epoch seconds.

    A store is a subclass with :meth:`_load`, :meth:`_store` and :meth:`_has`, which may raise StackError. The rest
    keeps the promises of ``FileLedger``, in its words; a write is whole or not there, so that nothing is ever torn.
    """

    def __init__(self, service: str, where: str, now: Callable[[], float], rotate_bytes: int = ROTATE_BYTES) -> None:
        self.service = service
        self.where = where
        self.now = now
        self.rotate_bytes = rotate_bytes

    # -- the store -------------------------------------------------------------------------------

    def _load(self, whole: bool) -> Snapshot:
        """What is there; of the events the newest segment where *whole*, and else the last one at least."""
        raise NotImplementedError

    def _store(self, found: Snapshot, draft: Draft) -> None:
        """Write *draft* in one piece. Raises Overtaken unless what is there is what was *found*."""
        raise NotImplementedError

    def _has(self, event: Event) -> bool:
        """Whether exactly this *event* is there."""
        raise NotImplementedError

    # -- reading ---------------------------------------------------------------------------------

    def read(self) -> Reading:
        """The journal's newest segment; empty when there is none yet."""
        with self._asked():
            return Reading(self._load(whole=True).events)

    def history(self) -> History:
        """What the journal adds up to."""
        return fold(self.read().events)

    def lease(self) -> leases.Lease | None:
        """The lease as it was last written, or None when nobody ever had it."""
        with self._asked():
            return self._load(whole=False).lease

    # -- the lease -------------------------------------------------------------------------------

    def acquire(self, holder: Mapping[str, Any], ttl: float, **how: Any) -> leases.Lease:
        """The lease for *holder*; the keywords and errors are those of ``rollout.lease.acquire``."""
        return self._leased(lambda current: leases.acquire(current, holder, self.now(), ttl, **how))

    def renew(self, fence: int, ttl: float, doing: str = "") -> leases.Lease:
        """The lease, prolonged by *ttl* seconds from now. Raises LeaseError when it was lost."""
        return self._leased(lambda current: leases.renew(current, fence, self.now(), ttl, doing))

    def release(self, fence: int) -> leases.Lease:
        """The lease, given back. Raises LeaseError when it was lost."""
        return self._leased(lambda current: leases.release(current, fence, self.now()))

    def _leased(self, change: Callable[[leases.Lease | None], leases.Lease]) -> leases.Lease:
        # Done twice, as where an answer was lost, each of these changes comes to the same.
        lease = self._written(lambda found: Draft(change(found.lease))).lease
        if lease is None:
            raise LedgerError(f"{self.service}: the lease that was written is not there: look at the ledger by hand")
        return lease

    # -- the journal -----------------------------------------------------------------------------

    def append(
        self,
        rollout: str,
        type_: str,
        data: Mapping[str, Any],
        fence: int,
        renew: float | None = None,
        then: str | None = None,
    ) -> tuple[Event, str]:
        """Write one event, as ``FileLedger.append`` does; nothing is ever torn here."""

        def draft(found: Snapshot) -> Draft:
            lease = leases.check(found.lease, fence, self.now())
            event = self._event(found, rollout, type_, fence, lease.holder, data)
            if renew is not None:
                lease = leases.renew(lease, fence, self.now(), renew)
            return Draft(lease, (event, event.intends(then)) if then else (event,))

        event = self._written(draft).events[0]
        if type_ == "rollout.closed":
            # The event is there: that its journal could not be rotated must not look as if it were not.
            with suppress(LedgerError, StackError, Overtaken):
                self._rotate()
        return event, ""

    def ask(self, action: str, reason: str, who: Mapping[str, Any]) -> Event:
        """Write down that *who* asks the rollout in progress to do *action*, as ``FileLedger.ask`` does."""

        def draft(found: Snapshot) -> Draft:
            lease, current = found.lease, fold(found.events).current
            if current is None or lease is None or not lease.held(self.now()):
                raise NotAtWork(current.id if current else None, action)
            data = {"action": action, "reason": reason}
            return Draft(lease, (self._event(found, current.id, "rollout.asked", lease.fence, who, data),))

        return self._written(draft, whole=True).events[0]

    def _event(
        self, found: Snapshot, rollout: str, type_: str, fence: int, who: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Event:
        seq = found.events[-1].seq + 1 if found.events else 1
        return Event(seq, self.now(), self.service, rollout, type_, fence, who, data)

    def _rotate(self) -> None:
        found = self._load(whole=True)
        history, last = fold(found.events), found.events[-1]
        # What is carried over has no open rollout: while there is one, its events have to stay.
        if history.current is None and sum(len(event.line()) for event in found.events) >= self.rotate_bytes:
            state = {"state": history.carried()}
            carried = self._event(found, last.rollout, "ledger.carried", last.fence, last.who, state)
            self._store(found, Draft(found.lease, (carried,)))

    # -- writing ---------------------------------------------------------------------------------

    def _written(self, draft: Callable[[Snapshot], Draft], whole: bool = False) -> Draft:
        """What *draft* made of what is there, once it is written. Its errors end it, and nothing is written then."""
        sent = Draft(None)
        deadline, (pause, longest) = time.monotonic() + _PATIENCE, _PAUSES
        while time.monotonic() < deadline:
            with self._asked():
                # An answer that was lost is asked for again, and then our own write is in its way.
                if sent.events and self._has(sent.events[0]):
                    return sent
                found = self._load(whole)
            sent = draft(found)
            try:
                with self._asked(" Whether its last write is there is not known: status.yml shows it."):
                    self._store(found, sent)
                return sent
            except Overtaken:
                time.sleep(pause * secrets.randbelow(100) / 100)  # not all of them at the same moment again
                pause = min(2 * pause, longest)
        raise LedgerError(
            f"the ledger in {self.where} was written to by others all the time for {_PATIENCE:g} s, or AWS was too"
            " busy; nothing was written. Run this again"
        )

    @contextmanager
    def _asked(self, besides: str = "") -> Iterator[None]:
        try:
            yield
        except StackError as error:
            raise LedgerError(
                f"the ledger in {self.where} cannot be used: {error}.{besides} The module aws_ledger makes such a"
                " ledger; check its name, the region, and whose credentials these are"
            ) from error

    def _parsed(self, lines: str) -> tuple[Event, ...]:
        """The events of a segment's *lines*. Raises LedgerError: what cannot be torn was altered."""
        try:
            reading = parse(lines, f"the journal in {self.where}")
        except ValueError as error:
            raise LedgerError(str(error)) from error
        if reading.torn:
            raise LedgerError(
                f"the journal in {self.where} ends with what is no event ({reading.torn[:80]!r}): it was altered by"
                " hand. Restore it from a backup"
            )
        return reading.events

    def _lease_in(self, text: str, *way: str) -> leases.Lease | None:
        """The lease at the end of *way* in the JSON *text*; None where it says null. Raises LedgerError."""
        try:
            value = json.loads(text)
            for key in way:
                value = value[key]
            return None if value is None else leases.Lease.from_dict(value)
        except (ValueError, KeyError, TypeError) as error:
            raise LedgerError(
                f"the lease in {self.where} cannot be read ({error!r}): it was altered by hand. When no rollout is"
                " running, put null in its place: the next fencing number then starts above the highest one that a load"
                " balancer has seen"
            ) from error
