# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two operators at once: one goes on, the other is told; and a rollback always wins, for users come first."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_of_two_deploys_at_once_one_goes_on_and_the_other_is_told(site: Site, other: Path) -> None:
    rival = site.release("4.0.0")
    with site.users(rate=60) as users:
        started = [site.begin("deploy", "-e", f"@{declared}") for declared in (other, rival)]
        ended = [run.end() for run in started]
    unhurt(users.saw(), least=300)
    assert sorted(run.status for run in ended) == [0, 2], [run.output[-1500:] for run in ended]
    told = next(run for run in ended if not run.ok).told
    assert "holds the lease" in told or "The journal has moved on" in told or "is still open" in told
    settled(site, history(site).live_release or "")
    version = "4.0.0" if ended[1].ok else other.stem.removeprefix("standin-")
    assert (history(site).live_release or "").startswith(f"{version}-")


def test_a_rollback_overtakes_a_deploy_whose_later_writes_are_refused(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("phases/verify.yml")
        back = site.run("rollback", rollout_reason="a second operator says so")
        overtaken = deploying.end()
    unhurt(users.saw(), least=300)
    assert back.ok, back.output[-3000:]
    assert overtaken.status == 2
    assert "overtaken by fence" in overtaken.told
    settled(site, before.live_release or "")
    assert (history(site).last or pytest.fail("no rollout")).outcome == "rolled_back"
