# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.break_glass import events_of_notes
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold

ON_BLUE, ON_GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}


def note(at: float, after: dict[str, int], reason: str = "checkout is slow") -> dict[str, Any]:
    return {"at": at, "who": "alice", "reason": reason, "before": None, "after": after}


def imported(book: Any, notes: dict[str, list[dict[str, Any]]]) -> Any:
    """The journal with the notes' events appended, as the role does it."""
    for event in events_of_notes(notes, fold(book.events)):
        book.say(event["rollout"], (event["event"], event["data"]))
    return book


def test_no_notes_no_events(journal: Any) -> None:
    assert events_of_notes({"lb1": [], "lb2": []}, fold([])) == []


def test_an_open_rollout_that_was_rolled_back_without_the_ledger_ends_so(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1").phases("r2", ["shift"])
    history = fold(imported(book, {"lb1": [note(2000, ON_GREEN)], "lb2": [note(1999, ON_GREEN)]}).events)
    assert history.current is None
    assert history.last is not None
    assert (history.last.id, history.last.outcome, history.live_release) == ("r2", "rolled_back", "v1")
    said = [event.data["message"] for event in book.events if event.type == "note"]
    assert said == [
        "lb2: users were moved without the ledger: checkout is slow",
        "lb1: users were moved without the ledger: checkout is slow",
    ], "in the order in which it happened"


@pytest.mark.parametrize(("said", "added"), [(["intended"], 2), (["intended", "done"], 0)])
def test_that_users_are_back_is_not_said_twice(journal: Any, said: list[str], added: int) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1").phases("r2", ["shift"])
    for name in said:
        book.say("r2", (f"rollback.{name}", {"reason": "checkout is slow"}))
    before = len(book.events)
    assert fold(imported(book, {"lb1": [note(2000, ON_GREEN)]}).events).current is None
    found = [event.type for event in book.events[before:]]
    assert found == ["note", *["rollback.intended", "rollback.done"][:added], "rollout.closed"]


def test_a_live_release_that_was_left_without_the_ledger_is_undone_by_a_rollout_of_its_own(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    history = fold(imported(book, {"lb1": [note(1990, ON_BLUE), note(2000.7, ON_GREEN)]}).events)
    assert history.last is not None
    assert (history.last.id, history.last.kind, history.last.release) == ("break-glass-2000", "rollback", "v1")
    assert (history.live_color, history.live_release, history.went_back) == ("green", "v1", True)


def test_a_move_that_ended_where_the_journal_says_is_only_told(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None)
    before = fold(book.events)
    assert fold(imported(book, {"lb1": [note(1, ON_BLUE), note(2, ON_GREEN)]}).events) == before
    assert [event.type for event in book.events[-2:]] == ["note", "note"]


def test_a_move_that_the_open_rollout_did_not_fear_leaves_it_open(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1")
    assert fold(imported(book, {"lb1": [note(1, ON_BLUE)]}).events).current is not None
    assert fold(imported(book, {"lb1": [note(1, {"blue": 50, "green": 50})]}).events).current is not None


@pytest.mark.parametrize("open_rollout", [True, False])
def test_an_import_that_died_after_any_event_is_repeated_to_the_same_end(journal: Any, open_rollout: bool) -> None:
    def book() -> Any:
        found = journal().released("r1", "v1", "green", None)
        return found.opened("r2", "v2", "blue", "v1") if open_rollout else found.released("r2", "v2", "blue", "v1")

    notes = {"lb1": [note(2000, ON_GREEN)], "lb2": [note(2000, ON_GREEN)]}
    whole = fold(imported(book(), notes).events)
    length = len(imported(book(), notes).events)
    for died in range(len(book().events), length + 1):
        interrupted = imported(book(), notes)
        interrupted.events = interrupted.events[:died]
        again = fold(imported(interrupted, notes).events)
        assert again.carried() == whole.carried(), died
        assert again.current is None


def test_what_the_guards_did_ends_the_rollout_that_nobody_confirmed(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1").phases("r2", ["shift"])
    guard = {"who": "guard of lb1", "rollout": "r2", "deadline": 2000.0}
    reason = "rollout r2 was not confirmed by 1970-01-01 00:33:20 UTC"
    notes = {host: [{**note(2000.01, ON_GREEN, reason), **guard}] for host in ("lb1", "lb2")}
    history = fold(imported(book, notes).events)
    assert history.current is None
    assert history.last is not None
    assert (history.last.id, history.last.outcome, history.live_release) == ("r2", "rolled_back", "v1")
    said = [event.data for event in book.events if event.type == "note"]
    assert [one["message"] for one in said] == [f"{host}: its guard took users back: {reason}" for host in notes]
    assert [(one["note"]["rollout"], one["note"]["deadline"]) for one in said] == [("r2", 2000.0)] * 2
