# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import fold
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.status import Status, status

HOSTS = {"routers": ["lb1", "lb2"], "blue": ["app1"], "green": ["app3"]}
GREEN = {"blue": 0, "green": 100}


def router(**more: Any) -> dict[str, Any]:
    pools = {color: {"healthy": 2, "total": 2} for color in ("blue", "green")}
    return {"split": GREEN, "persisted": GREEN, "pools": pools, "fence": 3, "notes": [], **more}


def ledger(book: Any, **more: Any) -> dict[str, Any]:
    history = fold(book.events).as_dict()
    return {"history": history, "held": False, "described": "", "torn": "", **more}


def runs(release: str | None, active: bool = True) -> dict[str, Any]:
    return {"blue": {"id": release, "active": active}, "green": {"id": release, "active": active}}


def told(book: Any, routers: Any = None, releases: Any = None, **more: Any) -> Status:
    routers = routers or {"lb1": router(), "lb2": router()}
    releases = releases or {"app1": runs("v0"), "app3": runs("v1")}
    return status("storefront", routers, ledger(book, **more), releases, HOSTS)


def test_where_everything_agrees_nothing_is_wrong(journal: Any) -> None:
    found = told(journal().released("r1", "v1", "green", None))
    assert (found.live, found.disagreements) == ("green", ())
    assert found.lines == (
        "storefront: v1 is live in green",
        "  lb1: blue 0 % / green 100 %; blue 2 of 2 up, green 2 of 2 up; fence 3",
        "  lb2: blue 0 % / green 100 %; blue 2 of 2 up, green 2 of 2 up; fence 3",
        "  app1 (blue): v0, running",
        "  app3 (green): v1, running",
        "  lease: free",
        "  1970-01-01 00:16:41 UTC: v1 to green by alice: succeeded",
    )


def test_an_open_rollout_is_told_with_its_holder(journal: Any) -> None:
    book = journal().opened("r1", "v1").phases("r1", PHASES[:2])
    found = told(book, held=True, described="alice holds the lease")
    assert "  lease: alice holds the lease" in found.lines
    assert found.lines[-1].endswith("v1 to green by alice: open, at shift")
    assert found.disagreements == ()
    assert told(book).disagreements == (
        "rollout r1 is open and nobody works on it: deploy v1 again to finish it, or run rollback.yml",
    )
    assert told(book.phases("r1")).lines[-1].endswith("open, at its end")


@pytest.mark.parametrize(
    ("second", "wrong"),
    [
        (
            {"split": {"blue": 100, "green": 0}, "persisted": None},
            "the load balancers show different splits (lb1: blue 0 %",
        ),
        ({"persisted": {"blue": 100, "green": 0}}, "lb2 would come back with blue 100 % / green 0 % after a restart"),
        ({"notes": [{}]}, "lb2 was changed without the ledger"),
        ({"failed": True, "msg": "timed out"}, "lb2 does not answer: timed out"),
    ],
)
def test_a_router_that_differs_is_named(journal: Any, second: dict[str, Any], wrong: str) -> None:
    found = told(journal().released("r1", "v1", "green", None), {"lb1": router(), "lb2": router(**second)})
    assert len(found.disagreements) == 1
    assert found.disagreements[0].startswith(wrong)


def test_no_color_is_live_while_the_routers_differ(journal: Any) -> None:
    half = router(split={"blue": 50, "green": 50}, persisted=None)
    found = told(journal().released("r1", "v1", "green", None), {"lb1": half, "lb2": router()})
    assert found.live is None
    assert found.lines[0] == "storefront: no color is live on every load balancer"


def test_a_router_that_is_away_is_part_of_the_status(journal: Any) -> None:
    found = told(journal(), {"lb1": {"failed": True}, "lb2": router()})
    assert "  lb1: no answer (unknown reason)" in found.lines


