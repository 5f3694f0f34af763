# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One release through two regions and DNS, by the real playbooks: out in order, back in reverse, whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from campaigns import ROOT, Campaigns, wait_for
from harness import Emulator

#: A campaign over eu and edge writes these into its journal.
WRITES = ("opened", "eu begun", "eu done", "edge begun", "edge done", "closed")
EVERY = [
    (when, number, then)
    for then in ("campaign", "campaign_rollback")
    for number in range(1, len(WRITES) + 1)
    for when in ("before", "after")
]
#: What every run looks at; the others are much like it.
SOME = [("before", 3, "campaign_rollback")]
OLD, NEW = ({"eu": version, "us": version, "edge": color} for version, color in (("1.0.0", "green"), ("2.0.0", "blue")))
REASON = ("-e", '{"rollout_reason": "too slow"}')
LONG = pytest.mark.long


@pytest.fixture
def everywhere(emulator: Emulator, tmp_path: Path) -> Callable[..., Campaigns]:
    """Users have 1.0.0 in all of the stages, and 2.0.0 is what comes."""

    def made(*stages: str) -> Campaigns:
        its = Campaigns(emulator, tmp_path, stages or ("eu", "us", "edge"))
        its.went_through()
        its.release("2.0.0")
        return its

    return made


def gone_back(its: Campaigns, began: int, stages: list[str], users: dict[str, str] | None = None) -> None:
    """The judgement: since event *began* those *stages* were undone, in that order, and users are where they were."""
    told = its.told(began)
    assert [event.split()[1] for event in told if event.startswith("rollback.intended ")] == stages
    assert [event.split()[1] for event in told if event.startswith("rollback.done ")] == stages
    assert (told[-2:], its.history().last.outcome) == (["rollback.done", "rollout.closed"], "rolled_back")
    assert its.users() == (users or OLD)


@contextmanager
def at_work(its: Campaigns, region: str, phase: str) -> Iterator[subprocess.Popen[str]]:
    """A campaign whose rollout of that *region* is in the middle of a *phase*, and stays there."""
    its.region(region, standin_waits=phase)
    process = its.start("campaign")
    try:
        wait_for(its.waits(region).exists, 300)
        its.region(region)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        its.waits(region).unlink(missing_ok=True)
        process.communicate()


