# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing an artifact: checked on the controller before anything is sent, and sent only where it is needed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.seamless.delivery.plugins.action.release_install import ActionModule
from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import digest

ROOM = 1 << 30
WANTED = {"changed": True, "free": ROOM}


class Host:
    """Answers the module's calls with *answers* in turn, and keeps what it was asked and sent."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.sent: list[tuple[str, str]] = []
        self.broken: Exception | None = None

    def execute(self, module_args: dict[str, Any] | None, **_more: Any) -> dict[str, Any]:
        self.asked.append(module_args or {})
        return self.answers.pop(0)

    def transfer(self, local: str, remote: str) -> None:
        if self.broken:
            raise self.broken
        self.sent.append((local, remote))

    def install(self, artifact: Path, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        declared = digest(artifact) if artifact.is_file() else "sha256:0"
        args = {"service": "shop", "artifact": str(artifact), "digest": declared, **more}
        task = SimpleNamespace(
            check_mode=check_mode, diff=False, async_val=0, args=args, delegate_to=None, action="any"
        )
        shell = SimpleNamespace(tmpdir=None, join_path=lambda *parts: "/".join(parts))
        plugin = ActionModule(task, SimpleNamespace(_shell=shell), None, None, None, None)
        plugin._execute_module = self.execute
        plugin._make_tmp_path = lambda: "/tmp/ansible-1"
        plugin._transfer_file = self.transfer
        plugin._fixup_perms2 = lambda paths, execute: None
        result: dict[str, Any] = plugin.run(task_vars={"inventory_hostname": "app1"})
        return result


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    file = tmp_path / "app.py"
    file.write_text("app")
    return file


def test_it_is_brought_and_put_in_place(artifact: Path) -> None:
    host = Host(WANTED, {"changed": True, "removed": []})
    assert host.install(artifact) == {"changed": True, "removed": []}
    assert host.sent == [(str(artifact), "/tmp/ansible-1/artifact")]
    assert [asked.get("incoming") for asked in host.asked] == [None, "/tmp/ansible-1/artifact"]


@pytest.mark.parametrize("said", [{"changed": False, "free": 0}, {"failed": True, "msg": "no"}])
def test_nothing_is_brought_where_it_is_there_or_cannot_be_told(artifact: Path, said: dict[str, Any]) -> None:
    artifact.unlink()
    host = Host(said)
    assert host.install(artifact) == said
    assert host.sent == []


def test_in_check_mode_nothing_is_brought(artifact: Path) -> None:
    host = Host(WANTED)
    assert host.install(artifact, check_mode=True) == WANTED
    assert host.sent == []
    artifact.unlink()
    assert "there is no such file. Build it first." in Host(WANTED).install(artifact, check_mode=True)["msg"]


@pytest.mark.parametrize(
    ("more", "free", "told"),
    [
        ({"digest": "sha256:" + "0" * 64}, ROOM, "it is not the artifact that was declared. Nothing was changed."),
        ({}, 64 << 20, "Expected 64.0 MB free under /opt/shop on app1, but found 64.0 MB. Nothing was changed."),
        ({"spare_megabytes": 2048, "root": "/srv"}, ROOM, "Expected 2048.0 MB free under /srv/shop on app1"),
    ],
)
def test_what_must_not_be_brought_is_not(artifact: Path, more: dict[str, Any], free: int, told: str) -> None:
    host = Host({**WANTED, "free": free})
    found = host.install(artifact, **more)
    assert (found["failed"], told in found["msg"]) == (True, True), found
    assert host.sent == []


def test_a_host_that_goes_away_under_it_is_named(artifact: Path) -> None:
    host = Host(WANTED)
    host.broken = AnsibleConnectionFailure("timed out")
    found = host.install(artifact)
    assert found["away"]
    assert found["msg"].startswith("app1, the application host, cannot be reached")


def test_a_full_disk_of_temporary_files_is_told(artifact: Path) -> None:
    host = Host(WANTED)
    host.broken = AnsibleError("No space left on device")
    found = host.install(artifact)
    assert "could not be copied to app1: No space left on device" in found["msg"]
    assert "where Ansible puts its temporary files, then deploy again." in found["msg"]
