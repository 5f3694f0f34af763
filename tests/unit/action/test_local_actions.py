# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions that run on the controller alone: say, operator and smoke."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.seamless.delivery.plugins.action import operator, say, smoke
from ansible_collections.seamless.delivery.plugins.plugin_utils.operator import holder


def run(action: Any, task_vars: dict[str, Any] | None = None, **args: Any) -> dict[str, Any]:
    task = SimpleNamespace(check_mode=False, diff=False, async_val=0, args=args, action="any")
    plugin = action.ActionModule(task, SimpleNamespace(_shell=SimpleNamespace(tmpdir=None)), None, None, None, None)
    result: dict[str, Any] = plugin.run(task_vars=task_vars)
    return result


def test_lines_are_said_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(say, lines=["plan 1:", "  {{ not a template }}"]) == {
        "changed": False,
        "lines": ["plan 1:", "  {{ not a template }}"],
    }
    assert capsys.readouterr().out == "plan 1:\n  {{ not a template }}\n"


def test_the_run_is_the_parent_of_its_tasks() -> None:
    found = run(operator)
    assert (found["changed"], found["gone"]) == (False, "")
    assert found["holder"] == holder(os.getppid())


@pytest.mark.parametrize("kind", ["awx", "tower"])
def test_a_job_of_a_platform_carries_its_number_and_who_started_it(kind: str) -> None:
    found = run(operator, {f"{kind}_job_id": 17, f"{kind}_user_name": "alice"})["holder"]
    assert (found["job"], found["name"]) == ("17", "alice")


def test_whether_a_holder_is_gone_is_told_only_of_a_lease_that_is_held() -> None:
    dead = {**holder(os.getpid()), "started": "1"}
    assert (
        "has ended without giving the lease back" in run(operator, lease={"holder": dead, "released_at": None})["gone"]
    )
    assert run(operator, lease={"holder": dead, "released_at": 5.0})["gone"] == ""
    assert run(operator, lease={"holder": holder(os.getpid()), "released_at": None})["gone"] == ""


OPTIONS: dict[str, Any] = {
    "entry": {"hostnames": ["shop.example.test"], "port": 443},
    "through": {"lb1": "192.0.2.11", "lb2": "192.0.2.12"},
    "header": "X-Seamless-Color",
    "color": "green",
    "release": "v2",
    "pages": [{"path": "/"}, {"path": "/cart"}],
}


def test_every_page_is_asked_for_through_every_load_balancer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def record(address: str, entry: Any, headers: Any, page: Any, release: str, timeout: float) -> None:
        asked.append((address, page["path"]))
        assert (headers["X-Seamless-Color"], release, timeout) == ("green", "v2", 5.0)

    monkeypatch.setattr(smoke, "smoke", record)
    assert run(smoke, **OPTIONS) == {"changed": False, "asked": 4, "wrong": {}}
    assert sorted(asked) == [(f"192.0.2.1{host}", path) for host in (1, 2) for path in ("/", "/cart")]


def test_a_page_that_is_wrong_fails_the_color_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(address: str, entry: Any, headers: Any, page: Any, *_more: Any) -> str | None:
        return "expected status 200, but found 503" if (address, page["path"]) == ("192.0.2.12", "/cart") else None

    monkeypatch.setattr(smoke, "smoke", wrong)
    found = run(smoke, **OPTIONS)
    assert found["failed"]
    assert found["wrong"] == {"/cart through lb2": "expected status 200, but found 503"}
    assert found["msg"] == (
        "green failed 1 of 4 smoke tests, and no user was moved to it:"
        " /cart through lb2: expected status 200, but found 503"
    )


@pytest.mark.parametrize("options", [{"color": "red"}, {"pages": None}, {"speed": 1}])
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleError, match=next(iter(options))):
        run(smoke, **{**OPTIONS, **options})
