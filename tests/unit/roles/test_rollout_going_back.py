# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom the role waits for, where a load balancer has gone back by itself and another one has not yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

VARIABLES = Path(__file__).resolve().parents[3] / "roles" / "rollout" / "vars" / "main.yml"
#: By itself at a deadline; and by somebody who broke the glass.
BACK, GLASS = {"rollout": "shop-1", "deadline": 100.0}, {"rollout": "shop-1", "who": "ada"}


def answer(*notes: dict[str, Any], armed: float | None = None, rollout: str = "shop-1") -> dict[str, Any]:
    """A load balancer's, that has gone back (*notes*), or is to in *armed* seconds."""
    return {"notes": list(notes), "armed": None if armed is None else {"rollout": rollout, "seconds_left": armed}}


CASES = [
    ("nobody has gone back", {"lb1": answer(armed=3), "lb2": answer(armed=3)}, []),
    ("one is still to", {"lb1": answer(BACK), "lb2": answer(armed=3.3)}, [3.3]),
    ("its guard is about to act", {"lb1": answer(BACK), "lb2": answer(armed=-0.5)}, [-0.5]),
    ("its guard should have acted", {"lb1": answer(BACK), "lb2": answer(armed=-60)}, []),
    ("all have", {"lb1": answer(BACK), "lb2": answer(BACK)}, []),
    ("it is of another rollout", {"lb1": answer(BACK), "lb2": answer(armed=3, rollout="shop-2")}, []),
    ("somebody has broken the glass", {"lb1": answer(GLASS), "lb2": answer(armed=600)}, []),
    ("a router that arms nothing", {"lb1": {"notes": []}}, []),
]


@pytest.mark.slow
def test_only_who_is_about_to_go_back_as_another_has_is_waited_for(played):
    tasks = [
        {
            "ansible.builtin.debug": {"msg": f"{name}: {{{{ _rollout_going_back }}}}."},
            "vars": {"_rollout_answers": answers},
        }
        for name, answers, _left in CASES
    ]
    done = played(tasks, vars_files=[str(VARIABLES)])
    assert done.returncode == 0, done.stdout + done.stderr
    lacking = [f"{name}: {left}." for name, _answers, left in CASES if f"{name}: {left}." not in done.stdout]
    assert not lacking, done.stdout
