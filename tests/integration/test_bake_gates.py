# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A blue-green release whose bake waits for tasks and for a person: silence still means back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness.canary import CONFIRM
from harness.settled import history, settled
from harness.site import Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long, pytest.mark.moment]


def gated(*gates: dict[str, Any]) -> str:
    """The site's service with these gates of the bake."""
    changes = {"strategy": {"confirm_within": CONFIRM, "bake": {"duration": 1, "gates": list(gates)}}}
    return f"{{{{ service | combine({changes!r}, recursive=true) }}}}"


def tasks(site: Site, *listed: dict[str, Any]) -> dict[str, Any]:
    """A gate of these tasks."""
    file = site.folder / "bake.yml"
    file.write_text(yaml.safe_dump(list(listed)), encoding="utf-8")
    return {"type": "tasks", "file": str(file), "within": 60}


def touched(mark: Path) -> dict[str, Any]:
    """A task that leaves a *mark* on the controller."""
    return {"ansible.builtin.file": {"path": str(mark), "state": "touch"}, "delegate_to": "localhost", "run_once": True}


def test_a_person_approves_longer_after_the_cutover_than_silence_may_last(site: Site, other: Path) -> None:
    mark = site.folder / "bake-was-checked"
    gates = tasks(site, touched(mark)), {"type": "approval", "within": 120}
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


@pytest.mark.parametrize("alone", ["localhost", "lb1"])
def test_tasks_that_fail_on_one_host_take_users_back(site: Site, other: Path, alone: str) -> None:
    before = history(site)
    fails = {"ansible.builtin.fail": {"msg": "not like this"}, "when": f"inventory_hostname == '{alone}'"}
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{other}", rollout_service=gated(tasks(site, fails)))
    assert done.status == 2, done.output[-3000:]
    assert f"a gate of bake, failed on {alone}: not like this" in done.told
    unhurt(users.saw(), least=300)
    settled(site, before.live_release or "")
    assert (history(site).last or pytest.fail("no rollout")).outcome == "rolled_back"


def test_what_is_asked_while_tasks_run_is_heard_before_the_release_is_confirmed(site: Site, other: Path) -> None:
    before = history(site)
    mark = site.folder / "tasks-have-begun"
    slow = {"ansible.builtin.wait_for": {"timeout": 15}, "run_once": True}
    with site.users(rate=60) as users:
        deploying = site.begin("deploy", "-e", f"@{other}", rollout_service=gated(tasks(site, touched(mark), slow)))
        deploying.wait_until(mark.exists, "its tasks")
        site.must("abort", rollout_reason="wrong prices")
        done = deploying.end()
    assert done.status == 2, done.output[-3000:]
    assert "abort.yml has asked for it: wrong prices" in done.told
    unhurt(users.saw(), least=300)
    settled(site, before.live_release or "")
