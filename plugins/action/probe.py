# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the probe on the controller. Options, results and examples are documented in plugins/modules/probe.py."""

from __future__ import annotations

import time
from pathlib import Path
from subprocess import Popen
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe import declare, process, readiness
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.analysis import analyse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.config import Config, ConfigError, parse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.gate import problems
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import read_rows

display = Display()

POLL = 1.0

ARGUMENTS: dict[str, Any] = {
    "state": {"type": "str", "choices": ["started", "stopped", "read"], "required": True},
    "directory": {"type": "path", "required": True},
    "service": {"type": "dict"},
    "renew": {"type": "bool", "default": False},
    "cutovers": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "at": {"type": "float", "required": True},
            "first": {"type": "float"},
            "from": {"type": "str"},
            "to": {"type": "str"},
        },
    },
    "gate": {
        "type": "dict",
        "options": {
            "max_failed": {"type": "int", "default": 0},
            "max_slow_percent": {"type": "float", "default": 5.0},
            "min_sent": {"type": "int", "default": 1},
            "max_wrong_release": {"type": "int"},
        },
    },
    "watch": {"type": "float", "default": 0.0},
    "tolerance_ms": {"type": "float", "default": 50.0},
    "slow_ms": {"type": "float", "default": 1000.0},
    "start_deadline": {"type": "float", "default": 15.0},
    "stop_deadline": {"type": "float", "default": 60.0},
}


class ActionModule(ActionBase):
    """state: started, stopped, read."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, self._options = self.validate_argument_spec(
            argument_spec=ARGUMENTS, required_if=[("state", "started", ["service"])]
        )
        self._directory = Path(self._options["directory"]).absolute()
        act = {"started": self._started, "stopped": self._stopped, "read": self._read}[self._options["state"]]
        return result | {"directory": str(self._directory), "changed": False} | act()

    def _started(self) -> dict[str, Any]:
        try:
            wishes = declare.configuration(self._options["service"], self._directory)
            config = parse(wishes)
        except ConfigError as error:
            raise AnsibleActionFail(str(error)) from error
        pid = process.running(self._directory)
        if pid is not None:
            self._must_be_the_same(config, pid)
        if pid is not None and not self._options["renew"]:
            return self._files(pid) | {"adopted": True}
        if self._task.check_mode:
            return self._files(None) | {"changed": True, "adopted": False}
        if self._options["renew"]:
            self._ended(pid)
        child = process.start(self._directory, wishes)
        self._wait_for_answers(config, child)
        return self._files(child.pid) | {"changed": True, "adopted": False}

    def _stopped(self) -> dict[str, Any]:
        pid = process.running(self._directory)
        changed = pid is not None
        died = self._died(pid)
        if pid is not None and not self._task.check_mode:
            self._stop(pid)
            pid, died = None, self._died(None)
        return self._evidence(pid, died) | {"changed": changed}

    def _read(self) -> dict[str, Any]:
        """Read, and go on reading for as long as is to be watched; a gate that breaks ends that at once."""
        until = time.monotonic() + (0 if self._task.check_mode else self._options["watch"])
        while True:
            pid = process.running(self._directory)
            result = self._evidence(pid, self._died(pid))
            left = until - time.monotonic()
            if result.get("failed") or left <= 0:
                return result
            time.sleep(min(POLL, left))

    def _ended(self, pid: int | None) -> None:
        """Have no probe run here; refuse to begin anew after one that died, which would hide that it did."""
        if pid is not None:
            self._stop(pid)
        elif (died := self._died(None)) and (process.status(self._directory) or {})["ended"] != "max_seconds":
            raise AnsibleActionFail(f"The probe is not begun anew: {died}.")

    def _stop(self, pid: int) -> None:
        if not process.stop(self._directory, pid, self._options["stop_deadline"]):
            raise AnsibleActionFail(
                f"The probe (pid {pid}) was told to stop and still runs after "
                f"{self._options['stop_deadline']:g} s. See {self._directory / declare.LOG}."
            )

    def _must_be_the_same(self, config: Config, pid: int) -> None:
        """Refuse to take another service's probe for this one's."""
        status = process.status(self._directory) or {}
        for key in ("service", "address", "port"):
            if status.get(key) != getattr(config, key):
                raise AnsibleActionFail(
                    f"A probe runs in {self._directory} (pid {pid}) whose {key} is {status.get(key)!r}, and this one's "
                    f"is {getattr(config, key)!r}. Stop that one first, or use another directory."
                )

    def _wait_for_answers(self, config: Config, child: Popen[bytes]) -> None:
        """Return when each kind of request was answered; fail, with the reason, when that will not happen."""
        seconds = self._options["start_deadline"]

        def settled() -> bool:
            status = process.status(self._directory)
            if status is None or child.poll() is not None:
                return child.poll() is not None
            return readiness.ready(config, status) or readiness.hopeless(config, status) is not None

        process.wait_for(settled, seconds)
        status = process.status(self._directory)
        if child.poll() is not None:
            problem: str | None = f"it ended at once: {process.log_tail(self._directory) or 'its log is empty'}"
        else:
            problem = readiness.overdue(config, status, seconds)
        if problem is not None:
            if child.poll() is None:
                child.terminate()
                process.wait_for(lambda: child.poll() is not None, self._options["stop_deadline"])
            raise AnsibleActionFail(f"The probe was started and stopped again, because {problem}.")

    def _evidence(self, pid: int | None, died: str | None) -> dict[str, Any]:
        """Return what users got so far; failed when a gate was given and does not hold."""
        rows = self._directory / declare.ROWS
        gate = self._options["gate"]
        if not rows.exists():
            return self._without_evidence(gate)
        status = process.status(self._directory) or {}
        analysis = analyse(
            read_rows(rows),
            self._options["cutovers"],
            self._options["tolerance_ms"],
            self._options["slow_ms"],
            late_ms=status.get("late_ms"),
        )
        analysis["unsent"] = status.get("unsent")
        result = self._files(pid) | {"analysis": analysis, "died": died}
        found = problems(analysis, gate, died) if gate is not None else []
        if found:
            return result | {"failed": True, "msg": f"The probe's gate does not hold: {'; '.join(found)}."}
        if died:
            display.warning(f"The probe's evidence is incomplete: {died}.")
        return result

    def _without_evidence(self, gate: dict[str, Any] | None) -> dict[str, Any]:
        message = f"No probe has recorded anything in {self._directory}. Start one there first (state: started)."
        nothing = self._files(None) | {"analysis": None, "died": None}
        if self._task.check_mode or (gate is None and self._options["state"] == "stopped"):
            return nothing | {"msg": message}
        return nothing | {"failed": True, "msg": message}

    def _died(self, pid: int | None) -> str | None:
        """Return why the probe does not run although nobody stopped it, None when all is well."""
        status = process.status(self._directory)
        if pid is not None or status is None or status["ended"] == "stopped":
            return None
        if status["ended"] == "max_seconds":
            return "the probe ended by itself after its max_seconds (raise service.probe.max_seconds)"
        log = process.log_tail(self._directory)
        return f"the probe (pid {status['pid']}) died {f'and left in its log: {log}' if log else 'without a word'}"

    def _files(self, pid: int | None) -> dict[str, Any]:
        return {
            "pid": pid,
            "running": pid is not None,
            "rows": str(self._directory / declare.ROWS),
            "status": str(self._directory / declare.STATUS),
            "log": str(self._directory / declare.LOG),
        }
