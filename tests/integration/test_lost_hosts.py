# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that die in the middle of a rollout, and come back with what they knew before."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import BALANCERS, Site
from harness.verdict import hurt_only, unhurt

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import LONG_LIVED, TIMED, Row

pytestmark = [pytest.mark.lab, pytest.mark.slow]

OUTAGE = 4.0  # seconds for which nobody has the service's address, at most, after its holder died
# An instant far enough away that a host is surely dead before it.
LATER = "{{ service | combine({'strategy': {'commit_delay': 6}}, recursive=true) }}"
ANOTHER = "0.9.0-0badc0de"
PATIENCE = 3.0  # seconds: a connection that is not answered is given up after 2, and the next member asked


def test_a_load_balancer_lost_mid_rollout_brings_users_back(site: Site, other: Path) -> None:
    """It dies between "I could" and "do": one load balancer has moved, the other never will."""
    before = history(site)
    lost = _spare(site)
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=LATER)
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


@pytest.mark.long
def test_an_application_host_lost_mid_rollout_moves_nobody(site: Site, other: Path) -> None:
    before = history(site)
    moved_at = site.moved_at()
    idle = site.members["green" if before.live_color == "blue" else "blue"]
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


@pytest.mark.long
def test_the_holder_of_the_address_lost_mid_rollout_brings_users_back(site: Site, other: Path) -> None:
    """What went through it is lost, until the other one has the address; there, nobody is answered with an error."""
    before = history(site)
    lost = site.holder()
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=LATER)
        deploying.wait_for("TASK [seamless.delivery.rollout : Set the instant]")
        with lost_host(site, lost) as death:
            done = deploying.end()
            heir = site.holder()
        site.install_router(lost)
    assert heir != lost
    assert done.status == 2, done.output[-3000:]
    assert f"{lost}, the load balancer, cannot be reached" in done.told
    hurt_only(users.rows(), lambda row: death.meets(row, OUTAGE) and row[3] < 400, least=300)
    settled(site, before.live_release or "")


@pytest.mark.long
def test_a_host_of_the_live_pool_lost_before_users_move_keeps_them_where_they_are(site: Site, other: Path) -> None:
    """Its neighbour carries on. Nobody goes to a release that there is no way back from."""
    before = history(site)
    moved_at, lost = site.moved_at(), site.members[before.live_color or ""][1]
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("TASK [seamless.delivery.rollout : Open the rollout]")
        with lost_host(site, lost) as death:
            done = deploying.end()
    spared(users.rows(), death)
    assert done.status == 2, done.output[-3000:]
    assert "No user was moved, for there would be no way back any more" in done.told
    assert "sees 1 of 2" in done.told
    assert "Repair that pool, then deploy again." in done.told
    assert site.moved_at() == moved_at
    assert again(site, lost)
    settled(site, before.live_release or "")


@pytest.mark.long
def test_a_host_of_the_live_pool_lost_after_users_moved(site: Site, other: Path) -> None:
    """Where the rollout's own probe lost something, users go back to the old color, which is whole; else they stay."""
    before = history(site)
    lost = site.members["green" if before.live_color == "blue" else "blue"][1]
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}")
        deploying.wait_for("TASK [seamless.delivery.rollout : Journal the outcome: drain")
        with lost_host(site, lost) as death:
            done = deploying.end()
    spared(users.rows(), death)
    report = site.report()
    if report["probe"]["failed"]:
        assert done.status == 2, done.output[-3000:]
        assert "requests failed" in done.told
        assert f"users are on {before.live_release}" in done.told
    else:
        assert done.ok, done.output[-3000:]
    assert again(site, lost)
    settled(site, (before.live_release or "") if report["probe"]["failed"] else report["release"])


@pytest.mark.long
def test_a_host_of_the_idle_color_with_another_release_gets_its_own_again(with_way_back: Site) -> None:
    site, known = with_way_back, history(with_way_back)
    live, idle = known.live_color or "", "green" if known.live_color == "blue" else "blue"
    release, neighbour, host = known.installed[idle], *site.members[idle]
    give_another_release(site, host, idle, release)
    status = site.must("status").told
    assert f"{neighbour} ({idle}): {release}, running" in status
    assert f"{host} ({idle}): {ANOTHER}, running" in status
    assert f"{host} should run {release} in {idle}, but: {ANOTHER}, running. No users are there: converge.yml" in status

    left = (site.moved_at(), site.invocations(live), site.invocations(idle))
    with site.users(rate=60) as users:
        site.must("converge", "-e", f"@{declared(site, known.live_release)}")
        assert site.invocations(idle) == left[2], "the release that is live belongs to no idle host"
        repaired = site.must("converge", "-e", f"@{declared(site, release)}")
    unhurt(users.saw(), least=100)
    assert f"should have it: {host}" in repaired.told
    assert (site.moved_at(), site.invocations(live)) == left[:2], "users were touched"
    changed = {name for name, life in site.invocations(idle).items() if life != left[2][name]}
    assert changed == {host}
    assert "everything agrees" in site.must("status").told
    settled(site, known.live_release or "")


