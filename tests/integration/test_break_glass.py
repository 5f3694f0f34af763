# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ledger's host is away: nothing is released, users can go back all the same, and the journal is told later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from harness.settled import events, history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

WHY = "ops1 is away, and checkout is slow"


def test_users_go_back_without_the_ledger_and_the_journal_learns_of_it(with_way_back: Site, other: Path) -> None:
    site = with_way_back
    before, journal = history(site), site.journal()
    left, back = before.live_color or "", "green" if before.live_color == "blue" else "blue"
    moved_at = site.moved_at()
    with site.users(rate=60) as users:
        with away(site, "ops1"):
            refused = site.run("deploy", "-e", f"@{other}")
            assert refused.status == 2, refused.output[-3000:]
            assert "ops1, the ledger's host, cannot be reached: bring it back before you deploy" in refused.told
            assert "a rollback works without it" in refused.told
            for given in ({}, {"rollout_to": back}, {"rollout_reason": WHY}):
                unsaid = site.run("rollback", **given)
                assert unsaid.status == 2, unsaid.output[-3000:]
                assert f"lb1: {_split(left)}; lb2: {_split(left)}. Say why, and where users shall go" in unsaid.told
                assert '"rollout_reason": "<your reason>", "rollout_to": "blue"' in unsaid.told
                assert "BREAK GLASS" not in unsaid.told
            assert site.moved_at() == moved_at
            assert [_notes(site, host) for host in BALANCERS] == [[], []]

            moved: dict[str, Any] = {"first": time.time()}
            glass = site.must("rollback", rollout_reason=WHY, rollout_to=back)
            moved |= {"at": time.time(), "from": before.live_release, "to": before.installed[back]}
            assert f"*** BREAK GLASS: the ledger cannot be used, and users are moved without it: {WHY}" in glass.told
            assert f"all users go to {back}" in glass.told
            _all_on(site, back)
            for host in BALANCERS:
                (note,) = _notes(site, host)
                assert (note["reason"], note["before"][left], note["after"][back]) == (WHY, 100, 100)
                assert note["who"]

            blind = site.must("status")
            assert "ledger: no answer" in blind.told
            assert "the ledger cannot be reached: no release can be deployed until it is back" in blind.told
            _told_of(blind.told)
        assert site.journal() == journal, "what nobody could write to has changed"
        seeing = site.must("status").told
        _told_of(seeing)
        assert "converge_to" not in seeing, "who follows the journal now undoes what users were saved by"

        moved_at = site.moved_at()
        site.must("converge")
        assert site.moved_at() == moved_at, "users have moved although all load balancers agree"
    unhurt(users.saw([moved]), least=600)
    settled(site, before.installed[back])
    assert [_notes(site, host) for host in BALANCERS] == [[], []]
    brought = [event for event in events(site) if event.type == "note" and event.data.get("note")][-len(BALANCERS) :]
    assert {event.data["note"]["host"] for event in brought} == set(BALANCERS)
    assert all(WHY in event.data["message"] for event in brought)
    assert (history(site).last or pytest.fail("no rollout")).outcome == "rolled_back"
    assert "everything agrees" in site.must("status").told

    forward = site.release("4.0.0")
    site.must("deploy", "-e", f"@{forward}")
    assert (history(site).live_release or "").startswith("4.0.0-")
    settled(site, history(site).live_release or "")


def test_a_load_balancer_that_is_away_as_well_is_named(with_way_back: Site, other: Path) -> None:
    """And the next deploy, rather than converge.yml, brings the note in, and says what is left to do."""
    site = with_way_back
    before = history(site)
    left, back = before.live_color or "", "green" if before.live_color == "blue" else "blue"
    lost = next(host for host in BALANCERS if host != site.holder())
    with site.users(rate=60) as users:
        with away(site, "ops1", lost):
            glass = site.run("rollback", rollout_reason=WHY, rollout_to=back)
            assert "*** BREAK GLASS" in glass.told
            assert glass.status == 2, "one load balancer still has its old split, and nobody is told"
            assert "Users are back, but these load balancers could not be reached or moved" in glass.told
            assert f"{lost}, the load balancer, cannot be reached" in glass.told
        site.install_router(lost)
        (kept,) = (host for host in BALANCERS if host != lost)
        assert [site.green(host)[0] for host in (kept, lost)] == [100 * (back == "green"), 100 * (left == "green")]

        refused = site.run("deploy", "-e", f"@{other}")
        assert refused.status == 2
        assert "Run converge.yml" in refused.told
        site.must("converge")
    unhurt(users.saw(), least=300)
    settled(site, before.installed[back])
    assert "everything agrees" in site.must("status").told


@contextmanager
def away(site: Site, *hosts: str) -> Iterator[None]:
    """While the block runs, *hosts* have no power; whoever asks them is told at once, and not after a timeout."""
    try:
        for host in hosts:
            site.tool("kill", host)
        yield
    finally:
        for host in hosts:
            site.tool("start", host)


def _split(color: str) -> str:
    return "blue 100 % / green 0 %" if color == "blue" else "blue 0 % / green 100 %"


def _all_on(site: Site, color: str) -> None:
    green = 100 if color == "green" else 0
    assert {host: site.green(host) for host in BALANCERS} == {host: [green, green] for host in BALANCERS}


def _notes(site: Site, host: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.router(host, "router.state.notes()")
    return found


def _told_of(status: str) -> None:
    for host in BALANCERS:
        assert f"{host} was changed without the ledger: the next deploy.yml or converge.yml brings that" in status
