# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canary: the plan grows, the journal says where it stands, and what routers may show follows from both."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.commit import cutovers
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.decision import Disagreement, decide
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import EDGES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History, fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import kind
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.detectable import Expected, outlook
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.plan import Plan
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.promises import settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.steps import ALLOWANCE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.strategies import plan

HOSTS = {"routers": ["lb1", "lb2"], "blue": ["app1", "app2"], "green": ["app3"]}
DECISION = {"color": "green", "live_color": "blue", "release": "v2", "previous": "v1"}
JUDGE = {
    "alpha": 0.01,
    "beta": 0.01,
    "warmup": 0,
    "missing": 15,
    "horizon": None,
    "negligible_error_percent": 0.1,
    "negligible_slow_percent": 0.5,
    "burst": 1,
    "traffic": None,
    "base_error_percent": 0.5,
    "goal_error_points": 5,
    "base_slow_percent": 1,
    "goal_slow_points": 10,
    "too_short": "refuse",
}
APPROVAL = {"type": "approval", "within": 300}
PHASES = ("install", "verify", "shift-1", "watch-1", "shift-2", "watch-2", "shift-3", "drain", "bake", "close")


def step(percent: int, **more: Any) -> dict[str, Any]:
    return {"percent": percent, "least": 60, "most": 600, "requests": 100, "gates": [], **more}


def service(*steps: dict[str, Any], **strategy: Any) -> dict[str, Any]:
    return {
        "name": "storefront",
        "smoke": [{"path": "/"}],
        "runtime": {"start_deadline": 30},
        "metrics": {"edges": list(EDGES), "source": {"type": "haproxy", "port": 8405}},
        "strategy": {
            "type": "canary",
            "steps": list(steps),
            "judge": JUDGE,
            "inconclusive": "back",
            "pause_limit": 3600,
            "commit_delay": 2,
            "require_healthy": 100,
            "drain": {"deadline": 30},
            "bake": {"duration": 10, "max_error_percent": 5, "gates": []},
            "max_failed": None,
            "max_slow_percent": 5,
            **strategy,
        },
    }


percents = st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True).map(sorted)


@given(percents, st.sampled_from(["blue", "green"]))
def test_a_canary_grows_to_everybody(shares: list[int], color: str) -> None:
    live = "blue" if color == "green" else "green"
    made = plan(service(*map(step, shares)), {**DECISION, "color": color, "live_color": live}, HOSTS)
    reached = [each.split[color] for each in made.steps]
    assert [each.split[color] for each in made.steps if kind(each.phase) == "shift"] == [*shares, 100]
    assert reached == sorted(reached), "a share never shrinks: nobody flips back"
    assert all(
        kind(after.phase) == "watch"
        for before, after in pairwise(made.steps)
        if 0 < before.split[color] < 100 and kind(before.phase) == "shift"
    ), "no step goes on unwatched"
    assert all(each.found == before.split for before, each in pairwise(made.steps))
    assert [each.watch["percent"] for each in made.steps if kind(each.phase) == "watch"] == shares
    assert len({each.phase for each in made.steps}) == len(made.steps)


def test_the_plan_says_what_is_waited_for() -> None:
    gates = [
        APPROVAL,
        {"type": "http", "url": "http://x/", "status": 200, "contains": None},
        {"type": "tasks", "file": "/t", "within": 700},
    ]
    made = plan(service(step(5), step(50, gates=gates)), DECISION, HOSTS)
    assert tuple(each.phase for each in made.steps) == PHASES
    lines = made.lines()
    assert "4. watch-1: compare both releases, with 5 % on the new one" in lines
    assert "   gate: at least 60 s and 100 answers of the new release" in lines
    assert "   gate: a person approves within 300 s (promote.yml)" in lines
    assert "   gate: http://x/ answers 200" in lines
    assert "   gate: the tasks of /t succeed within 700 s" in lines
    watched = {each.phase: each.longest for each in made.steps}
    assert watched["watch-2"] - watched["watch-1"] == 300 + 700, "an approval and tasks may take their time on top"
    asking = plan(service(step(5), inconclusive="ask"), DECISION, HOSTS)
    assert asking.steps[3].longest - watched["watch-1"] == 3600


def test_the_first_release_of_all_goes_to_everybody_at_once() -> None:
    made = plan(service(step(5)), {**DECISION, "previous": None}, HOSTS)
    assert (made.strategy, [each.phase for each in made.steps][2]) == ("blue_green", "shift")


