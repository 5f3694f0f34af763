# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that is run once and fails must not take the other hosts past the rescue, where users are brought back.

Ansible does that where the task stands in the block itself, and not where it stands in a file that the block includes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = [*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "roles").glob("*/tasks/**/*.yml")]


def past_the_rescue(tasks: list[dict[str, Any]], rescued: bool = False) -> Iterator[str]:
    """The names of tasks in a block with a rescue that are run once and can fail."""
    for task in tasks:
        inner = rescued or "rescue" in task
        yield from past_the_rescue([*task.get("tasks", [])])
        yield from past_the_rescue([{"run_once": task.get("run_once"), **one} for one in task.get("block", [])], inner)
        yield from past_the_rescue([*task.get("rescue", []), *task.get("always", [])], rescued)
        if rescued and task.get("run_once") and "block" not in task and "ansible.builtin.set_fact" not in task:
            yield task["name"]


def test_no_failure_takes_the_other_hosts_past_the_rescue() -> None:
    assert len(FILES) > 50
    found = {str(file): list(past_the_rescue(yaml.safe_load(file.read_text(encoding="utf-8")) or [])) for file in FILES}
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "text",
    [
        "[{block: [{name: it, fail: {}, run_once: true}], rescue: []}]",
        "[{hosts: all, tasks: [{block: [{block: [{name: it, fail: {}, run_once: true}]}], rescue: []}]}]",
        "[{run_once: true, block: [{name: it, fail: {}}], rescue: []}]",
    ],
)
def test_one_that_does_is_caught(text: str) -> None:
    assert list(past_the_rescue(yaml.safe_load(text))) == ["it"]
