# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A writer dies at every instant there is, and nothing that it acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger, LedgerError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import parse

Make = Callable[..., FileLedger]
SEED = 20260131
KILLS = 30
#: The calls that change what is on disk; a writer can die before or after each of them.
CALLS = ("write", "fsync", "replace", "truncate", "ftruncate", "link")
OPENED = {"release": "v1", "from": None, "color": "green", "live_color": "blue", "plan": None}


def acknowledged(reader: int) -> list[int]:
    """What the writer said before it died: the numbers of the events that it knew to be durable."""
    with os.fdopen(reader, "rb") as pipe:
        return [int(line) for line in pipe.read().split()]


def survived(ledger: FileLedger, events: list[int]) -> None:
    """Asserts that *events* are all there, once, and that the next writer can go on."""
    current = ledger.read().events
    old = [event for path in ledger.folder.glob("journal-*.jsonl") for event in parse(path.read_text()).events]
    kept = {event.seq for event in (*old, *current)}
    assert set(events) <= kept, f"lost {sorted(set(events) - kept)}"
    lease = ledger.lease()
    assert lease is not None
    event, _torn = ledger.append("after", "note", {"message": "goes on"}, lease.fence)
    assert event.seq == max(kept, default=0) + 1
    assert ledger.read().torn == "", "the torn line is still there"
    assert ledger.read().events[-1] == event


def test_a_writer_that_is_killed_at_random_moments_loses_nothing(make: Make, forked: Any) -> None:
    chance = random.Random(SEED)
    make().acquire({"name": "alice"}, 1e9)
    promised: list[int] = []

    def appends(pipe: int) -> None:
        ledger = make(rotate_bytes=8000)
        while True:
            event, _torn = ledger.append("r1", "rollout.closed", {"outcome": "failed"}, 1, renew=1e9)
            os.write(pipe, f"{event.seq}\n".encode())

    for _kill in range(KILLS):
        child, reader = forked(appends)
        heard = os.read(reader, chance.randrange(1, 9))
        for _turn in range(chance.randrange(20_000)):  # anywhere in the next append
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rest = os.dup(reader)
        os.close(reader)
        with os.fdopen(rest, "rb") as pipe:
            promised += [int(line) for line in (heard + pipe.read()).split()]
        survived(make(), promised)
    assert len(promised) >= KILLS


def dies_at(instant: int) -> None:
    """From now on this process dies at the *instant*-th change to the disk; half of a write may be done by then."""
    left = instant

    def deadly(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    real(args[0], args[1][: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call

    for name in CALLS:
        setattr(os, name, deadly(name))


def crash_everywhere(make: Make, forked: Any, kind: type[FileLedger]) -> int:
    """Lets a writer die at each of its changes to the disk, one after the other; gives their number."""
    make(kind).acquire({"name": "alice"}, 1e9)
    for instant in range(1, 200):

        def story(pipe: int, instant: int = instant) -> None:
            tell = os.write
            dies_at(instant)
            ledger = make(kind, rotate_bytes=1)
            for type_, data in (
                ("rollout.opened", OPENED),
                ("note", {"message": "größer"}),
                ("rollout.closed", {"outcome": "failed"}),  # and rotates
            ):
                event, _torn = ledger.append(f"r{instant}", type_, data, 1, renew=1e9)
                tell(pipe, f"{event.seq}\n".encode())

        child, reader = forked(story)
        _pid, status = os.waitpid(child, 0)
        survived(make(kind), acknowledged(reader))
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return instant - 1
    raise AssertionError("the story never came to its end")


def test_a_writer_that_dies_at_any_change_to_the_disk_loses_nothing(make: Make, forked: Any) -> None:
    instants = crash_everywhere(make, forked, FileLedger)
    assert instants >= 15, "the harness no longer sees what the ledger does"
    assert list(make().folder.glob("journal.torn-*")), "no instant left a torn line: the test has lost its point"


class Untidy(FileLedger):
    """Leaves the torn line where it is."""

    def _set_aside(self, torn: str) -> None:
        pass


class InPlace(FileLedger):
    """Writes over a file instead of replacing it."""

    def _replace(self, path: Any, text: str) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        with suppress(OSError):
            os.write(descriptor, text.encode())
        os.close(descriptor)


@pytest.mark.parametrize(
    ("careless", "caught"),
    [(Untidy, r"the torn line is still there"), (InPlace, r"lease.json cannot be read")],
)
def test_the_same_crashes_catch_a_careless_ledger(
    make: Make, forked: Any, careless: type[FileLedger], caught: str
) -> None:
    with pytest.raises((AssertionError, LedgerError), match=caught):
        crash_everywhere(make, forked, careless)
