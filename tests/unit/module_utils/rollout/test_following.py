# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.following import Follower, moment, told
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import TYPES


def events(book: Any) -> list[dict[str, Any]]:
    return [event.as_dict() for event in book.events]


def test_each_event_is_told_once_with_its_moment(journal: Any) -> None:
    book = journal().opened("r1", "v1").phases("r1", ["install"])
    follower = Follower()
    assert follower.news(events(book), "") == [
        "  00:16:41  v1 is on its way to green, sent by alice on control",
        "  00:16:42  install begins",
        "  00:16:43  install is done",
    ]
    assert follower.news(events(book), "") == []
    assert not follower.over
    assert follower.news(events(book.closed("r1", "rolled_back")), "") == ["  00:16:44  it is over: rolled back"]
    assert follower.over


def test_what_the_run_is_at_is_told_whenever_it_changes(journal: Any) -> None:
    book = journal().opened("r1", "v1")
    follower = Follower()
    assert follower.news(events(book), "watch-1: 5 %")[-1].strip() == "watch-1: 5 %"
    assert follower.news(events(book), "watch-1: 5 %") == []
    assert [line.strip() for line in follower.news(events(book), "watch-1: 6 %")] == ["watch-1: 6 %"]
    assert len(follower.news(events(book.closed("r1")), "watch-1: 7 %")) == 1, "at nothing any more"


@pytest.mark.parametrize(
    ("type_", "data", "said"),
    [
        ("phase.done", {"phase": "watch-1", "result": {"why": "as good as the old one"}}, "as good as the old one"),
        ("phase.failed", {"phase": "install", "error": {"message": "no room"}}, "install failed: no room"),
        ("rollback.intended", {"reason": "errors"}, "users go back: errors"),
        ("rollback.done", {}, "users are back"),
        ("rollout.asked", {"action": "pause", "reason": "lunch"}, "alice on control asked to pause: lunch"),
        ("note", {"message": "the guard went back"}, "the guard went back"),
        ("ledger.carried", {"state": {}}, "ledger.carried"),
    ],
)
def test_every_event_says_something(journal: Any, type_: str, data: dict[str, Any], said: str) -> None:
    (event,) = events(journal().say("r1", (type_, data)))
    assert said in told(event)


def test_no_type_of_event_was_forgotten() -> None:
    """A new one is told by its name until somebody gives it a sentence; that must not raise."""
    known = {"release": "v1", "from": None, "color": "green", "live_color": "blue", "plan": None, "phase": "shift"}
    known |= {"error": {}, "reason": "", "outcome": "failed", "state": {}, "action": "abort", "message": "words"}
    for type_, needs in TYPES.items():
        assert told({"type": type_, "who": {}, "data": {key: known[key] for key in needs}})


def test_a_moment_is_of_utc() -> None:
    assert moment(0) == "00:00:00"
