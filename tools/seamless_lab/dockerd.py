# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop the engine's daemon, and remember that it was the lab that started it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .errors import LabError
from .state import state_dir

START_DEADLINE = 60.0  # seconds; a first start creates the storage
STOP_DEADLINE = 30.0
SYSTEMD = Path("/run/systemd/system")  # exists where systemd is PID 1
PID_FILE = Path("/var/run/docker.pid")  # docker's own
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # which a user's PATH may lack


@dataclass(frozen=True)
class Ours:
    """An engine that the lab started: by systemd (no pid), or as a process of its own."""

    pid: int | None = None
    ticks: str | None = None  # when that process started; with it a reused pid is not mistaken for it

    def runs(self) -> bool:
        """Whether that very process is alive."""
        return self.pid is not None and self.ticks is not None and _ticks(self.pid) == self.ticks


def path() -> str | None:
    """Where dockerd is, None where it is not installed."""
    return shutil.which("dockerd") or shutil.which("dockerd", path=SBIN)


def start(answers: Callable[[], bool]) -> None:
    """Start the daemon and return once it ``answers``; it outlives this process.

    :raises LabError: it ended, or does not answer in time; says where its log is.
    """
    if SYSTEMD.is_dir():
        systemctl("start", "docker.service")
        remember(Ours())
        _wait_until(answers, START_DEADLINE, "docker does not answer; see `journalctl --unit docker`")
        return
    log = log_file()
    _forget_stale_pid()
    process = _spawn(log)
    remember(Ours(process.pid, _ticks(process.pid)))
    _wait_until(lambda: process.poll() is not None or answers(), START_DEADLINE, f"dockerd does not answer; see {log}")
    if process.poll() is not None and not answers():
        last = "\n  ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
        raise LabError(f"dockerd ended with status {process.returncode}. The end of its log {log}:\n  {last}")


def stop(ours: Ours) -> None:
    """Stop the engine that ``ours`` describes and forget it; nothing happens where it has ended already."""
    if ours.pid is None:
        systemctl("stop", "docker.service", "docker.socket")
    elif ours.runs():
        os.kill(ours.pid, signal.SIGTERM)
        _wait_until(lambda: not ours.runs(), STOP_DEADLINE, f"dockerd (pid {ours.pid}) does not stop; see {log_file()}")
    _record().unlink(missing_ok=True)


def log_file() -> Path:
    """Log of a daemon that the lab started where there is no systemd."""
    return state_dir() / "dockerd.log"


def remember(ours: Ours) -> None:
    """Note down that the lab started this engine."""
    temporary = _record().with_suffix(".tmp")
    temporary.write_text(json.dumps(asdict(ours)), encoding="utf-8")
    temporary.replace(_record())


def recall() -> Ours | None:
    """The engine that the lab started, None where it started none."""
    try:
        record = json.loads(_record().read_text(encoding="utf-8"))
        return Ours(**{field.name: record[field.name] for field in fields(Ours)})
    except (FileNotFoundError, KeyError, ValueError):
        return None  # nothing of ours, or a record of another version: an engine that cannot be told is left alone


def systemctl(verb: str, *units: str) -> None:
    """:raises LabError: with systemctl's own words."""
    done = subprocess.run(["systemctl", verb, *units], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"`systemctl {verb} {' '.join(units)}` failed: {done.stderr.strip()}")


def _spawn(log: Path) -> subprocess.Popen[bytes]:
    """Start dockerd in a session of its own, so that neither ^C nor the end of the terminal reaches it."""
    daemon = path()
    if daemon is None:
        raise LabError("dockerd is not installed, although docker.io is: `apt-get install --reinstall docker.io`")
    with open(log, "wb") as output:
        return subprocess.Popen(
            [daemon],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{SBIN}:/usr/bin:/bin"},
        )


def _forget_stale_pid() -> None:
    """Remove docker's pid file where a daemon that was killed left it: its number may be another process's by now."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        if _ticks(int(PID_FILE.read_text(encoding="ascii"))) is None:
            PID_FILE.unlink()


def _record() -> Path:
    return state_dir() / "engine.json"


def _ticks(pid: int) -> str | None:
    """When a dockerd started, in the kernel's ticks since boot; None where this pid is no living dockerd."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    name, _, rest = stat.partition("(")[2].rpartition(")")
    fields = rest.split()  # from the third of proc(5) on: state, ..., starttime is the 22nd
    return fields[19] if name == "dockerd" and fields[0] != "Z" else None


def _wait_until(condition: Callable[[], bool], deadline: float, message: str) -> None:
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise LabError(f"{message} (waited {deadline:.0f} s)")
        time.sleep(0.2)
