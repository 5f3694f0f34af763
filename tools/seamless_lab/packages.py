# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages: install what the lab needs where that is allowed, and otherwise say what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .console import step
from .errors import LabError

LOCK_DEADLINE = 120.0  # seconds; unattended upgrades, or an installation that was interrupted and goes on


def families(os_release: str) -> set[str]:
    """The distribution and its relatives, from the text of os-release: ``{"ubuntu", "debian"}``."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    return {word for key in ("ID", "ID_LIKE") for word in fields.get(key, "").strip("\"'").split()}


def require(packages: Sequence[str], purpose: str) -> None:
    """Install ``packages`` with apt.

    :raises LabError: not root, not Debian or Ubuntu, or apt failed; names what to install by hand.
    """
    names = " ".join(packages)
    file = Path("/etc/os-release")
    if "debian" not in families(file.read_text(encoding="utf-8") if file.exists() else ""):
        raise LabError(f"{purpose} is missing, and only on Debian and Ubuntu is it installed for you: install {names}")
    if os.geteuid() != 0:
        raise LabError(f"{purpose} is missing: run `sudo apt-get install {names}`, or this command once as root")
    with step(f"installed {names}, for {purpose}", announce=True):
        # A dpkg that was interrupted refuses all work until this has run; otherwise it does nothing.
        _run("dpkg", "--configure", "-a")
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def available(package: str) -> bool:
    """Whether apt knows a package of this name that can be installed."""
    if shutil.which("apt-cache") is None:
        return False
    found = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return found.returncode == 0


def lacking(names: Sequence[str]) -> list[str]:
    """Those of *names* that dpkg says are not installed; where there is no dpkg, none can be told to be."""
    if shutil.which("dpkg-query") is None:
        return []
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names]
    listing = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return [name for name in names if f"{name} installed" not in listing.splitlines()]


def _run(*command: str) -> None:
    """Run a package command; while another one holds the packages' lock, wait for it.

    :raises LabError: with the command's last words.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    end = time.monotonic() + LOCK_DEADLINE
    while True:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False
        )
        if done.returncode == 0:
            return
        words = (done.stderr or done.stdout).strip()
        if "lock" not in words or time.monotonic() > end:
            break
        time.sleep(1)
    last = "\n  ".join(words.splitlines()[-5:])
    raise LabError(f"`{' '.join(command)}` failed; put that right and run this again. Its last words:\n  {last}")
