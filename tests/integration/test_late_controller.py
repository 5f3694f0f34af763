# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller that is late for the instant it has agreed on: nobody has moved, and it agrees on another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

SKEW_MS = 5
#: More than twice what any rehearsal takes here, and more than the longest delay.
ONCE, ALWAYS = "Commit:10:1", "Commit:25:3"


@pytest.mark.moment(alone=False)
def test_a_late_controller_agrees_on_another_instant(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users:
        run = site.must("deploy", "-e", f"@{other}", late_at=ONCE)
    assert "no load balancer knew of the agreed instant before it had passed" in run.told
    report = site.report()
    settled(site, report["release"])
    assert report["release"] != before.live_release
    assert report["commit"]["skew_ms"] <= SKEW_MS
    unhurt(users.saw(), least=300)


def test_a_controller_that_is_always_late_gives_up_and_nobody_has_moved(site: Site, other: Path) -> None:
    before, moved_at = history(site), site.moved_at()
    with site.users(rate=60) as users:
        run = site.run("deploy", "-e", f"@{other}", late_at=ALWAYS)
    assert run.status == 2, run.output[-3000:]
    assert "expected the agreed moment to be within" in run.told
    assert site.moved_at() == moved_at
    settled(site, before.live_release or "")
    unhurt(users.saw(), least=300)
