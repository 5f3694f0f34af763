# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's network: one docker bridge with the lab's name and its /24."""

from __future__ import annotations

from .docker import DockerError, docker
from .errors import LabError
from .topology import Topology

LABEL = "seamless.lab"


def ensure(topology: Topology) -> None:
    """Make the network, or check that the one of this name is ours and has this subnet.

    :raises LabError: it has another subnet, or another network has ours.
    """
    found = _subnet(topology.lab)
    if found == topology.cidr:
        return
    if found is not None:
        raise LabError(
            f"the network {topology.lab} has {found or 'no subnet'}, SEAMLESS_LAB_SUBNET asks for {topology.cidr}: "
            "set it back, or run `tools/lab.py down` first"
        )
    try:
        docker(
            "network", "create", "--driver", "bridge", "--subnet", topology.cidr, "--gateway", f"{topology.subnet}.1",
            # What docker itself hands out stays clear of the lab's hosts and virtual addresses.
            "--ip-range", f"{topology.subnet}.128/25",
            "--label", f"{LABEL}={topology.lab}", topology.lab,
        )  # fmt: skip
    except DockerError as error:
        if "overlap" in error.stderr.lower():
            raise LabError(
                f"{topology.cidr} is taken by another network of this machine (`docker network ls`, `ip route`): "
                "set SEAMLESS_LAB_SUBNET to a free one, such as 10.112.0"
            ) from None
        raise


def remove(lab: str) -> bool:
    """Remove the network; return whether there was one."""
    if _subnet(lab) is None:
        return False
    docker("network", "rm", lab)
    return True


def _subnet(name: str) -> str | None:
    """Subnet of the lab's network, None where there is no network of this name.

    :raises LabError: a network of this name is not a lab's.
    """
    try:
        answer = docker(
            "network", "inspect", name, "--format",
            '{{index .Labels "' + LABEL + '"}} {{range .IPAM.Config}}{{.Subnet}}{{end}}',
        )  # fmt: skip
    except DockerError as error:
        if "no such network" in error.stderr.lower() or "not found" in error.stderr.lower():
            return None
        raise
    owner, _, subnet = answer.partition(" ")
    if owner != name:
        raise LabError(f"docker has a network {name} that is not a lab's: set SEAMLESS_LAB to another name")
    return subnet
