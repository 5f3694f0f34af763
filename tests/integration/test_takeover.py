# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another run holds the lease, and lives: whoever comes is told so, may take it over, and then is the only writer."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest
from harness.settled import events, history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import clock

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

WHY = "job 4711 hangs"
HOW = 'take the lease over with -e \'{"rollout_takeover": "<your reason>"}\'; its later writes will be refused'
#: Right before a run orders the load balancers to move; it is held there, however long it would have paused.
BEFORE_THE_WRITE = "Commit:5:1"


def test_a_run_that_hangs_is_taken_over_and_its_late_write_is_refused(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users:
        hanging = site.begin("deploy", "-e", f"@{other}", late_at=BEFORE_THE_WRITE)
        hanging.wait_for("TASK [seamless.delivery.rollout : Set the instant]")
        with hanging.held():
            lease, moved_at, journal = site.lease() or {}, site.moved_at(), site.journal()
            refused = site.run("deploy", "-e", f"@{other}")
            assert refused.status == 2, refused.output[-3000:]
            _named(refused.told, lease)
            assert (site.moved_at(), site.journal(), site.lease()) == (moved_at, journal, lease)
            _named(site.run("status").told, lease, how="")

            taken = site.must("deploy", "-e", f"@{other}", rollout_takeover=WHY)
            assert "goes on at shift" in taken.told
            mine = site.lease() or {}
            assert mine["fence"] > lease["fence"]
            assert mine["acquired_at"] < lease["expires_at"], "it had run out: nothing was taken from anybody"
            live, moved_at, journal = history(site).live_release or "", site.moved_at(), site.journal()
            assert live != before.live_release
        overtaken = hanging.end()
    assert overtaken.status == 2, overtaken.output[-3000:]
    assert overtaken.told.count(f"fencing number {lease['fence']} is stale") >= len(BALANCERS)
    assert f"fence {lease['fence']} was overtaken by fence {mine['fence']}" in overtaken.told
    assert f"had the lease with fence {mine['fence']}" in overtaken.told, "it was given back: nobody holds it any more"
    assert "Nothing was undone, for another run goes on from here" in overtaken.told
    assert (site.moved_at(), site.journal()) == (moved_at, journal)
    _fenced(site, lease["fence"], mine["fence"])
    messages = [event.data["message"] for event in events(site) if event.type == "note"]
    assert messages[-1] == f"the lease was taken over from {lease['holder']['name']} on {socket.gethostname()}: {WHY}"
    unhurt(users.saw(), least=600)
    settled(site, live)


def test_a_lease_from_elsewhere_is_taken_only_for_a_reason(site: Site, other: Path) -> None:
    """Nobody here can tell whether a run of another machine lives, so it is never taken to be dead."""
    before, now = history(site), time.time()
    lease = {
        "fence": (site.lease() or {"fence": 0})["fence"] + 1,
        "holder": {"name": "alice", "host": "elsewhere", "pid": 7, "job": "4711", "started": "1", "boot": "b"},
        "acquired_at": now,
        "expires_at": now + 600,
    }
    site.sh("ops1", f"cat > {site.ledger}/lease.json", stdin=json.dumps(lease))
    moved_at, journal = site.moved_at(), site.journal()
    refused = site.run("deploy", "-e", f"@{other}")
    assert refused.status == 2, refused.output[-3000:]
    assert "alice on elsewhere (process 7, job 4711) holds the lease" in refused.told
    _named(refused.told, lease)
    assert (site.moved_at(), site.journal()) == (moved_at, journal)

    site.must("deploy", "-e", f"@{other}", rollout_takeover=WHY)
    _fenced(site, lease["fence"], (site.lease() or {})["fence"])
    messages = [event.data["message"] for event in events(site) if event.type == "note"]
    assert messages[-1] == f"the lease was taken over from alice on elsewhere: {WHY}"
    assert history(site).live_release != before.live_release
    settled(site, history(site).live_release or "")


def _named(told: str, lease: dict[str, object], how: str = HOW) -> None:
    """Fail unless *told* says who holds the *lease*, since when, until when, and how to take it over."""
    holder = lease["holder"]
    assert isinstance(holder, dict)
    assert f"{holder['name']} on {holder['host']} (process {holder['pid']}" in told
    assert f"holds the lease with fence {lease['fence']} since {clock(float(str(lease['acquired_at'])))}" in told
    assert f"(until {clock(float(str(lease['expires_at'])))})" in told
    assert how in told


def _fenced(site: Site, stale: int, current: int) -> None:
    """Fail unless each load balancer refuses to move users under *stale*, and obeys *current*."""
    for host in BALANCERS:
        green, _file = site.green(host)
        assert site.write(host, 100 - green, fence=stale).get("refused") == "StaleFence"
        assert site.green(host) == [green, green]
        assert site.write(host, green, fence=current).get("changed") is False
