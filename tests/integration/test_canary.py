# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release that reaches users in steps: it grows, turns back by itself, survives its controller, and listens."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from harness.canary import CONFIRM, back_by_themselves, canary, people, step
from harness.settled import events, history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.moment]


def test_a_release_that_is_well_reaches_everybody_step_by_step(site: Site, other: Path) -> None:
    mark = site.folder / "gate-was-asked"
    tasks = site.folder / "gate.yml"
    tasks.write_text(f"- ansible.builtin.file: {{path: {mark}, state: touch}}\n  delegate_to: localhost\n", "utf-8")
    page = {"type": "http", "url": f"http://{site.subnet}.11:8405/seamless/counts/storefront", "contains": "green"}
    approval = {"type": "approval", "within": 60}
    with people(site) as users:
        steps = step(20, page, {"type": "tasks", "file": str(tasks)}), step(50, approval)
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=canary(*steps))
        deploying.wait_for("against it")
        site.sh(site.holder(), "systemctl reload haproxy")  # its counters begin anew in the midst of a watch
        deploying.wait_for("a person has to approve")
        assert mark.exists(), "the gate of the step before has run"
        site.must("promote", rollout_reason="looks good")
        done = deploying.end()
    assert done.ok, done.output[-5000:]
    report = site.report()
    settled(site, report["release"])
    unhurt(users.saw(), least=3000)
    assert report["outcome"] == "succeeded"
    assert [point[report["color"]] for point in report["split"]] == [0, 20, 50, 100]
    watched = {watch["phase"]: watch for watch in report["watches"]}
    assert watched["watch-1"]["word"] == watched["watch-2"]["word"] == "healthy"
    # A user who has seen the new release keeps it while the share grows: the growing is in test_cohorts.py.
    assert not site.router("lb1", "router.arming.standing().armed is not None"), "nothing is armed once it is confirmed"


def test_a_release_that_fails_for_users_alone_is_gone_within_seconds(site: Site) -> None:
    before = history(site)
    bad = site.release("6.6.6", fault="fails_users")
    with people(site) as users:
        run = site.run("deploy", "-e", f"@{bad}", rollout_service=canary(step(5), step(50)))
    assert run.status == 2, run.output[-3000:]
    assert "regressed" in run.told
    settled(site, before.live_release or "")
    failed = sorted(sent for sent, _ms, _kind, _status, _release, error in users.rows() if error)
    assert failed, "somebody must have met it, or nothing was tried"
    assert failed[-1] - failed[0] <= 3.0, "from its first answer to the last user who met it"
    assert len(failed) <= 40


def test_without_a_controller_users_go_back_by_themselves_and_the_next_run_says_so(site: Site, other: Path) -> None:
    before = history(site)
    forever = canary(step(25, least=600, most=900), step(50))
    with people(site, rate=100) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=forever)
        deploying.wait_for("against it")
        time.sleep(CONFIRM / 2)  # it has prolonged the way back at least once
        deploying.kill()
        killed = time.time()
        deploying.end()
        moved = back_by_themselves(site, killed)
    unhurt(users.saw(), least=500)
    assert all(-1 <= at - killed <= CONFIRM + 1 for at in moved), "by the deadline, give or take a second"
    assert max(moved) - min(moved) <= 1.0
    explained = site.must("converge")
    settled(site, before.live_release or "")
    notes = [event.data["message"] for event in events(site) if event.type == "note"]
    assert any("not confirmed" in note for note in notes), explained.told[-2000:]


@pytest.mark.long
def test_who_was_cut_off_finds_users_back_and_moves_nobody(site: Site, other: Path) -> None:
    """All that a controller has to say arrives too late, from its confirmation to the next step."""
    before = history(site)
    with people(site, rate=100) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=canary(step(25, least=600, most=900)))
        deploying.wait_for("against it")
        time.sleep(CONFIRM / 2)
        with deploying.cut_off():
            cut = time.time()
            moved = back_by_themselves(site, cut)
        ended = deploying.end()
    unhurt(users.saw(), least=500)
    assert all(-1 <= at - cut <= CONFIRM + 1 for at in moved), "by the deadline, give or take a second"
    assert max(moved) - min(moved) <= 1.0
    assert ended.status == 2, ended.output[-3000:]
    settled(site, before.live_release or "")
    assert (history(site).last or pytest.fail("no rollout")).outcome == "rolled_back"


@pytest.mark.long
def test_a_pause_ends_with_a_word_or_at_its_limit(site: Site, other: Path) -> None:
    before = history(site)
    limited = canary(step(25, least=10), step(50, least=10), more={"pause_limit": 15})
    with people(site, rate=100) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=limited)
        deploying.wait_for("against it")
        site.must("pause", rollout_reason="lunch")
        deploying.wait_for("asked to pause: lunch")
        site.must("resume", rollout_reason="back from lunch")
        deploying.wait_for("Compare both releases, with 50 %")
        site.must("pause", rollout_reason="supper")
        ended = deploying.end()
    assert ended.status == 2, ended.output[-3000:]
    assert "paused for 15 s, which is the limit" in ended.told
    unhurt(users.saw(), least=1000)
    settled(site, before.live_release or "")


@pytest.mark.long
def test_a_person_may_take_longer_than_the_probe_lasts(site: Site, other: Path) -> None:
    waits = step(20, {"type": "approval", "within": 300}, most=60)
    with people(site, rate=100) as users:
        begun = time.time()
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=canary(waits, lasts=80))
        deploying.wait_for("a person has to approve")
        time.sleep(max(0.0, begun + 100 - time.time()))
        assert deploying.alive(), "the probe has ended by itself, and nobody is taken back for it"
        site.must("promote", rollout_reason="slept over it")
        done = deploying.end()
    assert done.ok, done.output[-5000:]
    unhurt(users.saw(), least=1000)
    report = site.report()
    settled(site, report["release"])
    assert report["outcome"] == "succeeded"
    assert report["probe"]["by_second"][-1]["second"] > begun + 100, "what came after it had a witness"


@pytest.mark.long
def test_people_hold_the_wheel_from_another_terminal(site: Site, other: Path) -> None:
    before = history(site)
    with people(site, rate=100) as users:
        deploying = site.begin(
            "deploy", "-e", f"@{other}", rollout_service=canary(step(25, least=1), step(50, least=1))
        )
        deploying.wait_for("against it")
        following = site.begin("follow")
        site.must("pause", rollout_reason="lunch")
        deploying.wait_for("asked to pause: lunch")
        time.sleep(CONFIRM + 2)  # longer than silence may last: a pause is no silence
        assert deploying.alive(), "a pause does not end"
        site.must("promote", rollout_reason="back from lunch")
        deploying.wait_for("Compare both releases, with 50 %")
        refused = site.run("abort")
        assert "Expected why" in refused.told
        site.must("abort", rollout_reason="wrong prices")
        ended = deploying.end()
    assert ended.status == 2, ended.output[-3000:]
    assert "asked to abort: wrong prices" in ended.told
    followed = following.end().output
    told = ("asked to pause: lunch", "watch-1: ", "it is over: rolled back")
    assert [said for said in told if said not in followed] == []
    unhurt(users.saw(), least=1000)
    settled(site, before.live_release or "")
    asked = [event for event in events(site) if event.type == "rollout.asked"][-3:]
    assert [(ask.data["action"], ask.data["reason"]) for ask in asked] == [
        ("pause", "lunch"),
        ("promote", "back from lunch"),
        ("abort", "wrong prices"),
    ]
    assert all(ask.who["name"] for ask in asked)
    nobody = site.run("pause", rollout_reason="too late")
    assert "none is open" in nobody.told
