# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Silence means back: the guards of two real load balancers, without a controller, through restarts and a reboot."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from haproxy_lab import BALANCERS, Lab, eventually, on_both
from traffic import Traffic

pytestmark = [
    pytest.mark.lab,
    pytest.mark.moment,
    pytest.mark.skipif(
        not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0,
        reason="needs a container engine: run `make lab` first",
    ),
]

AHEAD = 1.5  # seconds until the moment of a write: both hosts have to be told before


@pytest.fixture
def lab(routed: Lab) -> Lab:
    return routed


@pytest.fixture(autouse=True)
def all_on_blue(lab: Lab) -> None:
    """Each test begins with guards that run, everything healthy and on blue."""
    for host in BALANCERS:
        lab.sh(host, "systemctl start seamless-guard")
    lab.settle()


def step(lab: Lab, host: str, green: int, at: float, after: float, fence: int = 1) -> Any:
    """One switch that has to be confirmed *after* seconds; ``{"deadline"}``, or ``{"refused", "msg"}``."""
    write = f"router.write(on({green}), None, {fence}, at={at}, revert=Revert(on(0), {after}, 'r1'))"
    return lab.router(host, f"(lambda w: dict(deadline=w.armed.deadline, changed=w.changed))({write})")


def on_green(lab: Lab, after: float) -> float:
    """Both load balancers on green, at one moment; returns the deadline of both."""
    at = time.time() + AHEAD
    armed = on_both(lambda host: step(lab, host, 100, at, after))
    assert armed == [{"deadline": at + after, "changed": True}] * 2, armed
    return at + after


def went_back(lab: Lab, host: str) -> float | None:
    """When the guard of *host* took users back; None while somebody still has to."""
    return lab.router(
        host, "(lambda s: s.went_back.at if s.went_back and not s.armed else None)(router.arming.standing())"
    )


def all_back(lab: Lab, within: float = 20) -> list[float]:
    """The instants at which both guards went back, once they have."""
    assert eventually(lambda: all(on_both(lambda host: went_back(lab, host))), within), "not back"
    assert on_both(lab.green) == [[0, 0], [0, 0]], "in memory and on file"
    return on_both(lambda host: went_back(lab, host))


def test_both_go_back_at_the_deadline_and_no_request_fails(lab: Lab) -> None:
    with Traffic(lab.address, lab.ca_file) as traffic:
        deadline = on_green(lab, after=4)
        time.sleep(max(0.0, deadline + 0.5 - time.time()))
        instants = all_back(lab)
        time.sleep(1)
    assert all(0 <= one - deadline < 1 for one in instants)
    assert max(instants) - min(instants) < 1
    assert traffic.failed == []
    assert {release for sent, release in traffic.seen if deadline - 3.5 < sent < deadline - 0.2} == {"green"}
    assert traffic.after(max(instants) + 0.2) == {"blue"}
    for host in BALANCERS:
        late = lab.write(host, 100)
        assert late["refused"] == "StaleFence"
        assert "the guard of this load balancer took users of storefront back" in late["msg"]
        [note] = lab.router(host, "router.state.notes()")
        assert (note["who"], note["rollout"], note["deadline"]) == (f"guard of {host}", "r1", deadline)
        assert (note["before"]["green"], note["after"]["green"]) == (100, 0)


def test_it_survives_what_happens_to_haproxy_and_to_the_guard(lab: Lab) -> None:
    deadline = on_green(lab, after=4)
    lab.sh("lb1", "systemctl reload haproxy; systemctl kill --signal=KILL seamless-guard")
    lab.sh("lb2", "systemctl restart haproxy")
    instants = all_back(lab)
    assert all(0 <= one - deadline < 1 for one in instants), [one - deadline for one in instants]


def test_after_a_reboot_past_the_deadline_users_go_back(lab: Lab) -> None:
    deadline = on_green(lab, after=1)
    lab.tool("kill", "lb1")
    assert eventually(lambda: went_back(lab, "lb2") is not None), "it waits for no other"
    time.sleep(max(0.0, deadline + 1 - time.time()))
    lab.tool("start", "lb1")
    first, second = all_back(lab)
    assert second - deadline < 1 < first - deadline


def test_a_prolonged_step_outlives_its_first_deadline_and_a_confirmed_one_stays(lab: Lab) -> None:
    deadline = on_green(lab, after=2)
    at = time.time()
    assert on_both(lambda host: step(lab, host, 100, at, 4)) == [{"deadline": at + 4, "changed": False}] * 2
    time.sleep(max(0.0, deadline + 0.5 - time.time()))
    assert on_both(lab.green) == [[100, 100], [100, 100]]
    assert on_both(lambda host: lab.write(host, 100)) == [{"changed": False, "sent_at": None}] * 2
    time.sleep(max(0.0, at + 4.5 - time.time()))
    assert on_both(lab.green) == [[100, 100], [100, 100]]
    assert on_both(lambda host: went_back(lab, host)) == [None, None]


def test_without_its_guard_a_load_balancer_arms_nothing(lab: Lab) -> None:
    lab.sh("lb2", "systemctl stop seamless-guard")
    at = time.time() + AHEAD
    refused = step(lab, "lb2", 100, at, 5)
    assert refused["refused"] == "Unguarded"
    assert "systemctl status seamless-guard" in refused["msg"]
    assert lab.green("lb2") == [0, 0]
    assert lab.sh("lb2", "cat /var/lib/seamless/router/*.armed.json") == '{"armed": null, "went_back": null}\n'


def test_a_guard_of_other_code_is_not_trusted(lab: Lab) -> None:
    library = "/usr/local/lib/seamless/ansible_collections/seamless/delivery/plugins/module_utils/routers/guard_loop.py"
    lab.sh("lb1", f"cp -p {library} /run/kept.py && echo >> {library} && systemctl restart seamless-guard")
    try:
        refused = step(lab, "lb1", 100, time.time() + AHEAD, 5)
        assert refused["refused"] == "Unguarded"
        assert "to run the code that this collection has" in refused["msg"]
        assert lab.green("lb1") == [0, 0]
    finally:
        lab.sh("lb1", f"mv /run/kept.py {library} && systemctl restart seamless-guard")


def test_a_pool_that_is_not_healthy_is_waited_for(lab: Lab) -> None:
    deadline = on_green(lab, after=3)
    for host in ("app1", "app2"):
        lab.sh(host, "touch /run/not-ready-blue")
    time.sleep(max(0.0, deadline + 1 - time.time()))
    assert on_both(lambda host: went_back(lab, host)) == [None, None]
    assert "cannot take users back" in lab.sh("lb1", "journalctl --unit seamless-guard --lines 20")
    lab.sh("app2", "rm /run/not-ready-blue")
    all_back(lab)
