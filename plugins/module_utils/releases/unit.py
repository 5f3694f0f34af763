# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd says of a release's unit, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .masking import masking

#: Runs a command and gives its standard output.
Run = Callable[[list[str]], str]

PROPERTIES = (
    *("ActiveState", "SubState", "LoadState", "UnitFileState", "ActiveEnterTimestamp", "NeedDaemonReload"),
    *("Result", "ExecMainStatus", "NRestarts", "ExecMainStartTimestampMonotonic"),
)
#: To end once may be an accident of the start; twice is a habit.
ENDS = 2
#: What systemd itself means by these exit statuses, before the program has even begun (systemd.exec(5)).
STATUS = {
    "200": "its working directory cannot be used",
    "203": "its command cannot be executed: look at runtime.command",
    "216": "its group does not exist",
    "217": "its user does not exist, or cannot be switched to here",
    "218": "its capabilities cannot be set here: relax release_hardening",
    "226": "its sandbox cannot be made here: relax release_hardening",
    "228": "its system call filter cannot be set here: relax release_hardening",
}
#: Parts of a line of the log that are longer than this say no more.
LONGEST_LINE = 400


@dataclass(frozen=True)
class Unit:
    """The state of one unit. ``restarts`` counts how often systemd had to start it anew.

    ``started`` is when its process was started, in seconds of the host's monotonic clock; None where there was none.
    """

    name: str
    active: bool
    state: str
    result: str
    exit_status: str
    restarts: int
    since: str
    load_state: str
    started: float | None = None
    reload_due: bool = False
    enabled: bool = False

    @property
    def stopped(self) -> bool:
        """Whether nothing of it runs, and systemd is not about to start it."""
        return self.state.startswith(("inactive", "failed"))

    @property
    def crashed(self) -> str | None:
        """Why it can be said not to come up, or None."""
        if self.load_state != "loaded":
            return (
                f"{self.name} cannot be loaded by systemd ({self.load_state}): `systemctl status {self.name}` says why"
            )
        if self.state.startswith("failed"):
            return f"{self.name} has failed: {self._end}"
        # Only between two lives: systemd forgets how the last one ended as soon as the next one begins.
        if "(auto-restart" in self.state and self.restarts + 1 >= ENDS:
            return f"{self.name} has ended {self.restarts + 1} times: {self._end}"
        return None

    @property
    def _end(self) -> str:
        """How its process ended last."""
        ends = {
            "success": "it ended by itself, without an error",
            "exit-code": f"it exited with status {self.exit_status}",
            "signal": f"signal {self.exit_status} killed it",
            "core-dump": f"it crashed by signal {self.exit_status}",
            "oom-kill": "the host had no memory left for it",
        }
        why = ends.get(self.result, f"systemd says {self.result}")
        hint = STATUS.get(self.exit_status) if self.result == "exit-code" else None
        return f"{why} ({hint})" if hint else why


def unit(name: str, run: Run) -> Unit:
    """The present state of the unit *name*."""
    shown: Mapping[str, str] = dict(
        line.split("=", 1)
        for line in run(["systemctl", "show", name, f"--property={','.join(PROPERTIES)}"]).splitlines()
        if "=" in line
    )
    started = int(shown.get("ExecMainStartTimestampMonotonic") or 0)
    return Unit(
        name=name,
        active=shown.get("ActiveState") == "active",
        state=f"{shown.get('ActiveState', 'unknown')} ({shown.get('SubState', 'unknown')})",
        result=shown.get("Result", ""),
        exit_status=shown.get("ExecMainStatus", ""),
        restarts=int(shown.get("NRestarts") or 0),
        since=shown.get("ActiveEnterTimestamp", ""),
        load_state=shown.get("LoadState", "unknown"),
        started=started / 1e6 if started else None,
        reload_due=shown.get("NeedDaemonReload") == "yes",
        enabled=shown.get("UnitFileState") == "enabled",
    )


def starting(found: Unit, anew: bool, reload: bool) -> list[list[str]]:
    """What has *found* enabled and running: *anew* even where it does run, its file read again on *reload*."""
    commands = []
    if reload or found.reload_due:
        commands.append(["systemctl", "daemon-reload"])
    if not found.enabled:
        commands.append(["systemctl", "enable", found.name])
    if anew or not found.active:
        commands.append(["systemctl", "restart", found.name])
    return commands


def stop(name: str, run: Run) -> bool:
    """Stop the unit *name* and let no boot start it; gives whether nothing of it runs now."""
    run(["systemctl", "disable", name])
    run(["systemctl", "stop", name])
    return unit(name, run).stopped


def log(name: str, lines: int, run: Run, secrets: Iterable[str] = ()) -> list[str]:
    """The last *lines* of the unit's log, oldest first, with *secrets* masked."""
    said = run(["journalctl", "--unit", name, "--lines", str(lines), "--no-pager", "--output", "cat"]).splitlines()
    mask = masking(secrets)
    shown = (mask(line) for line in said)  # before it is cut, or half a secret would stay
    return [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..." for line in shown]


def last_words(lines: Iterable[str]) -> str:
    """What `log` gave, as part of a sentence."""
    return "Its last words: " + (" | ".join(line.strip() for line in lines) or "its log is empty")
