# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches a step of a rollout; documented in the module of the same name.

One task, on several hosts at once. On localhost (delegated to the ledger's host) it counts, judges, listens and
decides; on each load balancer it keeps the way back armed for as long as somebody watches, and takes users back the
moment that it is told to. All of them are processes of this run: when the run dies, nothing is prolonged any more.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.utils.display import Display

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_pace import patience
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Reading
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.promises import POLL, settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.watching import ABORT, Watched
from ansible_collections.seamless.delivery.plugins.plugin_utils.reachable import ReachableAction
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.words import names
from ansible_collections.seamless.delivery.plugins.plugin_utils.router_action import on_router
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.registry import open_source
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch import checks, witness
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.holding import Holding, hold
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.juries import (
    CanaryJury,
    CeilingJury,
    ProbeJury,
)
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.record import Record
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.signal import BACK, DONE, WATCHING, Signal
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.watcher import Jury, Means, Pace, watch

ARGUMENTS: dict[str, Any] = {
    "state": {"type": "str", "choices": ["begun", "decided"], "default": "decided"},
    "service": {"type": "dict", "required": True},
    "addresses": {"type": "dict", "required": True},
    "rollout": {"type": "str", "required": True},
    "phase": {"type": "str", "required": True},
    "before": {"type": "list", "elements": "str", "default": []},
    "color": {"type": "str", "choices": ["blue", "green"], "required": True},
    "release": {"type": "str", "required": True},
    "previous": {"type": "str"},
    "step": {"type": "dict", "required": True},
    "jury": {"type": "str", "choices": ["canary", "ceiling", "probe"], "default": "canary"},
    "max_error_percent": {"type": "float"},
    "evidence": {"type": "dict"},
    "split": {"type": "dict", "required": True},
    "back_to": {"type": "dict"},
    "fence": {"type": "int", "required": True},
    "directory": {"type": "path", "required": True},
    "follows": {"type": "float", "default": 0.0},
    "poll": {"type": "float", "default": POLL},
    "listen": {"type": "float", "default": 3.0},
    "progress": {"type": "float", "default": 5.0},
}

#: Seconds that the lease outlives what is known to come: a watcher that is late must not lose it.
LEASE = 60.0


class ActionModule(ReachableAction):
    """The action ``seamless.delivery.canary_verdict``."""

    role_of_host = "ledger's host or a load balancer"
    _requires_connection = False

    def _act(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        _validation, self._options = self.validate_argument_spec(argument_spec=ARGUMENTS)
        self._task_vars = task_vars or {}
        self._directory = Path(self._options["directory"]).absolute()
        self._doing = ""
        # Tasks run in workers; their parent is the run itself, the same for all of them.
        self._signal = Signal(self._directory, self._options["phase"], str(os.getppid()))
        if self._task.check_mode:
            return {"changed": False, "skipped": True, "msg": "Nothing is watched in a dry run."}
        if self._task_vars.get("inventory_hostname") != "localhost":
            return self._held()
        if self._options["state"] == "begun":
            now = time.time()
            self._record(self._options["phase"]).append(now, self._count(now)())
            return {"changed": False}
        try:
            return self._watched()
        finally:
            # Whatever went wrong here: nobody waits for a watcher that is gone, and nobody goes on prolonging.
            if (said := self._signal.heard()) is None or said.state == WATCHING:
                self._signal.say(DONE)

    # -- on a load balancer ----------------------------------------------------------------------

    def _held(self) -> dict[str, Any]:
        options = self._options
        common = {"service": options["service"]["name"], "fence": options["fence"]}
        silence = options["service"]["strategy"]["confirm_within"]
        prolong = common | {
            "split": options["split"],
            "expect": [options["split"]],
            "revert_after": silence,
            "revert_to": options["back_to"],
            "rollout": options["rollout"],
        }
        # Nobody watches, and so nobody prolongs, while tasks that follow in this phase run.
        last = prolong | {"revert_after": silence + options["follows"]}
        back = common | {"split": options["back_to"], "require_healthy": 0}

        def split(args: dict[str, Any]) -> dict[str, Any]:
            if not options["back_to"]:
                return {"changed": False}
            return self._ask(self._task_vars, *on_router(options["service"]["router"], "split", args))

        holding = Holding(
            prolong=lambda: split(prolong),
            last=lambda: split(last),
            back=lambda: split(back),
            every=silence / 3,
        )
        result = hold(holding, self._signal, time)
        if result.get("failed"):
            self._signal.complain(self._task_vars["inventory_hostname"], str(result.get("msg")))
        return result

    # -- on the conductor ------------------------------------------------------------------------

    def _watched(self) -> dict[str, Any]:
        options = self._options
        self._signal.say(WATCHING)
        strategy = options["service"]["strategy"]
        step = Watched.parse(options["step"], strategy)
        record = self._record(options["phase"])
        earlier = [list(self._record(phase).readings()) for phase in options["before"]]
        kept = list(record.readings())
        # A watch that was interrupted goes on where it was.
        began = kept[0][0] if kept else time.time()
        sitting = self._jury(earlier, kept)
        means = Means(
            count=self._count(began),
            keep=record.append,
            ask=self._asked,
            checks=lambda: checks.unmet(options["step"].get("gates", ())),
            alive=self._alive,
            trouble=self._trouble,
            show=self._show,
        )
        pace = Pace(options["poll"], options["listen"], options["progress"])
        move, found = watch(step, options["step"]["percent"], began, sitting, means, time, pace)
        result = {
            "changed": False,
            "why": move.why,
            "word": found.word,
            "requests": found.requests,
            "colors": {release: dict(counts) for release, counts in found.colors.items()},
            "verdict": dict(found.detail()),
            "seconds": round(time.time() - began, 1),
        }
        if move.action == ABORT:
            self._turn_back(move.why)
        elif options["follows"]:
            self._alive()
            self._renewed(LEASE + options["follows"])
        record.conclude(
            {key: value for key, value in result.items() if key != "changed"}
            | {"phase": options["phase"], "percent": options["step"]["percent"], "jury": options["jury"]}
            | {"began": began, "action": move.action, "history": found.history()}
        )
        if move.action != ABORT:
            self._signal.say(DONE)
            return result
        return result | {"failed": True, "msg": f"{options['release']} at {options['step']['percent']} %: {move.why}."}

    def _record(self, phase: str) -> Record:
        return Record(self._directory, phase)

    def _jury(self, earlier: list[Any], kept: list[Any]) -> Jury:
        options = self._options
        release, poll = options["release"], options["poll"]
        if options["jury"] == "probe":
            return ProbeJury()
        if options["jury"] == "ceiling":
            silence = round(patience(options["service"]["metrics"]["source"]) / poll)
            color, new = options["color"], names(release, None)[0]
            return CeilingJury(options["max_error_percent"], color, new, kept, max(15, silence))
        rules = settings(options["service"]["strategy"]["judge"], poll)
        new, old = names(release, options["previous"])
        return CanaryJury(rules, options["color"], (new, old or "the release before"), earlier, kept)

    def _count(self, began: float) -> Callable[[], Reading]:
        """What counts, from *began* on: the declared source, or nothing where the probe alone bears witness."""
        options = self._options
        if options["jury"] == "probe":
            return lambda: Reading((), ())
        try:
            service = options["service"]
            source = open_source(service["metrics"]["source"], service, options["addresses"], began)
        except SourceError as error:
            raise AnsibleActionFail(str(error)) from error

        def read() -> Reading:
            try:
                return source.read()
            except SourceError as error:
                raise AnsibleActionFail(str(error)) from error

        return read

    def _alive(self) -> None:
        if self._signal.orphaned():
            raise AnsibleActionFail("The run that this watch belongs to is gone: nothing is prolonged any more.")
        self._signal.say(WATCHING)

    def _trouble(self) -> str:
        """What else ends the step: a load balancer that cannot be held, or what the probe has met."""
        gate = self._options["evidence"]
        return self._signal.complaints() or (witness.problem(self._directory, gate) if gate else "")

    def _turn_back(self, why: str) -> None:
        """The intent, then the word to those at the load balancers: users are back before this task has ended."""
        told = self._ask(
            self._task_vars,
            "seamless.delivery.ledger_event",
            self._ledger()
            | {
                "rollout": self._options["rollout"],
                "event": "rollback.intended",
                "data": {"reason": why},
                "fence": self._options["fence"],
                "renew": 120,
            },
        )
        # Without the intent nothing is written here: whoever undoes the rollout knows how to do without the ledger.
        if not told.get("failed"):
            self._signal.say(BACK)

    def _show(self, line: str) -> None:
        """Here at once; to whoever asks from elsewhere, with the next renewal of the lease."""
        Display().display(line)
        self._doing = f"{self._options['phase']}: {line.strip()}"

    def _asked(self) -> list[dict[str, Any]]:
        current = (self._renewed(LEASE)["history"] or {}).get("current") or {}
        return list(current.get("asked") or ())

    def _renewed(self, ttl: float) -> dict[str, Any]:
        lease = self._ledger() | {"state": "renewed", "fence": self._options["fence"], "ttl": ttl}
        return self._must("seamless.delivery.ledger_lease", lease | {"doing": self._doing})

    def _must(self, module: str, args: dict[str, Any]) -> dict[str, Any]:
        answer = self._ask(self._task_vars, module, args)
        if answer.get("failed"):
            raise AnsibleActionFail(str(answer.get("msg") or f"{module} failed without a message"))
        return answer

    def _ledger(self) -> dict[str, Any]:
        service = self._options["service"]
        return {"service": service["name"], "ledger": service["ledger"]}