def test_broken_glass_explains_what_the_journal_does_not_know(journal: Any) -> None:
    book = journal().released("r1", "v1", "blue", None)
    noted = router(notes=[{"reason": "checkout is broken"}])
    found = told(book, {"lb1": noted, "lb2": noted}, releases={"app1": runs("v1"), "app3": runs(None)})
    assert not any("the journal says" in wrong for wrong in found.disagreements), "nobody must go back for its sake"
    assert len(found.disagreements) == 2


def test_routers_against_the_journal(journal: Any) -> None:
    found = told(journal().released("r1", "v1", "blue", None), releases={"app1": runs("v1"), "app3": runs(None)})
    assert found.lines[0] == "storefront: an unknown release is live in green"
    (wrong,) = found.disagreements
    assert wrong.startswith("the journal says that blue is live, the load balancers say green: run converge.yml")


def test_a_torn_line_and_a_broken_host(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None)
    stopped = told(book, releases={"app1": runs("v0"), "app3": runs("v1", active=False)}, torn='{"seq"')
    assert stopped.disagreements == (
        "the journal's last line is torn (its writer died): the next write moves it aside",
        "app3 should run v1 in green, but: v1, stopped. `systemctl enable --now storefront-green` there starts it",
    )
    nothing = told(book, releases={"app1": runs("v0"), "app3": runs(None)})
    assert nothing.disagreements[0].startswith("app3 should run v1 in green, but: nothing installed.")
    silent = told(book, releases={"app1": runs("v0")})
    assert silent.disagreements == ("app3 should run v1 in green, but: no answer. Bring it back first",)


def test_a_host_with_another_release_is_repaired_where_no_users_are(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None).released("r2", "v2", "blue", "v1")
    blue = {"blue": 100, "green": 0}
    routers = {"lb1": router(split=blue, persisted=blue)}
    assert told(book, routers, {"app1": runs("v2"), "app3": runs("v1")}).disagreements == ()

    (idle,) = told(book, routers, {"app1": runs("v2"), "app3": runs("v0")}).disagreements
    assert idle.startswith("app3 should run v1 in green, but: v0, running. No users are there: converge.yml with that")
    (idle,) = told(book, routers, {"app1": runs("v2"), "app3": runs("v1", active=False)}).disagreements
    assert idle.endswith(
        "No users are there: converge.yml with that release (-e @<the file of v1>) puts it there again"
    )

    (live,) = told(book, routers, {"app1": runs("v0"), "app3": runs("v1")}).disagreements
    assert live == (
        "app1 should run v2 in blue, but: v0, running. Users are there: run rollback.yml, which takes them away, then"
        " deploy v2 again"
    )


@pytest.mark.parametrize(("phases", "agrees"), [(("drain-1", "install-1"), True), (("install", "drain"), False)])
def test_what_a_release_has_stopped_host_by_host_is_as_it_should_be(
    journal: Any, phases: tuple[str, ...], agrees: bool
) -> None:
    plan = {"steps": [{"phase": phase, "split": GREEN} for phase in phases]}
    book = journal().released("r1", "v1", "blue", None)
    book.opened("r2", "v2", "green", "v1", plan=plan).phases("r2", phases).closed("r2")
    releases = {"app1": runs("v1", active=False), "app3": runs("v2")}
    assert (told(book, releases=releases).disagreements == ()) is agrees
    (wrong,) = told(book, releases={"app1": runs("v0", active=False), "app3": runs("v2")}).disagreements
    assert ("the next release replaces it" in wrong) is agrees


@pytest.mark.parametrize("outcome", ["rolled_back", "failed"])
def test_a_live_host_with_another_release_and_no_way_back(journal: Any, outcome: str) -> None:
    book = journal().released("r1", "v1", "green", None)
    book.opened("r2", "v2", "blue", "v1").phases("r2", PHASES[:1]).closed("r2", outcome)
    found = told(book, {"lb1": router()}, {"app1": runs("v2"), "app3": runs("v0")}).disagreements
    (live,) = found
    assert "Users are there, and nothing to go back to: deploy it to the other color, with one more variable" in live


