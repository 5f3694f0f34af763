# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One container with systemd as PID 1: what it takes to run it, and when it has booted."""

from __future__ import annotations

import resource
import time

from .docker import DockerError, docker
from .errors import LabError
from .network import LABEL
from .topology import Host, Topology

BOOT_DEADLINE = 60.0  # seconds; a boot takes 1 to 5
OPEN_FILES = 65536

# What systemd needs: its cgroups, its own /run, and mounts (SYS_ADMIN). Not --privileged, which would hand
# over the machine's devices, and which machines that lack one capability refuse. NET_ADMIN is for the
# virtual address.
SYSTEMD = (
    "--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN",
    "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
    "--tmpfs", "/run", "--tmpfs", "/run/lock",
    "--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw",
)  # fmt: skip


def run_arguments(topology: Topology, host: Host, image: str, cgroup: str | None) -> list[str]:
    """Arguments of the `docker` call that creates and starts a host.

    :param cgroup: parent of the container's control group, None for the engine's own.
    """
    files = open_files()
    return [
        "run", "--detach", "--pull", "never", "--name", topology.container(host), "--hostname", host.name,
        "--network", topology.lab, "--ip", host.address, "--network-alias", host.name,
        "--label", f"{LABEL}={topology.lab}", "--label", f"{LABEL}.host={host.name}",
        "--ulimit", f"nofile={files}:{files}",
        # A load balancer listens on the virtual address before it holds it; /proc/sys is read-only inside.
        "--sysctl", "net.ipv4.ip_nonlocal_bind=1",
        *(("--cgroup-parent", cgroup) if cgroup else ()),
        *SYSTEMD, image,
    ]  # fmt: skip


def open_files() -> int:
    """Files that a container may have open: no more than this machine's hard limit, which may not be raisable."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)


def boot_state(container: str) -> str:
    """What systemd says in a running container: ``running``, ``degraded``, ``starting``, ... or ``offline``."""
    try:
        return docker("exec", container, "systemctl", "is-system-running")
    except DockerError as error:
        # The state is also the exit status; the words are on stdout, which a failed call does not return.
        return error.stdout or "offline"


def wait_booted(container: str) -> str:
    """Return the boot's end state, ``running`` or ``degraded``.

    :raises LabError: not booted in time; says how to look inside.
    """
    end = time.monotonic() + BOOT_DEADLINE
    while (state := boot_state(container)) not in ("running", "degraded"):
        if time.monotonic() > end:
            raise LabError(
                f"{container} did not boot within {BOOT_DEADLINE:.0f} s: systemd says {state!r}. "
                f"Look with `docker exec {container} journalctl --boot`, or `docker logs {container}` if it has ended"
            )
        time.sleep(0.2)
    return state


def failed_units(container: str) -> list[str]:
    """Names of the units that failed in a container."""
    listing = docker("exec", container, "systemctl", "list-units", "--state=failed", "--plain", "--no-legend")
    return [line.split()[0] for line in listing.splitlines() if line.strip()]
