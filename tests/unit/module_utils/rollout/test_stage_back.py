# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stage came to, and how it is undone: only what is the campaign's own, and only what is not back already."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import CampaignError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.stage_back import (
    opening,
    path,
    result,
    rollout_undo,
    router_undo,
    steps_left,
    stood,
)

BACK: Any = (("rollback.intended", {"reason": "no"}), ("rollback.done", {}))


def region(before: Any) -> dict[str, Any]:
    return {"before": stood(fold(before.events))}


@pytest.fixture
def was(journal: Any) -> Any:
    """The journal of a service whose users have v1."""
    return journal().released("r1", "v1", "green", None)


def test_what_the_campaign_released_is_rolled_back(was: Any) -> None:
    begun = region(was)
    was.released("r2", "v2", "blue", "v1")
    history = fold(was.events)
    assert result(begun, history, "v2") == {"live": "v2", "rollout": "r2", "changed": True}
    assert rollout_undo(begun, history, "v2").how == "roll_back"


def test_what_was_live_before_stays(was: Any) -> None:
    begun = region(was)
    assert result(begun, fold(was.events), "v1")["changed"] is False
    assert rollout_undo(begun, fold(was.events), "v1").how == "nothing"


@pytest.mark.parametrize("end", ["open", "rolled_back", "failed", "abandoned"])
def test_a_rollout_that_went_back_by_itself_needs_nothing_and_one_that_is_open_does(was: Any, end: str) -> None:
    begun = region(was)
    was.opened("r2", "v2", "blue", "v1").phases("r2", ["install", "verify", "shift"])
    if end != "open":
        was.say("r2", *BACK).closed("r2", end)
    history = fold(was.events)
    assert rollout_undo(begun, history, "v2").how == ("roll_back" if end == "open" else "nothing")
    with pytest.raises(CampaignError, match="v1 is live"):
        result({"before": stood(history)}, history, "v2")


def test_an_open_rollback_is_finished(was: Any) -> None:
    begun = region(was)
    was.released("r2", "v2", "blue", "v1")
    was.opened("b1", "v1", "green", "v2", kind="rollback").say("b1", ("rollback.intended", {"reason": "no"}))
    assert rollout_undo(begun, fold(was.events), "v2").how == "roll_back"


def test_what_others_have_released_since_is_left_alone(was: Any) -> None:
    begun = region(was)
    was.released("r2", "v2", "blue", "v1")
    was.opened("r3", "v3", "green", "v2").phases("r3", ["install"])
    assert rollout_undo(begun, fold(was.events), "v2").how == "leave"
    was.phases("r3", ["verify", "shift"]).closed("r3")
    undo = rollout_undo(begun, fold(was.events), "v2")
    assert (undo.how, "v3" in undo.why) == ("leave", True)


def test_what_others_tried_in_vain_since_is_none(was: Any) -> None:
    begun = region(was)
    was.released("r2", "v2", "blue", "v1")
    was.opened("r3", "v3", "green", "v2").phases("r3", ["install", "verify", "shift"]).say("r3", *BACK)
    was.closed("r3", "rolled_back")
    assert rollout_undo(begun, fold(was.events), "v2").how == "roll_back"


# -- a router ---------------------------------------------------------------------------------------------

percents = st.lists(st.integers(1, 99), max_size=4, unique=True).map(lambda steps: [*sorted(steps), 100])


@given(st.sampled_from(["blue", "green"]), percents)
def test_a_router_goes_on_from_any_step_and_back_from_any(live: str, steps: list[int]) -> None:
    found = Split.all_on(live)
    begun = opening(found, None)
    assert begun["to"] != live
    way = path(begun, steps)
    assert (way[0], way[-1].live(), len(way)) == (found, begun["to"], len(steps) + 1)
    for index, now in enumerate(way):
        left = steps_left(begun, steps, now)
        assert [Split.parse(one["split"]) for one in left] == way[max(index, 1) :]
        assert [Split.parse(one["expect"]) for one in left] == way[max(index, 1) - 1 : -1]
        assert router_undo(begun, steps, now).how == ("roll_back" if index else "nothing")


@given(percents, st.integers(0, 100))
def test_what_no_step_has_is_somebody_else_s(steps: list[int], share: int) -> None:
    begun, now = opening(Split.all_on("blue"), None), Split.giving("green", share)
    ours = now in path(begun, steps)
    assert (router_undo(begun, steps, now).how == "leave") is not ours
    if not ours:
        with pytest.raises(CampaignError, match="somebody has moved it"):
            steps_left(begun, steps, now)


def test_users_who_are_where_they_belong_are_not_moved() -> None:
    blue = Split.all_on("blue")
    assert steps_left(opening(blue, "blue"), [5, 100], blue) == []
    assert steps_left(opening(blue, None, followed=True), [5, 100], blue) == []
    assert router_undo(opening(blue, "blue"), [5, 100], blue).how == "nothing"


def test_between_two_colors_somebody_has_to_say_where_users_go() -> None:
    between = Split(blue=90, green=10)
    with pytest.raises(CampaignError, match="nobody says where users go"):
        opening(between, None)
    assert [one["split"]["green"] for one in steps_left(opening(between, "green"), [5, 50, 100], between)] == [50, 100]
