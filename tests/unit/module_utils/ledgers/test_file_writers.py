# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several processes write at once: one at a time does, and only with the lease."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger, LedgerError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout import lease as leases
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import LeaseError

Make = Callable[..., FileLedger]
WRITERS = 4
TURNS = 5


def finished(child: int, reader: int) -> list[Any]:
    with os.fdopen(reader, "r", encoding="utf-8") as pipe:
        told = [json.loads(line) for line in pipe]
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return told


def test_processes_that_fight_for_the_lease_lose_no_event_and_never_share_a_fence(make: Make, forked: Any) -> None:
    def fights(name: str) -> Callable[[int], None]:
        def work(pipe: int) -> None:
            ledger = make()
            for turn in range(TURNS):
                fence = ledger.acquire({"name": name, "turn": turn}, 1e9, takeover="a fight").fence
                for number in range(3):
                    try:
                        event, torn = ledger.append(name, "note", {"message": f"{name} {turn} {number}"}, fence)
                    except LeaseError:
                        break  # overtaken: the others' right
                    assert torn == ""
                    os.write(pipe, (json.dumps([event.seq, fence, event.data["message"]]) + "\n").encode())

        return work

    children = [forked(fights(f"operator {number}")) for number in range(WRITERS)]
    promised = sorted(event for child in children for event in finished(*child))
    events = make().read().events
    assert promised == [[event.seq, event.fence, event.data["message"]] for event in events]
    assert len(events) >= TURNS
    fences = [event.fence for event in events]
    assert fences == sorted(fences), "an overtaken writer came through"
    assert all(len({event.rollout for event in events if event.fence == fence}) == 1 for fence in fences)
    lease = make().lease()
    assert lease is not None
    assert lease.fence == WRITERS * TURNS


def race(make: Make, forked: Any, base: type[FileLedger]) -> FileLedger:
    """Two processes append; each waits, between reading and writing, until the other one has read as well."""
    both = multiprocessing.get_context("fork").Barrier(2)

    class Raced(base):  # type: ignore[misc,valid-type]
        def read(self) -> Any:
            found = super().read()
            with suppress(threading.BrokenBarrierError):
                both.wait(0.3)  # a ledger that locks lets nobody else read: the wait is in vain then
            return found

    make().acquire({"name": "alice"}, 1e9)

    def work(pipe: int) -> None:
        make(Raced).append("r1", "note", {"message": "mine"}, 1)

    for child in [forked(work), forked(work)]:
        finished(*child)
    return make()


def test_two_appends_at_the_same_moment_are_one_after_the_other(make: Make, forked: Any) -> None:
    assert [event.seq for event in race(make, forked, FileLedger).read().events] == [1, 2]


def test_the_same_race_catches_a_ledger_that_does_not_lock(make: Make, forked: Any) -> None:
    class Unlocked(FileLedger):
        @contextmanager
        def _locked(self) -> Iterator[None]:
            yield

    with pytest.raises(LedgerError, match="missing or doubled"):
        race(make, forked, Unlocked).read()


def overtaken(ledger: FileLedger) -> None:
    """Alice is overtaken, and only then does what she was about to say arrive."""
    old = ledger.acquire({"name": "alice"}, 60).fence
    new = ledger.acquire({"name": "bob"}, 60, takeover="alice does not answer").fence
    ledger.append("r1", "note", {"message": "bob has it"}, new)
    with pytest.raises(LeaseError, match="overtaken"):
        ledger.append("r1", "note", {"message": "alice does not know"}, old)
    assert [event.data["message"] for event in ledger.read().events] == ["bob has it"]


def test_a_late_write_of_an_overtaken_run_is_refused(make: Make) -> None:
    overtaken(make())


def test_the_same_story_catches_a_ledger_without_fences(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "check", lambda current, fence, now: current)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        overtaken(make())
