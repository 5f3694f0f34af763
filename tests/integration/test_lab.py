# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself, on the real engine: two hosts of a lab of their own, broken on purpose and mended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAB = "seamless-lab-test"
SUBNET = "10.111.249"
ENVIRONMENT = {**os.environ, "SEAMLESS_LAB": LAB, "SEAMLESS_LAB_SUBNET": SUBNET}
TOOL = [sys.executable, str(ROOT / "tools" / "lab.py")]

pytestmark = pytest.mark.lab


def lab(*arguments: str) -> str:
    """Run the tool and return what it said; an exit status other than 0 fails the test."""
    done = subprocess.run([*TOOL, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr


def states() -> dict[str, str]:
    """systemd's word in each host that is there."""
    done = subprocess.run([*TOOL, "status", "--json"], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    return {row["host"]: row["systemd"] for row in json.loads(done.stdout) if row["state"] != "absent"}


def inside(host: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a host."""
    return subprocess.run(["docker", "exec", f"{LAB}-{host}", *command], capture_output=True, text=True, timeout=30)


def reaches(address: str) -> bool:
    """Whether an address of the lab answers this machine: a refused connection is an answer too."""
    try:
        socket.create_connection((address, 9), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(scope="module", autouse=True)
def two_hosts() -> Iterator[None]:
    lab("up", "--hosts", "lb1,lb2")
    yield
    lab("down")
    for kind in ("container", "network"):
        listing = ["docker", kind, "ls", "--quiet", "--filter", f"label=seamless.lab={LAB}"]
        assert subprocess.run(listing, capture_output=True, text=True).stdout == ""


def test_second_up_changes_nothing_and_is_quick() -> None:
    started = time.monotonic()
    assert "2 hosts up: 2 found" in lab("up", "--hosts", "lb1,lb2")
    assert time.monotonic() - started < 10


def test_hosts_know_one_another_by_name() -> None:
    assert inside("lb1", "getent", "hosts", "lb2").stdout.split()[0] == f"{SUBNET}.12"


def test_power_loss_keeps_the_disk_and_up_boots_it_again() -> None:
    inside("lb1", "sh", "-c", "echo kept > /var/lib/kept && sync")
    lab("kill", "lb1")
    assert states() == {"lb1": "", "lb2": "running"}
    assert "1 started, 1 found" in lab("up", "--hosts", "lb1,lb2")
    assert inside("lb1", "cat", "/var/lib/kept").stdout == "kept\n"


def test_shutdown_stops_units_in_order() -> None:
    unit = "systemd-run --unit witness --property 'ExecStop=/bin/touch /var/lib/stopped' sleep infinity"
    assert inside("lb1", "sh", "-c", unit).returncode == 0
    lab("stop", "lb1")
    lab("start", "lb1")
    assert inside("lb1", "test", "-e", "/var/lib/stopped").returncode == 0


def test_cut_network_lets_nothing_through_while_the_link_stays_up() -> None:
    address = f"{SUBNET}.12"
    assert reaches(address)
    lab("disconnect", "lb2")
    try:
        assert not reaches(address)
        assert inside("lb2", "cat", "/sys/class/net/eth0/operstate").stdout == "up\n"
    finally:
        lab("connect", "lb2")
    assert reaches(address)


KEEPALIVED = """
vrrp_instance lab {{
  interface eth0
  state BACKUP
  virtual_router_id 51
  priority {priority}
  advert_int 1
  virtual_ipaddress {{
    {virtual}/24
  }}
}}
"""


def holder(virtual: str, within: float) -> str:
    """The host that answers at the virtual address, as this machine's neighbour table knows it."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if reaches(virtual):
            table = Path("/proc/net/arp").read_text(encoding="ascii").splitlines()
            shown = " ".join(line for line in table if line.startswith(f"{virtual} "))
            for host in ("lb1", "lb2"):
                hardware = inside(host, "cat", "/sys/class/net/eth0/address").stdout.strip()
                if hardware and hardware in shown:
                    return host
        time.sleep(0.2)
    return "nobody"


def test_virtual_address_follows_keepalived_to_the_other_host() -> None:
    virtual = f"{SUBNET}.10"
    for host, priority in (("lb1", 100), ("lb2", 90)):
        text = KEEPALIVED.format(priority=priority, virtual=virtual)
        script = f"printf '%s' '{text}' > /etc/keepalived/keepalived.conf && systemctl start keepalived"
        assert inside(host, "sh", "-c", script).returncode == 0
    assert holder(virtual, within=10) == "lb1"
    lab("kill", "lb1")
    assert holder(virtual, within=10) == "lb2"
    lab("start", "lb1")


@pytest.mark.parametrize(
    "seconds", [pytest.param(0.3, marks=pytest.mark.long), 0.6, pytest.param(1.0, marks=pytest.mark.long), 1.6]
)
def test_up_repairs_what_an_interrupted_up_left(seconds: float) -> None:
    lab("down")
    process = subprocess.Popen([*TOOL, "up", "--hosts", "lb1,lb2"], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    lab("up", "--hosts", "lb1,lb2")
    assert states() == {"lb1": "running", "lb2": "running"}
