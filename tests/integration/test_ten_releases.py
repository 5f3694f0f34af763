# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short form of ``make soak``: the example shop, ten times, at a rate that leaves room for the other tests."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from haproxy_lab import PYTHON, ROOT

pytestmark = [pytest.mark.lab, pytest.mark.slow]

RELEASES = 10


def test_users_notice_none_of_them() -> None:
    environment = {**os.environ, "SOAK_KILLS": "0", "RATE": "100"}
    soak = [str(PYTHON), "tools/soak.py", str(RELEASES)]
    done = subprocess.run(soak, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    figures = json.loads((ROOT / f"reports/bench/soak-{RELEASES}.json").read_text(encoding="utf-8"))
    assert figures, "a soak without figures has shown nothing"
