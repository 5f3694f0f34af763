# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import Place, digest
from ansible_collections.seamless.delivery.plugins.modules import release_info


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What systemctl shows of every unit, for the test to change."""
    shown = {
        "ActiveState": "active",
        "SubState": "running",
        "LoadState": "loaded",
        "ActiveEnterTimestamp": "Mon 2026-11-23 04:43:30 UTC",
        "ExecMainStartTimestampMonotonic": str(int((time.monotonic() + 3600) * 1e6)),
        "NeedDaemonReload": "no",
    }

    def run_command(_module: Any, command: list[str]) -> tuple[int, str, str]:
        assert command[:2] == ["systemctl", "show"]
        return 0, "".join(f"{name}={value}\n" for name, value in shown.items()), ""

    monkeypatch.setattr(AnsibleModule, "run_command", run_command)
    return shown


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    incoming = tmp_path / "shop" / ".incoming"
    incoming.write_text("app")
    release = {"id": "1.0.0-0", "version": "1.0.0", "digest": digest(incoming), "artifact": "app.py"}
    Place(str(tmp_path), "shop", lambda: 1.0).install(incoming, release, "green", 3)
    return tmp_path


def test_each_color_is_told(run: Any, installed: Path, systemd: dict[str, str], contents: Any) -> None:
    before = contents()
    found = run(release_info, service="shop", root=str(installed))
    assert (found["changed"], found["blue"]) == (False, {})
    assert found["free"] > 0
    artifact = installed / "shop" / "releases" / "1.0.0-0" / "app.py"
    assert found["green"] == {
        "id": "1.0.0-0",
        "version": "1.0.0",
        "digest": digest(artifact),
        "installed_at": 1.0,
        "artifact": str(artifact),
        "whole": True,
        "problem": "",
        "unit": "shop-green.service",
        "active": True,
        "state": "active (running)",
        "since": "Mon 2026-11-23 04:43:30 UTC",
        "reload_due": False,
        "outdated": False,
    }
    assert contents() == before


def test_what_an_interrupted_run_left_is_told(run: Any, installed: Path, systemd: dict[str, str]) -> None:
    systemd |= {"ExecMainStartTimestampMonotonic": "1", "NeedDaemonReload": "yes"}
    found = run(release_info, service="shop", root=str(installed))["green"]
    assert (found["outdated"], found["reload_due"]) == (True, True)
    systemd["ActiveState"] = "inactive"
    assert not run(release_info, service="shop", root=str(installed))["green"]["outdated"]


def test_a_damaged_release_is_told_and_no_failure(run: Any, installed: Path, systemd: dict[str, str]) -> None:
    (installed / "shop" / "releases" / "1.0.0-0" / "app.py").write_text("damaged")
    found = run(release_info, service="shop", root=str(installed))["green"]
    assert (found["id"], found["whole"]) == ("1.0.0-0", False)
    assert "app.py has sha256:" in found["problem"]
