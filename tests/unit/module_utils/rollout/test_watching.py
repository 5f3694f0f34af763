# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.watching import (
    ABORT,
    HOLD,
    PROMOTE,
    Seen,
    Watched,
    last_word,
    next_move,
    paused_spans,
)

STEP = Watched(least=60, most=600, requests=100)
HEALTHY = {"word": "healthy", "decided": True, "why": "no worse than before"}
REGRESSED = {"word": "regressed", "decided": True, "why": "12 of 20 failed"}


def seen(now: float = 100.0, **more: Any) -> Seen:
    """A step that began at 0; without more, its verdict is open."""
    facts = {"word": "inconclusive", "decided": False, "why": "too little traffic", "requests": 1000, **more}
    return Seen(now=now, began=0.0, **facts)


def ask(action: str, at: float = 10.0) -> dict[str, Any]:
    return {"action": action, "at": at, "reason": f"to {action}", "who": {"name": "alice", "host": "control"}}


def test_a_healthy_step_goes_on_once_it_has_lasted_and_seen_enough() -> None:
    assert next_move(STEP, seen(59, **HEALTHY)).action == HOLD
    assert next_move(STEP, seen(60, **{**HEALTHY, "requests": 99})).action == HOLD
    move = next_move(STEP, seen(60, **HEALTHY))
    assert (move.action, move.why, move.ready) == (PROMOTE, "no worse than before", True)


def test_a_regression_ends_it_at_once_whatever_anybody_wants() -> None:
    asked = [ask("pause"), ask("promote", 11.0)]
    move = next_move(STEP, seen(1, asked=asked, **REGRESSED))
    assert (move.action, move.why) == (ABORT, "12 of 20 failed")


def test_what_is_not_decided_never_goes_on_by_itself() -> None:
    assert next_move(STEP, seen(599)).action == HOLD
    move = next_move(STEP, seen(600))
    assert move.action == ABORT
    assert "no verdict after 600 s, and inconclusive never promotes: too little traffic" in move.why


def test_a_verdict_without_enough_answers_is_not_enough() -> None:
    move = next_move(STEP, seen(600, **{**HEALTHY, "requests": 99}))
    assert move.action == ABORT
    assert "99 answers of the new release, and 100 are needed" in move.why


@given(
    st.floats(0, 5000),
    st.sampled_from(["healthy", "regressed", "inconclusive"]),
    st.booleans(),
    st.integers(0, 300),
    st.sampled_from(["", "the exporters are silent"]),
    st.sampled_from([(), ("the check fails",)]),
    st.sampled_from(["back", "ask"]),
)
def test_nothing_but_a_decided_healthy_verdict_goes_on_without_a_person(
    now: float, word: str, decided: bool, requests: int, lost: str, unmet: tuple[str, ...], inconclusive: str
) -> None:
    step = Watched(least=60, most=600, requests=100, inconclusive=inconclusive)
    found = seen(now, word=word, decided=decided, requests=requests, lost=lost, unmet=unmet)
    promoted = next_move(step, found).action == PROMOTE
    right = word == "healthy" and decided and requests >= 100 and now >= 60 and not lost and not unmet
    assert promoted == right


def test_lost_evidence_and_other_trouble_end_it() -> None:
    assert "without evidence nobody is moved further: no exporter" in next_move(STEP, seen(lost="no exporter")).why
    assert next_move(STEP, seen(trouble="lb2: fence 3 was overtaken", **HEALTHY)).why == "lb2: fence 3 was overtaken"


def test_a_gate_of_its_own_holds_it_until_it_is_met_or_time_is_up() -> None:
    assert next_move(STEP, seen(100, unmet=["the check answers 500"], **HEALTHY)).action == HOLD
    move = next_move(STEP, seen(600, unmet=["the check answers 500"], **HEALTHY))
    assert (move.action, "the check answers 500" in move.why) == (ABORT, True)


