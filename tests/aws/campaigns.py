# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A campaign over regions whose load balancers are files (standin/), and over a name in the emulated Route 53."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from harness import HERE, Emulator
from weighted import BLUE, GREEN, NAME, TABLE, Site

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.campaign import opens
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.history import History
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES, Event
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.release import release_id

ROOT = HERE.parents[1]
DIE = ROOT / "tests" / "integration" / "harness" / "callback"
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


class Campaigns:
    """What an operator has of two regions and an edge, in a folder: inventories, a release, and their playbooks."""

    def __init__(self, emulator: Emulator, folder: Path, stages: tuple[str, ...] = ("eu", "us", "edge")) -> None:
        self.emulator, self.folder = emulator, folder
        self.root, self.collections = ROOT, ROOT / ".collections"
        self.edge = Site(emulator)
        for region in ("eu", "us"):
            self._region(region)
        every: dict[str, dict[str, Any]] = {
            **{
                region: {
                    "name": region,
                    "bake": 1,
                    "rollout": {
                        "inventory": str(folder / region),
                        "deploy": str(HERE / "standin" / "deploy.yml"),
                        "rollback": str(HERE / "standin" / "rollback.yml"),
                    },
                }
                for region in ("eu", "us")
            },
            "edge": {
                "name": "edge",
                "bake": 1,
                "service": "shop",
                "steps": [10, 100],
                "router": {
                    "type": "route53",
                    "zone_id": self.edge.zone,
                    "name": NAME,
                    "types": ["A", "AAAA"],
                    "table": TABLE,
                    "wait": False,
                    "region": "us-east-1",
                    "endpoint_url": emulator.url,
                },
            },
        }
        ledger = {"type": "file", "host": "localhost", "path": str(folder / "everywhere-ledger")}
        self.variables: dict[str, Any] = {}
        self.declared = {"name": "everywhere", "ledger": ledger, "stages": [every[name] for name in stages]}
        self.declare()
        self.release("1.0.0")

    def _region(self, name: str, **more: Any) -> None:
        folder = self.folder / name
        groups = {group: {"hosts": {f"{name}-{group}": {}}} for group in ("balancers", "blue", "green")}
        hosts = {"all": {"hosts": {"localhost": LOCAL}, "children": groups}}
        service = {
            "name": "storefront",
            "entry": {"address": f"{name}.example.test", "hostnames": [f"{name}.example.test"]},
            "pools": {color: {"group": color, "port": 8000} for color in ("blue", "green")},
            "router": {"type": "haproxy", "group": "balancers"},
            "ledger": {"type": "file", "host": "localhost", "path": str(self.folder / f"{name}-ledger")},
            "runtime": {"type": "systemd", "command": "/usr/bin/python3 {artifact}", "user": "storefront"},
            "testers": {"from": ["127.0.0.0/8"]},
            "smoke": [{"path": "/"}],
            "strategy": {"type": "blue_green", "drain": {"deadline": 1}, "bake": {"duration": 2}},
            "probe": {"rate": 20, "mix": {"keep_alive": 100}, "paths": {"keep_alive": ["/"]}},
        }
        declared = {
            "service_environment": "everywhere",
            "service": service,
            "standin_split": str(self.folder / f"{name}.split"),
        }
        _write(folder / "group_vars" / "all.yml", {**declared, **more})
        _write(folder / "hosts.yml", hosts)
        if not (self.folder / f"{name}.split").exists():
            (self.folder / f"{name}.split").write_text(json.dumps(BLUE), encoding="utf-8")

    def region(self, name: str, **more: Any) -> None:
        """Steer a region: ``standin_fails`` and ``standin_waits`` name a phase."""
        self._region(name, **more)

    def check(self, stage: str, complaint: str) -> None:
        """Have a stage checked by a task that always fails with this *complaint*."""
        file = self.folder / "check.yml"
        fails = {"name": "Ask the users", "ansible.builtin.fail": {"msg": complaint}}
        file.write_text(yaml.safe_dump([fails]), encoding="utf-8")
        next(one for one in self.declared["stages"] if one["name"] == stage)["check"] = str(file)
        self.declare()

    def stuck(self, region: str) -> Path:
        """The file with which a region cannot be rolled back."""
        return self.folder / f"{region}.split.stuck"

    def waits(self, region: str) -> Path:
        """The file in which a region that waits says which process it is."""
        return self.folder / f"{region}.split.waits"

    @contextmanager
    def leased(self) -> Iterator[None]:
        """Somebody else has the campaign's lease meanwhile."""
        ledger = self._ledger("everywhere")
        lease = ledger.acquire({"name": "ada", "host": "elsewhere", "pid": 1}, 300)
        yield
        ledger.release(lease.fence)

    def declare(self) -> None:
        """Write the campaign down."""
        _write(self.folder / "everywhere" / "group_vars" / "all.yml", {**self.variables, "campaign": self.declared})
        _write(self.folder / "everywhere" / "hosts.yml", {"all": {"hosts": {"localhost": LOCAL}}})

    def release(self, version: str) -> None:
        """The release that campaigns take along from now on."""
        artifact = self.folder / f"{version}.pyz"
        artifact.write_text(version, encoding="utf-8")
        digest = f"sha256:{hashlib.sha256(version.encode()).hexdigest()}"
        release = {"version": version, "artifact": str(artifact), "digest": digest}
        self.id = release_id({**release, "environment": {}})
        _write(self.folder / "release.yml", {"release": release})

    def went_through(self) -> None:
        """The journals, the splits and the edge as they are once the release has gone through all stages."""
        for region in [one["name"] for one in self.declared["stages"] if "rollout" in one]:
            opened = {"release": self.id, "from": None, "color": "green", "live_color": "blue", "plan": None}
            phases = [(f"phase.{what}", {"phase": phase}) for phase in PHASES for what in ("intended", "done")]
            self._write(region, [("rollout.opened", opened), *phases, ("rollout.closed", {"outcome": "succeeded"})])
            (self.folder / f"{region}.split").write_text(json.dumps(GREEN), encoding="utf-8")
        opened = {"kind": "campaign", "release": self.id, "from": None, "color": "", "live_color": ""}
        opened |= opens({"declared": one} for one in self.declared["stages"])
        self._write("everywhere", [("rollout.opened", opened), ("rollout.closed", {"outcome": "succeeded"})])
        if "edge" in [one["name"] for one in self.declared["stages"]]:
            self.edge.moved(GREEN)

    def _write(self, service: str, said: list[tuple[str, dict[str, Any]]]) -> None:
        ledger = self._ledger(service)
        lease = ledger.acquire({"name": "ada", "host": "here"}, 60)
        for type_, data in said:
            ledger.append("first", type_, data, lease.fence)
        ledger.release(lease.fence)

    # -- runs ------------------------------------------------------------------------------------

    def start(self, playbook: str, *more: str, die_at: str = "") -> subprocess.Popen[str]:
        """A playbook as a process group of its own; *die_at* kills it at a write to the campaign's journal."""
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": self.emulator.connection["access_key"],
            "AWS_SECRET_ACCESS_KEY": self.emulator.connection["secret_key"],
            "HOME": str(self.folder),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
        }
        if die_at:
            environment |= {
                "ANSIBLE_CALLBACK_PLUGINS": str(DIE),
                "ANSIBLE_CALLBACKS_ENABLED": "die_at_event",
                "SEAMLESS_DIE_AT": die_at,
                "SEAMLESS_DIE_IN": playbook,
            }
        command = [sys.executable, "-m", "ansible", "playbook", str(self.root / "playbooks" / f"{playbook}.yml")]
        command += ["-i", str(self.folder / "everywhere"), "-e", f"@{self.folder}/release.yml", *more]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, playbook: str, *more: str, die_at: str = "") -> tuple[int, str]:
        """Its exit status, and its output with each run of white space as one space."""
        process = self.start(playbook, *more, die_at=die_at)
        output, _nothing = process.communicate(timeout=600)
        return process.returncode, " ".join(output.split())

    def alone(self, region: str, playbook: str) -> int:
        """A region's own playbook, run by nobody's campaign; its exit status."""
        command = [sys.executable, "-m", "ansible", "playbook", str(HERE / "standin" / f"{playbook}.yml")]
        command += ["-i", str(self.folder / region), "-e", f"@{self.folder}/release.yml"]
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "HOME": str(self.folder)}
        return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120).returncode

    def must(self, playbook: str, *more: str) -> str:
        """The same, for what has to end well."""
        status, output = self.run(playbook, *more)
        assert status == 0, output
        return output

    # -- what is there ---------------------------------------------------------------------------

    def journal(self, service: str = "everywhere") -> list[Event]:
        """The events of the campaign, or of a region."""
        return list(self._ledger(service).read().events)

    def history(self, service: str = "everywhere") -> History:
        """What they add up to."""
        return self._ledger(service).history()

    def _ledger(self, service: str) -> FileLedger:
        name = service if service == "everywhere" else "storefront"
        return FileLedger(str(self.folder / f"{service}-ledger"), name, time.time)

    def told(self, since: int = 0) -> list[str]:
        """The campaign's events from number *since* on, as ``phase.done stage-1``."""
        return [" ".join(filter(None, (one.type, one.data.get("phase")))) for one in self.journal()[since:]]

    def users(self) -> dict[str, str]:
        """Where they are: the version that each region has live, checked against its split, and the edge's color."""
        found = {}
        for region in ("eu", "us"):
            history = self.history(region)
            split = json.loads((self.folder / f"{region}.split").read_text(encoding="utf-8"))
            assert history.current is None, f"{region}: {history.current}"
            assert split == (GREEN if history.live_color == "green" else BLUE), region
            found[region] = (history.live_release or "").partition("-")[0]
        weights = self.edge.weights()
        assert weights[0] == weights[1]
        found["edge"] = {"100": "blue", "0": "green"}.get(str(weights[0]["blue"]), str(weights[0]))
        return found


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value), encoding="utf-8")


def wait_for(there: Callable[[], bool], seconds: float = 60) -> None:
    """Return once it is *there*."""
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)
