# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For how long the role lets nobody confirm: what it asks of the load balancers, phase by phase."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

ROLE = Path(__file__).resolve().parents[3] / "roles" / "rollout"
GATES = [
    {"type": "approval", "within": 100_000},
    {"type": "tasks", "file": "/one", "within": 400},
    {"type": "http", "url": "http://x", "status": 200},
    {"type": "tasks", "file": "/two", "within": 50.5},
]
BEFORE, AFTER = {"before": ["/b.yml"]}, {"after": ["/a.yml"]}
# The phase, its gates, the hooks; then the silence before its part, and after its watch.
CASES = [
    ("watch-1", [], {}, 0, 0),
    ("watch-1", GATES, {}, 0, 450.5),
    ("watch-2", GATES, {"watch": AFTER}, 600, 1050.5),
    ("watch-2", GATES[:1], {"watch": AFTER}, 600, 600),
    ("watch-2", GATES, {"watch": BEFORE}, 600, 450.5),
    ("bake", [], {"bake": AFTER}, 600, 600),
    ("bake", GATES, {}, 0, 450.5),
    ("bake", [], {"bake": BEFORE, "watch": AFTER}, 600, 0),
    ("drain", None, {"drain": BEFORE, "watch": AFTER}, 77, 0),
]


@pytest.mark.slow
def test_what_follows_a_watch_is_counted_and_what_a_person_takes_is_not(
    played: Callable[..., CompletedProcess[str]],
) -> None:
    tasks = []
    for phase, gates, hooks, *_expected in CASES:
        watch = None if gates is None else {"percent": 5, "gates": gates}
        steps = [{"phase": phase, "watch": watch, "longest": 77}]
        known = {"rollout_phase": phase, "rollout_plan": {"steps": steps}, "rollout_hooks": hooks}
        tasks.append(
            {
                "ansible.builtin.debug": {"msg": "silent {{ _rollout_silent }}, follows {{ _rollout_follows }}"},
                "vars": known,
            }
        )
    done = played(tasks, vars_files=[str(ROLE / "defaults" / "main.yml"), str(ROLE / "vars" / "main.yml")])
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r"silent (\S+), follows ([\d.]+)", done.stdout)
    assert [(float(silent), float(follows)) for silent, follows in found] == [case[3:] for case in CASES]
