# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine is used, started or installed, in that order; and only one that the lab started is stopped."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from seamless_lab import dockerd, engine, packages
from seamless_lab.docker import DockerError
from seamless_lab.errors import LabError


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dockerd, "state_dir", lambda: tmp_path)
    monkeypatch.setattr(dockerd, "SYSTEMD", tmp_path / "no-systemd")
    monkeypatch.setattr(dockerd, "PID_FILE", tmp_path / "docker.pid")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return tmp_path


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes what ``ensure`` would do to the machine, in place of doing it."""
    done: list[str] = []
    monkeypatch.setattr(packages, "require", lambda names, purpose: done.append("install " + " ".join(names)))
    monkeypatch.setattr(packages, "available", lambda name: True)
    monkeypatch.setattr(dockerd, "start", lambda answers: done.append("start"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return done


def machine(monkeypatch: pytest.MonkeyPatch, client: bool, daemon: bool, says: str | None) -> None:
    """A machine with or without docker's two programs, whose engine answers (None) or fails with these words."""

    def docker(*args: str, **options: object) -> str:
        if says is not None:
            raise DockerError(args, says)
        return ""

    monkeypatch.setattr(engine, "client", lambda: "/usr/bin/docker" if client else None)
    monkeypatch.setattr(engine, "docker", docker)
    monkeypatch.setattr(dockerd, "path", lambda: "/usr/sbin/dockerd" if daemon else None)


DOWN = "Cannot connect to the Docker daemon"


@pytest.mark.parametrize(
    ("client", "daemon", "says", "expected"),
    [
        (True, True, None, []),
        (True, True, DOWN, ["start"]),
        (True, False, DOWN, ["install docker.io", "start"]),
        (False, False, DOWN, ["install docker.io docker-cli", "start"]),
    ],
)
def test_does_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, acts: list[str], client: bool, daemon: bool, says: str | None, expected: list[str]
) -> None:
    machine(monkeypatch, client, daemon, says)
    engine.ensure()
    assert acts == expected


@pytest.mark.parametrize(
    ("says", "host", "message"),
    [
        ("permission denied while trying to connect", None, "join the group `docker`"),
        (DOWN, "tcp://elsewhere:2375", "DOCKER_HOST=tcp://elsewhere:2375 does not answer"),
    ],
)
def test_an_engine_that_is_there_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch, acts: list[str], says: str, host: str | None, message: str
) -> None:
    machine(monkeypatch, True, True, says)
    if host:
        monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(LabError, match=message):
        engine.ensure()
    assert acts == []


def test_stopped_engine_without_root_says_what_to_run(monkeypatch: pytest.MonkeyPatch, acts: list[str]) -> None:
    machine(monkeypatch, True, True, DOWN)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="sudo systemctl start docker"):
        engine.ensure()
    assert acts == []


@pytest.fixture
def daemon(state: Path) -> Iterator[dockerd.Ours]:
    """A living process that is called dockerd."""
    program = state / "dockerd"
    program.symlink_to("/bin/sleep")
    process = subprocess.Popen([program, "60"])
    while (ticks := dockerd._ticks(process.pid)) is None:  # until the kernel has the new name
        time.sleep(0.01)
    yield dockerd.Ours(process.pid, ticks)
    process.kill()
    process.wait()


def test_stops_the_engine_that_the_lab_started(monkeypatch: pytest.MonkeyPatch, daemon: dockerd.Ours) -> None:
    machine(monkeypatch, True, True, None)
    dockerd.remember(daemon)
    engine.stop()
    assert not daemon.runs()
    assert dockerd.recall() is None


def test_leaves_an_engine_that_it_did_not_start(monkeypatch: pytest.MonkeyPatch, daemon: dockerd.Ours) -> None:
    machine(monkeypatch, True, True, None)
    engine.stop()
    assert daemon.runs()


def test_leaves_an_engine_on_which_others_run(monkeypatch: pytest.MonkeyPatch, daemon: dockerd.Ours) -> None:
    machine(monkeypatch, True, True, None)
    monkeypatch.setattr(engine, "docker", lambda *args, **options: "3f2a91")
    dockerd.remember(daemon)
    engine.stop()
    assert daemon.runs()
    assert dockerd.recall() == daemon


def test_reused_pid_is_not_stopped(monkeypatch: pytest.MonkeyPatch, daemon: dockerd.Ours) -> None:
    machine(monkeypatch, True, True, DOWN)
    dockerd.remember(dockerd.Ours(daemon.pid, "1"))  # the same number, of an earlier process
    engine.stop()
    assert daemon.runs()


def test_stale_pid_file_goes_and_a_living_daemons_stays(daemon: dockerd.Ours) -> None:
    dockerd.PID_FILE.write_text(str(os.getpid()), encoding="ascii")  # a process, but no dockerd
    dockerd._forget_stale_pid()
    assert not dockerd.PID_FILE.exists()
    dockerd.PID_FILE.write_text(str(daemon.pid), encoding="ascii")
    dockerd._forget_stale_pid()
    assert dockerd.PID_FILE.exists()


def test_daemon_that_ends_shows_the_end_of_its_log(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = state / "dockerd"
    program.write_text("#!/bin/sh\necho iptables: no such table; exit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(dockerd, "path", lambda: str(program))
    with pytest.raises(LabError, match=r"status 1(.|\n)*iptables: no such table"):
        dockerd.start(lambda: False)


@pytest.mark.parametrize(
    ("os_release", "expected"),
    [
        ('ID=debian\nVERSION_ID="13"\n', {"debian"}),
        ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', {"ubuntu", "debian"}),
        ('ID="rhel"\nID_LIKE="fedora"', {"rhel", "fedora"}),
        ("", set()),
    ],
)
def test_families(os_release: str, expected: set[str]) -> None:
    assert packages.families(os_release) == expected


def test_without_root_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "families", lambda text: {"debian"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match=r"sudo apt-get install docker.io docker-cli"):
        packages.require(["docker.io", "docker-cli"], "a container engine")


def test_elsewhere_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "families", lambda text: {"fedora"})
    with pytest.raises(LabError, match=r"install docker.io"):
        packages.require(["docker.io"], "a container engine")


def test_a_held_lock_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(100, "E: Could not get lock /var/lib/dpkg/lock-frontend"), (0, "")]

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        status, words = answers.pop(0)
        return subprocess.CompletedProcess(command, status, "", words)

    monkeypatch.setattr(packages.subprocess, "run", run)
    monkeypatch.setattr(packages.time, "sleep", lambda seconds: None)
    packages._run("apt-get", "update")
    assert answers == []
