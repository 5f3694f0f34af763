# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release, as it should be: users notice nothing, and a second run finds nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import events, history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]

FREEZE = {"timezone": "Europe/Berlin", "frozen": [{"from": "2020-01-01", "to": "2098-12-31", "reason": "stocktaking"}]}
FROZEN = f"{{{{ service | combine({{'calendar': {FREEZE}}}) }}}}"
SKEW_MS = 5
LAST_OLD_MS = 50


@pytest.mark.moment(alone=False, again=1)
def test_users_notice_nothing_and_a_second_run_changes_nothing(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=150, streams=4, websockets=4) as users:
        _stopped_by_the_calendar(site, other)
        site.must("deploy", "-e", f"@{other}", rollout_service=FROZEN, rollout_override_calendar="auditors wait")
    opened = [event for event in events(site) if event.type == "rollout.opened"][-1]
    assert "stocktaking" in opened.data["calendar"] and "overridden: auditors wait" in opened.data["calendar"]
    report = site.report()
    moved = {"at": max(report["commit"]["hosts"].values()), "from": before.live_release, "to": report["release"]}
    saw = users.saw([moved])

    unhurt(saw, least=1000)
    settled(site, report["release"])
    assert report["release"] != before.live_release
    assert report["commit"]["skew_ms"] <= SKEW_MS
    assert saw["first_to_ms"] is not None
    # None: the old release answered nobody after the commit. What the users' own process slept through cannot be
    # told from what the service did.
    assert (saw["last_from_ms"] or 0) <= LAST_OLD_MS + saw["late_ms"]["max"]
    assert saw["long_lived"]["opened"] >= 8

    moved_at, lives = site.moved_at(), site.invocations(history(site).live_color or "")
    again = site.must("deploy", "-e", f"@{other}")
    assert again.changed == 0
    assert "is live in" in again.told and "nothing to change" in again.told
    assert site.moved_at() == moved_at
    assert site.invocations(history(site).live_color or "") == lives
    settled(site, report["release"])


def _stopped_by_the_calendar(site: Site, declared: Path) -> None:
    journal = site.journal()
    stopped = site.run("deploy", "-e", f"@{declared}", rollout_service=FROZEN)
    assert stopped.status == 2
    assert "stocktaking" in stopped.told and "rollout_override_calendar" in stopped.told
    assert site.journal() == journal


def test_provisioning_again_changes_nothing(site: Site) -> None:
    assert site.must("provision").changed == 0


def test_the_plan_is_shown_and_nothing_changes(site: Site, other: Path) -> None:
    journal, moved_at = site.journal(), site.moved_at()
    shown = site.must("deploy", "-e", f"@{other}", "--check", "--diff")
    assert shown.changed == 0
    assert all(f"{number}. {phase}" in shown.told for number, phase in enumerate(("install", "verify", "shift"), 1))
    assert (site.journal(), site.moved_at()) == (journal, moved_at)
