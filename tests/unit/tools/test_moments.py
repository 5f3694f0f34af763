# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule for tests that measure moments: a failure stands at once, but for a machine that was starved meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

INTEGRATION = Path(__file__).resolve().parents[2] / "integration"
sys.path.insert(0, str(INTEGRATION))

from harness.witness import LATE, PRESSURE, STOLEN, Machine, Witness

CONFTEST = """
import sys
sys.path.insert(0, {integration!r})
from harness import moments
from harness.moments import pytest_runtest_protocol, pytest_terminal_summary
from harness.witness import Machine
import pytest

class Fake:
    def __enter__(self): return self
    def __exit__(self, *_error): self.machine = Machine({pressure}, 0.0, 0.0)

moments.Witness = Fake

@pytest.fixture(scope="session")
def site():
    print("SITE UP")
    yield
    print("SITE DOWN")

@pytest.fixture
def fresh(site):
    print("FRESH")
    yield
    print("LEFT")
"""

TEST = """
import pathlib, pytest
runs = pathlib.Path(__file__).with_name("runs")

{marker}
def test_it(fresh):
    runs.open("a").write("x")
    assert len(runs.read_text()) >= {passes_at}, "too late"

def test_after(site):
    pass
"""


class Outcome:
    """What pytest said of a test that passes at its run number *passes_at*, on a machine under *pressure*."""

    def __init__(self, folder: Path, pressure: float, passes_at: int, marker: str = "@pytest.mark.moment") -> None:
        (folder / "pytest.ini").write_text("[pytest]\nmarkers = moment: measured\n")
        (folder / "conftest.py").write_text(CONFTEST.format(integration=str(INTEGRATION), pressure=pressure))
        (folder / "test_it.py").write_text(TEST.format(marker=marker, passes_at=passes_at))
        command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", str(folder)]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # others' plugins take longer than the test
        done = subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=False)
        self.status, self.said = done.returncode, done.stdout + done.stderr
        self.runs = len((folder / "runs").read_text())


STARVED, FED = 0.99, 0.1


def test_a_failure_on_a_machine_that_was_not_starved_stands_at_once(tmp_path: Path) -> None:
    found = Outcome(tmp_path, FED, passes_at=2)
    assert (found.status, found.runs) == (1, 1), found.said
    assert "1 failed, 1 passed" in found.said
    assert "AGAIN" not in found.said


def test_a_failure_on_a_starved_machine_is_tried_again_and_said_loudly(tmp_path: Path) -> None:
    found = Outcome(tmp_path, STARVED, passes_at=3)
    assert (found.status, found.runs) == (0, 3), found.said
    assert "2 passed" in found.said
    assert "AGAIN test_it.py::test_it: " in found.said
    assert "too late" in found.said
    assert "something waited for a processor 99% of the time" in found.said
    assert "run again, for the machine was starved" in found.said


def test_what_fails_on_and_on_has_failed(tmp_path: Path) -> None:
    found = Outcome(tmp_path, STARVED, passes_at=9)
    assert (found.status, found.runs) == (1, 3), found.said
    assert "1 failed, 1 passed" in found.said


def test_each_run_has_fixtures_of_its_own_and_shares_what_is_shared(tmp_path: Path) -> None:
    found = Outcome(tmp_path, STARVED, passes_at=2)
    words = [word for word in found.said.split() if word in ("UP", "DOWN", "FRESH", "LEFT")]
    assert words == ["UP", "FRESH", "LEFT", "FRESH", "LEFT", "DOWN"], found.said


@pytest.mark.parametrize(
    ("marker", "runs"), [("", 1), ("@pytest.mark.moment(again=0)", 1), ("@pytest.mark.moment(again=1)", 2)]
)
def test_the_marker_says_how_often(tmp_path: Path, marker: str, runs: int) -> None:
    found = Outcome(tmp_path, STARVED, passes_at=9, marker=marker)
    assert (found.status, found.runs) == (1, runs), found.said


@pytest.mark.parametrize(
    ("machine", "starved"),
    [
        (Machine(PRESSURE, STOLEN, LATE), False),
        (Machine(PRESSURE + 0.01, 0, 0), True),
        (Machine(0, STOLEN + 0.01, 0), True),
        (Machine(0, 0, LATE + 0.01), True),
    ],
)
def test_a_machine_is_starved_above_each_of_the_three(machine: Machine, starved: bool) -> None:
    assert machine.starved == starved


def test_the_witness_has_seen_the_machine() -> None:
    with Witness() as witness:
        time.sleep(0.2)
    machine = witness.machine
    assert 0 <= machine.pressure <= 1.5
    assert 0 <= machine.stolen <= 1
    assert 0 < machine.late < 60
