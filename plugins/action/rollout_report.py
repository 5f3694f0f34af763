# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the report of a rollout on the controller, and shows its verdict."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.color import ANSIBLE_COLOR
from ansible.utils.display import Display

from ansible_collections.seamless.delivery.plugins.plugin_utils.plain import plain
from ansible_collections.seamless.delivery.plugins.plugin_utils.report import html, store, watched
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.document import build
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.journal import ReportError
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.summary import render_summary
from ansible_collections.seamless.delivery.plugins.plugin_utils.report.verdict import verdict

display = Display()

_OPTIONS = {
    "events": {"type": "list", "elements": "dict", "required": True},
    "analysis": {"type": "dict"},
    "rollout": {"type": "str"},
    "environment": {"type": "str"},
    "directory": {"type": "path", "default": "reports"},
    "keep": {"type": "int", "default": 50},
    "summary": {"type": "bool", "default": True},
    "watched": {"type": "path"},
}


class ActionModule(ActionBase):
    """`rollout_report`: options in, one document built, two files and a summary out."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(argument_spec=_OPTIONS)
        if options["keep"] < 1:
            raise AnsibleActionFail(f"rollout_report: expected 'keep' to be 1 or more, found {options['keep']}.")
        # An empty analysis is what a skipped probe leaves behind: no evidence, rather than evidence of nothing.
        try:
            document = build(
                plain(options["events"]),
                plain(options["analysis"]) or None,
                rollout=options["rollout"] or None,
                environment=options["environment"] or None,
                watched=watched.read(options["watched"]),
            )
        except ReportError as error:
            raise AnsibleActionFail(f"rollout_report: {error}") from error
        found = verdict(document)
        result.update(
            changed=False,
            outcome=document["outcome"],
            tone=found.tone,
            headline=f"{found.title}: {found.sentence}",
            summary=render_summary(document, display.columns, color=False),
            missing=document["missing"],
        )
        if not self._task.check_mode:
            result.update(self._write(document, options["directory"], options["keep"]))
        if options["summary"]:
            self._show(document, result)
        return result

    @staticmethod
    def _write(document: dict[str, Any], directory: str, keep: int) -> dict[str, Any]:
        folder = os.path.abspath(directory)
        try:
            stored = store.write(document, html.render(document), folder, keep)
        except OSError as error:
            raise AnsibleActionFail(
                f"rollout_report: expected to write the report into {folder!r}; found: {error}. "
                "Set 'directory' to one that the user who runs Ansible may write to."
            ) from error
        return {
            "changed": stored.changed,
            "json": str(stored.json),
            "html": str(stored.html),
            "pruned": stored.pruned,
        }

    @staticmethod
    def _show(document: dict[str, Any], result: dict[str, Any]) -> None:
        where = [f"   {result['html']}"] if "html" in result else []
        colored = render_summary(document, display.columns, color=ANSIBLE_COLOR)
        # The screen gets the colors; a log file is read by other eyes, and gets none.
        display.display("\n" + "\n".join([*colored, *where]) + "\n", screen_only=True)
        display.display("\n".join([*result["summary"], *where]), log_only=True)
