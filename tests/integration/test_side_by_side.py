# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both colors on the same two hosts (inventories/lab_shared): what is done to one never touches the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PORTS = {"blue": 8001, "green": 8002}


@pytest.mark.long
def test_a_release_and_its_rollback_touch_one_color_each(site: Site, other: Path) -> None:
    first = history(site).live_release
    live = history(site).live_color or ""
    idle = "green" if live == "blue" else "blue"
    assert _answers(site, live) == {first}
    before = site.invocations(live)

    with site.users(rate=100, streams=4, websockets=4) as users:
        site.must("deploy", "-e", f"@{other}")
        second = history(site).live_release
        both = site.invocations(live), site.invocations(idle)
        assert both[0] == before, f"{live}, which was live, was started anew"
        assert (_answers(site, live), _answers(site, idle)) == ({first}, {second})

        site.must("rollback", rollout_reason="a test says so")
    unhurt(users.saw(), least=1000)

    assert history(site).live_color == live
    assert (site.invocations(live), site.invocations(idle)) == both, "a rollback moves users and starts nothing"
    settled(site, first or "")


def test_provisioning_again_changes_nothing(site: Site) -> None:
    assert site.must("provision").changed == 0


def _answers(site: Site, color: str) -> set[str]:
    """The releases that answer at a color's port, on each host itself."""
    ask = f"""python3 -c 'from urllib.request import urlopen as ask
print(ask("http://127.0.0.1:{PORTS[color]}/").headers["X-Release"])'"""
    return {site.sh(host, ask).strip() for host in site.members[color]}
