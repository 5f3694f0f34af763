# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin: options in, files and a verdict out, on the controller alone."""

from __future__ import annotations

import json
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.seamless.delivery.plugins.action import rollout_report as plugin

EVENTS = [
    {"schema": 1, "seq": 1, "at": 1000.0, "rollout": "r1", "service": "shop", "type": "rollout.opened",
     "data": {"release": "2.0.0-1a2b3c4d", "from": "2.0.0-1a2b3c4d"}},
    {"schema": 1, "seq": 2, "at": 1001.0, "rollout": "r1", "service": "shop", "type": "rollout.closed",
     "data": {"outcome": "unchanged"}},
]  # fmt: skip


@pytest.fixture(name="shown")
def _shown(monkeypatch):
    shown = []
    monkeypatch.setattr(plugin.display, "display", lambda text, **options: shown.append((text, options)))
    return shown


def run(check_mode=False, **args):
    task = SimpleNamespace(
        action="seamless.delivery.rollout_report", args={"events": EVENTS} | args, async_val=0, check_mode=check_mode,
        diff=False, delegate_to=None, collections=[], _ansible_internal_redirect_list=[],
    )  # fmt: skip
    connection = MagicMock(_shell=MagicMock(tmpdir=None))
    action = plugin.ActionModule(task, connection, MagicMock(), MagicMock(), MagicMock(), MagicMock())
    return action.run(task_vars={})


def test_writes_and_shows(tmp_path, shown):
    result = run(directory=str(tmp_path))
    assert (result["changed"], result["outcome"], result["tone"]) == (True, "unchanged", "calm")
    assert result["headline"] == "shop is already on 2.0.0: Nothing to do, and nothing was done."
    assert result["html"] == str(tmp_path / "r1.html")
    assert (tmp_path / "latest.json").is_file()
    screen, log = shown
    assert result["html"] in screen[0]
    assert screen[1] == {"screen_only": True}
    assert log[1] == {"log_only": True}
    assert "\x1b" not in log[0]
    assert not run(directory=str(tmp_path))["changed"]


def test_check_mode_writes_nothing(tmp_path, shown):
    result = run(check_mode=True, directory=str(tmp_path / "reports"))
    assert not result["changed"]
    assert "html" not in result
    assert not (tmp_path / "reports").exists()
    assert shown


def test_can_be_quiet(tmp_path, shown):
    run(directory=str(tmp_path), summary=False)
    assert shown == []


def test_what_was_watched_is_reported_and_a_torn_record_is_no_error(tmp_path, shown):
    record = {"began": 1000.2, "word": "healthy", "percent": 5, "seconds": 0.3, "history": [], "verdict": {}}
    (tmp_path / "watch-1.watch.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "watch-2.watch.json").write_text('{"began"', encoding="utf-8")
    events = [EVENTS[0]]
    for phase in ("watch-1", "watch-2"):
        for step in ("intended", "done"):
            more = {"seq": len(events) + 1, "type": f"phase.{step}", "data": {"phase": phase}}
            events.append(EVENTS[0] | more)
    result = run(events=events, watched=str(tmp_path), directory=str(tmp_path / "reports"))
    document = json.loads((tmp_path / "reports" / "r1.json").read_text(encoding="utf-8"))
    assert [watch["phase"] for watch in document["watches"]] == ["watch-1"]
    assert any("watch 2 cannot be shown: watch-2.watch.json is no whole JSON text" in gap for gap in result["missing"])
    assert any("5 % healthy" in line for line in result["summary"])


def test_refuses_what_it_cannot_read_or_write(tmp_path, shown):
    with pytest.raises(AnsibleActionFail, match=r"rollout_report: Expected an event of type 'rollout.opened'"):
        run(events=[], directory=str(tmp_path))
    with pytest.raises(AnsibleActionFail, match="expected 'keep' to be 1 or more, found 0"):
        run(keep=0, directory=str(tmp_path))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AnsibleActionFail, match=r"expected to write the report into.*Set 'directory'"):
        run(directory=str(tmp_path / "file"))
    assert shown == []


def test_plain_makes_python_types_of_whatever_comes():
    class Tagged(str):
        pass

    found = plugin.plain({Tagged("a"): (Tagged("b"), True, 1, 2.5, None)})
    assert found == {"a": ["b", True, 1, 2.5, None]}
    assert type(found["a"][0]) is str
