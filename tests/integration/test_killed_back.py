# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed right before and after every write of a way back, and either command goes on from there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from harness.killed import WRITES, Point, die, not_repeated, points
from harness.run import Run
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

SHIFTED = Point("after", WRITES.index("shift done") + 1, "rollback")

#: Nobody goes back by silence here, however slow the machine is: whoever goes on finds what the dead run has left.
PATIENT = {"rollout_service": "{{ service | combine({'strategy': {'confirm_within': 900}}, recursive=true) }}"}

#: What rollback.yml writes: where it undoes a rollout that has ended, and where it ends one that died after its shift.
UNDOING = points(("undo opened", "rollback done", "closed"))
ENDING = points(("rollback intended", "rollback done", "closed"))
#: What a deploy writes whose drain fails, from there on: users go back before anything is told.
FAILING = points(
    (*WRITES[: SHIFTED.number], "rollback intended", "rollback done", "drain failed", "closed"), "rollback intended"
)


@pytest.mark.parametrize("point", UNDOING, ids=str)
def test_a_rollback_that_undoes_a_release(with_way_back: Site, point: Point) -> None:
    site = with_way_back
    known = history(site)
    new, old = known.live_release or "", known.installed["green" if known.live_color == "blue" else "blue"]
    declared = site.release(new.rpartition("-")[0])
    with site.users(rate=60) as users:
        left = die(site, point, "rollback", rollout_reason="a test says so")
        went_on = _go_on(site, point, declared)
    unhurt(users.saw(), least=300)
    _ended(site, point, went_on, left, old=old, new=new)


@pytest.mark.parametrize("point", ENDING, ids=str)
def test_a_rollback_that_ends_a_rollout(site: Site, other: Path, point: Point) -> None:
    old = history(site).live_release or ""
    with site.users(rate=60) as users:
        die(site, SHIFTED, "deploy", "-e", f"@{other}", **PATIENT)
        dying = history(site).current
        left = die(site, point, "rollback", rollout_reason="a test says so")
        went_on = _go_on(site, point, other, **PATIENT)
    unhurt(users.saw(), least=300)
    _ended(site, point, went_on, left, old=old, new=dying.release if dying else "")


@pytest.mark.parametrize("point", FAILING, ids=str)
def test_a_release_that_goes_back_by_itself(site: Site, other: Path, tmp_path: Path, point: Point) -> None:
    old = history(site).live_release or ""
    hook = tmp_path / "fails.yml"
    hook.write_text("- ansible.builtin.fail: {msg: a test lets the drain fail}\n", encoding="utf-8")
    hooks = {**PATIENT, "rollout_hooks": {"drain": {"before": [str(hook)]}}}
    with site.users(rate=60) as users:
        left = die(site, point, "deploy", "-e", f"@{other}", **hooks)
        went_on = _go_on(site, point, other, **hooks)
    unhurt(users.saw(), least=300)
    _ended(site, point, went_on, left, old=old, new="")


def _go_on(site: Site, point: Point, declared: Path, **extra: Any) -> Run:
    arguments = ("-e", f"@{declared}") if point.then == "deploy" else ()
    went_on = site.run(point.then, *arguments, **extra)
    time.sleep(1)
    return went_on


def _ended(site: Site, point: Point, went_on: Run, left: dict[str, object], old: str, new: str) -> None:
    """Users have *old*, unless a deploy found no rollback to finish: then *new*, or "" for one that cannot succeed."""
    deploys, closed = point.then == "deploy", point.written == len(point.writes)
    finishes = point.written > 0 and not closed
    live = new if deploys and not finishes and new else old
    assert went_on.ok == (not deploys or live == new), went_on.output[-3000:]
    assert not (deploys and finishes and new) or "eploy again to try" in went_on.told, went_on.output[-3000:]
    settled(site, live)
    assert (history(site).last or pytest.fail("no rollout")).outcome == ("succeeded" if live == new else "rolled_back")
    if not (deploys and closed):  # which is another rollout
        not_repeated(site, left, started=True)
