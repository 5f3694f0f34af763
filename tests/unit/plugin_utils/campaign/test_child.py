# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook in a process of its own: its lines as they come, and its end with that of whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.campaign.child import Ended, environment, play

CODE = Path(__file__).resolve().parents[4] / "plugins" / "plugin_utils" / "campaign"
ONE_THAT_WAITS = "[{hosts: localhost, gather_facts: false, tasks: [{shell: 'touch %s; exec sleep 20'}]}]"

# Who starts it: a worker, the child of a run, as with Ansible. `tied` is how it is kept from outliving the worker.
STARTS = """
import os, sys
sys.path.insert(0, sys.argv[1])
import child
if sys.argv[3] == "untied":
    child._with_this_process = lambda starter: None
if worker := os.fork():
    print(worker, flush=True)
    os.waitpid(worker, 0)
else:
    child.play([sys.argv[2]], lambda line: None, lambda: None, lambda: None)
"""


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A playbook that waits."""
    playbook = tmp_path / "waits.yml"
    playbook.write_text(ONE_THAT_WAITS % (tmp_path / "begun"), encoding="utf-8")
    return playbook


def never() -> None:
    """Nothing to do meanwhile, and no reason to end it."""


def alive(pid: int) -> bool:
    """Whether the process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The processes that *pid* has started, from whichever of its threads."""
    return [int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]


def soon(there: Callable[[], object], seconds: float = 60) -> bool:
    """Whether it is *there* within so many seconds."""
    until = time.monotonic() + seconds
    while not there():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def started(playbook: Path, how: str = "tied") -> Iterator[tuple[int, int, int]]:
    """The processes of a run, of its worker, and of the playbook that this one has started; none is left."""
    command = [sys.executable, "-c", STARTS, str(CODE), str(playbook), how]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
    assert run.stdout is not None
    worker = int(run.stdout.readline())
    assert soon(lambda: children(worker))
    (its,) = children(worker)
    try:
        # It says nothing from then on, which nobody might be there to read.
        assert soon((playbook.parent / "begun").exists)
        yield run.pid, worker, its
    finally:
        for pid in (run.pid, worker, its):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        run.wait()
        run.stdout.close()


def test_lines_are_passed_on_and_the_status_is_the_playbook_s() -> None:
    said: list[str] = []
    status, last = play(["--version"], said.append, never, never)
    assert status == 0
    assert "[core " in said[0]
    assert last == said[-len(last) :]
    status, last = play(["no-such-playbook.yml"], said.append, never, never)
    assert status != 0
    assert "no-such-playbook.yml could not be found" in " ".join(last)


def test_what_dooms_it_ends_it_at_once_whatever_is_done_meanwhile(waiting: Path) -> None:
    began = time.monotonic()

    def doom() -> str | None:
        return "enough" if time.monotonic() > began + 1 else None

    with pytest.raises(Ended, match="enough"):
        play([str(waiting)], print, lambda: time.sleep(2), doom)
    assert time.monotonic() - began < 30


def test_what_is_raised_meanwhile_ends_it(waiting: Path) -> None:
    def lost() -> None:
        raise Ended("the lease is lost")

    with pytest.raises(Ended, match="the lease is lost"):
        play([str(waiting)], print, lost, never)
    assert children(os.getpid()) == [] or all(not alive(pid) for pid in children(os.getpid()))


@pytest.mark.parametrize("dies", ["run", "worker"])
def test_it_dies_with_whoever_started_it(waiting: Path, dies: str) -> None:
    with started(waiting) as (run, worker, its):
        os.kill(run if dies == "run" else worker, signal.SIGKILL)
        assert soon(lambda: not alive(its), 30)


def test_one_that_would_go_on_alone_is_caught(waiting: Path) -> None:
    """The negative control: without the kernel's help it outlives its worker."""
    with started(waiting, "untied") as (_run, worker, its):
        os.kill(worker, signal.SIGKILL)
        assert not soon(lambda: not alive(its), 3)


def test_its_output_is_for_people_also_within_a_job_of_awx() -> None:
    given = {"ANSIBLE_STDOUT_CALLBACK": "awx_display", "ANSIBLE_CALLBACK_PLUGINS": "/awx", "AWS_PROFILE": "shop"}
    kept = environment(given)
    assert (kept["ANSIBLE_STDOUT_CALLBACK"], kept["AWS_PROFILE"]) == ("seamless.delivery.story", "shop")
    assert kept["ANSIBLE_CALLBACK_PLUGINS"] == "/awx"
    within = environment({**given, "AWX_ISOLATED_DATA_DIR": "/runner/artifacts/7"})
    assert not {"AWX_ISOLATED_DATA_DIR", "ANSIBLE_CALLBACK_PLUGINS"} & set(within)
