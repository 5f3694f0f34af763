# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.decision import Decision, Disagreement, decide
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split

BLUE, GREEN = Split.all_on("blue"), Split.all_on("green")


def two(journal: Any) -> Any:
    """v1 is live in green, v2 is about to go to blue."""
    return journal().released("r1", "v1", "green", None)


def told(book: Any, release: str, *splits: Split) -> Decision:
    return decide(fold(book.events), {f"lb{number}": split for number, split in enumerate(splits, start=1)}, release)


@given(st.data())
def test_whenever_the_controller_dies_the_next_run_knows_how_to_go_on(journal: Any, data: Any) -> None:
    book = two(journal).opened("r2", "v2", "blue", "v1").phases("r2")
    if back := data.draw(st.none() | st.integers(2, len(book.events) - 14), label="events before a rollback"):
        book.events = book.events[: 14 + back]
        book.say("r2", ("rollback.intended", {"reason": "slow"}), ("rollback.done", {})).closed("r2", "rolled_back")
    else:
        book.closed("r2")
    died = data.draw(st.integers(14, len(book.events)), label="events written")
    book.events = book.events[:died]
    history = fold(book.events)
    splits = [data.draw(st.sampled_from(possible(history)), label="router") for _ in range(2)]
    decision = told(book, "v2", *splits)
    if history.current is None:
        assert decision.action == ("start" if back else "nothing") if died > 14 else "start"
    elif history.current.rollback_reason is not None:
        assert (decision.action, decision.live_color, decision.previous) == ("go_back", "green", "v1")
    else:
        assert (decision.action, decision.phase) == ("resume", history.current.next_phase)
    assert decision.color != decision.live_color or decision.action == "nothing"


def possible(history: Any) -> list[Split]:
    """What a router can show after the events of *history*, whatever was under way when the run died."""
    if history.current is None:
        return [Split.all_on(history.live_color)]
    if not history.current.traffic_touched:
        return [GREEN]
    if "shift" in history.current.done and history.current.rollback_reason is None:
        return [BLUE]
    return [GREEN, BLUE]


def test_the_first_release_goes_to_the_color_without_traffic(journal: Any) -> None:
    decision = told(journal(), "v1", BLUE, BLUE)
    assert decision.as_dict() == {
        "action": "start",
        "message": "release v1 goes to green, as the first release",
        "color": "green",
        "live_color": "blue",
        "release": "v1",
        "previous": None,
        "rollout": None,
        "phase": None,
        "abandon": None,
    }


def test_a_release_that_is_live_changes_nothing(journal: Any) -> None:
    assert told(two(journal), "v1", GREEN).action == "nothing"
    assert "while v1 stays live in green" in told(two(journal), "v2", GREEN).message


def test_what_never_touched_traffic_gives_way_to_another_release(journal: Any) -> None:
    book = two(journal).opened("r2", "v2", "blue", "v1").phases("r2", PHASES[:2])
    decision = told(book, "v3", GREEN)
    assert (decision.action, decision.abandon, decision.color) == ("start", "r2", "blue")
    assert "ended before it touched any traffic" in decision.message


def test_what_moved_users_does_not_give_way(journal: Any) -> None:
    book = two(journal).opened("r2", "v2", "blue", "v1").say("r2", ("phase.intended", {"phase": "shift"}))
    with pytest.raises(Disagreement, match=r"Deploy v2 again to finish it, or run rollback.yml; then deploy v3"):
        told(book, "v3", GREEN)


@pytest.mark.parametrize(
    ("splits", "advice"),
    [
        ((), "no router answered"),
        ((GREEN, BLUE), r"lb1: blue 0 % / green 100 %; lb2: blue 100 % / green 0 %\). Run converge.yml"),
        ((Split(50, 50),), "show blue 50 % / green 50 %, and no open rollout explains it. Run converge.yml"),
        ((BLUE, BLUE), r"journal says that green is live \(v1\), but .* send all traffic to blue.*converge_to=green"),
    ],
)
def test_what_no_rollout_explains_is_told_with_the_way_out(journal: Any, splits: Any, advice: str) -> None:
    with pytest.raises(Disagreement, match=advice):
        told(two(journal), "v2", *splits)


@pytest.mark.parametrize(
    ("phases", "splits"),
    [
        (("install",), (GREEN, BLUE)),  # users were moved before the journal said so
        (("install", "verify", "shift"), (BLUE, GREEN)),  # lb2 lost the shift: draining green would cut its users off
        (("install", "verify", "shift"), (BLUE, Split(10, 90))),
    ],
)
def test_a_rollout_is_not_resumed_on_routers_that_contradict_its_journal(
    journal: Any, phases: Any, splits: Any
) -> None:
    book = two(journal).opened("r2", "v2", "blue", "v1").phases("r2", phases)
    with pytest.raises(Disagreement, match=r"lb2 shows .* which rollout r2 never asked for.*rollback.yml"):
        told(book, "v2", *splits)


@pytest.mark.parametrize("said", [(), (("rollback.intended", {"reason": "still slow"}),)])
@pytest.mark.parametrize("release", ["v1", "v2", "v3"])
def test_undoing_a_finished_rollout_is_finished_in_the_same_direction(journal: Any, said: Any, release: str) -> None:
    book = two(journal).released("r2", "v2", "blue", "v1")
    book.opened("r3", "v1", "green", "v2", kind="rollback").say("r3", *said)
    decision = told(book, release, GREEN, BLUE)
    assert (decision.action, decision.rollout) == ("go_back", "r3")
    assert (decision.live_color, decision.previous) == ("green", "v1"), "users go where the rollback was taking them"
    assert decision.message.startswith("rollout r3 was being rolled back")
