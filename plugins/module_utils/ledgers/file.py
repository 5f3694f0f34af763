# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A ledger in files on one declared host: durable, and readable by a person with ``less``.

``<path>/<service>/journal.jsonl`` has the events, ``lease.json`` the lease, ``lock`` serialises writers.
Appends are fsynced before they return; the lease is replaced atomically. When the journal grows beyond
``rotate_bytes`` between two rollouts it becomes ``journal-<last seq>.jsonl``, and a new one begins with
what the old one added up to.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..rollout import lease as leases
from ..rollout.history import History, fold
from ..rollout.journal import Event, Reading, parse
from .errors import LedgerError, NotAtWork

ROTATE_BYTES = 4 * 1024 * 1024


class FileLedger:
    """The journal and the lease of one service, in *path* on this host. *now* gives epoch seconds."""

    def __init__(self, path: str, service: str, now: Callable[[], float], rotate_bytes: int = ROTATE_BYTES) -> None:
        self.folder = Path(path) / service
        self.journal = self.folder / "journal.jsonl"
        self.service = service
        self.now = now
        self.rotate_bytes = rotate_bytes

    # -- reading ---------------------------------------------------------------------------------

    def read(self) -> Reading:
        """The journal's newest segment; empty when there is none yet."""
        try:
            # Bytes, for text mode would turn a "\r" in what is torn into another number of bytes.
            text = self.journal.read_bytes().decode("utf-8", errors="surrogateescape")
        except FileNotFoundError:
            return Reading(())
        except OSError as error:
            raise LedgerError(f"{self.journal} cannot be read: {error.strerror}") from error
        try:
            return parse(text, str(self.journal))
        except ValueError as error:
            raise LedgerError(str(error)) from error

    def history(self) -> History:
        """What the journal adds up to."""
        return fold(self.read().events)

    def lease(self) -> leases.Lease | None:
        """The lease as it was last written, or None when nobody ever had it."""
        try:
            return leases.Lease.from_dict(json.loads((self.folder / "lease.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LedgerError(
                f"{self.folder / 'lease.json'} cannot be read ({error}). When no rollout is running, remove it:"
                " the next fencing number then starts above the highest one that a load balancer has seen"
            ) from error

    # -- the lease -------------------------------------------------------------------------------

    def acquire(self, holder: Mapping[str, Any], ttl: float, **how: Any) -> leases.Lease:
        """The lease for *holder*; the keywords and errors are those of ``rollout.lease.acquire``."""
        with self._locked():
            return self._keep(leases.acquire(self.lease(), holder, self.now(), ttl, **how))

    def renew(self, fence: int, ttl: float, doing: str = "") -> leases.Lease:
        """The lease, prolonged by *ttl* seconds from now. Raises LeaseError when it was lost."""
        with self._locked():
            return self._keep(leases.renew(self.lease(), fence, self.now(), ttl, doing))

    def release(self, fence: int) -> leases.Lease:
        """The lease, given back. Raises LeaseError when it was lost."""
        with self._locked():
            return self._keep(leases.release(self.lease(), fence, self.now()))

    def _keep(self, lease: leases.Lease) -> leases.Lease:
        self._replace(self.folder / "lease.json", json.dumps(lease.as_dict(), indent=2) + "\n")
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
        """Write one event and, with *renew*, prolong the lease by as many seconds. Durable when it returns.

        *then* is the phase that comes next: its intent is written with the event, in one piece.
        Gives the event and what was left of a torn line, which is moved aside before the append. Raises
        LeaseError when *fence* was overtaken, ValueError for no valid event, LedgerError when the disk refuses.
        """
        with self._locked():
            lease = leases.check(self.lease(), fence, self.now())
            reading = self.read()
            event = self._event(reading, rollout, type_, fence, lease.holder, data)
            intent = event.intends(then) if then else None
            if renew is not None:
                self._keep(leases.renew(lease, fence, self.now(), renew))
            self._add(reading, *filter(None, (event, intent)))
            if type_ == "rollout.closed":
                # The event is there: that its journal could not be rotated must not look as if it were not.
                with suppress(OSError):
                    self._rotate(fold((*reading.events, event)), event)
            return event, reading.torn

    def ask(self, action: str, reason: str, who: Mapping[str, Any]) -> Event:
        """Write down that *who* asks the rollout in progress to do *action*, for *reason*; without the lease.

        It moves no traffic: whoever holds the lease reads it and acts. Raises NotAtWork when nobody would.
        """
        with self._locked():
            lease, reading = self.lease(), self.read()
            current = fold(reading.events).current
            if current is None or lease is None or not lease.held(self.now()):
                raise NotAtWork(current.id if current else None, action)
            data = {"action": action, "reason": reason}
            event = self._event(reading, current.id, "rollout.asked", lease.fence, who, data)
            self._add(reading, event)
            return event

    def _event(
        self, reading: Reading, rollout: str, type_: str, fence: int, who: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Event:
        seq = reading.events[-1].seq + 1 if reading.events else 1
        return Event(seq, self.now(), self.service, rollout, type_, fence, who, data)

    def _add(self, reading: Reading, *events: Event) -> None:
        if reading.torn:
            self._set_aside(reading.torn)
        self._write("".join(event.line() for event in events).encode("utf-8", errors="surrogateescape"))

    def _write(self, lines: bytes) -> None:
        descriptor = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            size = os.fstat(descriptor).st_size
            if size == 0:  # its name must be as durable as what it will hold, whoever created it
                self._sync(self.folder)
            try:
                written = os.write(descriptor, lines)
                if written != len(lines):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)  # half an event must not be mistaken for one
                raise
        finally:
            os.close(descriptor)

    def _set_aside(self, torn: str) -> None:
        kept = self.folder / f"journal.torn-{int(self.now())}"
        kept.write_text(torn, encoding="utf-8", errors="surrogateescape")
        size = self.journal.stat().st_size - len(torn.encode("utf-8", errors="surrogateescape"))
        os.truncate(self.journal, size)

    def _rotate(self, history: History, last: Event) -> None:
        # What is carried over has no open rollout: while there is one, its events have to stay.
        if history.current is not None or self.journal.stat().st_size < self.rotate_bytes:
            return
        carried = Event(
            seq=last.seq + 1,
            at=last.at,
            service=self.service,
            rollout=last.rollout,
            type="ledger.carried",
            fence=last.fence,
            who=last.who,
            data={"state": history.carried()},
        )
        # The old segment stays reachable under both names until the new one is in place.
        os.link(self.journal, self.folder / f"journal-{last.seq:08d}.jsonl")
        self._replace(self.journal, carried.line())

    # -- files -----------------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
                self._sync(self.folder.parent)
            with open(self.folder / "lock", "a", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            what = (
                "make room there" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "check the folder and its owner"
            )
            raise LedgerError(f"the ledger in {self.folder} cannot be written ({error.strerror}): {what}") from error

    def _replace(self, path: Path, text: str) -> None:
        temporary = path.with_name(f".{path.name}.new")
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        self._sync(self.folder)

    def _sync(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
