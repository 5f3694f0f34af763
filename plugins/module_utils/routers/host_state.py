# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router's host itself remembers of a service: the fence, the lock and the break-glass notes.

These files are the last line of defence: they hold when the ledger is out of reach, and they stop a
controller that lost its lease without knowing it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .base import RouterError, StaleFence
from .durable import append, replace

_LOCK_PATIENCE = 10.0
_LOCK_POLL = 0.05


class HostState:
    """One *service* under *directory*: ``<service>.fence``, ``.lock``, ``.moved.json`` and ``.notes.jsonl``."""

    def __init__(self, service: str, directory: str, clock: Any) -> None:
        self.service = service
        self._directory = Path(directory)
        self._clock = clock
        self._fence = self._directory / f"{service}.fence"
        self._notes = self._directory / f"{service}.notes.jsonl"
        self._moved = self._directory / f"{service}.moved.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one writer on this host at a time. Raises RouterError after 10 s of waiting."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._directory / f"{self.service}.lock"
        handle = os.open(str(lock), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            deadline = self._clock.monotonic() + _LOCK_PATIENCE
            while not _try_lock(handle):
                if self._clock.monotonic() >= deadline:
                    raise RouterError(
                        f"another write to {self.service} has held {lock} for {_LOCK_PATIENCE:.0f} s."
                        " Nothing was changed. Wait for it to end, then run again."
                    )
                self._clock.sleep(_LOCK_POLL)
            yield
        finally:
            os.close(handle)

    def fence(self) -> int:
        """The highest fencing number seen, 0 before the first. Raises RouterError."""
        try:
            text = self._fence.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise RouterError(f"cannot read {self._fence}: {error.strerror}") from error
        if not text.isdigit():
            raise RouterError(f"expected a whole number in {self._fence}, but found {text!r}. Nothing was changed.")
        return int(text)

    def check_fence(self, fence: int, known: str | None = None) -> None:
        """Raises StaleFence when a writer with a higher number was here before; *known* says who that was."""
        seen = self.fence()
        if fence < seen:
            why = known or (
                f"{self.service} was last written under {seen}, so another"
                " rollout has taken the lease since, or somebody broke the glass. Nothing was changed."
                " Run the playbook again: it takes a new lease and starts from what it finds."
            )
            raise StaleFence(f"fencing number {fence} is stale: {why}")

    def raise_fence(self, fence: int) -> None:
        """Remember *fence*; a number already reached costs no write."""
        if fence > self.fence():
            replace(str(self._fence), f"{fence}\n", mode=0o600)

    def remember_move(self, split: Mapping[str, int], at: float) -> None:
        """Remember since when *split* is in force (epoch seconds): a controller that dies cannot tell any more."""
        replace(str(self._moved), json.dumps({"split": dict(split), "at": at}) + "\n", mode=0o600)

    def moved_at(self, split: Mapping[str, int]) -> float | None:
        """Since when *split* is in force, or None where another one was written last."""
        try:
            moved = json.loads(self._moved.read_text(encoding="utf-8"))
            return float(moved["at"]) if moved["split"] == dict(split) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write down what was done without the ledger."""
        append(str(self._notes), json.dumps(entry, sort_keys=True))

    def notes(self) -> list[dict[str, Any]]:
        """The notes that were not imported yet, oldest first; a line torn by a crash is returned as text."""
        try:
            lines = self._notes.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [_parse(line) for line in lines if line.strip()]

    def forget_notes(self, count: int) -> int:
        """Drop the *count* oldest notes, those that the ledger holds now; returns how many there were."""
        if not self._notes.exists():
            return 0
        lines = [line for line in self._notes.read_text(encoding="utf-8").splitlines() if line.strip()]
        if count and lines:
            replace(str(self._notes), "".join(f"{line}\n" for line in lines[count:]), mode=0o600)
        return min(count, len(lines))


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parse(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {"torn": line}
    return entry if isinstance(entry, dict) else {"torn": line}
