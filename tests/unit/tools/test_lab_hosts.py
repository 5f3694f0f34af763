# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`up` brings every host to "booted", whatever an earlier command left behind; and leaves alone what runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from seamless_lab import cgroup, container, hosts, limits, network
from seamless_lab.docker import DockerError
from seamless_lab.errors import LabError
from seamless_lab.topology import Host, Topology

LAB = Topology("mine", "10.9.8", (Host("a", "10.9.8.5", ("blue",)), Host("b", "10.9.8.6", ("green",))))


class Docker:
    """Stands in for the engine: holds these containers, and notes what changes."""

    def __init__(self) -> None:
        self.containers: dict[str, tuple[str, str, str]] = {}  # name: state, image, address
        self.changes: list[str] = []

    def __call__(self, *args: str, **options: object) -> str:
        match args:
            case ("ps", *_):
                return "\n".join(self.containers)
            case ("container", "inspect", *names):
                return json.dumps([self.entry(name) for name in names])
            case ("exec", _, "systemctl", "is-system-running"):
                return "running"
            case ("start" | "rm", *rest):
                self.changes.append(f"{args[0]} {rest[-1]}")
            case ("run", *rest):
                self.changes.append(f"run {rest[rest.index('--name') + 1]}")
        return ""

    def entry(self, name: str) -> dict[str, object]:
        state, image, address = self.containers[name]
        return {
            "Name": f"/{name}",
            "Config": {"Labels": {"seamless.lab": "mine"}, "Image": image},
            "State": {"Status": state},
            "NetworkSettings": {"Networks": {"mine": {"IPAMConfig": {"IPv4Address": address}}}},
        }


@pytest.fixture
def docker(monkeypatch: pytest.MonkeyPatch) -> Docker:
    fake = Docker()
    for module in (hosts, container):
        monkeypatch.setattr(module, "docker", fake)
    monkeypatch.setattr(network, "ensure", lambda topology: None)
    monkeypatch.setattr(cgroup, "parent", lambda lab: None)
    return fake


@pytest.mark.parametrize(
    ("left_behind", "changes"),
    [
        (None, ["run mine-a"]),
        (("running", "image:1", "10.9.8.5"), []),
        (("exited", "image:1", "10.9.8.5"), ["start mine-a"]),
        (("created", "image:1", "10.9.8.5"), ["start mine-a"]),  # an `up` that was interrupted
        (("paused", "image:1", "10.9.8.5"), ["rm mine-a", "run mine-a"]),
        (("dead", "image:1", "10.9.8.5"), ["rm mine-a", "run mine-a"]),
        (("running", "image:0", "10.9.8.5"), ["rm mine-a", "run mine-a"]),  # the recipe changed
        (("running", "image:1", "10.9.8.7"), ["rm mine-a", "run mine-a"]),  # the inventory changed
    ],
)
def test_up_does_what_is_missing(docker: Docker, left_behind: tuple[str, str, str] | None, changes: list[str]) -> None:
    if left_behind:
        docker.containers["mine-a"] = left_behind
    hosts.up(LAB, LAB.select(["a"]), "image:1")
    assert docker.changes == changes


def test_failed_units_are_named(
    docker: Docker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hosts, "wait_booted", lambda name: "degraded")
    monkeypatch.setattr(hosts, "failed_units", lambda name: ["tmp.mount"])
    hosts.up(LAB, LAB.select(["a"]), "image:1")
    assert "a booted, but these units failed in it: tmp.mount" in capsys.readouterr().err


def test_boot_that_does_not_end_says_how_to_look_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def docker(*args: str, **options: object) -> str:
        raise DockerError(args, "", "starting\n")

    monkeypatch.setattr(container, "docker", docker)
    monkeypatch.setattr(container, "BOOT_DEADLINE", 0.0)
    with pytest.raises(LabError, match=r"systemd says 'starting'.*docker exec mine-a journalctl"):
        container.wait_booted("mine-a")


def test_all_work_ends_before_the_first_error_is_raised() -> None:
    ended: list[int] = []

    def work(number: int) -> None:
        if number == 0:
            raise LabError("the first")
        ended.append(number)

    with pytest.raises(LabError, match="the first"):
        hosts.in_parallel(work, range(8))
    assert sorted(ended) == list(range(1, 8))


def test_container_asks_for_no_more_files_than_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container.resource, "getrlimit", lambda which: (1024, 20000))
    arguments = container.run_arguments(LAB, LAB.hosts[0], "image:1", "/group")
    assert "nofile=20000:20000" in arguments
    assert "--privileged" not in arguments
    assert arguments[-1] == "image:1"
    assert arguments[arguments.index("--cgroup-parent") + 1] == "/group"


@pytest.mark.parametrize(("count", "warns"), [(7, False), (30, False), (31, True)])
def test_warns_before_the_kernel_runs_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], count: int, warns: bool
) -> None:
    file = tmp_path / "max_user_instances"
    file.write_text("128\n", encoding="ascii")
    monkeypatch.setattr(limits, "INSTANCES", file)
    limits.warn_when_short(count)
    assert ("sysctl fs.inotify.max_user_instances=1024" in capsys.readouterr().err) is warns


def networks(
    monkeypatch: pytest.MonkeyPatch, inspect: str | DockerError, create: DockerError | None = None
) -> list[str]:
    """An engine whose network is as ``inspect`` says; returns the verbs that were called."""
    verbs: list[str] = []

    def docker(*args: str, **options: object) -> str:
        verbs.append(args[1])
        if args[1] == "inspect":
            if isinstance(inspect, DockerError):
                raise inspect
            return inspect
        if create:
            raise create
        return ""

    monkeypatch.setattr(network, "docker", docker)
    return verbs


ABSENT = DockerError((), "Error: No such network: mine")


def test_network_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    verbs = networks(monkeypatch, ABSENT)
    network.ensure(LAB)
    assert verbs == ["inspect", "create"]
    verbs = networks(monkeypatch, "mine 10.9.8.0/24")
    network.ensure(LAB)
    assert verbs == ["inspect"]


@pytest.mark.parametrize(
    ("inspect", "create", "message"),
    [
        ("mine 10.1.1.0/24", None, "has 10.1.1.0/24, SEAMLESS_LAB_SUBNET asks for 10.9.8.0/24"),
        (" 10.9.8.0/24", None, "not a lab's: set SEAMLESS_LAB"),
        (ABSENT, DockerError((), "Pool overlaps with other one on this address space"), "set SEAMLESS_LAB_SUBNET"),
    ],
)
def test_network_in_the_way_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, inspect: str | DockerError, create: DockerError | None, message: str
) -> None:
    networks(monkeypatch, inspect, create)
    with pytest.raises(LabError, match=message):
        network.ensure(LAB)
