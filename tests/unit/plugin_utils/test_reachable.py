# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.seamless.delivery.plugins.action import (
    haproxy_drain,
    haproxy_split,
    haproxy_split_info,
    ledger_ask,
    ledger_event,
    ledger_info,
    ledger_lease,
    release_info,
    release_install,
    release_ready,
    release_run,
)
from ansible_collections.seamless.delivery.plugins.plugin_utils import router_action

LEDGER, ROUTER = (
    [ledger_ask, ledger_event, ledger_info, ledger_lease],
    [haproxy_drain, haproxy_split, haproxy_split_info],
)
RELEASE = [release_info, release_install, release_ready, release_run]


def run(action: Any, outcome: dict[str, Any] | Exception, delegate_to: str | None = None) -> dict[str, Any]:
    """What the action makes of a module that ends with *outcome*."""

    def execute(task_vars: dict[str, Any], **_module: Any) -> dict[str, Any]:
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)

    task = SimpleNamespace(
        check_mode=False, diff=False, async_val=0, args={"incoming": "there"}, delegate_to=delegate_to, action="any"
    )
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    plugin = action.ActionModule(task, connection, None, None, None, None)
    plugin._execute_module = execute
    result: dict[str, Any] = plugin.run(task_vars={"inventory_hostname": "localhost"})
    return result


@pytest.mark.parametrize("action", [*LEDGER, *ROUTER, *RELEASE])
@pytest.mark.parametrize("said", [{"changed": True}, {"failed": True, "msg": "no", "lost": True}])
def test_what_the_module_says_is_passed_on(action: Any, said: dict[str, Any]) -> None:
    found = run(action, said)
    assert (action in ROUTER) == (found.pop("took", None) is not None), "an instant has to wait for it"
    assert found == said


@pytest.mark.parametrize("action", LEDGER)
def test_a_ledger_that_is_away_is_a_failure_that_a_rescue_sees(action: Any) -> None:
    found = run(action, AnsibleConnectionFailure("timed out"), "ops1")
    assert (found["failed"], found["away"], "unreachable" in found) == (True, True, False)
    assert found["msg"].startswith("ops1, the ledger's host, cannot be reached: bring it back before you deploy;")
    assert "timed out" in found["msg"]
    assert "rollout_reason" in found["msg"], "the variable that rollback.yml reads"


@pytest.mark.parametrize(
    ("action", "role"), [(one, "load balancer") for one in ROUTER] + [(one, "application host") for one in RELEASE]
)
def test_a_host_that_is_away_is_named(action: Any, role: str) -> None:
    found = run(action, AnsibleConnectionFailure("timed out"))
    assert (found["failed"], found["away"]) == (True, True)
    assert found["msg"].startswith(f"localhost, the {role}, cannot be reached: check that it is up")


def test_a_module_that_never_said_a_word_was_never_reached() -> None:
    silent = {"failed": True, "rc": 1, "module_stdout": " \n", "module_stderr": "container is not running\n"}
    found = run(ledger_info, silent, "ops1")
    assert found["away"]
    assert "(container is not running)" in found["msg"]
    spoke = {**silent, "module_stdout": "Traceback"}
    assert run(ledger_info, spoke, "ops1") == spoke


def test_a_clock_is_compared_with_the_middle_of_question_and_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([7.0, 7.5])
    clock = SimpleNamespace(time=lambda: 100.0, monotonic=lambda: next(moments))
    monkeypatch.setattr(router_action, "time", clock)
    found = run(haproxy_split_info, {"clock": 102.25})
    assert (found["clock_offset"], found["clock_uncertainty"]) == (2.0, 0.25)