def test_without_the_ledger_the_rest_is_told() -> None:
    found = status("storefront", {"lb1": router()}, None, {}, HOSTS)
    assert found.live == "green"
    assert "  ledger: no answer" in found.lines
    assert found.disagreements == (
        "the ledger cannot be reached: no release can be deployed until it is back; rollback.yml works without it",
    )


def armed(seconds_left: float) -> dict[str, Any]:
    back_to = {"blue": 100, "green": 0}
    return {"back_to": back_to, "deadline": 1.0, "seconds_left": seconds_left, "rollout": "r2", "fence": 3}


def test_what_is_armed_is_told(journal: Any) -> None:
    alive = router(armed=armed(41.7), guard={"running": True, "problem": ""})
    found = told(journal().released("r1", "v1", "green", None), {"lb1": alive, "lb2": router(armed=None)})
    assert found.lines[1].endswith(
        "fence 3; goes back to blue 100 % / green 0 % in 42 s, unless rollout r2 is confirmed"
    )
    assert found.lines[2].endswith("fence 3")
    assert found.disagreements == ()


def test_a_deadline_that_nobody_kept_is_wrong(journal: Any) -> None:
    book = journal().released("r1", "v1", "green", None)
    (wrong,) = told(book, {"lb1": router(armed=armed(-12.4)), "lb2": router()}).disagreements
    assert wrong.startswith("lb1 should be back on blue 100 % / green 0 % since 12 s, for nobody confirmed rollout r2")
    assert "journalctl -u seamless-guard" in wrong
    assert told(book, {"lb1": router(armed=armed(-0.5)), "lb2": router()}).disagreements == ()


def test_a_guard_that_is_not_running_is_wrong(journal: Any) -> None:
    dead = router(guard={"running": False, "problem": "expected the guard to answer. Run provision.yml"})
    found = told(journal().released("r1", "v1", "green", None), {"lb1": router(), "lb2": dead})
    assert found.disagreements == (
        "nobody would take users back on lb2: expected the guard to answer. Run provision.yml",
    )


def test_a_note_of_a_guard_is_told_as_one(journal: Any) -> None:
    note = {"reason": "rollout r2 was not confirmed by then", "rollout": "r2", "deadline": 1.0}
    found = told(journal().released("r1", "v1", "green", None), {"lb1": router(notes=[note]), "lb2": router()})
    (wrong,) = found.disagreements
    assert wrong.startswith("lb1 took users back, for rollout r2 was not confirmed by then: the next deploy.yml")


def test_what_the_run_is_at_and_what_was_asked_of_it_are_told(journal: Any) -> None:
    book = journal().opened("r1", "v1").say("r1", ("rollout.asked", {"action": "pause", "reason": "lunch"}))
    found = told(book, held=True, described="alice holds the lease", lease={"doing": "watch-1: 0:35  5 %"})
    assert "  at this moment: watch-1: 0:35  5 %" in found.lines
    assert "  alice on control asked to pause: lunch" in found.lines


def test_a_parked_group_is_as_it_should_be_unless_it_has_the_users(journal: Any) -> None:
    book = journal().released("r1", "v0", "blue", None).released("r2", "v1", "green", "v0")
    parked = {"blue": {"id": "v0", "active": False, "parked": True}}
    runs = {"app1": parked, "app3": {"green": {"id": "v1", "active": True}}}
    found = told(book, releases=runs)
    assert "  app1 (blue): v0, parked" in found.lines
    assert found.disagreements == ()
    runs["app3"] = {"green": {"id": "v1", "active": False, "parked": True}}
    assert told(book, releases=runs).disagreements[0].startswith("app3 should run v1 in green, but: v1, parked")


def test_scaling_that_was_not_given_back_is_told(journal: Any) -> None:
    held = {"green": {"id": "v1", "active": True, "held": ["Terminate"]}}
    found = told(journal().released("r1", "v1", "green", None), releases={"app1": runs("v0"), "app3": held})
    assert found.disagreements == (
        "green has users, but still scales in no more: run converge.yml, which gives that back",
    )
