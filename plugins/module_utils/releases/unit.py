# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd says of a release's unit, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Runs a command and gives its standard output.
Run = Callable[[list[str]], str]

PROPERTIES = ("ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts", "ActiveEnterTimestamp", "LoadState")


@dataclass(frozen=True)
class Unit:
    """The state of one unit. ``restarts`` counts how often systemd had to start it anew."""

    name: str
    active: bool
    state: str
    result: str
    exit_status: str
    restarts: int
    since: str
    loaded: bool

    @property
    def crashed(self) -> str | None:
        """Why it can be said not to come up, or None."""
        if not self.loaded:
            return f"{self.name} is not known to systemd"
        if self.state.startswith("failed"):
            return f"{self.name} has failed ({self.result}, exit status {self.exit_status})"
        if self.restarts >= 2:
            return f"{self.name} has crashed {self.restarts} times ({self.result}, exit status {self.exit_status})"
        return None


def unit(name: str, run: Run) -> Unit:
    """The present state of the unit *name*."""
    shown: Mapping[str, str] = dict(
        line.split("=", 1) for line in run(["systemctl", "show", name, f"--property={','.join(PROPERTIES)}"]).splitlines() if "=" in line
    )
    return Unit(
        name=name,
        active=shown.get("ActiveState") == "active",
        state=f"{shown.get('ActiveState', 'unknown')} ({shown.get('SubState', 'unknown')})",
        result=shown.get("Result", ""),
        exit_status=shown.get("ExecMainStatus", ""),
        restarts=int(shown.get("NRestarts") or 0),
        since=shown.get("ActiveEnterTimestamp", ""),
        loaded=shown.get("LoadState") == "loaded",
    )


def log(name: str, lines: int, run: Run) -> list[str]:
    """The last *lines* of the unit's log, oldest first."""
    return run(["journalctl", "--unit", name, "--lines", str(lines), "--no-pager", "--output", "cat"]).splitlines()