def alive(pid: int) -> bool:
    """Whether the process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@LONG
def test_all_stages_in_order_and_back_in_reverse(emulator: Emulator, tmp_path: Path) -> None:
    its = Campaigns(emulator, tmp_path)
    plan = its.must("campaign", "--check")
    assert "1. eu: rollout of" in plan
    assert "3. edge: route53 shop to the other color by 10, 100 %, bake 1 s each" in plan
    assert (its.journal(), its.users()) == ([], {"eu": "", "us": "", "edge": "blue"})

    its.must("campaign")
    assert its.users() == OLD
    phases = [f"phase.{what} stage-{number}" for number in (1, 2, 3) for what in ("intended", "done")]
    assert its.told() == ["rollout.opened", *phases, "rollout.closed"]
    at = {(one.type, one.data.get("phase")): one.at for one in its.journal()}
    for before, after in (("stage-1", "stage-2"), ("stage-2", "stage-3")):
        assert at["phase.intended", after] - at["phase.done", before] >= 1, "it bakes before the next one begins"
    assert at["phase.done", "stage-3"] - at["phase.intended", "stage-3"] >= 2, "it bakes after each of its steps"

    regions, began = len(its.journal("eu")), len(its.journal())
    assert "eu: was there already us: was there already edge: was there already" in its.must("campaign")
    assert (its.users(), len(its.journal("eu"))) == (OLD, regions)
    assert its.told(began) == ["rollout.opened", *phases, "rollout.closed"]

    its.release("2.0.0")
    its.must("campaign")
    assert its.users() == NEW
    began = len(its.journal())
    its.must("campaign_rollback", *REASON)
    gone_back(its, began, ["stage-3", "stage-2", "stage-1"])
    status, told = its.run("campaign_rollback", *REASON)
    assert status != 0 and "there is nothing to undo" in told
    assert its.users() == OLD


@LONG
def test_a_stage_that_fails_takes_those_before_it_back(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere()
    its.region("us", standin_fails="shift")
    began = len(its.journal())
    status, output = its.run("campaign")
    assert status != 0 and "2.0.0-69159259 was not released" in output, output
    told = its.told(began)
    assert told[3:5] == ["phase.intended stage-2", "phase.failed stage-2"]
    assert "phase.intended stage-3" not in told
    gone_back(its, began, ["stage-2", "stage-1"])
    ended = [rollout.outcome for rollout in its.history("us").rollouts]
    assert ended == ["succeeded", "rolled_back"], "it went back by itself, and nobody else took it back once more"


@LONG
@pytest.mark.parametrize("regions", [("eu",), ("eu", "us")], ids=len)
def test_an_edge_that_fails_its_check_goes_back_first(
    everywhere: Callable[..., Campaigns], regions: tuple[str, ...]
) -> None:
    its = everywhere(*regions, "edge")
    its.check("edge", "users of the edge complain")
    began, before = len(its.journal()), len(its.emulator.calls())
    status, output = its.run("campaign")
    assert status != 0 and "users of the edge complain" in output, output
    moved = [call["operation"] for call in its.emulator.calls()[before:]].count("ChangeResourceRecordSets")
    assert moved == 2, "one step, and back"
    stages = [f"stage-{number}" for number in range(len(regions) + 1, 0, -1)]
    gone_back(its, began, stages, OLD if "us" in regions else {**OLD, "us": ""})


@LONG
def test_what_was_live_already_is_not_taken_back(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "us")
    assert its.alone("eu", "deploy") == 0
    its.check("us", "no")
    began = len(its.journal())
    assert its.run("campaign")[0] != 0
    gone_back(its, began, ["stage-2", "stage-1"], {"eu": "2.0.0", "us": "1.0.0", "edge": "blue"})


@LONG
def test_one_that_is_stuck_keeps_no_other_from_going_back(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere()
    its.check("edge", "no")
    its.stuck("us").touch()
    began = len(its.journal())
    status, output = its.run("campaign")
    assert status != 0 and "All other stages are back, but not: us:" in output, output
    assert its.users() == {**OLD, "us": "2.0.0"}
    assert its.history().current is not None, "it stays open, so that the next run finds it"
    assert its.run("campaign_rollback", *REASON)[0] != 0
    its.stuck("us").unlink()
    its.must("campaign_rollback", *REASON)
    told = its.told(began)
    assert [one.split()[1] for one in told if one.startswith("rollback.done ")] == ["stage-3", "stage-1", "stage-2"]
    assert (its.users(), its.history().last.outcome) == (OLD, "rolled_back")


@pytest.mark.parametrize(
    ("when", "number", "then"),
    [pytest.param(*point, marks=() if point in SOME else LONG) for point in EVERY],
    ids=[f"{when}-{WRITES[number - 1].replace(' ', '-')}-then-{then}" for when, number, then in EVERY],
)
def test_a_controller_may_die_at_any_event(
    everywhere: Callable[..., Campaigns], when: str, number: int, then: str
) -> None:
    its = everywhere("eu", "edge")
    already = len(its.journal())
    assert its.run("campaign", die_at=f"{when}:{number}")[0] == -signal.SIGKILL
    written = number - (when == "before")
    assert len(its.journal()) - already == written
    its.must(then, *REASON)
    assert its.history().current is None
    if then == "campaign":
        assert its.users() == {**NEW, "us": ""}
        opened = its.told(already).count("rollout.opened")
        assert opened == (2 if written == len(WRITES) else 1), "what was open is gone on with, and not begun again"
        return
    # Before the first event there is nothing new to undo: what went through before is undone, as far as it can be.
    if written:
        assert its.users() == {**OLD, "us": ""}


@pytest.mark.long
def test_two_at_once_and_a_rollback_that_takes_over(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu")
    users = {**OLD, "us": "", "edge": "blue"}
    with at_work(its, "eu", "shift") as first:
        child = int(its.waits("eu").read_text(encoding="utf-8"))
        assert alive(child)
        began = len(its.journal())
        status, told = its.run("campaign")
        assert status != 0 and "Nothing was changed, for somebody is at work" in told, told
        assert len(its.journal()) == began
        its.must("campaign_rollback", *REASON)
        gone_back(its, began, ["stage-1"], users)
        told = " ".join(first.communicate(timeout=120)[0].split())
        assert first.returncode != 0 and "was overtaken by fence" in told, told
        assert not alive(child), "the rollout of who was overtaken goes on"
    gone_back(its, began, ["stage-1"], users)


@LONG
def test_a_second_one_is_told_who_has_the_lease(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu")
    with its.leased():
        began = len(its.journal())
        status, told = its.run("campaign")
        assert status != 0 and "ada on elsewhere" in told and "holds the lease" in told, told
    assert (len(its.journal()), its.users()["eu"]) == (began, "1.0.0")


@LONG
def test_the_rollout_dies_with_the_campaign_and_is_gone_on_with(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "edge")
    with at_work(its, "eu", "shift") as first:
        child = int(its.waits("eu").read_text(encoding="utf-8"))
        os.kill(first.pid, signal.SIGKILL)  # it alone: its workers are told by nobody
        wait_for(lambda: not alive(child), 20)
    assert its.history("eu").current is not None
    its.must("campaign")
    assert its.users() == {**NEW, "us": ""}
    assert len(its.history("eu").rollouts) == 2, "it was gone on with, and not begun again"


@LONG
def test_a_rollback_waits_for_a_rollout_that_may_still_begin(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu")
    with at_work(its, "eu", "begin") as first:
        child = int(its.waits("eu").read_text(encoding="utf-8"))
        began = len(its.journal())
        its.must("campaign_rollback", *REASON)
        assert not alive(child), "it said that everything is back, while somebody could still begin"
        assert first.wait(timeout=30) != 0
    gone_back(its, began, ["stage-1"], {**OLD, "us": "", "edge": "blue"})


# -- the account ------------------------------------------------------------------------------


def elsewhere(its: Campaigns, playbook: str) -> None:
    """The judgement: with credentials of another account than the declared one, a *playbook* does nothing."""
    its.variables = {"aws_environment": {"account": "999999999999", "region": "us-east-1"}}
    its.declare()
    began, users, before = its.told(), its.users(), len(its.emulator.calls())
    status, output = its.run(playbook, *REASON)
    assert its.emulator.operations(before) == ["GetCallerIdentity"]
    assert (status != 0, its.told(), its.users()) == (True, began, users)
    assert "expected credentials of the account 999999999999, but found those of 123456789012" in output


@pytest.mark.parametrize("playbook", ["campaign", "campaign_rollback"])
def test_nothing_happens_in_another_account(everywhere: Callable[..., Campaigns], playbook: str) -> None:
    elsewhere(everywhere("eu", "edge"), playbook)


@LONG
def test_in_the_declared_account_it_goes_on(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "edge")
    its.variables = {"aws_environment": {"account": "123456789012", "region": "eu-central-1"}}
    its.declare()
    its.must("campaign")
    assert its.users() == {**NEW, "us": ""}


@LONG
def test_a_campaign_that_does_not_look_is_caught(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "edge")
    unsafe(its, "environment.yml", {"when: aws_environment is defined": "when: false"})
    with pytest.raises(AssertionError):
        elsewhere(its, "campaign")
    assert its.users() == {**NEW, "us": ""}, "users were moved in an account that nobody declared"


# -- the negative controls: other orders, or no journal, and the same judgement


def unsafe(its: Campaigns, part: str, other: dict[str, str]) -> None:
    """Have *its* playbooks run with *other* texts than the safe ones in one file of the role."""
    copied = its.folder / "unsafe" / "ansible_collections" / "seamless" / "delivery"
    for name in ("playbooks", "plugins", "roles", "meta"):
        shutil.copytree(ROOT / name, copied / name)
    file = copied / "roles" / "campaign" / "tasks" / part
    text = file.read_text(encoding="utf-8")
    for safe, instead in other.items():
        assert safe in text
        text = text.replace(safe, instead, 1)
    file.write_text(text, encoding="utf-8")
    its.root, its.collections = copied, its.folder / "unsafe"


@LONG
def test_another_order_is_caught(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "edge")
    unsafe(its, "undo_stages.yml", {"{{ campaign_way.to_undo }}": "{{ campaign_way.to_undo | reverse }}"})
    its.check("edge", "no")
    began = len(its.journal())
    assert its.run("campaign")[0] != 0
    with pytest.raises(AssertionError):
        gone_back(its, began, ["stage-2", "stage-1"], {**OLD, "us": ""})
    assert its.users() == {**OLD, "us": ""}, "users are back, and only the order tells"


@LONG
def test_acting_without_an_intent_is_caught(everywhere: Callable[..., Campaigns]) -> None:
    its = everywhere("eu", "edge")
    noted = {"event: phase.intended": "event: note", "{'phase': campaign_phase,": "{'message': 'no intent',"}
    unsafe(its, "stage.yml", noted)
    assert its.run("campaign", die_at="before:3")[0] == -signal.SIGKILL
    its.must("campaign_rollback", *REASON)
    assert its.history().current is None, "by its journal everything is back"
    with pytest.raises(AssertionError):
        assert its.users() == {**OLD, "us": ""}
    assert its.users()["eu"] == "2.0.0"
