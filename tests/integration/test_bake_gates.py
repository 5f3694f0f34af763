# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A blue-green release whose bake waits for tasks and for a person: silence still means back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from harness.canary import CONFIRM
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long, pytest.mark.moment]


def gated(*gates: dict[str, Any]) -> str:
    """The site's service with these gates of the bake."""
    changes = {"strategy": {"confirm_within": CONFIRM, "bake": {"duration": 1, "gates": list(gates)}}}
    return f"{{{{ service | combine({changes!r}, recursive=true) }}}}"


def test_a_person_approves_longer_after_the_cutover_than_silence_may_last(site: Site, other: Path) -> None:
    mark, tasks = site.folder / "bake-was-checked", site.folder / "bake.yml"
    tasks.write_text(f"- ansible.builtin.file: {{path: {mark}, state: touch}}\n  delegate_to: localhost\n", "utf-8")
    gates = {"type": "tasks", "file": str(tasks), "within": 60}, {"type": "approval", "within": 120}
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=gated(*gates))
        deploying.wait_for("a person has to approve")
        time.sleep(CONFIRM + 2)
        assert deploying.alive() and not mark.exists(), "the tasks come when all else holds"
        site.must("promote", rollout_reason="looks good")
        done = deploying.end()
    assert done.ok, done.output[-5000:]
    unhurt(users.saw(), least=500)
    assert mark.exists()
    report = site.report()
    settled(site, report["release"])
    assert report["outcome"] == "succeeded"


def test_without_the_approval_users_go_back(site: Site, other: Path) -> None:
    before = history(site)
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{other}", rollout_service=gated({"type": "approval", "within": 3}))
    assert done.status == 2, done.output[-3000:]
    assert "nobody approved within 3 s" in done.told
    unhurt(users.saw(), least=300)
    settled(site, before.live_release or "")
    assert (history(site).last or pytest.fail("no rollout")).outcome == "rolled_back"
