# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HAProxy router against a real HAProxy with real users, in a lab of its own."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from haproxy_lab import BALANCERS, Lab, eventually, on_both
from traffic import Traffic, answers

pytestmark = [
    pytest.mark.lab,
    pytest.mark.moment,
    pytest.mark.skipif(
        not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0,
        reason="needs a container engine: run `make lab` first",
    ),
]


@pytest.fixture
def lab(routed: Lab) -> Lab:
    return routed


@pytest.fixture(autouse=True)
def all_on_blue(lab: Lab) -> None:
    """Each test begins with everything healthy and on blue, whatever the one before left."""
    lab.settle()


def test_twenty_switches_lose_no_request(lab: Lab) -> None:
    with Traffic(lab.address, lab.ca_file) as traffic:
        for number in range(20):
            green = 100 if number % 2 == 0 else 0
            sent = [one["sent_at"] for one in on_both(functools.partial(lab.write, green=green))]
            time.sleep(0.3)
            assert traffic.after(max(sent) + 0.1) == {"green" if green else "blue"}
    assert traffic.failed == []
    assert len(traffic.seen) > 500


def test_a_growing_split_only_adds_users(lab: Lab) -> None:
    users = [f"user-{number}" for number in range(400)]
    moved: set[str] = set()
    for green in (10, 25, 60):
        on_both(functools.partial(lab.write, green=green))
        colors = answers(lab.address, lab.ca_file, users)
        now = {user for user, color in zip(users, colors, strict=True) if color == "green"}
        assert moved <= now, "a user flipped back to blue"
        assert abs(len(now) / 4 - green) < 8
        moved = now


def test_two_load_balancers_switch_at_one_moment(lab: Lab) -> None:
    at = time.time() + 5
    sent = [one["sent_at"] for one in on_both(lambda host: lab.write(host, 100, more=f", at={at}"))]
    assert max(sent) - min(sent) < 0.05
    assert all(at <= moment < at + 0.05 for moment in sent)


@pytest.mark.parametrize(
    "disturbance",
    [
        "systemctl reload haproxy",
        "systemctl restart haproxy",
        "systemctl kill --kill-whom=all --signal=KILL haproxy",
    ],
)
def test_the_split_survives(lab: Lab, disturbance: str) -> None:
    lab.write("lb1", 100)
    lab.sh("lb1", disturbance)
    assert eventually(lambda: lab.green("lb1") == [100, 100])


def test_a_reload_loses_no_request(lab: Lab) -> None:
    with Traffic(lab.address, lab.ca_file) as traffic:
        for _number in range(3):
            for host in BALANCERS:
                lab.sh(host, "systemctl reload haproxy")
            time.sleep(1)
    assert traffic.failed == []


def test_idle_connections_of_a_retired_worker_switch_too(lab: Lab) -> None:
    """A reload leaves idle keep-alive connections with the old worker, which has a map of its own."""
    with Traffic(lab.address, lab.ca_file, users=8, pause=3) as traffic:
        time.sleep(1)
        for host in BALANCERS:
            lab.sh(host, "systemctl reload haproxy")
        time.sleep(0.6)
        sent = [lab.write(host, 100)["sent_at"] for host in BALANCERS]
        time.sleep(4)
    assert traffic.after(max(sent) + 0.2) == {"green"}
    assert traffic.failed == []


def test_what_is_not_ready_gets_nothing(lab: Lab) -> None:
    lab.sh("app3", "touch /run/not-ready-green")
    assert eventually(lambda: lab.router("lb1", "router.pools()['green'].healthy") == 1)
    refused = lab.write("lb1", 10)
    assert refused["refused"] == "NotReady"
    assert "1 of 2" in refused["msg"]
    assert lab.green("lb1") == [0, 0]
    assert lab.write("lb1", 10, more=", require_healthy=50")["changed"]


def test_a_stale_fence_changes_nothing(lab: Lab) -> None:
    lab.write("lb1", 25, fence=7)
    assert lab.write("lb1", 100, fence=6)["refused"] == "StaleFence"
    assert lab.green("lb1") == [25, 25]


def test_draining_waits_for_slow_requests_and_closes_streams(lab: Lab) -> None:
    stream = _curl(lab, "/stream")
    slow = _curl(lab, "/slow")
    time.sleep(0.4)
    for host in BALANCERS:
        lab.write(host, 100)
    drained = [lab.router(host, "vars(drain(router, 'blue', 2, close=True, close_over=1))") for host in BALANCERS]
    assert slow.communicate(timeout=5)[0] == "blue\n"
    assert sum(one["closed"] for one in drained) == 1
    assert all(one["left"] == 0 for one in drained)
    stream.communicate(timeout=5)


def test_the_address_moves_when_a_load_balancer_dies(lab: Lab) -> None:
    holder = next(host for host in BALANCERS if f"{lab.address}/" in lab.sh(host, "ip -4 addr"))
    other = BALANCERS[1 - BALANCERS.index(holder)]
    with Traffic(lab.address, lab.ca_file, users=8) as traffic:
        killed = time.time()
        lab.tool("kill", holder)
        assert eventually(lambda: f"{lab.address}/" in lab.sh(other, "ip -4 addr"))
        time.sleep(3)
    lab.tool("start", holder)
    lab.install_router(holder)
    outage = min(sent for sent, _release in traffic.seen if sent > killed + 0.5) - killed
    assert outage < 4, f"answered again only {outage:.1f} s after the holder of the address was killed"
    assert max((moment for moment, _error in traffic.failed), default=killed) < killed + 6


def _curl(lab: Lab, path: str, *more: str) -> subprocess.Popen[str]:
    host = "shop.example.test"
    command = ["curl", "-sN", "--cacert", str(lab.ca_file), "--resolve", f"{host}:443:{lab.address}", *more]
    return subprocess.Popen([*command, f"https://{host}{path}"], stdout=subprocess.PIPE, text=True)
