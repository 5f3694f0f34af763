# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of a role, run by ansible-playbook on this controller alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
_PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))


@pytest.fixture
def played(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Plays *tasks* on *hosts*, with further *keys* of the play and *options* of ansible-playbook."""

    def played(
        tasks: list[dict[str, Any]], *options: str, hosts: tuple[str, ...] = ("localhost",), **keys: Any
    ) -> subprocess.CompletedProcess[str]:
        play = {"hosts": "all", "gather_facts": False, "connection": "local", "tasks": tasks, **keys}
        book = tmp_path / "play.yml"
        book.write_text(yaml.safe_dump([play]), encoding="utf-8")
        command = [_PLAYBOOK, "-i", "".join(f"{host}," for host in hosts), str(book), *options]
        environment = {**os.environ, "ANSIBLE_STDOUT_CALLBACK": "default", "ANSIBLE_NOCOLOR": "1"}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return played