def test_a_pause_stops_the_clock_and_has_a_limit() -> None:
    step = Watched(least=60, most=600, pause_limit=1000)
    paused = [ask("pause", 10.0)]
    move = next_move(step, seen(900, asked=paused, **HEALTHY))
    assert (move.action, move.state, move.left) == (HOLD, "paused", 110.0)
    assert next_move(step, seen(1010, asked=paused, **HEALTHY)).action == ABORT
    resumed = [*paused, ask("resume", 910.0)]
    assert next_move(step, seen(950, asked=resumed, **HEALTHY)).action == HOLD, "50 s of the least were watched"
    assert next_move(step, seen(960, asked=resumed, **HEALTHY)).action == PROMOTE


def test_promoting_skips_the_rest_of_this_step_alone() -> None:
    move = next_move(STEP, seen(20, asked=[ask("promote", 15.0)]))
    assert (move.action, move.why, move.ready) == (PROMOTE, "alice on control asked to promote: to promote", False)
    earlier = [{**ask("promote"), "at": -5.0}]
    assert next_move(STEP, seen(20, asked=earlier)).action == HOLD, "that was for the step before"


def test_an_abort_counts_whenever_it_was_asked() -> None:
    asked = [{**ask("abort"), "at": -50.0}, ask("resume"), ask("promote")]
    assert next_move(STEP, seen(1, asked=asked, **HEALTHY)).why == "alice on control asked to abort: to abort"


def test_an_approval_is_waited_for_only_when_all_else_holds_and_not_for_ever() -> None:
    step = Watched(least=60, most=600, approval=300)
    waiting = next_move(step, seen(100, **HEALTHY))
    assert (waiting.action, waiting.state, waiting.left, waiting.ready) == (HOLD, "approval", 300.0, True)
    assert next_move(step, seen(399, ready_since=100.0, **HEALTHY)).action == HOLD
    late = next_move(step, seen(400, ready_since=100.0, **HEALTHY))
    assert (late.action, late.why) == (ABORT, "nobody approved within 300 s")
    assert next_move(step, seen(350, ready_since=100.0, asked=[ask("promote", 340.0)], **HEALTHY)).action == PROMOTE


def test_without_a_verdict_a_person_may_be_asked() -> None:
    step = Watched(least=60, most=600, inconclusive="ask", pause_limit=100)
    move = next_move(step, seen(650))
    assert (move.action, move.state, move.left) == (HOLD, "asking", 50.0)
    assert next_move(step, seen(700)).action == ABORT
    assert next_move(step, seen(650, asked=[ask("promote", 640.0)])).action == PROMOTE


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        ([], []),
        ([ask("pause", 5.0)], [(10.0, 100.0)]),
        ([ask("pause", 20.0), ask("pause", 30.0), ask("resume", 40.0)], [(20.0, 40.0)]),
        ([ask("pause", 20.0), ask("promote", 30.0), ask("pause", 50.0)], [(20.0, 30.0), (50.0, 100.0)]),
        ([ask("resume", 20.0)], []),
    ],
)
def test_pauses_are_spans_of_time(asked: list[dict[str, Any]], spans: list[tuple[float, float]]) -> None:
    assert paused_spans(asked, 10.0, 100.0) == spans


def test_the_newest_word_counts() -> None:
    assert last_word([ask("pause", 20.0), ask("resume", 30.0)], 10.0) is None
    assert last_word([ask("promote", 20.0), ask("pause", 30.0)], 10.0) == ask("pause", 30.0)


def test_a_declared_step_is_read() -> None:
    gates = [{"type": "approval", "within": 60}, {"type": "http", "url": "http://x", "status": 200}]
    step = {"percent": 5, "least": 1, "most": 2, "requests": 3, "gates": gates}
    assert Watched.parse(step, {"inconclusive": "ask", "pause_limit": 9}) == Watched(1, 2, 3, 60, "ask", 9)
