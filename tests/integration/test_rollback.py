# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back: one command, traffic first, and nobody is hurt by it either."""

from __future__ import annotations

import pytest
from harness.settled import events, history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_users_are_back_and_a_second_rollback_stays_there(with_way_back: Site) -> None:
    site = with_way_back
    left = history(site).live_release
    with site.users(rate=150, streams=4, websockets=4) as users:
        site.must("rollback", rollout_reason="a test says so")
    back = history(site)
    committed = [event for event in events(site) if event.type == "rollback.done"][-1].data["result"]["committed_at"]
    # Users are not made to wait for a common instant: between the first load balancer and the last, either is right.
    moved = {"first": min(committed.values()), "at": max(committed.values()), "from": left, "to": back.live_release}
    unhurt(users.saw([moved]), least=500)
    assert back.live_release != left
    settled(site, back.live_release or "")

    moved_at = site.moved_at()
    again = site.must("rollback", rollout_reason="once more")
    assert "nothing to change" in again.told
    assert site.moved_at() == moved_at
    settled(site, back.live_release or "")
