# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells a run as a story: one line for each task that changed something, took long or failed."""

from __future__ import annotations

DOCUMENTATION = r"""
name: story
type: stdout
short_description: One line for each task that changed something, took long or failed
version_added: 1.0.0
author: the seamless.delivery contributors (@seamless-delivery)
description:
  - Made for people who watch a release. What changed nothing is not shown; what M(seamless.delivery.say) prints
    stands out.
  - A failure is one paragraph, with the host, the task and the message. With C(-v) and above the output is that of
    P(ansible.builtin.default#callback).
extends_documentation_fragment:
  - ansible.builtin.default_callback
  - ansible.builtin.result_format_callback
requirements:
  - set as stdout in configuration
"""

import re
import shutil
import textwrap
import time
from typing import Any

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as Default

#: Seconds from which on a task is shown although it changed nothing.
LONG = 3.0
WIDTH = 100
#: What ansible-core puts before the message of a filter, which is a sentence for people.
PREAMBLE = re.compile(r"^Task failed: .*? The filter plugin '[^']+' failed: ", re.DOTALL)


class CallbackModule(Default):
    """The callback ``seamless.delivery.story``."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "seamless.delivery.story"

    def __init__(self) -> None:
        super().__init__()
        self._began = self._task_began = time.monotonic()
        self._name = ""
        self._changed: list[str] = []

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._tell()
        if self._display.verbosity:
            super().v2_playbook_on_play_start(play)
            return
        self._play = play
        self._display.display(f"\n{play.get_name().strip()}", color=constants.COLOR_HIGHLIGHT)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._tell()
        self._name, self._task_began = task.get_name().split(" : ")[-1], time.monotonic()
        if self._display.verbosity:
            super().v2_playbook_on_task_start(task, is_conditional)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self.v2_playbook_on_task_start(task, is_conditional=False)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        if self._display.verbosity:
            super().v2_playbook_on_include(included_file)

    def v2_runner_on_ok(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_on_ok(result)
        elif result.result.get("changed"):
            label = self.host_label(result).replace(" -> ", "→")
            self._changed.append(label if "{{" not in label else result.host.get_name())

    def v2_runner_item_on_ok(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_item_on_ok(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_on_skipped(result)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_item_on_skipped(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if self._display.verbosity:
            super().v2_runner_on_failed(result, ignore_errors)
            return
        self._complain(result, "failed")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_on_unreachable(result)
            return
        self._complain(result, "unreachable")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._tell()
        if self._display.verbosity:
            super().v2_playbook_on_stats(stats)
            return
        hosts = {host: stats.summarize(host) for host in sorted(stats.processed)}
        bad = [host for host, counts in hosts.items() if counts["failures"] or counts["unreachable"]]
        changed = sum(counts["changed"] for counts in hosts.values())
        seconds = time.monotonic() - self._began
        text = f"\n{len(hosts)} hosts, {changed} changed, {len(bad)} failed, {seconds:.1f} s"
        dry = "  (a dry run: nothing was changed)" if self._dry() else ""
        self._display.display(text + dry, color=constants.COLOR_ERROR if bad else constants.COLOR_OK)

    def _tell(self) -> None:
        """The line of the task that has just ended, where it is worth one."""
        seconds = time.monotonic() - self._task_began
        if not self._display.verbosity and self._name and (self._changed or seconds >= LONG):
            mark, color = ("~", constants.COLOR_CHANGED) if self._changed else ("·", constants.COLOR_OK)
            hosts = " ".join(sorted(self._changed))
            line = f"  {mark} {self._name:<58.58} {hosts}"
            self._display.display(f"{line:<90} {seconds:5.1f} s", color=color)
        self._name, self._changed = "", []

    def _complain(self, result: Any, how: str) -> None:
        payload = result.result
        message = PREAMBLE.sub("", str(payload.get("msg") or "no message; run again with -v"))
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        self._display.display(f"  ✘ {self._name}: {self.host_label(result)} {how}", color=constants.COLOR_ERROR)
        for paragraph in message.splitlines():
            for line in textwrap.wrap(paragraph, width - 6, break_long_words=False, drop_whitespace=True) or [""]:
                self._display.display(f"      {line}", color=constants.COLOR_ERROR)

    def _dry(self) -> bool:
        return bool(getattr(self._play, "check_mode", False))
