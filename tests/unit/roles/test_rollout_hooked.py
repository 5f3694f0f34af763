# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A phase and its hooks, run by ansible-playbook on hosts of which the first ones have no part in the phase."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

PHASES = Path(__file__).resolve().parents[3] / "roles" / "rollout" / "tasks" / "phases"
HOSTS = ("app1", "app2", "localhost", "lb1")
Played = Callable[..., CompletedProcess[str]]


@pytest.mark.slow
@pytest.mark.parametrize("hooked", [True, False])
def test_hooks_after_a_phase_run_after_it_whoever_answers_first(played: Played, tmp_path: Path, hooked: bool) -> None:
    done = _phase(played, tmp_path, hooked)
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.findall(r"(before|part|after) on <(\w+)>", done.stdout)
    assert {host for name, host in said if name == "part"} == {"localhost", "lb1"}
    order = [name for name, _host in said]
    assert order == (["before"] * 4 + ["part"] * 2 + ["after"] * 4 if hooked else ["part"] * 2)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_hook_that_fails_on_one_host_fails_the_phase_for_all(played: Played, tmp_path: Path, place: str) -> None:
    done = _phase(played, tmp_path, fails={place: "app2"})
    assert done.returncode == 2
    told = " ".join(done.stdout.split())
    assert f"The tasks of {tmp_path}/{place}.yml, {place} watch-1, failed on app2: not like this" in told
    assert ("part on <lb1>" in told) == (place == "after")
    assert "the next task" not in told, "nobody went on"


def _phase(
    played: Played, folder: Path, hooked: bool = True, fails: dict[str, str] | None = None
) -> CompletedProcess[str]:
    """A phase with hooks before and after it; *fails* names the host on which one does."""
    files = {name: folder / f"{name}.yml" for name in ("before", "part", "after")}
    for name, file in files.items():
        tasks: list[dict[str, Any]] = [{"ansible.builtin.debug": {"msg": f"{name} on <{{{{ inventory_hostname }}}}>"}}]
        if host := (fails or {}).get(name):
            tasks.append({"ansible.builtin.fail": {"msg": "not like this"}, "when": f"inventory_hostname == '{host}'"})
        file.write_text(yaml.safe_dump(tasks), encoding="utf-8")
    hooks = {"watch": {"before": [str(files["before"])], "after": [str(files["after"])]}} if hooked else {}
    known = {
        "rollout_hooks": hooks,
        "rollout_phase": "watch-1",
        "_rollout_kind": "watch",
        "_rollout_part": os.path.relpath(files["part"].with_suffix(""), PHASES),
        "_rollout_takes_part": "{{ inventory_hostname in ['localhost', 'lb1'] }}",
        "_rollout_must_arm": False,
        "tasks_of_role": str(PHASES.parent),
    }
    loop = {"ansible.builtin.include_tasks": "{{ (tasks_of_role, part) | path_join }}", "loop": "{{ _rollout_parts }}"}
    tasks = [{**loop, "loop_control": {"loop_var": "part"}}, {"ansible.builtin.debug": {"msg": "the next task"}}]
    variables = [str(PHASES.parents[1] / "vars" / "main.yml")]
    return played(tasks, "-e", json.dumps(known), hosts=HOSTS, vars_files=variables)
