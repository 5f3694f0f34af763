# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the load balancer's tests need of a lab: hosts that are up, pools that answer, a router to call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv/bin/python" if (ROOT / ".venv").exists() else Path(sys.executable)
MEMBER = ROOT / "tests/integration/pool_member.py"
BALANCERS = ("lb1", "lb2")
COLORS = {"app1": "blue", "app2": "blue", "app3": "green", "app4": "green"}
PACKAGE = "/opt/router-test/ansible_collections/seamless/delivery/plugins/module_utils"

_CALL = """
import json, sys, time
sys.path.insert(0, "/opt/router-test")
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.armed import Revert
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_drain import drain
router = HAProxyRouter("storefront")
def on(green): return Split(blue=100 - green, green=green)
try:
    result = {code}
except RouterError as error:
    result = {{"refused": type(error).__name__, "msg": str(error)}}
print(json.dumps(result))
"""


class Lab:
    """A lab of its own, named *name*, on the /24 network *subnet* (three octets)."""

    def __init__(self, name: str, subnet: str) -> None:
        self.name = name
        self.subnet = subnet
        self.env = {**os.environ, "SEAMLESS_LAB": name, "SEAMLESS_LAB_SUBNET": subnet}
        self.address = f"{subnet}.10"
        self.ca_file = ROOT / ".cache" / name / "ca.crt"

    def tool(self, *arguments: str) -> None:
        subprocess.run([str(PYTHON), "tools/lab.py", *arguments], cwd=ROOT, env=self.env, check=True)

    def sh(self, host: str, script: str, check: bool = True, stdin: str = "") -> str:
        command = ["docker", "exec", "-i", f"{self.name}-{host}", "sh", "-c", script]
        return subprocess.run(command, check=check, capture_output=True, text=True, timeout=60, input=stdin).stdout

    def died_at(self, host: str) -> float:
        """When *host* lost its power, in epoch seconds."""
        found = ["docker", "container", "inspect", f"{self.name}-{host}", "--format", "{{.State.FinishedAt}}"]
        text = subprocess.run(found, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
        return datetime.fromisoformat(text).timestamp()

    def playbook(self, path: Path, *arguments: str) -> str:
        command = [str(PYTHON), "-m", "ansible", "playbook", "-i", "inventories/lab", str(path), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return done.stdout

    def start_pools(self, hosts: Mapping[str, str] = COLORS) -> None:
        """*hosts* (all four of blue and green) answer with their color, until they are stopped."""
        for host, color in hosts.items():
            subprocess.run(["docker", "cp", "-q", str(MEMBER), f"{self.name}-{host}:/opt/pool_member.py"], check=True)
            start = f"systemd-run --quiet --unit=pool-member python3 /opt/pool_member.py {color} 8000"
            self.sh(host, f"systemctl is-active --quiet pool-member || {start}")

    def install_router(self, host: str) -> None:
        """Copies module_utils to *host*, as Ansible would: a call then costs 0.1 s instead of 2."""
        self.sh(host, f"rm -rf /opt/router-test && mkdir -p {PACKAGE}")
        for part in ("routers", "rollout"):
            source = ROOT / "plugins/module_utils" / part
            subprocess.run(["docker", "cp", "-q", str(source), f"{self.name}-{host}:{PACKAGE}/{part}"], check=True)

    def router(self, host: str, code: str) -> Any:
        """The value of the expression *code* on *host*, where ``router`` and ``on(percent of green)`` are known."""
        command = ["docker", "exec", "-i", f"{self.name}-{host}", "python3", "-c", _CALL.format(code=code)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def write(self, host: str, green: int, fence: int = 1, more: str = "") -> Any:
        """One switch: ``{"changed", "sent_at"}``, or ``{"refused", "msg"}``."""
        return self.router(
            host,
            f"(lambda w: dict(changed=w.changed, sent_at=w.sent_at))(router.write(on({green}), None, {fence}{more}))",
        )

    def green(self, host: str) -> Any:
        """The percentage of green, in memory and on file."""
        return self.router(host, "(lambda o: [o.split.green, o.persisted.green if o.persisted else 0])(router.read())")

    def settle(self) -> None:
        """Everything healthy and on blue, whatever a test has left."""
        for host in COLORS:
            self.sh(host, "rm -f /run/not-ready-*")
        for host in BALANCERS:
            self.sh(host, "rm -f /var/lib/seamless/router/*; systemctl reset-failed haproxy; systemctl start haproxy")
        done: list[Any] = []
        ready: list[Any] = []
        for _attempt in range(40):
            done = on_both(lambda host: self.write(host, 0, fence=0))
            ready = on_both(lambda host: self.router(host, "min(p.healthy for p in router.pools().values())"))
            if not any("refused" in one for one in done) and ready == [2, 2]:
                return
            time.sleep(0.25)
        raise AssertionError(f"the pools do not become healthy: {done} {ready}")


@contextmanager
def provided() -> Iterator[Lab]:
    """A lab with load balancers as the role provides them; SEAMLESS_ROUTER_LAB names one that stays up."""
    kept = os.environ.get("SEAMLESS_ROUTER_LAB")
    lab = Lab(kept or "routertest", os.environ.get("SEAMLESS_ROUTER_SUBNET", "10.111.9"))
    if not kept:
        lab.tool("down")  # what an interrupted run left would be believed
    lab.tool("up", "--hosts", ",".join([*BALANCERS, *COLORS]))
    lab.start_pools()
    lab.playbook(ROOT / "molecule/load_balancer/converge.yml")
    for host in BALANCERS:
        lab.install_router(host)
    yield lab
    if not kept:
        lab.tool("down")


def on_both(act: Callable[[str], Any]) -> list[Any]:
    """What *act* returns for each load balancer, asked at once."""
    with ThreadPoolExecutor() as threads:
        return list(threads.map(act, BALANCERS))


def eventually(true: Callable[[], bool], within: float = 10) -> bool:
    """Whether it becomes true in that many seconds; what cannot be asked yet is not."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if true():
                return True
        except (AssertionError, subprocess.CalledProcessError):
            pass  # HAProxy, or its host, is restarting
        time.sleep(0.1)
    return False