def book(journal: Any, done: int, intended: bool = False) -> Any:
    """A journal of v1, then of a canary of v2 that has come so far."""
    made = plan(service(step(5), step(50)), DECISION, HOSTS)
    said = journal().released("r1", "v1", "blue", None)
    said.opened("r2", "v2", "green", "v1", plan=made.as_dict()).phases("r2", PHASES[:done])
    return said.say("r2", ("phase.intended", {"phase": PHASES[done]})) if intended else said


def shows(green: int) -> dict[str, Split]:
    return {"lb1": Split.giving("green", green), "lb2": Split.giving("green", green)}


@pytest.mark.parametrize(
    ("done", "intended", "allowed"),
    [
        (0, False, {0}),
        (2, False, {0}),
        (2, True, {0, 5}),
        (3, False, {5}),
        (4, True, {5, 50}),
        (6, True, {50, 100}),
        (7, False, {100}),
    ],
)
def test_a_router_may_show_what_was_done_last_or_intended_next(
    journal: Any, done: int, intended: bool, allowed: set[int]
) -> None:
    history = fold(book(journal, done, intended).events)
    assert history.current is not None
    assert {split.green for split in history.current.splits()} == allowed
    assert history.current.next_phase == PHASES[done]
    assert History.from_dict(history.as_dict()).current == history.current
    for green in (0, 5, 50, 100):
        if green in allowed:
            assert decide(history, shows(green), "v2").action == "resume"
        else:
            with pytest.raises(Disagreement, match="never asked for"):
                decide(history, shows(green), "v2")


def test_half_the_routers_may_have_made_a_step_when_the_controller_died(journal: Any) -> None:
    history = fold(book(journal, 4, intended=True).events)
    mixed = {"lb1": Split.giving("green", 5), "lb2": Split.giving("green", 50)}
    assert decide(history, mixed, "v2").phase == "shift-2"


def test_what_people_ask_is_part_of_the_story(journal: Any) -> None:
    said = book(journal, 3).say("r2", ("rollout.asked", {"action": "pause", "reason": "lunch"}))
    current = fold(said.events).current
    assert current is not None
    (ask,) = current.asked
    assert (ask["action"], ask["reason"], ask["who"]["name"]) == ("pause", "lunch", "alice")
    assert ask["at"] == said.events[-1].at


def moved(kind_: str, at: float, green: int, **data: Any) -> dict[str, Any]:
    result = {"committed_at": {"lb1": at, "lb2": at + 0.5}, "after": Split.giving("green", green).as_dict()}
    return {"type": kind_, "data": {"result": result, **data}}


OPENED = {"type": "rollout.opened", "data": {"release": "v2", "from": "v1"}}


def test_users_of_a_canary_move_from_its_first_step_to_its_last() -> None:
    story = [OPENED, moved("phase.done", 10.0, 5, phase="shift-1"), moved("phase.done", 20.0, 100, phase="shift-2")]
    assert cutovers(story[:2]) == [], "nobody can say yet who must not answer"
    assert cutovers(story) == [{"at": 20.5, "first": 10.0, "from": "v1", "to": "v2"}]


def test_users_who_are_taken_back_from_a_step_may_have_seen_both_until_then() -> None:
    story = [OPENED, moved("phase.done", 10.0, 5, phase="shift-1"), moved("rollback.done", 15.0, 0)]
    assert cutovers(story) == [
        {"at": 15.5, "first": 10.0, "from": "v1", "to": "v2"},
        {"at": 15.5, "first": 15.5, "from": "v2", "to": "v1"},
    ]


def test_the_plan_knows_how_long_tasks_of_the_users_own_may_take() -> None:
    declared = service(step(5), step(50))
    bare, hooked = (plan(declared, DECISION, HOSTS, hooks, 600) for hooks in (None, {"watch": {}, "close": {}}))
    longer = {new.phase: new.longest - old.longest for new, old in zip(hooked.steps, bare.steps, strict=True)}
    assert longer == dict.fromkeys(longer, 0) | {"watch-1": 600, "watch-2": 600, "close": 600}
    assert hooked.longest == bare.longest + 1800


