# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fair share of the processor for the lab, on machines with version 1 of control groups.

There, all containers together weigh as much as one process of the host, so that a busy host (a probe, a
test run) starves the lab. The lab gets a control group of its own with the weight of its hosts. Version 2,
and systemd as the manager of control groups, need and get nothing.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .docker import docker

ROOT = Path("/sys/fs/cgroup")
SHARES = 1024  # the weight of one process of the host


def parent(lab: str) -> str | None:
    """The control group in which to start this lab's containers, None for the engine's own."""
    if os.geteuid() != 0 or not (ROOT / "cpu").is_dir():
        return None
    if docker("info", "--format", "{{.CgroupDriver}} {{.CgroupVersion}}") != "cgroupfs 1":
        return None
    return f"/seamless-lab-{lab}"


def weigh(cgroup: str, hosts: int) -> None:
    """Give the lab the weight of ``hosts`` processes."""
    folder = ROOT / "cpu" / cgroup.lstrip("/")
    folder.mkdir(exist_ok=True)
    (folder / "cpu.shares").write_text(str(SHARES * hosts), encoding="ascii")


def remove(lab: str) -> None:
    """Remove the lab's control groups, which docker leaves empty; one that is still busy stays, and costs nothing."""
    for folder in ROOT.glob(f"*/seamless-lab-{lab}"):
        inner = sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True)
        for group in (*inner, folder):
            with contextlib.suppress(OSError):
                group.rmdir()
