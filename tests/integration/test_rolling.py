# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host by host, on two hosts that run one release at a time (inventories/lab_shared with another strategy)."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import events, history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ROLLING = "{{ service | combine({'strategy': {'type': 'rolling'}}, recursive=true) }}"
#: Twice on each host: one release leaves, the other one comes.
PHASES = ["drain", "install", "verify", "shift", "bake", "drain", "install", "verify", "bake", "close"]


def test_users_notice_neither_the_release_nor_the_way_back(site: Site, other: Path) -> None:
    _one_color_alone(site)
    first, live = history(site).live_release or "", history(site).live_color or ""
    with site.users(rate=60, streams=4, websockets=4) as users:
        site.must("deploy", "-e", f"@{other}", rollout_service=ROLLING)
        second = history(site).live_release or ""
        assert second != first
        done = [event.data["phase"].partition("-")[0] for event in events(site) if event.type == "phase.done"]
        assert done[-len(PHASES) :] == PHASES
        assert _running(site) == {host: [history(site).live_color] for host in site.members[live]}

        again = site.must("deploy", "-e", f"@{other}", rollout_service=ROLLING)
        assert again.changed == 0

        site.must("rollback", rollout_reason="a test says so", rollout_service=ROLLING)
    unhurt(users.saw(), least=1000)
    assert history(site).live_color == live
    assert _running(site) == {host: [live] for host in site.members[live]}
    settled(site, first)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["crash", "wrong_page"])
def test_a_release_that_does_not_work_costs_one_host_for_a_while(site: Site, fault: str) -> None:
    _one_color_alone(site)
    before = history(site)
    live = before.live_color or ""
    lives, moved_at = site.invocations(live), site.moved_at()
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{site.release('3.0.0', fault=fault)}", rollout_service=ROLLING)
    unhurt(users.saw(), least=300)
    assert done.status == 2
    assert site.moved_at() == moved_at
    first, second = site.members[live]
    after = site.invocations(live)
    assert (after[first] != lives[first], after[second] == lives[second]) == (True, True)
    assert _running(site) == {host: [live] for host in site.members[live]}
    settled(site, before.live_release or "")


@pytest.mark.long
@pytest.mark.parametrize(("point", "then"), [("after:3", "deploy"), ("after:5", "rollback"), ("after:7", "rollback")])
def test_whoever_goes_on_after_a_dead_controller_ends_in_one_state(
    site: Site, other: Path, point: str, then: str
) -> None:
    """It dies when one host is installed, when users have moved, and when the last host is out."""
    _one_color_alone(site)
    before = history(site)
    with site.users(rate=60) as users:
        died = site.run("deploy", "-e", f"@{other}", rollout_service=ROLLING, die_at=point)
        assert died.killed, died.output[-3000:]
        arguments = ("-e", f"@{other}") if then == "deploy" else ()
        site.must(then, *arguments, rollout_service=ROLLING)
    unhurt(users.saw(), least=300)
    known = history(site)
    assert (known.live_release == before.live_release) == (then == "rollback")
    assert _running(site) == {host: [known.live_color] for host in site.members["blue"]}
    settled(site, known.live_release or "")


@pytest.mark.long
def test_a_load_balancer_that_is_away_stops_nobody_on_the_way_back(site: Site, other: Path) -> None:
    _one_color_alone(site)
    first, live = history(site).live_release or "", history(site).live_color or ""
    site.must("deploy", "-e", f"@{other}", rollout_service=ROLLING)
    lost = next(host for host in BALANCERS if host != site.holder())
    with site.users(rate=60) as users:
        site.tool("kill", lost)
        back = site.run("rollback", rollout_reason="a load balancer is away", rollout_service=ROLLING)
        site.tool("start", lost)
        site.install_router(lost)
        site.must("converge", rollout_service=ROLLING)
    unhurt(users.saw(), least=300)
    assert back.status == 2
    assert "still have their old split" in back.told
    assert _running(site) == {host: [live] for host in site.members[live]}
    settled(site, first)


def _one_color_alone(site: Site) -> None:
    """As a rolling release leaves it, and as it is where a host has room for one release: the idle one is down."""
    idle = "green" if history(site).live_color == "blue" else "blue"
    for host in site.members[idle]:
        site.sh(host, f"systemctl disable --now {site.service['name']}-{idle}")


def _running(site: Site) -> dict[str, list[str]]:
    """The colors that run on each host."""
    name = site.service["name"]
    ask = f"systemctl is-active {name}-blue {name}-green"
    answers = {host: site.sh(host, ask, check=False).split() for host in site.members["blue"]}
    return {
        host: [color for color, state in zip(("blue", "green"), states, strict=False) if state == "active"]
        for host, states in answers.items()
    }
