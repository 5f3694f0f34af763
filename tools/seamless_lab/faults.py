# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with machines, on demand, for failure tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .console import step
from .container import wait_booted
from .docker import docker
from .topology import Host, Topology

STOP_DEADLINE = 20  # seconds until an orderly shutdown becomes a kill


def kill(topology: Topology, host: Host) -> None:
    """Power loss: every process ends at once, nothing is flushed. ``start`` boots the same disk."""
    with step(f"{host.name}: power cut"):
        docker("kill", "--signal", "KILL", topology.container(host))


def stop(topology: Topology, host: Host) -> None:
    """Orderly shutdown: systemd stops every unit."""
    with step(f"{host.name}: shut down"):
        docker("stop", "--time", str(STOP_DEADLINE), topology.container(host))


def start(topology: Topology, host: Host) -> None:
    """Boot; a host that already runs is left alone. A host that boots is on the network, cut off before or not."""
    with step(f"{host.name}: booted"):
        docker("start", topology.container(host))
        wait_booted(topology.container(host))


def disconnect(topology: Topology, host: Host) -> None:
    """The switch drops the host: its link stays up, and nothing gets through. docker (so Ansible) still reaches it."""
    with step(f"{host.name}: cut off from the network"):
        _port(topology, host, "nomaster")


def connect(topology: Topology, host: Host) -> None:
    """Mend what ``disconnect`` cut."""
    with step(f"{host.name}: on the network again"):
        _port(topology, host, "master", bridge(topology.lab))


def bridge(lab: str) -> str:
    """Name of the network's bridge on the host, which docker derives from the network's id."""
    return "br-" + docker("network", "inspect", lab, "--format", "{{.Id}}")[:12]


def _port(topology: Topology, host: Host, *change: str) -> None:
    """Change the bridge's port of a host: the other end of its eth0.

    A short-lived container in the machine's own network does it, so that it works for whoever may use docker.
    """
    container = topology.container(host)
    index = docker("exec", container, "cat", "/sys/class/net/eth0/iflink")
    image = docker("container", "inspect", container, "--format", "{{.Config.Image}}")
    docker(
        "run", "--rm", "--network", "host", "--cap-add", "NET_ADMIN", "--entrypoint", "ip", image,
        "link", "set", "dev", f"if{index}", *change,
    )  # fmt: skip


FAULTS: Mapping[str, tuple[Callable[[Topology, Host], None], str]] = {
    "kill": (kill, "power loss"),
    "stop": (stop, "orderly shutdown"),
    "start": (start, "boot"),
    "disconnect": (disconnect, "cut a host off the network; its link stays up"),
    "connect": (connect, "mend that cut"),
}
