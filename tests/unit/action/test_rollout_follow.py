# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that follows a rollout, its module replaced by answers: tests/integration follows a real one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.action import rollout_follow


def event(seq: int, type_: str, **data: Any) -> dict[str, Any]:
    return {"seq": seq, "at": 0.0, "type": type_, "rollout": "r1", "who": {"name": "ann", "host": "c"}, "data": data}


BEGINS = event(1, "phase.intended", phase="install")
OVER = event(2, "rollout.closed", outcome="succeeded")


def answer(*events: dict[str, Any], doing: str = "", held: bool = True) -> dict[str, Any]:
    return {"events": list(events), "held": held, "lease": {"doing": doing} if held else None}


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the action on the answers that ledger_info gives, one after the other."""

    def run(*answers: dict[str, Any], **options: Any) -> tuple[dict[str, Any], list[Any]]:
        left, asked = list(answers), []

        def ask(_self: Any, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
            asked.append((module_name, dict(module_args)))
            return left.pop(0)

        monkeypatch.setattr(rollout_follow.ActionModule, "_execute_module", ask)
        args = {"service": "shop", "every": 0.01, **options}
        task = SimpleNamespace(check_mode=False, diff=False, async_val=0, args=args, action="any", delegate_to=None)
        shell = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
        return rollout_follow.ActionModule(task, shell, None, None, None, None).run(task_vars={}), asked

    return run


def test_it_tells_what_happens_until_the_rollout_is_over(follow: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found, asked = follow(answer(BEGINS), answer(BEGINS, doing="watch-1: 5 %"), answer(BEGINS, OVER, held=False))
    assert found["over"]
    assert [line.split()[0] for line in found["lines"]] == ["00:00:00", "watch-1:", "00:00:00"]
    assert capsys.readouterr().out.splitlines() == found["lines"]
    assert [args.get("rollout") for _module, args in asked] == [None, "r1", "r1"], "another rollout is not mixed in"


def test_without_any_rollout_it_ends_at_once(follow: Any) -> None:
    assert follow(answer(held=False))[0] == {"changed": False, "lines": [], "over": False}


def test_it_ends_after_the_most_that_it_may_take(follow: Any) -> None:
    assert follow(answer(BEGINS), most=0)[0]["over"] is False


def test_a_ledger_that_is_away_is_said(follow: Any) -> None:
    assert follow({"failed": True, "msg": "away"})[0] == {"failed": True, "msg": "away"}