def test_the_plan_has_the_users_own_tasks_where_they_run() -> None:
    hooks = {
        "watch": {"before": ["/srv/ask.yml"], "after": ["/srv/tell.yml", "/srv/note.yml"]},
        "verify": {"after": None},
    }
    made = plan(service(step(5), step(50)), DECISION, HOSTS, hooks)
    named = {one.phase: (one.before, one.after) for one in made.steps if one.before or one.after}
    assert named == dict.fromkeys(("watch-1", "watch-2"), (("ask.yml",), ("tell.yml", "note.yml")))
    lines = made.lines()
    first, last = lines.index("   hook before: ask.yml"), lines.index("   hook after: note.yml")
    assert "watch-1" in lines[first - 2]
    assert lines[last - 1] == "   hook after: tell.yml"
    assert lines[first + 1].startswith("   gate: ")
    assert lines[last + 1].startswith("5. ")


def test_the_digest_stands_for_the_names_of_hooks_their_places_and_their_order() -> None:
    digests = [
        plan(service(step(5)), DECISION, HOSTS, hooks).digest
        for hooks in (
            None,
            {"bake": {"before": ["/a/one.yml"]}},
            {"bake": {"after": ["/a/one.yml"]}},
            {"close": {"before": ["/a/one.yml"]}},
            {"bake": {"before": ["/a/two.yml"]}},
            {"bake": {"before": ["/a/one.yml", "/a/two.yml"]}},
            {"bake": {"before": ["/a/two.yml", "/a/one.yml"]}},
        )
    ]
    assert len(set(digests)) == len(digests)
    elsewhere = plan(service(step(5)), DECISION, HOSTS, {"bake": {"before": ["/b/one.yml"]}})
    assert elsewhere.digest == digests[1], "where the files lie on this machine is no part of the plan"


def test_the_plan_says_beforehand_what_each_step_can_find() -> None:
    made = plan(service(step(10), judge={**JUDGE, "traffic": 500}), DECISION, HOSTS)
    for metric in ("errors", "slow answers"):
        (said,) = [line for line in made.promises if line.startswith(f"watch-1: {metric}: found 95 times of 100 is")]
        assert said in made.lines()
    longer = plan(service(step(10, most=6000), judge={**JUDGE, "traffic": 500}), DECISION, HOSTS)
    assert longer.promises != made.promises, "more time finds less"
    silent = plan(service(step(10)), DECISION, HOSTS)
    assert silent.promises == (
        "what the judge can find in a step depends on the traffic: declare service.strategy.judge.traffic",
    )


def found(made: Plan, metric: str, number: int = 1) -> float:
    """The percentage from which on the plan promises to find *metric* in a step."""
    (line,) = [line for line in made.promises if line.startswith(f"watch-{number}: {metric}: found 95 times of 100 is")]
    return float(re.findall(r" to ([\d.]+) % \(", line)[0])


def test_the_page_about_the_judge_shows_a_plan_as_it_is() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "judge.md").read_text(encoding="utf-8")
    made = plan(service(step(10), judge={**JUDGE, "traffic": 100}), DECISION, HOSTS)
    assert "```\n" + "\n".join(made.promises) + "\n```" in page


def test_it_promises_what_a_watch_that_measures_latency_as_well_can_find() -> None:
    """The negative control is the promise of errors alone, which such a watch does not keep."""
    declared = service(step(10), judge={**JUDGE, "traffic": 500})
    made = plan(declared, DECISION, HOSTS)
    rules = settings(declared["strategy"]["judge"])
    alone, measured = (
        outlook(Expected(500, 0.1, 0.005, slow), 600, rules).findings[0].raised for slow in ({}, {0.5: 0.01})
    )
    assert found(made, "errors") == pytest.approx(100 * measured, rel=0.005)
    assert found(made, "errors") > 101 * alone
    fewer = plan(declared | {"metrics": {**declared["metrics"], "edges": [0.1, 1]}}, DECISION, HOSTS)
    assert found(fewer, "errors") == found(made, "errors")
    assert 1 < found(fewer, "slow answers") < found(made, "slow answers"), "nine edges share what two do"


def test_without_edges_errors_have_all_of_the_evidence_and_nothing_else_is_promised() -> None:
    judge = {**JUDGE, "traffic": 500, "goal_slow_points": 0.001}
    declared = service(step(10), judge=judge)
    made = plan(declared | {"metrics": {**declared["metrics"], "edges": []}}, DECISION, HOSTS)
    rules = settings(declared["strategy"]["judge"])
    alone = outlook(Expected(500, 0.1, 0.005), 600, rules).findings[0].raised
    assert found(made, "errors") == pytest.approx(100 * alone, rel=0.005)
    assert not [line for line in made.promises if "slow answers" in line]


