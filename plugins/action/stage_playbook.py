# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a playbook of a campaign's stage in a process of its own; documented in the module of the same name."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.utils.display import Display

from ansible_collections.seamless.delivery.plugins.plugin_utils.campaign.child import Ended, play
from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain
from ansible_collections.seamless.delivery.plugins.plugin_utils.reachable import ReachableAction

OPTIONS = {
    "playbook": {"type": "str", "required": True},
    "inventory": {"type": "list", "elements": "str", "required": True},
    "variables": {"type": "dict", "default": {}},
    "answer": {"type": "str"},
    "longest": {"type": "float", "default": 7200},
    "label": {"type": "str", "default": ""},
    "quiet": {"type": "bool", "default": False},
    "lease": {
        "type": "dict",
        "options": {
            "service": {"type": "str", "required": True},
            "ledger": {"type": "dict", "required": True},
            "fence": {"type": "int", "required": True},
        },
    },
}

#: Seconds that the lease is valid for, and between two renewals: whoever takes it over waits until it has run out.
LEASE, RENEWED = 60.0, 10.0


class ActionModule(ReachableAction):
    """The action ``seamless.delivery.stage_playbook``."""

    role_of_host = "campaign's ledger"
    TRANSFERS_FILES = False
    _requires_connection = False

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        _result, self._options = self.validate_argument_spec(OPTIONS)
        self._task_vars = task_vars
        options, self._begun = self._options, time.monotonic()
        holds = options["lease"] is not None and not self._task.check_mode
        self._due = self._begun if holds else float("inf")
        self._held_until = self._begun + LEASE if holds else float("inf")
        with tempfile.TemporaryDirectory(prefix="seamless-stage-") as folder:
            told = Path(folder) / "answer.json"
            given = dict(plain(options["variables"])) | ({options["answer"]: str(told)} if options["answer"] else {})
            # In a file that nobody else can read: what stands among a process's arguments everybody can.
            variables = Path(folder) / "variables.json"
            variables.touch(mode=0o600)
            variables.write_text(json.dumps(given), encoding="utf-8")
            arguments = [options["playbook"], "-e", f"@{variables}"]
            arguments += [word for source in options["inventory"] for word in ("-i", os.path.abspath(source))]
            arguments += ["--check", "--diff"] if self._task.check_mode else []
            try:
                status, lines = play(arguments, self._say, self._renew, self._doomed)
            except Ended as ended:
                raise AnsibleActionFail(f"{options['playbook']} for {self._where()} was ended: {ended}.") from ended
            answer = json.loads(told.read_text(encoding="utf-8")) if told.exists() else None
        took = {"changed": not options["answer"], "seconds": round(time.monotonic() - self._begun, 1)}
        result = {**took, "rc": status, "lines": lines, "answer": answer}
        if status != 0 or (options["answer"] and answer is None):
            said = "\n".join(["Its last words:", *lines[-25:]]) if options["quiet"] else "What it said is above."
            msg = f"{options['playbook']} for {self._where()} ended with exit status {status}. {said}"
            return {**result, "failed": True, "msg": msg}
        return result

    def _where(self) -> str:
        return self._options["label"] or ", ".join(self._options["inventory"])

    def _say(self, line: str) -> None:
        if not self._options["quiet"]:
            label = self._options["label"]
            Display().display(f"{label} | {line}" if label else line)

    def _doomed(self) -> str | None:
        """Why the playbook has to end: it takes too long, or the lease has run out."""
        now = time.monotonic()
        if now > self._begun + self._options["longest"]:
            return f"it took longer than {self._options['longest']:g} s"
        if now > self._held_until:
            return "the campaign's lease could not be prolonged for a minute"
        return None

    def _renew(self) -> None:
        """Prolong the lease now and then; lost, it ends the playbook."""
        now, lease = time.monotonic(), self._options["lease"]
        if now < self._due:
            return
        asked = {**plain(lease), "state": "renewed", "ttl": LEASE, "doing": self._where()}
        answer = self._ask(self._task_vars, "seamless.delivery.ledger_lease", asked)
        self._due = time.monotonic() + RENEWED
        if not answer.get("failed"):
            self._held_until = now + LEASE
        elif answer.get("lost"):
            raise Ended(f"the campaign's lease is lost: {answer.get('msg')}")
