# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role makes of a way back, templated by ansible-playbook on this controller alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
BLIND = {"color": "blue", "release": None, "leaves": None, "rollout": None}
THERE = {"color": "blue", "release": "1.0.0", "leaves": "1.0.0", "rollout": None}
FINISHED = {"color": "blue", "release": "1.0.0", "leaves": "2.0.0", "rollout": None}
OPEN = {"color": "blue", "release": "1.0.0", "leaves": "1.0.0", "rollout": "shop-1"}


@pytest.mark.slow
def test_users_are_back_already_only_where_the_journal_says_so(tmp_path):
    """Without the ledger nobody knows: instances that were replaced in place are then replaced again all the same."""
    ways = [(BLIND, {"rollout_glass": "it is away"}), (THERE, {}), (FINISHED, {}), (OPEN, {})]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars_files": [str(ROOT / "roles/rollout/vars/main.yml")],
        "tasks": [
            {
                "ansible.builtin.debug": {"msg": f"{number} is <{{{{ _rollout_already_back }}}}>"},
                "vars": {"rollout_way": way, **more},
            }
            for number, (way, more) in enumerate(ways)
        ],
    }
    book = tmp_path / "play.yml"
    book.write_text(yaml.safe_dump([play]), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(book)]
    environment = {**os.environ, "ANSIBLE_STDOUT_CALLBACK": "default", "ANSIBLE_NOCOLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [f"{number} is <{value}>" in done.stdout for number, value in enumerate((False, True, False, False))]
    assert told == [True] * len(ways), done.stdout
