# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role makes of a way back, templated by ansible-playbook on this controller alone."""

from __future__ import annotations

from pathlib import Path

import pytest

VARIABLES = Path(__file__).resolve().parents[3] / "roles" / "rollout" / "vars" / "main.yml"
BLIND = {"color": "blue", "release": None, "leaves": None, "rollout": None}
THERE = {"color": "blue", "release": "1.0.0", "leaves": "1.0.0", "rollout": None}
FINISHED = {"color": "blue", "release": "1.0.0", "leaves": "2.0.0", "rollout": None}
OPEN = {"color": "blue", "release": "1.0.0", "leaves": "1.0.0", "rollout": "shop-1"}


@pytest.mark.slow
def test_users_are_back_already_only_where_the_journal_says_so(played):
    """Without the ledger nobody knows: instances that were replaced in place are then replaced again all the same."""
    ways = [(BLIND, {"rollout_glass": "it is away"}), (THERE, {}), (FINISHED, {}), (OPEN, {})]
    tasks = [
        {
            "ansible.builtin.debug": {"msg": f"{number} is <{{{{ _rollout_already_back }}}}>"},
            "vars": {"rollout_way": way, **more},
        }
        for number, (way, more) in enumerate(ways)
    ]
    done = played(tasks, vars_files=[str(VARIABLES)])
    assert done.returncode == 0, done.stdout + done.stderr
    told = [f"{number} is <{value}>" in done.stdout for number, value in enumerate((False, True, False, False))]
    assert told == [True] * len(ways), done.stdout
