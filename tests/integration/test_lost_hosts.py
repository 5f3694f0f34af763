# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that die in the middle of a rollout, and come back with what they knew before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import BALANCERS, MEMBERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_a_load_balancer_lost_mid_rollout_brings_users_back(site: Site, other: Path) -> None:
    """It dies between "I could" and "do": one load balancer has moved, the other never will."""
    before = history(site)
    lost = _spare(site)
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("TASK [seamless.delivery.rollout : Set the instant]")
        with lost_host(site, lost):
            done = deploying.end()
            assert done.status == 2, done.output[-3000:]
            assert f"{lost}, the load balancer, cannot be reached" in done.told
        site.install_router(lost)
    unhurt(users.saw(), least=300)
    settled(site, before.live_release or "")


def test_a_load_balancer_with_an_old_split_is_found_and_converged(with_way_back: Site, other: Path) -> None:
    site, lost = with_way_back, _spare(with_way_back)
    with site.users(rate=60) as users:
        with lost_host(site, lost):
            back = site.run("rollback", rollout_reason="a load balancer is away")
        site.install_router(lost)
        assert back.status == 2
        assert "still have their old split" in back.told
        assert "run converge.yml" in back.told
        release = history(site).live_release or ""

        refused = site.run("deploy", "-e", f"@{other}")
        assert refused.status == 2
        assert "converge.yml" in refused.told
        site.must("converge")
    unhurt(users.saw(), least=300)
    settled(site, release)


def test_an_application_host_lost_mid_rollout_moves_nobody(site: Site, other: Path) -> None:
    before = history(site)
    moved_at = site.moved_at()
    idle = MEMBERS["green" if before.live_color == "blue" else "blue"]
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("TASK [seamless.delivery.rollout : Ask for the pages")
        with lost_host(site, idle[1]):
            done = deploying.end()
    unhurt(users.saw(), least=300)
    assert done.status == 2, done.output[-3000:]
    assert "no user was moved" in done.told.lower()
    assert site.moved_at() == moved_at
    settled(site, before.live_release or "")


@contextmanager
def lost_host(site: Site, host: str) -> Iterator[None]:
    """*host* loses its power now, and boots again after the block."""
    site.tool("kill", host)
    try:
        yield
    finally:
        site.tool("start", host)


def _spare(site: Site) -> str:
    """The load balancer without the service's address: what users lose with the other one is the network's matter."""
    return next(host for host in BALANCERS if host != site.holder())
