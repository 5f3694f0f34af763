# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one lab: bring all of them to "booted", whatever was there before, or to nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from . import cgroup, limits, network
from .console import say, step
from .container import boot_state, failed_units, run_arguments, wait_booted
from .docker import docker
from .network import LABEL
from .topology import Host, Topology

# docker's states that `up` builds on, and what it does then; a container in any other one is made anew.
KEPT = {"running": "found", "exited": "started", "created": "started"}

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Found:
    """A container as docker knows it; ``state`` is docker's word, such as ``running``, ``exited``, ``created``."""

    name: str
    host: str
    state: str
    image: str
    address: str


def find(lab: str) -> dict[str, Found]:
    """Every container of a lab, also those that its topology no longer names, by name."""
    names = docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}={lab}").split()
    if not names:
        return {}
    found = {}
    for entry in json.loads(docker("container", "inspect", *names)):
        name = entry["Name"].lstrip("/")
        # What was asked for, which a stopped or disconnected container keeps; not what it has now.
        asked = (entry["NetworkSettings"]["Networks"].get(lab) or {}).get("IPAMConfig") or {}
        found[name] = Found(
            name=name,
            host=entry["Config"]["Labels"].get(f"{LABEL}.host", name),
            state=entry["State"]["Status"],
            image=entry["Config"]["Image"],
            address=asked.get("IPv4Address", ""),
        )
    return found


def up(topology: Topology, hosts: Iterable[Host], image: str) -> None:
    """Bring these hosts up. What runs as asked is left alone; anything else is started or made anew."""
    wanted = list(hosts)
    network.ensure(topology)
    parent = cgroup.parent(topology.lab)
    if parent:
        cgroup.weigh(parent, len(topology.hosts))
    existing = find(topology.lab)
    running = {found.name for found in existing.values() if found.state == "running"}
    missing = {topology.container(host) for host in wanted} - running
    limits.warn_when_short(running_in_all_labs() + len(missing))

    def bring_up(host: Host) -> str:
        name = topology.container(host)
        before = existing.get(name)
        as_asked = before is not None and (before.image, before.address) == (image, host.address)
        if before is not None and as_asked and before.state in KEPT:
            change = KEPT[before.state]
            if change == "started":
                docker("start", name)
        else:
            if before is not None:
                docker("rm", "--force", "--volumes", name)
            docker(*run_arguments(topology, host, image, parent))
            change = "made"
        if wait_booted(name) == "degraded":
            say(f"{host.name} booted, but these units failed in it: {', '.join(failed_units(name))}")
        return change

    with step("") as current:
        changes = in_parallel(bring_up, wanted)
        counts = {word: changes.count(word) for word in ("made", "started", "found") if word in changes}
        current.done = f"{len(wanted)} hosts up: " + ", ".join(f"{count} {word}" for word, count in counts.items())


def running_in_all_labs() -> int:
    """How many hosts run, whichever lab they belong to."""
    return len(docker("ps", "--quiet", "--filter", f"label={LABEL}").split())


def down(lab: str) -> None:
    """Remove everything of a lab: containers with their data, network, control groups."""
    with step("") as current:
        names = list(find(lab))
        if names:
            docker("rm", "--force", "--volumes", *names)
        had_network = network.remove(lab)
        cgroup.remove(lab)
        current.done = f"lab {lab} removed: {len(names)} hosts" if names or had_network else f"there is no lab {lab}"


def status(topology: Topology) -> list[dict[str, str]]:
    """State of each host, for a table or a program: host, container, address, docker's and systemd's word."""
    found = find(topology.lab)

    def row(host: Host) -> dict[str, str]:
        name = topology.container(host)
        state = found[name].state if name in found else "absent"
        return {
            "host": host.name,
            "container": name,
            "address": host.address,
            "groups": ",".join(host.groups),
            "state": state,
            "systemd": boot_state(name) if state == "running" else "",
        }

    return in_parallel(row, topology.hosts)


def in_parallel(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Results in the order of ``items``; where several fail, the first error is raised after all have ended."""
    with ThreadPoolExecutor(max_workers=16) as pool:
        return [future.result() for future in [pool.submit(work, item) for item in items]]
