# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A campaign's events add up to what is done, what is left and what is to be undone, wherever they end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import (
    Campaign,
    CampaignError,
    decide,
    fold,
    opens,
    phases,
    plan_lines,
    story,
    way_back,
)
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold as fold_history

STAGES: list[dict[str, Any]] = [
    {"name": "eu", "bake": 5, "check": None, "rollout": {"inventory": ["eu"], "longest": 60}},
    {"name": "us", "bake": 5, "check": "ok.yml", "rollout": {"inventory": ["us"], "longest": 60}},
    {
        "name": "edge",
        "bake": 2,
        "check": None,
        "service": "edge",
        "router": {"type": "route53"},
        "to": None,
        "steps": [5, 100],
    },
]
COUNT = len(STAGES)
# A campaign, as far as it may come: so many stages done, whether the next is begun, failed, and so many of them undone.
ways = st.tuples(st.integers(0, COUNT), st.booleans(), st.booleans(), st.integers(0, COUNT))


def told(journal: Any, way: tuple[int, bool, bool, int], name: str = "c1", release: str = "v2") -> tuple[Any, int, int]:
    """A journal that ends like that, how many stages were begun in it, and how many are undone."""
    done, more, fails, undone = way
    book = journal().say(name, opening(release, "v1"))
    for phase in phases(done):
        book.say(
            name, ("phase.intended", {"phase": phase}), ("phase.done", {"phase": phase, "result": {"changed": True}})
        )
    begun = min(done + more, COUNT)
    if begun > done:
        book.say(name, ("phase.intended", {"phase": phases(begun)[-1]}))
    if not fails or not begun:
        return book, begun, 0
    if begun > done:
        book.say(name, ("phase.failed", {"phase": phases(begun)[-1], "error": {"message": "no"}}))
    book.say(name, ("rollback.intended", {"reason": "no"}))
    undone = min(undone, begun)
    for phase in list(reversed(phases(begun)))[:undone]:
        result = {"how": "roll_back", "why": "it was live"}
        book.say(name, ("rollback.intended", {"phase": phase, "reason": "no"}))
        book.say(name, ("rollback.done", {"phase": phase, "result": result}))
    return book, begun, undone


def opening(release: str, previous: str | None, kind: str = "campaign", **more: Any) -> tuple[str, dict[str, Any]]:
    data = {"kind": kind, "release": release, "from": previous, "color": "", "live_color": ""}
    return "rollout.opened", {**data, **opens({"declared": one} for one in STAGES), **more}


def must(book: Any) -> Campaign:
    campaign = fold(book.events)
    assert campaign is not None
    return campaign


@given(ways)
def test_what_was_begun_is_undone_in_reverse_order(journal: Any, way: tuple[int, bool, bool, int]) -> None:
    book, begun, undone = told(journal, way)
    campaign = must(book)
    assert [stage.phase for stage in campaign.to_undo] == list(reversed(phases(begun)))[undone:]
    assert [stage.phase for stage in campaign.left] == phases(COUNT)[way[0] :]
    assert [stage.phase for stage in campaign.stages if stage.in_flight] == (
        [phases(begun)[-1]] if begun > way[0] and campaign.undoing is None else []
    )


@given(ways)
def test_an_event_that_is_repeated_changes_nothing(journal: Any, way: tuple[int, bool, bool, int]) -> None:
    events = told(journal, way)[0].events
    for index, event in enumerate(events):
        assert fold([*events[: index + 1], event, *events[index + 1 :]]) == fold(events), event.type


@given(ways)
def test_the_next_run_goes_on_where_the_last_one_ended(journal: Any, way: tuple[int, bool, bool, int]) -> None:
    book, _begun, _undone = told(journal, way)
    campaign = must(book)
    decision = decide(fold_history(book.events), book.events, "v2", STAGES)
    assert decision.action == ("resume" if campaign.undoing is None else "go_back")
    if campaign.undoing is None:
        with pytest.raises(CampaignError, match="Start v2 again"):
            decide(fold_history(book.events), book.events, "v3", STAGES)
        return
    # What goes back is finished first, whatever release is asked for.
    assert decide(fold_history(book.events), book.events, "v3", STAGES).action == "go_back"


