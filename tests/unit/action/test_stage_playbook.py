# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action: what a stage's playbook is told and how, what it answers, and that it ends with the campaign's lease."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.seamless.delivery.plugins.action import stage_playbook
from ansible_collections.seamless.delivery.plugins.plugin_utils.campaign.child import Ended

LEASE = {"service": "everywhere", "ledger": {"type": "file"}, "fence": 3}
Play = Callable[..., tuple[int, list[str]]]


class Clock:
    """A monotonic clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stage_playbook, "time", clock)
    return clock


def run(monkeypatch: pytest.MonkeyPatch, play: Play, ledger: Any = None, check: bool = False, **args: Any) -> Any:
    """The action with *play* in place of the process, and *ledger* in place of the module that prolongs the lease."""
    monkeypatch.setattr(stage_playbook, "play", play)
    given = {"playbook": "deploy.yml", "inventory": ["eu"], **args}
    task = SimpleNamespace(check_mode=check, diff=False, async_val=0, args=given, action="any", delegate_to="ops1")
    connection = MagicMock(_shell=MagicMock(tmpdir=None))
    plugin = stage_playbook.ActionModule(task, connection, MagicMock(), MagicMock(), MagicMock(), MagicMock())
    monkeypatch.setattr(plugin, "_execute_module", ledger or MagicMock(side_effect=AssertionError("nobody asked")))
    return plugin.run(task_vars={})


def test_variables_go_by_a_file_that_nobody_else_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def play(arguments: list[str], *_how: Any) -> tuple[int, list[str]]:
        file = Path(arguments[2].removeprefix("@"))
        seen.update(
            json.loads(file.read_text(encoding="utf-8")), mode=stat.S_IMODE(file.stat().st_mode), argv=arguments
        )
        Path(seen["told"]).write_text('{"live": "v1"}', encoding="utf-8")
        return 0, ["done"]

    found = run(monkeypatch, play, variables={"release_secrets": {"KEY": "hunter2"}}, answer="told")
    assert (found["rc"], found["answer"], found["changed"]) == (0, {"live": "v1"}, False)
    assert (seen["release_secrets"], seen["mode"]) == ({"KEY": "hunter2"}, 0o600)
    assert "hunter2" not in " ".join(seen["argv"])
    assert (seen["argv"][0], seen["argv"][-2:]) == ("deploy.yml", ["-i", str(Path("eu").absolute())])
    assert not Path(seen["told"]).exists(), "nothing of it is left"


def test_a_dry_run_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def play(arguments: list[str], *_how: Any) -> tuple[int, list[str]]:
        seen.extend(arguments)
        return 0, []

    assert run(monkeypatch, play, check=True, lease=LEASE)["rc"] == 0
    assert seen[-2:] == ["--check", "--diff"]


def test_one_that_fails_or_does_not_answer_is_a_failure_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, lambda *_how: (2, ["it", "broke"]), label="eu", quiet=True)
    assert (found["failed"], "deploy.yml for eu ended with exit status 2" in found["msg"]) == (True, True)
    assert found["msg"].endswith("it\nbroke")
    assert run(monkeypatch, lambda *_how: (0, []), answer="told")["failed"] is True


def test_its_lines_carry_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def play(_arguments: list[str], say: Callable[[str], None], *_how: Any) -> tuple[int, list[str]]:
        say("Release")
        return 0, []

    run(monkeypatch, play, label="eu")
    run(monkeypatch, play, label="us", quiet=True)
    assert capsys.readouterr().out == "eu | Release\n"


def test_the_lease_is_prolonged_every_ten_seconds(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    asked: list[dict[str, Any]] = []

    def ledger(module_name: str, module_args: dict[str, Any], **_more: Any) -> dict[str, Any]:
        asked.append({"module": module_name, **module_args})
        return {}

    def play(_arguments: list[str], _say: Any, meanwhile: Any, doom: Any) -> tuple[int, list[str]]:
        for _second in range(60):
            meanwhile()
            assert doom() is None
            clock.now += 1
        return 0, []

    run(monkeypatch, play, ledger, lease=LEASE)
    assert len(asked) == 6
    held = {"module": "seamless.delivery.ledger_lease", **LEASE, "state": "renewed", "ttl": 60.0, "doing": "eu"}
    assert asked[0] == held


def test_a_lost_lease_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(_arguments: list[str], _say: Any, meanwhile: Any, _doom: Any) -> tuple[int, list[str]]:
        meanwhile()
        raise AssertionError("it went on")

    overtaken = MagicMock(return_value={"failed": True, "lost": True, "msg": "overtaken"})
    with pytest.raises(AnsibleActionFail, match="was ended: the campaign's lease is lost: overtaken"):
        run(monkeypatch, play, overtaken, lease=LEASE)


@pytest.mark.parametrize(("longest", "why"), [(7200, "could not be prolonged for a minute"), (30, "longer than 30 s")])
def test_it_ends_where_nobody_can_say_that_the_lease_is_held(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, longest: float, why: str
) -> None:
    def play(_arguments: list[str], _say: Any, meanwhile: Any, doom: Any) -> tuple[int, list[str]]:
        for _second in range(100):
            meanwhile()
            if reason := doom():
                assert clock.now - 1000 == pytest.approx(min(longest, 60), abs=2)
                raise Ended(reason)
            clock.now += 1
        raise AssertionError("it went on")

    away = MagicMock(return_value={"failed": True, "msg": "the ledger is away"})
    with pytest.raises(AnsibleActionFail, match=why):
        run(monkeypatch, play, away, lease=LEASE, longest=longest)
