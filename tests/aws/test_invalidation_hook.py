# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hook of docs/aws.md that invalidates at the cutover, word for word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from harness import HERE, Emulator

ROOT = HERE.parents[1]
SITE = {"stack": "shop", "origins": [{"name": "app", "domain": "origin.example.com"}]}


def shown(site: str) -> str:
    """What docs/aws.md shows of it, for the distribution *site*."""
    docs = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    [tasks] = re.findall(r"```yaml\n# hooks/invalidate.yml\n(.*?)```", docs, re.DOTALL)
    return str(tasks).replace("EDFDVBD6EXAMPLE", site)


def run(emulator: Emulator, folder: Path, tasks: str, phase: str) -> None:
    """The tasks as a phase has them: on several hosts."""
    book = folder / "play.yml"
    play = {"hosts": "all", "gather_facts": False, "connection": "local", "tasks": yaml.safe_load(tasks)}
    book.write_text(yaml.safe_dump([play]), encoding="utf-8")
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": emulator.connection["access_key"],
        "AWS_SECRET_ACCESS_KEY": emulator.connection["secret_key"],
        "AWS_ENDPOINT_URL": emulator.url,
        "HOME": str(folder),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    }
    known = {"rollout_id": "storefront-1", "rollout_phase": phase, "ansible_python_interpreter": sys.executable}
    command = [sys.executable, "-m", "ansible", "playbook", str(book), "-i", "localhost,app1,", "-e", json.dumps(known)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def made(emulator: Emulator, site: str) -> int:
    """How many invalidations there are."""
    listing = emulator.client("cloudfront").list_invalidations(DistributionId=site)["InvalidationList"]
    return int(listing["Quantity"])


def test_a_phase_that_is_repeated_makes_one_invalidation(emulator: Emulator, tmp_path: Path) -> None:
    site = emulator.must("aws_cdn", SITE)["resources"]["distribution shop"]["id"]
    hook = shown(site)
    run(emulator, tmp_path, hook, "shift")
    run(emulator, tmp_path, hook, "shift")
    assert made(emulator, site) == 1
    run(emulator, tmp_path, hook, "shift-2")
    assert made(emulator, site) == 2
    # The count sees a second one, where nothing names it.
    careless = re.sub(r" +(reference|since):.*\n", "", hook)
    run(emulator, tmp_path, careless, "shift")
    assert made(emulator, site) == 3
