# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that follow a watch and take their time: silence is no reason to go back before they may have ended."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from harness.canary import canary, people, step
from harness.settled import history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long, pytest.mark.moment]

SILENCE = 45.0  # seconds: confirm_within, so that a busy machine's pauses are none
SLOW = SILENCE + 15


def waits(site: Site, name: str, seconds: float) -> Path:
    """Tasks on the controller and each load balancer, which say that they have begun and then take so long."""
    file = site.folder / f"{name}.yml"
    begun = f"- ansible.builtin.debug: {{msg: {name} has begun}}\n  run_once: true\n"
    file.write_text(
        begun + f"- ansible.builtin.wait_for: {{timeout: {seconds:.0f}}}\n  delegate_to: localhost\n", "utf-8"
    )
    return file


def test_gates_and_hooks_may_take_longer_than_silence(site: Site, other: Path) -> None:
    gate, hook = waits(site, "gate", SLOW), waits(site, "hook", SLOW)
    tasks = {"type": "tasks", "file": str(gate), "within": SLOW + 60}
    hooks = {"watch": {"after": [str(hook)]}, "bake": {"after": [str(hook)]}}
    with people(site, rate=50) as users:
        done = site.run(
            "deploy",
            *("-e", f"@{other}", "-e", json.dumps({"rollout_hooks": hooks, "rollout_hook_seconds": SLOW + 60})),
            rollout_service=canary(step(50, tasks), more={"confirm_within": SILENCE}),
        )
    assert done.ok, done.output[-5000:]
    report = site.report()
    settled(site, report["release"])
    unhurt(users.saw(), least=1000)
    assert [point[report["color"]] for point in report["split"]] == [0, 50, 100], "nobody was taken back meanwhile"


def test_a_gate_that_takes_longer_than_declared_takes_users_back(site: Site, other: Path) -> None:
    before = history(site)
    tasks = {"type": "tasks", "file": str(waits(site, "gate", 2 * SILENCE)), "within": 5}
    with people(site, rate=50) as users:
        deploying = site.begin(
            "deploy", "-e", f"@{other}", rollout_service=canary(step(50, tasks), more={"confirm_within": SILENCE})
        )
        deploying.wait_for("gate has begun")
        began = time.time()
        while any(site.router(host, "router.read().split.live() is None") for host in BALANCERS):
            assert time.time() - began < SILENCE + 10, "users are still divided, and nobody has confirmed"
            time.sleep(0.2)
        ended = deploying.end()
    assert ended.status == 2, ended.output[-3000:]
    unhurt(users.saw(), least=500)
    site.must("converge")
    settled(site, before.live_release or "")
