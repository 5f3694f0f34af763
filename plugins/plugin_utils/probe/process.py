# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe as a process, seen from the controller: start it detached, find it again, stop it.

A pid alone proves nothing (it may have been given to another process since), so a process is ours only when its
command line runs this package with this configuration file.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .declare import CONFIG, LOG, STATUS

PACKAGE = Path(__file__).resolve().parent
POLL = 0.1

_detached: list[subprocess.Popen[bytes]] = []
"""Kept, because Python warns when it collects a Popen whose process still runs; here, it is meant to."""


def start(directory: Path, configuration: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start a probe in a session of its own, so that it outlives us and our terminal.

    Whether this child lives is for its `poll` to say: just after exec, its command line is still empty.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o750)
    (directory / STATUS).unlink(missing_ok=True)  # of an earlier one: it must not be read as this one's
    config = directory / CONFIG
    config.write_text(json.dumps(configuration, indent=1) + "\n", encoding="utf-8")
    with (directory / LOG).open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, str(PACKAGE), "--config", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    _detached.append(child)
    return child


def status(directory: Path) -> dict[str, Any] | None:
    """Return what the probe of this directory last said of itself, None before it has said anything."""
    try:
        found = json.loads((directory / STATUS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def running(directory: Path) -> int | None:
    """Return the pid of the living probe of this directory, None when there is none."""
    pid = (status(directory) or {}).get("pid")
    return pid if isinstance(pid, int) and is_ours(pid, directory) else None


def is_ours(pid: int, directory: Path) -> bool:
    """Say whether a process is the probe of this directory, and not some other that got its pid."""
    if pid <= 1:
        return False
    command = _command_line(pid)
    return str(PACKAGE) in command and str(directory / CONFIG) in command


def log_tail(directory: Path, lines: int = 5) -> str:
    """Return the last lines of the probe's log."""
    try:
        return "\n".join((directory / LOG).read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def stop(directory: Path, pid: int, seconds: float) -> bool:
    """Ask the probe to end, and say whether it did within `seconds`. It is never killed: its record would suffer."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return True
    return wait_for(lambda: not is_ours(pid, directory), seconds)


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Say whether a condition came true within `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(POLL)
    return True


def _command_line(pid: int) -> str:
    """Return a process's command line, "" when it is gone or a zombie."""
    process = Path("/proc", str(pid))
    if Path("/proc/self/cmdline").exists():
        try:
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    found = subprocess.run(  # no /proc (macOS)
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout
