# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many write to a ledger on AWS at once, and answers are lost: each event is there once, or refused.

Each unsafe variant is caught by the very story that the real one passes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import LeaseError

ALICE, BOB = {"name": "alice"}, {"name": "bob"}
WRITERS = 16
Open = Callable[..., Any]

WRITES = {"dynamodb": "TransactWriteItems", "s3": "PutObject"}


def note(ledger: Any, fence: int, message: str = "x", **more: Any) -> Any:
    return ledger.append("r1", "note", {"message": message}, fence, **more)[0]


def messages(ledger: Any) -> list[str]:
    return [event.data["message"] for event in ledger.read().events]


def race(opened: Open, prepare: Callable[[Any], Any] = lambda ledger: ledger) -> None:
    """Many append at once, all of them after having read the same: nothing is lost, and nothing is there twice."""
    opened().acquire(ALICE, 1e9)
    all_read = threading.Barrier(WRITERS)
    promised: list[tuple[int, str]] = []
    failures: list[BaseException] = []

    def work(number: int) -> None:
        ledger = prepare(opened())
        load, first = ledger._load, [True]

        def loaded(whole: bool) -> Any:
            found = load(whole)
            if first:
                first.clear()
                all_read.wait(30)
            return found

        ledger._load = loaded
        try:
            for turn in range(2):
                event = note(ledger, 1, f"{number} {turn}", then="install" if turn else None)
                promised.append((event.seq, event.data["message"]))
        except Exception as error:  # noqa: BLE001  for the test to show
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    events = opened().read().events
    assert [event.seq for event in events] == list(range(1, 3 * WRITERS + 1))
    assert sorted(promised) == [(event.seq, event.data["message"]) for event in events if event.type == "note"]
    for event in events:
        if event.type == "phase.intended":
            assert events[event.seq - 2].data["message"].endswith(" 1"), "something came between outcome and intent"


def test_sixteen_writers_at_once_lose_and_double_nothing(opened: Open) -> None:
    race(opened)


def careless(ledger: Any) -> Any:
    """Writes whatever was written since."""
    if hasattr(ledger, "bucket"):
        ledger.bucket.replace = lambda key, text, etag: not ledger.bucket.write(key, text)
        return ledger
    write = ledger._write

    def unconditional(operation: str, **parameters: Any) -> None:
        parameters["TransactItems"] = [
            {"Put": {key: one["Put"][key] for key in ("TableName", "Item")}}
            for one in parameters["TransactItems"]
            if "Put" in one
        ]
        write(operation, **parameters)

    ledger._write = unconditional
    return ledger


def test_the_same_race_catches_a_ledger_without_conditions(opened: Open) -> None:
    with pytest.raises(AssertionError, match=r"Right contains .* more items"):
        race(opened, careless)


def overtaken(opened: Open, prepare: Callable[[Any], Any] = lambda ledger: ledger) -> None:
    """Alice has looked at the lease; then bob takes it over, and only then alice's event is sent."""
    ledger = prepare(opened())
    ledger.acquire(ALICE, 60)
    load = ledger._load

    def loaded(whole: bool) -> Any:
        found = load(whole)
        if opened().lease().fence == 1:
            opened().acquire(BOB, 60, takeover="alice does not answer")
        return found

    ledger._load = loaded
    with pytest.raises(LeaseError, match="fence 1 was overtaken by fence 2"):
        note(ledger, 1, "alice does not know")
    note(opened(), 2, "bob has it")
    assert messages(opened()) == ["bob has it"]


def test_who_is_overtaken_between_its_look_and_its_write_is_refused(opened: Open) -> None:
    overtaken(opened)


def test_the_same_story_catches_a_ledger_without_conditions(opened: Open) -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        overtaken(opened, lambda ledger: careless_of_events(ledger))


def careless_of_events(ledger: Any) -> Any:
    append = ledger.append

    def carelessly(*args: Any, **more: Any) -> Any:
        careless(ledger)
        return append(*args, **more)

    ledger.append = carelessly
    return ledger


def lost_answer(opened: Open, emulator: Emulator, kind: str, prepare: Callable[[Any], Any] = lambda one: one) -> None:
    """The event is written and the answer lost; asked again, its own write is in the way."""
    ledger = prepare(opened())
    ledger.acquire(ALICE, 1e6)
    emulator.trouble(failing=[{"operation": WRITES[kind], "code": "InternalError", "done": True}])
    event = note(ledger, 1, "once", then="install")
    assert [one.type for one in opened().read().events] == ["note", "phase.intended"]
    assert event == opened().read().events[0]


def test_an_event_whose_answer_was_lost_is_there_once(
    opened: Open, emulator: Emulator, ledger_options: dict[str, Any]
) -> None:
    lost_answer(opened, emulator, ledger_options["type"])


def test_the_same_story_catches_a_ledger_that_does_not_look(
    opened: Open, emulator: Emulator, ledger_options: dict[str, Any]
) -> None:
    def blind(ledger: Any) -> Any:
        ledger._has = lambda event: False
        return ledger

    with pytest.raises(AssertionError, match="Left contains 2 more items"):
        lost_answer(opened, emulator, ledger_options["type"], blind)
