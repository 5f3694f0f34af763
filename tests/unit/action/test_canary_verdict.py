# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a watch leaves behind for the tasks that follow it in the same phase, which nobody watches."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.action.canary_verdict import LEASE, ActionModule
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.signal import BACK, DONE, WATCHING, Signal

SILENCE = 0.3  # seconds: short, so that the way back is prolonged within the test
STRATEGY = {"type": "canary", "pause_limit": 60, "confirm_within": SILENCE}


class Watch(ActionModule):  # type: ignore[misc] # ActionBase has no types
    """Asks nobody, and writes down what it would have asked, and what the watcher had said by then."""

    def __init__(self, directory: Path, host: str, **more: Any) -> None:
        args = {
            "service": {"name": "shop", "router": {"type": "haproxy"}, "ledger": {}, "strategy": STRATEGY},
            "addresses": {},
            "rollout": "r1",
            "phase": "watch-1",
            "color": "green",
            "release": "2.0.0",
            "step": {"percent": 5, "least": 0, "most": 10, "requests": 0, "gates": []},
            "jury": "probe",
            "split": {"blue": 95, "green": 5},
            "back_to": {"blue": 100, "green": 0},
            "fence": 7,
            "directory": str(directory),
            "poll": 0.05,
            **more,
        }
        task = SimpleNamespace(check_mode=False, diff=False, async_val=0, args=args, action="any")
        super().__init__(task, SimpleNamespace(_shell=SimpleNamespace(tmpdir=None)), None, None, None, None)
        self.signal = Signal(directory, "watch-1", str(os.getppid()))
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        self.host = host

    def _ask(self, task_vars: Any, module: str | None = None, args: dict[str, Any] | None = None) -> dict[str, Any]:
        word = self.signal.heard()
        self.asked.append((str(module), dict(args or {}), word.state if word else ""))
        return {"changed": False, "history": None}

    def ran(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run(task_vars={"inventory_hostname": self.host})
        return found


def armed(watch: Watch) -> list[float]:
    return [args["revert_after"] for _module, args, _said in watch.asked]


@pytest.mark.parametrize("follows", [0, 900])
def test_a_load_balancer_is_left_with_the_seconds_of_what_follows(tmp_path: Path, follows: float) -> None:
    watch = Watch(tmp_path, "lb1", follows=follows)
    watch.signal.say(WATCHING)
    ends = Timer(2 * SILENCE, watch.signal.say, [DONE])
    ends.start()
    watch.ran()
    ends.join()
    *before, last = armed(watch)
    assert last == SILENCE + follows
    assert before, "it was prolonged in the midst of the watch"
    assert set(before) == {SILENCE}, "while somebody watches, a dead controller is noticed as soon as ever"


def test_nobody_who_is_to_go_back_is_left_with_more(tmp_path: Path) -> None:
    watch = Watch(tmp_path, "lb1", follows=900)
    watch.signal.say(BACK)
    watch.ran()
    ((_module, args, _said),) = watch.asked
    assert args["split"] == {"blue": 100, "green": 0}
    assert "revert_after" not in args


@pytest.mark.parametrize("follows", [0, 900])
def test_the_lease_outlives_what_follows_before_anybody_is_told_that_the_watch_is_over(
    tmp_path: Path, follows: float
) -> None:
    watch = Watch(tmp_path, "localhost", follows=follows)
    assert not watch.ran().get("failed")
    leases = [(args["ttl"], said) for _module, args, said in watch.asked if args.get("state") == "renewed"]
    assert leases[0] == (LEASE, WATCHING)
    assert leases[-1] == (LEASE + follows, WATCHING)
    word = watch.signal.heard()
    assert word is not None
    assert word.state == DONE


def test_a_lease_that_was_lost_lets_nothing_follow(tmp_path: Path) -> None:
    class Lost(Watch):
        def _ask(self, task_vars: Any, module: str | None = None, args: dict[str, Any] | None = None) -> dict[str, Any]:
            answer = super()._ask(task_vars, module, args)
            lost = {"failed": True, "msg": "fence 7 was overtaken"}
            return lost if (args or {}).get("ttl") == LEASE + 900 else answer

    with pytest.raises(Exception, match="fence 7 was overtaken"):
        Lost(tmp_path, "localhost", follows=900).ran()
