# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is written was worked out from what is there, however often others come first: on a store in memory.

tests/aws does the same on real ones, with real answers lost.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.ledgers import shared
from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.errors import LedgerError
from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.shared import (
    Draft,
    Overtaken,
    SharedLedger,
    Snapshot,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import LeaseError

ALICE = {"name": "alice"}


class Store:
    """What is there, and what comes in between: functions called right before a write, one a write."""

    def __init__(self) -> None:
        self.there = Snapshot(version=0)
        self.between: list[Any] = []


class InMemory(SharedLedger):
    """One process's ledger on a Store."""

    def __init__(self, store: Store, now: Any, **more: Any) -> None:
        super().__init__("storefront", "memory", now, **more)
        self.store = store

    def _load(self, whole: bool) -> Snapshot:
        return self.store.there

    def _store(self, found: Snapshot, draft: Draft) -> None:
        if self.store.between:
            self.store.between.pop(0)()
        if found.version != self.store.there.version:
            raise Overtaken
        carried = any(event.type == "ledger.carried" for event in draft.events)
        events = draft.events if carried else (*found.events, *draft.events)
        self.store.there = Snapshot(draft.lease, events, found.version + 1)

    def _has(self, event: Event) -> bool:
        return event in self.store.there.events


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(shared, "_PAUSES", (0.0, 0.0))
    return Store()


@pytest.fixture
def opened(store: Store, clock: Any) -> Any:
    return lambda **more: InMemory(store, clock, **more)


def note(ledger: InMemory, message: str, fence: int = 1) -> Event:
    return ledger.append("r1", "note", {"message": message}, fence)[0]


@pytest.mark.parametrize("seed", range(20))
def test_whoever_comes_in_between_nothing_is_lost_and_nothing_is_there_twice(
    opened: Any, store: Store, seed: int
) -> None:
    chance = random.Random(seed)
    opened().acquire(ALICE, 1e6)
    promised: list[str] = []

    def said(message: str) -> None:
        assert note(opened(), message).data["message"] == message
        promised.append(message)

    for number in range(10):
        times = chance.randrange(4)
        store.between = [
            chance.choice([lambda n=number, t=turn: said(f"between {n} {t}"), lambda: opened().renew(1, 60)])
            for turn in range(times)
        ]
        said(f"mine {number}")
    events = opened().read().events
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert sorted(event.data["message"] for event in events) == sorted(promised)


def test_a_takeover_in_between_ends_it(opened: Any, store: Store) -> None:
    opened().acquire(ALICE, 1e6)
    store.between = [lambda: opened().acquire({"name": "bob"}, 60, takeover="x")]
    with pytest.raises(LeaseError, match="overtaken by fence 2"):
        note(opened(), "late")
    assert opened().read().events == ()


def test_it_does_not_try_for_ever(opened: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_PATIENCE", 0.2)
    ledger = opened()
    ledger.acquire(ALICE, 1e6)

    def always(*_: Any) -> None:
        raise Overtaken

    ledger._store = always
    with pytest.raises(LedgerError, match=r"memory was written to by others all the time .* nothing was written"):
        note(ledger, "x")


def test_what_the_store_says_is_said_with_its_place(opened: Any) -> None:
    ledger = opened()

    def away(*_: Any, **__: Any) -> None:
        raise StackError("it is away")

    ledger._load = away
    for use in (ledger.read, ledger.lease, lambda: note(ledger, "x")):
        with pytest.raises(LedgerError, match="the ledger in memory cannot be used: it is away"):
            use()


def test_a_journal_that_cannot_be_rotated_is_closed_all_the_same(opened: Any, store: Store) -> None:
    ledger = opened(rotate_bytes=1)
    ledger.acquire(ALICE, 1e6)
    opening = {"release": "v2", "from": "v1", "color": "green", "live_color": "blue", "plan": None}
    ledger.append("r1", "rollout.opened", opening, 1)

    def rotates() -> None:
        raise StackError("it is away")

    store.between = [lambda: None, rotates]
    closed, _torn = ledger.append("r1", "rollout.closed", {"outcome": "rolled_back"}, 1)
    assert opened().read().events[-1] == closed
    ledger.append("r1", "rollout.opened", opening, 1)
    ledger.append("r1", "rollout.closed", {"outcome": "rolled_back"}, 1)
    (carried,) = opened().read().events
    assert (carried.type, opened().history().live_color) == ("ledger.carried", "blue")