def test_a_step_must_be_able_to_find_slow_answers_too() -> None:
    judge = {**JUDGE, "traffic": 10, "goal_error_points": 50, "goal_slow_points": 4}
    with pytest.raises(ValueError, match=r"rise in slow answers by 4 points .* raise judge.goal_slow_points"):
        plan(service(step(50, least=1, most=20), judge=judge), DECISION, HOSTS)
    extended = plan(service(step(50, least=1, most=20), judge={**judge, "too_short": "extend"}), DECISION, HOSTS)
    (most,) = [each.watch["most"] for each in extended.steps if kind(each.phase) == "watch"]
    assert found(extended, "slow answers") <= 5
    with pytest.raises(ValueError, match=f"expected at least {most:g} s"):
        plan(service(step(50, least=1, most=most - 1), judge=judge), DECISION, HOSTS)
    easier = {**judge, "goal_slow_points": 60}
    assert plan(service(step(50, least=1, most=20), judge=easier), DECISION, HOSTS).promises


def test_the_test_at_the_horizon_is_promised_of_the_first_step_alone() -> None:
    judge = {**JUDGE, "traffic": 100}
    steps = (step(10), step(11))
    without, ended = (
        plan(service(*steps, judge={**judge, "horizon": horizon}), DECISION, HOSTS) for horizon in (None, 600)
    )
    assert "600 s after the first step began, the errors of all steps" in ended.promises[-1]
    assert not any("judge.horizon" in line for line in without.promises)
    unknown = plan(service(*steps, judge={**JUDGE, "horizon": 600}), DECISION, HOSTS)
    assert unknown.promises[1:] == ended.promises[-1:], "said whether or not the traffic is known"
    assert found(ended, "errors") < found(without, "errors")
    assert found(ended, "errors", 2) > found(without, "errors", 2), "half of alpha is spent"
    later = plan(service(*steps, judge={**judge, "horizon": 900}), DECISION, HOSTS)
    assert found(later, "errors") > found(without, "errors"), "the first step is over by then"


def test_a_step_that_only_the_horizon_makes_long_enough_is_not_refused() -> None:
    judge = {**JUDGE, "traffic": 100, "goal_error_points": 0.54}
    with pytest.raises(ValueError, match=r"rise in errors by 0\.54 points"):
        plan(service(step(10), judge=judge), DECISION, HOSTS)
    assert found(plan(service(step(10), judge={**judge, "horizon": 600}), DECISION, HOSTS), "errors") <= 1.04


def test_a_step_that_is_too_short_for_its_goal_is_refused_or_made_longer() -> None:
    judge = {**JUDGE, "traffic": 10, "goal_error_points": 2}
    with pytest.raises(ValueError, match=r"steps\[1\].most: expected at least \d+ s, .* but found 20 s. Nothing was"):
        plan(service(step(10, most=90000), step(50, least=1, most=20), judge=judge), DECISION, HOSTS)
    extended = plan(service(step(50, least=1, most=20), judge={**judge, "too_short": "extend"}), DECISION, HOSTS)
    (watched,) = [each for each in extended.steps if kind(each.phase) == "watch"]
    assert watched.watch is not None
    assert watched.watch["most"] > 20
    assert watched.longest == watched.watch["most"] + ALLOWANCE["watch"]
    again = plan(service(step(50, least=1, most=watched.watch["most"]), judge=judge), DECISION, HOSTS)
    assert again.steps == extended.steps


def test_a_source_that_is_late_needs_longer_steps_and_promises_less() -> None:
    judge = {**JUDGE, "traffic": 10, "goal_error_points": 2, "too_short": "extend"}
    declared = service(step(50, least=1, most=20), judge=judge)
    late = {**declared, "metrics": {"edges": list(EDGES), "source": {"type": "cloudwatch", "period": 60, "delay": 120}}}
    prompt, later = (
        next(each.watch["most"] for each in plan(each, DECISION, HOSTS).steps if each.watch)
        for each in (declared, late)
    )
    assert later == prompt + 2 * 60 + 120
