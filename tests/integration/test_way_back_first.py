# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before a rollout begins it proves that users could come back: whatever the live color lacks, nothing changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from harness.settled import events, history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

WHY = "the new release is the repair"


@pytest.mark.parametrize("damage", ["artifact", "service"])
def test_without_a_way_back_nothing_begins_unless_somebody_accepts_that(site: Site, other: Path, damage: str) -> None:
    before, journal, lease, moved_at = history(site), site.journal(), site.lease(), site.moved_at()
    color = before.live_color or ""
    idle, host = "green" if color == "blue" else "blue", site.members[color][1]
    lives = site.invocations(idle)
    with _damaged(site, host, color) if damage == "artifact" else _stopped(site, host, color):
        with site.users(rate=60) as users:
            for mode in (("--check", "--diff"), ()):
                refused = site.run("deploy", *mode, "-e", f"@{other}")
                assert refused.status == 2, refused.output[-3000:]
                assert f"There would be no way back to {before.live_release}, and nothing was changed: {host}: " in (
                    refused.told
                )
                assert {"artifact": "damaged (", "service": "not running"}[damage] in refused.told or (
                    damage == "service" and "inactive" in refused.told
                )
                assert "Repair it, or accept that with -e" in refused.told
                assert (site.journal(), site.lease(), site.moved_at()) == (journal, lease, moved_at)
                assert site.invocations(idle) == lives, "the other color was not touched"
            site.must("deploy", "-e", f"@{other}", rollout_accept_no_way_back=WHY)
        unhurt(users.saw(), least=300)
        settled(site, site.report()["release"])
        (opened,) = [event for event in events(site)[-30:] if event.rollout == site.report()["rollout"]][:1]
        assert (opened.type, opened.data["no_way_back"]) == ("rollout.opened", WHY)


def test_a_run_that_goes_on_with_a_dead_one_proves_it_again(site: Site, other: Path) -> None:
    before, moved_at = history(site), site.moved_at()
    color = before.live_color or ""
    host = site.members[color][1]
    with site.users(rate=60) as users:
        assert site.run("deploy", "-e", f"@{other}", die_at="after:2").killed
        with _damaged(site, host, color):
            refused = site.run("deploy", "-e", f"@{other}")
            assert refused.status == 2, refused.output[-3000:]
            assert (
                f"There would be no way back to {before.live_release}, and nothing was changed: {host}: "
                in refused.told
            )
            assert site.moved_at() == moved_at
        site.must("deploy", "-e", f"@{other}")
    unhurt(users.saw(), least=300)
    settled(site, site.report()["release"])


@contextmanager
def _damaged(site: Site, host: str, color: str) -> Iterator[None]:
    """The artifact of *color* on *host* has one line more than it had; what runs has been read before."""
    find = f"find -L /opt/{site.service['name']}/{color}/current -name 'standin-*.py'"
    artifact = site.sh(host, find).strip()
    assert artifact.endswith(".py"), artifact
    site.sh(host, f"cp -p {artifact} /run/whole.py && chmod u+w {artifact} && echo '#' >> {artifact}")
    try:
        yield
    finally:
        site.sh(host, f"cp -p /run/whole.py {artifact}", check=False)


@contextmanager
def _stopped(site: Site, host: str, color: str) -> Iterator[None]:
    """The service of *color* on *host* is stopped, and both load balancers have seen it."""
    unit = f"{site.service['name']}-{color}"
    site.sh(host, f"systemctl stop {unit}")
    until = time.monotonic() + 10
    try:
        while {site.router(one, f"router.pools()['{color}'].healthy") for one in BALANCERS} != {1}:
            assert time.monotonic() < until, "the load balancers still send requests there"
            time.sleep(0.2)
        yield
    finally:
        site.sh(host, f"systemctl start {unit}")
