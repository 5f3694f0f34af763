# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of the disk, in which order, and what is left when it refuses."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger, LedgerError

Make = Callable[..., FileLedger]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk is asked, as ``<call> <name of the file or folder>``."""
    calls: list[str] = []

    def recorded(name: str) -> None:
        real = getattr(os, name)

        def call(target: Any, *args: Any) -> Any:
            path = os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else str(target)
            calls.append(f"{name} {os.path.basename(path)}")
            return real(target, *args)

        monkeypatch.setattr(os, name, call)

    for name in ("write", "fsync", "replace"):
        recorded(name)
    return calls


def test_an_append_returns_after_its_bytes_are_on_disk(ledger: FileLedger, asked: list[str]) -> None:
    ledger.append("r1", "note", {"message": "first"}, 1)
    assert asked == ["fsync storefront", "write journal.jsonl", "fsync journal.jsonl"]
    asked.clear()
    ledger.append("r1", "note", {"message": "second"}, 1)
    assert asked == ["write journal.jsonl", "fsync journal.jsonl"]


def test_a_journal_that_a_dead_writer_created_empty_gets_a_durable_name_too(
    ledger: FileLedger, asked: list[str]
) -> None:
    ledger.journal.touch()
    ledger.append("r1", "note", {"message": "first"}, 1)
    assert asked[0] == "fsync storefront"


def test_a_lease_is_whole_on_disk_before_it_has_its_name(make: Make, asked: list[str]) -> None:
    make().acquire({"name": "alice"}, 60)
    folder = os.path.basename(make().folder.parent)
    assert asked == [
        f"fsync {folder}",
        "fsync .lease.json.new",
        "replace .lease.json.new",
        "fsync storefront",
    ]


def test_the_lease_is_prolonged_before_the_event_is_written(ledger: FileLedger, asked: list[str]) -> None:
    """An event tells others what this run is about to do, so the run must still be allowed to do it."""
    ledger.append("r1", "note", {"message": "first"}, 1, renew=60)
    assert asked.index("replace .lease.json.new") < asked.index("write journal.jsonl")


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond *size* bytes: the kernel cuts a write short there, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("more", "told"), [(0, "File too large"), (1, "No space left.*make room"), (90, "No space left")]
)
def test_a_full_disk_leaves_the_journal_as_it_was(ledger: FileLedger, more: int, told: str) -> None:
    ledger.append("r1", "note", {"message": "x" * 900}, 1)
    before = ledger.journal.read_bytes()
    with room(len(before) + more), pytest.raises(LedgerError, match=told):
        ledger.append("r1", "note", {"message": "does not fit"}, 1)
    assert ledger.journal.read_bytes() == before
    assert ledger.append("r1", "note", {"message": "fits"}, 1)[0].seq == 2


def test_a_full_disk_leaves_the_lease_as_it_was(ledger: FileLedger) -> None:
    before = ledger.lease()
    with room(20), pytest.raises(LedgerError, match="cannot be written"):
        ledger.renew(1, 1e9)
    assert ledger.lease() == before
    assert ledger.renew(1, 1e9).fence == 1


def test_a_full_disk_keeps_the_torn_line_where_it_is(ledger: FileLedger) -> None:
    ledger.append("r1", "note", {"message": "x"}, 1)
    with ledger.journal.open("a") as file:
        file.write('{"seq": 2, "time": "half of a long line')
    with room(10), pytest.raises(LedgerError):
        ledger.append("r1", "note", {"message": "y"}, 1)
    assert ledger.read().torn.startswith('{"seq": 2')


class Hopeful(FileLedger):
    """Takes whatever the disk took."""

    def _write(self, lines: bytes) -> None:
        with open(self.journal, "ab", buffering=0) as file:
            file.write(lines)


def test_the_same_disk_catches_a_ledger_that_does_not_look(make: Make) -> None:
    hopeful = make(Hopeful)
    hopeful.acquire({"name": "alice"}, 1e6)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_a_full_disk_leaves_the_journal_as_it_was(hopeful, 90, "No space left")


def test_an_event_that_cannot_be_made_durable_is_taken_back(
    ledger: FileLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing disk cannot be had here, so the call that reports it is made to."""

    def fail(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    ledger.append("r1", "note", {"message": "x"}, 1)
    before = ledger.journal.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(LedgerError, match="Input/output error"):
            ledger.append("r1", "note", {"message": "y"}, 1)
    assert ledger.journal.read_bytes() == before
