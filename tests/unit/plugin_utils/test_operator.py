# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils import operator
from ansible_collections.seamless.delivery.plugins.plugin_utils.operator import gone, holder


@pytest.fixture
def run() -> Iterator[subprocess.Popen[bytes]]:
    """A run of a playbook, as far as anybody can see from outside: a process that waits."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    yield process
    process.kill()
    process.communicate()


def test_a_run_is_told_apart_from_every_other(run: subprocess.Popen[bytes]) -> None:
    mine, its = holder(os.getpid()), holder(run.pid)
    assert mine == holder(os.getpid()), "the same run says the same"
    assert mine["started"] != ""
    assert mine["boot"] != ""
    assert (mine["host"], mine["job"]) == (socket.gethostname(), "")
    assert mine != its
    assert holder(run.pid, job="17", name="alice") == {**its, "job": "17", "name": "alice"}


def test_a_run_that_goes_on_is_not_gone_and_one_that_ended_is(run: subprocess.Popen[bytes]) -> None:
    its = holder(run.pid)
    assert gone(its) is None
    run.kill()
    os.waitid(os.P_PID, run.pid, os.WEXITED | os.WNOWAIT)  # dead, and nobody has asked for its status yet
    assert gone(its) == f"its run (process {run.pid} on this host) has ended without giving the lease back"
    run.wait()
    assert gone(its) is not None


def test_a_later_process_with_the_same_number_is_another_one(run: subprocess.Popen[bytes]) -> None:
    assert gone({**holder(run.pid), "started": "1"}) is not None


def test_a_run_before_the_last_start_of_this_host_is_gone() -> None:
    told = gone({**holder(os.getpid()), "boot": "another"})
    assert told == f"its run (process {os.getpid()}) ended with the last shutdown of this host"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"host": "another.example.com"},
        {"host": None},
        {"started": ""},
        {"namespace": "pid:[1]", "pid": 2**22 + 1},  # a container that was given the same name
    ],
)
def test_of_a_run_that_cannot_be_seen_nothing_is_claimed(elsewhere: dict[str, object]) -> None:
    assert gone({**holder(os.getpid()), **elsewhere}) is None


def test_who_became_root_keeps_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "alice")
    assert holder(os.getpid())["name"] == "alice"
    assert holder(os.getpid(), name="bob")["name"] == "bob"


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    assert holder(os.getpid())["name"] == f"uid {os.getuid()}"


def test_without_proc_a_run_is_its_number_and_is_never_told_to_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: object, **_named: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    monkeypatch.setattr(operator.os, "readlink", missing)
    me = holder(os.getpid())
    assert (me["pid"], me["started"], me["boot"], me["namespace"]) == (os.getpid(), "", "", "")
    assert gone(me) is None


def test_a_process_may_be_called_anything(tmp_path: Path) -> None:
    odd = tmp_path / "a) S 1 (b"
    odd.symlink_to(sys.executable)
    with subprocess.Popen([str(odd), "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert holder(process.pid)["started"].isdigit()
        process.kill()
