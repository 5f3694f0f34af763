# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who runs this playbook, told apart from every other run, and whether the holder of a lease is still there."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def holder(pid: int, job: str | None = None, name: str | None = None) -> dict[str, Any]:
    """The identity of the run whose main process is *pid*.

    ``started`` (clock ticks since boot) and ``boot`` tell it from a later process with the same number,
    ``namespace`` from one of another container; all are empty where the system has no ``/proc``.
    """
    return {
        "name": name or os.environ.get("SUDO_USER") or _user(),
        "host": socket.gethostname(),
        "pid": pid,
        "started": _started(pid),
        "boot": _boot(),
        "namespace": _namespace(),
        "job": job or "",
    }


def gone(lease_holder: Mapping[str, Any]) -> str | None:
    """Why the holder can be told to be gone, or None: it lives, or it ran elsewhere and cannot be told.

    Only this very host's processes are looked at; anybody else's lease has to run out.
    """
    if lease_holder.get("host") != socket.gethostname() or not lease_holder.get("started"):
        return None
    pid = int(lease_holder.get("pid") or 0)
    if lease_holder.get("boot") != _boot():
        return f"its run (process {pid}) ended with the last shutdown of this host"
    if lease_holder.get("namespace") != _namespace():
        return None  # a container that has our name: its processes cannot be seen from here
    if _started(pid) != lease_holder["started"]:
        return f"its run (process {pid} on this host) has ended without giving the lease back"
    return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"uid {os.getuid()}"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _started(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The command's name may hold spaces and brackets; what follows its last bracket is numbers.
    # Source: proc(5), field 3 (state) and field 22 (starttime).
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
