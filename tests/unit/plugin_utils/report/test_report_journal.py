# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phases, notes and traffic out of journals that broke off, were taken over or say little."""

from __future__ import annotations

import math

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import journal, traffic


def test_an_intent_without_outcome_is_unfinished_also_when_the_phase_is_entered_again(rollouts):
    events = rollouts.Journal().add(1, "phase.intended", phase="install").phase("install", 60, 70).events
    found = journal.phases(events)
    assert [(phase["outcome"], phase["seconds"]) for phase in found] == [("unfinished", None), ("done", 10)]


def test_an_outcome_without_its_intent_is_still_shown(rollouts):
    events = rollouts.Journal().add(5, "phase.done", phase="drain", seconds=2).events
    assert journal.phases(events) == [{"name": "drain", "started": rollouts.START + 5, "seconds": 2, "outcome": "done"}]


def test_seconds_are_measured_where_they_were_not_stated(rollouts):
    events = rollouts.Journal().add(1, "phase.intended", phase="bake").add(3.5, "phase.done", phase="bake").events
    assert journal.phases(events)[0]["seconds"] == 2.5


def test_unknown_events_and_steps_are_passed_over(rollouts):
    events = rollouts.Journal().add(1, "gate.passed").add(2, "phase.paused", phase="bake").events
    assert journal.phases(events) == []


@pytest.mark.parametrize(
    ("error", "read"),
    [
        ("plain words", {"message": "plain words", "hosts": {}}),
        (None, {"message": "no message was recorded", "hosts": {}}),
        ({"hosts": "?"}, {"message": "no message was recorded", "hosts": {}}),
        ({"message": "x\x1b[2J", "hosts": {"a": 1}}, {"message": "x\ufffd[2J", "hosts": {"a": "1"}}),
    ],
)
def test_errors_of_any_shape_can_be_read(rollouts, error, read):
    events = rollouts.Journal().add(1, "phase.failed", phase="bake", error=error).events
    assert journal.phases(events)[0]["error"] == read


def test_a_takeover_is_noted(rollouts):
    events = rollouts.Journal().add(1, "note", text="hello").add(2, "note", reason="again").events
    events[2]["who"] = {"name": "joe"}
    texts = [note["text"] for note in journal.notes(events)]
    assert texts == ["hello", "Continued by joe on an unnamed host.", "again"]


def test_a_nameless_holder_is_nobody():
    assert journal.person({"who": {"pid": 1}}) is None
    assert journal.person({"who": {"host": "h"}}) == "somebody on h"


def test_numbers():
    assert [journal.number(value) for value in (1, 1.5, True, "1", None, math.nan, math.inf)] == [1, 1.5] + [None] * 5


@pytest.mark.parametrize(
    ("found", "split"),
    [
        ({"blue": 75, "green": 25}, {"blue": 75, "green": 25}),
        ({"green": 100}, {"blue": 0, "green": 100}),
        ({"blue": 75, "green": 30}, None),
        ({"blue": "75", "green": 25}, None),
        ("all", None),
    ],
)
def test_splits_add_up_or_are_not_splits(found, split):
    assert traffic.as_split(found) == split


def test_the_router_is_believed_over_the_opening(rollouts):
    events = rollouts.Journal().shift(1, 3, before=10, after=100).events
    assert [point["green"] for point in traffic.series(events)] == [10, 100]


def test_a_rollback_says_where_it_ended_or_ends_where_it_began(rollouts):
    moved = rollouts.Journal().shift(1, 3).events
    after = {"blue": 90, "green": 10}
    told = (
        rollouts.Journal().shift(1, 3).add(9, "rollback.done", result={"after": after, "at": rollouts.START + 8}).events
    )
    silent = rollouts.Journal().shift(1, 3).add(9, "rollback.done").events
    unmoved = rollouts.Journal().add(9, "rollback.done").events
    assert len(traffic.series(moved)) == 2
    assert traffic.series(told)[-1] == {"at": rollouts.START + 8, **after}
    assert traffic.series(silent)[-1] == {"at": rollouts.START + 9, "blue": 100, "green": 0}
    assert len(traffic.series(unmoved)) == 1


def test_commit_uses_what_was_recorded_and_nothing_else(rollouts):
    def after(result):
        return traffic.commit(rollouts.Journal().phase("shift", 1, 2, result).events)

    assert after({}) is None
    assert after({"committed_at": {"lb1": "soon"}}) is None
    assert after({"committed_at": {"lb1": 10.0, "lb2": 10.002}}) == {
        "at": 10.0, "skew_ms": 2.0, "hosts": {"lb1": 10.0, "lb2": 10.002},
    }  # fmt: skip
    assert after({"at": 9}) == {"at": 9, "skew_ms": None, "hosts": {}}
    assert traffic.commit(rollouts.Journal().events) is None


def test_a_shift_that_did_not_say_when_counts_from_its_outcome(rollouts):
    events = rollouts.Journal().phase("shift", 1, 2, {"after": {"green": 100}}).events
    assert traffic.series(events)[-1]["at"] == rollouts.START + 2