@pytest.mark.long
def test_a_host_of_the_live_color_with_another_release_gets_its_own_while_users_are_elsewhere(
    with_way_back: Site,
) -> None:
    site, known = with_way_back, history(with_way_back)
    live, release = known.live_color or "", known.live_release or ""
    neighbour, host = site.members[live]
    give_another_release(site, host, live, release)
    status = site.must("status").told
    assert f"{neighbour} ({live}): {release}, running" in status
    assert (
        f"{host} should run {release} in {live}, but: {ANOTHER}, running. Users are there: run rollback.yml" in status
    )

    with site.users(rate=60) as users:
        assert "nothing to change" in site.must("deploy", "-e", f"@{declared(site, release)}").told
        site.must("rollback", rollout_reason="a host of the live color runs another release")
        site.must("deploy", "-e", f"@{declared(site, release)}")
    unhurt(users.saw(), least=300)
    assert "everything agrees" in site.must("status").told
    settled(site, release)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((99.0, 2000.0, "keep_alive", 502, "", "status_502"), "keep_alive: 502 status"),  # could have been asked again
        ((99.0, 2000.0, "slow", 0, "", "reset"), "slow: no status"),
        ((101.0, 10.0, "post", 502, "", "status_502"), "post: 502 status"),  # it was known to be dead by then
        ((90.0, 5000.0, "stream", 200, "a", "broken"), "stream: 200 status"),  # broken before anything happened
        ((100.0, 3100.0, "keep_alive", 200, "a", ""), "later than after 3.0 s"),
    ],
)
def test_what_the_death_of_a_host_does_not_excuse(row: Row, says: str) -> None:
    """The negative control: the same judgement, of users who lost more than they had to."""
    death = Death(99.9, 100.0)
    good: list[Row] = [(90.0 + number / 20, 3.0, "keep_alive", 200, "a", "") for number in range(400)]
    excused: list[Row] = [(99.0, 1000.0, kind, 200, "a", "broken") for kind in ("post", *LONG_LIVED)]
    spared([*good, *excused], death)
    with pytest.raises(AssertionError, match=re.escape(says)):
        spared([*good, row], death)
    with pytest.raises(AssertionError, match="are needed to say anything"):
        spared(excused, death)


@dataclass(frozen=True)
class Death:
    """The power of a host was cut between *after* and *by*, both in epoch seconds."""

    after: float
    by: float

    def meets(self, row: Row, for_seconds: float = 0) -> bool:
        """Whether a request was under way when it happened, or began in the *for_seconds* after that."""
        sent, ms = row[:2]
        return sent <= self.by + for_seconds and sent + ms / 1000 >= self.after


@contextmanager
def lost_host(site: Site, host: str) -> Iterator[Death]:
    """*host* loses its power now, and boots again after the block, which is told when that was."""
    asked = time.time()
    site.tool("kill", host)
    try:
        yield Death(asked, site.died_at(host))
    finally:
        site.tool("start", host)


def give_another_release(site: Site, host: str, color: str, release: str) -> None:
    """By hand, as from an old copy of the disk: in the place of *release*, *host* runs ANOTHER, whole and ready."""
    name = site.service["name"]
    site.sh(
        host,
        f"cd /opt/{name} && cp -a releases/{release} releases/{ANOTHER}"
        f" && ln -sfn ../releases/{ANOTHER} {color}/current"
        f" && sed -i 's/{release}/{ANOTHER}/' releases/{ANOTHER}/release.json /etc/{name}/{color}.env"
        f" && systemctl restart {name}-{color}",
    )


def declared(site: Site, release: str | None) -> Path:
    """The file of a good release, by its id."""
    return site.release((release or "").rpartition("-")[0])


def spared(rows: list[Row], death: Death) -> None:
    """Fail unless an application host's death cost only what no load balancer can save.

    That is what was under way there and must not be asked twice (a POST), or had been answered in part (a stream, a
    websocket). Any other request is asked again elsewhere: later, by the time that a connection may take.
    """
    hurt_only(rows, lambda row: death.meets(row) and row[2] in ("post", *LONG_LIVED), least=300)
    late = [row for row in rows if row[2] in TIMED and row[1] > 1000 * PATIENCE]
    assert late == [], f"answered later than after {PATIENCE} s"


def again(site: Site, host: str) -> bool:
    """Whether the load balancers send requests to *host* again, within ten seconds."""
    color = next(color for color, hosts in site.members.items() if host in hosts)
    until = time.monotonic() + 10
    while {site.router(one, f"router.pools()['{color}'].healthy") for one in BALANCERS} != {2}:
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _spare(site: Site) -> str:
    """The load balancer without the service's address: what users lose with the other one is the network's matter."""
    return next(host for host in BALANCERS if host != site.holder())
