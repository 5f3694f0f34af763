# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.module_utils.releases import place, readiness
from ansible_collections.seamless.delivery.plugins.modules import release_run

UNIT = "[Service]\nExecStart=/bin/true\n"
SECRET = "hunter2-and-more"


class Systemd:
    """What systemctl shows of the unit, what it was told, and what the release's log says."""

    def __init__(self) -> None:
        self.shown = {"LoadState": "loaded", "ActiveState": "inactive", "SubState": "dead", "UnitFileState": "disabled"}
        self.told: list[str] = []
        self.log = ""

    def run_command(self, _module: Any, command: list[str]) -> tuple[int, str, str]:
        if command[0] == "journalctl":
            return 0, self.log, ""
        if command[1] == "show":
            return 0, "".join(f"{name}={value}\n" for name, value in self.shown.items()), ""
        self.told.append(" ".join(command[1:]))
        if command[1] == "restart":
            self.shown |= {"ActiveState": "active", "SubState": "running", "UnitFileState": "enabled"}
            self.shown["ExecMainStartTimestampMonotonic"] = str(int((time.monotonic() + 1) * 1e6))
        elif command[1] == "stop":
            self.shown |= {"ActiveState": "inactive", "SubState": "dead"}
        return 0, "", ""


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Systemd:
    systemd = Systemd()
    monkeypatch.setattr(AnsibleModule, "run_command", lambda module, command: systemd.run_command(module, command))
    return systemd


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Whether the release gets ready: not, where ``problem`` says why."""
    answers = {"problem": ""}

    def wait_ready(*_arguments: Any, **_more: Any) -> readiness.Ready:
        if answers["problem"]:
            raise readiness.NotReady(answers["problem"])
        return readiness.Ready(0.5, 3)

    monkeypatch.setattr(readiness, "wait_ready", wait_ready)
    return answers


@pytest.fixture
def green(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, systemd: Systemd, answers: Any) -> Any:
    monkeypatch.setattr(place, "ETC", tmp_path / "etc")
    monkeypatch.setattr(place, "UNITS", tmp_path / "etc" / "systemd")
    options = {"service": "shop", "color": "green", "id": "1.0.0-0", "unit": UNIT, "port": 8000}
    given = {"environment": {"PORT": 8000}, "secrets": {"TOKEN": SECRET}, "root": str(tmp_path / "opt")}
    return partial(run, release_run, **options, **given)


def test_it_is_configured_started_and_ready(green: Any, systemd: Systemd, tmp_path: Path) -> None:
    result = green()
    assert (result["changed"], result["seconds"], result["attempts"]) == (True, 0.5, 3)
    assert systemd.told == ["daemon-reload", "enable shop-green.service", "restart shop-green.service"]
    environment, secrets, unit = (
        tmp_path / "etc" / name for name in ("shop/green.env", "shop/green.secrets", "systemd/shop-green.service")
    )
    assert environment.read_text() == '# Ansible managed\nPORT="8000"\n'
    assert secrets.read_text() == f'# Ansible managed\nTOKEN="{SECRET}"\n'
    assert unit.read_text() == UNIT
    assert [oct(file.stat().st_mode & 0o777) for file in (environment, secrets, unit)] == ["0o600", "0o600", "0o644"]


def test_a_second_run_changes_nothing(green: Any, systemd: Systemd, contents: Any) -> None:
    green()
    systemd.told.clear()
    before = contents()
    assert (green()["changed"], systemd.told, contents()) == (False, [], before)


@pytest.mark.parametrize(
    ("change", "commands"),
    [
        ({"environment": {"PORT": 8001}}, ["restart"]),
        ({"secrets": {"TOKEN": "another one"}}, ["restart"]),
        ({"unit": UNIT + "UMask=0077\n"}, ["daemon-reload", "restart"]),
    ],
)
def test_what_changes_is_run_anew(green: Any, systemd: Systemd, change: dict[str, Any], commands: list[str]) -> None:
    green()
    systemd.told.clear()
    assert green(**change)["changed"]
    assert [told.split()[0] for told in systemd.told] == commands


def test_what_an_interrupted_run_has_left_is_finished(green: Any, systemd: Systemd) -> None:
    green()
    systemd.shown |= {"ExecMainStartTimestampMonotonic": "1", "NeedDaemonReload": "yes", "UnitFileState": "disabled"}
    systemd.told.clear()
    assert green()["changed"]
    assert systemd.told == ["daemon-reload", "enable shop-green.service", "restart shop-green.service"]


def test_a_file_that_somebody_has_opened_to_others_is_closed_again(green: Any, tmp_path: Path) -> None:
    green()
    secrets = tmp_path / "etc" / "shop" / "green.secrets"
    secrets.chmod(0o644)
    assert green()["changed"]
    assert secrets.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("check", [True, False])
def test_a_diff_has_all_but_the_secrets(green: Any, check: bool) -> None:
    result = green(check=check)
    environment, secrets, unit = result["diff"]
    assert (environment["before"], environment["after"]) == ("", '# Ansible managed\nPORT="8000"\n')
    assert unit["after"] == UNIT
    assert (secrets["before"], secrets["after"]) == ("", "")
    assert secrets["after_header"].endswith("green.secrets (its content is not shown)")
    assert SECRET not in str(result)
    changed = green(check=check, secrets={"TOKEN": "another-secret"})
    assert SECRET not in str(changed) and "another-secret" not in str(changed)


def test_check_mode_writes_and_starts_nothing(green: Any, systemd: Systemd, contents: Any) -> None:
    assert green(check=True)["changed"]
    assert (systemd.told, contents()) == ([], {})
    green()
    assert not green(check=True)["changed"]


def test_what_does_not_get_ready_is_stopped_and_told(green: Any, systemd: Systemd, answers: dict[str, str]) -> None:
    answers["problem"] = "it has ended 2 times"
    systemd.log = f"cannot use {SECRET}\nbye\n"
    found = green()
    assert systemd.told[-2:] == ["disable shop-green.service", "stop shop-green.service"]
    assert found["msg"] == (
        "1.0.0-0 does not get ready: it has ended 2 times. Its last words: cannot use ******** | bye"
        " (It was stopped; `journalctl --unit shop-green.service` there has more.)"
    )
    assert found["log"] == ["cannot use ********", "bye"]


def test_what_cannot_be_stopped_is_told(
    green: Any, systemd: Systemd, answers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers["problem"] = "no answer"
    monkeypatch.setattr(release_run, "stop", lambda name, run: False)
    assert "(It could not be stopped; `journalctl" in green()["msg"]


def test_a_variable_that_no_process_can_have_is_told_by_its_name(green: Any, systemd: Systemd, contents: Any) -> None:
    found = green(secrets={"TOKEN": f"{SECRET}\a"})
    assert found["msg"].startswith("shop green cannot be configured: expected text in TOKEN")
    assert SECRET not in str(found)
    assert (systemd.told, contents()) == ([], {})


def test_a_disk_that_is_full_starts_nothing(green: Any, systemd: Systemd, tmp_path: Path) -> None:
    (tmp_path / "etc").write_text("a file where a folder should be")
    assert green()["msg"].startswith("shop green cannot be configured:")
    assert systemd.told == []
