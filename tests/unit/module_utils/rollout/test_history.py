# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History, fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES

# How a rollout may go: through so many phases, then on to its end, or back, or given up.
ways = st.tuples(st.integers(0, len(PHASES)), st.sampled_from(["on", "fail", "back"]))


def told(journal: Any, stories: list[tuple[int, str]]) -> Any:
    """A journal of rollouts that each went one of the *ways*, and those of them that brought users to a release."""
    book, live, color = journal(), None, "green"
    for number, (phases, end) in enumerate(stories):
        name, release = f"r{number}", f"v{number}"
        phases = len(PHASES) if end == "on" else phases
        book.opened(name, release, color, live).phases(name, PHASES[:phases])
        if end == "back":
            book.say(name, ("rollback.intended", {"reason": "slow"}), ("rollback.done", {}))
        if end == "fail":
            book.say(name, ("phase.failed", {"phase": "install", "error": {"message": "no"}}))
        book.closed(name, {"on": "succeeded", "back": "rolled_back", "fail": "failed"}[end])
        if end == "on":
            live, color = release, "blue" if color == "green" else "green"
    return book


@given(st.lists(ways, max_size=4))
def test_repeating_any_event_at_once_changes_nothing(journal: Any, stories: list[tuple[int, str]]) -> None:
    events = told(journal, stories).events
    for index, event in enumerate(events):
        again = replace(event, seq=event.seq, at=event.at + 0.5)
        assert fold([*events[: index + 1], again, *events[index + 1 :]]) == fold(events), event.type


@given(st.lists(ways, max_size=4))
def test_json_carries_the_history_whole(journal: Any, stories: list[tuple[int, str]]) -> None:
    events = told(journal, stories).events
    for end in range(len(events) + 1):
        history = fold(events[:end])
        assert History.from_dict(history.as_dict()) == history
        assert sum(rollout.open for rollout in history.rollouts) <= 1
        assert history.current is None or history.current == history.last


@given(st.lists(ways, max_size=4))
def test_only_a_rollout_that_ends_well_changes_what_is_live(journal: Any, stories: list[tuple[int, str]]) -> None:
    history = fold(told(journal, stories).events)
    succeeded = [f"v{number}" for number, (_phases, end) in enumerate(stories) if end == "on"]
    assert history.live_release == (succeeded[-1] if succeeded else None)


def test_a_new_segment_begins_with_what_the_old_one_added_up_to(journal: Any) -> None:
    old = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    history = fold(old.events)
    new = journal().say("r2", ("ledger.carried", {"state": history.carried()}))
    carried = fold(new.events)
    assert carried.carried() == history.carried()
    assert carried.carried() == {
        "live_color": "blue",
        "live_release": "v2",
        "went_back": False,
        "installed": {"green": "v1", "blue": "v2"},
        "replaced": None,
    }
    assert fold(new.released("r3", "v3", "green", "v2").events).live_release == "v3"


def test_a_rollout_that_is_rolled_back_leaves_its_predecessor_live(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1").phases("r2", PHASES[:3])
    before = fold(book.events)
    assert before.current is not None
    assert before.current.traffic_touched
    assert before.current.next_phase == "drain"
    assert before.current.back_to == ("green", "v1")
    book.say("r2", ("rollback.intended", {"reason": "slow"}), ("rollback.done", {}))
    book.say("r2", ("rollout.closed", {"outcome": "rolled_back"}))
    after = fold(book.events)
    assert (after.live_color, after.live_release, after.went_back) == ("green", "v1", True)
    assert after.last is not None
    assert (after.last.rolled_back, after.last.rollback_reason, after.last.closed_at) == (True, "slow", 1024.0)


def test_undoing_a_finished_rollout_is_a_rollout_that_moves_users_from_its_first_event_on(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    opened = fold(book.opened("r3", "v1", "green", "v2", kind="rollback").events)
    assert opened.current is not None
    assert opened.current.traffic_touched
    assert opened.current.back_to == ("green", "v1")
    after = fold(book.closed("r3", "rolled_back").events)
    assert (after.live_color, after.live_release, after.went_back) == ("green", "v1", True)


def test_a_color_holds_no_release_while_one_is_put_there(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v3", "green", "v2").say("r3", ("phase.intended", {"phase": "install"}))
    assert fold(book.events).installed == {"blue": "v2"}
    assert fold(book.say("r3", ("phase.done", {"phase": "install"})).events).installed == {"blue": "v2", "green": "v3"}


@pytest.mark.parametrize("outcome", ["failed", "abandoned"])
def test_a_release_that_failed_before_it_had_users_is_nowhere_to_go_back_to(journal: Any, outcome: str) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v3", "green", "v2").phases("r3", ["install"]).closed("r3", outcome)
    assert fold(book.events).installed == {"blue": "v2"}


def test_a_rollout_that_ended_before_it_installed_anything_leaves_the_way_back_as_it_was(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v3", "green", "v2").closed("r3", "failed")
    assert fold(book.events).installed == {"blue": "v2", "green": "v1"}


def test_converging_to_what_is_live_leaves_the_way_back_open(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v2", "blue", "v2", kind="rollback").closed("r3", "rolled_back")
    history = fold(book.events)
    assert (history.live_color, history.live_release, history.went_back) == ("blue", "v2", False)
    book.opened("r4", "v1", "green", "v2", kind="rollback").closed("r4", "rolled_back")
    assert fold(book.events).went_back
    book.opened("r5", "v1", "green", "v1", kind="rollback").closed("r5", "rolled_back")
    assert fold(book.events).went_back, "users are still where a rollback brought them"


def test_a_failure_is_kept_until_its_phase_is_done(journal: Any) -> None:
    book = (
        journal()
        .opened("r1", "v1")
        .say(
            "r1",
            ("phase.intended", {"phase": "install"}),
            ("phase.failed", {"phase": "install", "error": {"message": "disk full"}}),
        )
    )
    failed = fold(book.events).current
    assert failed is not None
    assert failed.failed == {"install": {"message": "disk full"}}
    done = fold(book.say("r1", ("phase.done", {"phase": "install"})).events).current
    assert done is not None
    assert done.failed == {}


@pytest.mark.parametrize("late", [("phase.done", {"phase": "bake"}), ("rollout.closed", {"outcome": "failed"})])
def test_what_an_overtaken_run_says_late_about_a_closed_rollout_counts_for_nothing(journal: Any, late: Any) -> None:
    book = journal().released("r1", "v1", "green", None)
    before = fold(book.events)
    assert fold(book.say("r1", late).events) == before
    assert fold(book.say("unheard-of", late).events) == before


def test_what_is_said_late_of_another_rollout_does_not_end_the_open_one(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).opened("r2", "v2", "blue", "v1")
    before = fold(book.events)
    assert fold(book.closed("r1", "failed").events) == before
    assert before.current is not None


def test_templates_get_the_newest_rollouts(journal: Any) -> None:
    book = journal()
    for number in range(4):
        book.opened(f"r{number}", f"v{number}").closed(f"r{number}", "abandoned")
    shown = fold(book.opened("r4", "v4").events).as_dict(most=2)
    assert [rollout["id"] for rollout in shown["rollouts"]] == ["r3", "r4"]
    assert shown["current"] == shown["last"]
    assert (shown["current"]["open"], shown["current"]["next_phase"]) == (True, "install")
    assert fold([]).as_dict()["last"] is None