def test_other_stages_than_were_begun_are_refused(journal: Any) -> None:
    book, _begun, _undone = told(journal, (1, False, False, 0))
    with pytest.raises(CampaignError, match="eu, us, edge, but declared are us, eu, edge now"):
        decide(fold_history(book.events), book.events, "v2", [STAGES[1], STAGES[0], STAGES[2]])
    longer = [{**STAGES[0], "bake": 900}, *STAGES[1:]]
    assert decide(fold_history(book.events), book.events, "v2", longer).action == "resume"


def test_a_service_s_journal_is_no_campaign_s(journal: Any) -> None:
    book = journal().opened("r1", "v1")
    with pytest.raises(CampaignError, match="no campaign, but a rollout of storefront"):
        decide(fold_history(book.events), book.events, "v1", STAGES)


# -- what the ledger's history makes of it -----------------------------------------------------------------


@given(ways)
def test_a_campaign_has_no_color_and_installs_nothing(journal: Any, way: tuple[int, bool, bool, int]) -> None:
    book, begun, _undone = told(journal, way)
    history = fold_history(book.events)
    assert (history.live_color, history.live_release, dict(history.installed)) == (None, None, {})
    assert history.current is not None and history.current.traffic_touched == (begun > 0)
    assert not history.current.rolled_back, "one stage that is back is not all of them"


def test_the_release_that_went_through_is_known_and_so_is_the_one_before(journal: Any) -> None:
    book = told(journal, (COUNT, False, False, 0))[0].closed("c1")
    assert fold_history(book.events).live_release == "v2"
    book.say("c2", opening("v3", "v2")).say("c2", ("rollback.intended", {"reason": "no"}), ("rollback.done", {}))
    book.closed("c2", "rolled_back")
    history = fold_history(book.events)
    assert (history.live_release, history.went_back) == ("v2", True)
    with pytest.raises(CampaignError, match="rolled_back: there is nothing to undo"):
        way_back(history, [event for event in book.events if event.rollout == "c2"])
    assert decide(history, (), "v3", STAGES).action == "start"


def test_one_that_went_through_is_undone_by_another_one_that_carries_it(journal: Any) -> None:
    book = told(journal, (COUNT, False, False, 0))[0].closed("c1")
    done = way_back(fold_history(book.events), book.events)
    carried = done.as_dict()["undoing_opens"]
    assert decide(fold_history(book.events), book.events, "v2", STAGES).action == "start"
    undoing = journal().say("c2", opening("v1", "v2", "campaign_rollback", undoes="c1", **carried))
    campaign = must(undoing)
    assert (campaign.release, campaign.previous) == ("v2", "v1")
    assert [stage.phase for stage in campaign.to_undo] == ["stage-3", "stage-2", "stage-1"]
    assert not any(stage.in_flight for stage in campaign.stages)
    assert decide(fold_history(undoing.events), undoing.events, "v2", STAGES).action == "go_back"
    undoing.say("c2", ("rollback.intended", {"reason": "no"}), ("rollback.done", {})).closed("c2", "rolled_back")
    history = fold_history([*book.events, *undoing.events])
    assert (history.live_release, history.live_color, history.went_back) == ("v1", None, True)


def test_the_story_and_the_plan_name_every_stage(journal: Any) -> None:
    book, _begun, _undone = told(journal, (1, True, True, 1))
    assert story(must(book)) == ["campaign c1 of v2: open", "  eu: done", "  us: users are back (it was live)"]
    book.say("c1", ("phase.failed", {"phase": "stage-1", "error": {"message": "stuck"}}))
    assert story(must(book))[1] == "  eu: not back: stuck"
    assert plan_lines("v2", STAGES, {"edge": "all on blue"}) == [
        "campaign of v2: 3 stages, at most 134 s without checks",
        "  1. eu: rollout of eu, bake 5 s; at most 65 s",
        "  2. us: rollout of us, bake 5 s, then ok.yml; at most 65 s",
        "  3. edge: route53 edge to the other color by 5, 100 %, bake 2 s each; at most 4 s; now all on blue",
    ]
