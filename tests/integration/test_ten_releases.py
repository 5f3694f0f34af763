# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short form of ``make soak``: ten releases to and fro, and nobody notices any."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import history
from harness.site import Site
from harness.to_and_fro import to_and_fro
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.moment(alone=False, again=1)]

SKEW_MS = 5


def test_users_notice_none_of_them(site: Site, other: Path) -> None:
    live = site.release((history(site).live_release or "").partition("-")[0])
    with site.users(rate=100, streams=4, websockets=4, max_seconds=1800) as users:
        rounds = to_and_fro(site, (other, live), 10)
    saw = users.saw(rounds.cutovers)
    unhurt(saw, least=int(0.9 * 100 * sum(rounds.seconds)))
    assert saw["long_lived"]["opened"] >= 100
    assert len({cutover["to"] for cutover in rounds.cutovers}) == 2
    assert max(rounds.skews_ms) <= SKEW_MS
