# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The haproxy modules, run as Ansible runs them, against a fake HAProxy."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

sys.path.insert(0, str(Path(__file__).parents[1] / "module_utils/routers"))

from fake_haproxy import FakeHAProxy
from guard_bench import answering

from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

MODULES = "ansible_collections.seamless.delivery.plugins.modules"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def haproxy(tmp_path: Path) -> Iterator[FakeHAProxy]:
    fake = FakeHAProxy(tmp_path / "admin.sock")
    fake.map_path = str(tmp_path / "split.map")
    (tmp_path / "split.map").write_text("")
    yield fake
    fake.close()


@pytest.fixture
def run(haproxy: FakeHAProxy, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(name: str, **options: Any) -> dict[str, Any]:
        places = {
            "socket": haproxy.path,
            "master_socket": str(tmp_path / "none"),
            "map": haproxy.map_path,
            "state_dir": str(tmp_path / "state"),
            "guard_socket": str(tmp_path / "guard.sock"),
        }
        with patch_module_args({"service": "shop", **places, **options}), pytest.raises(SystemExit):
            importlib.import_module(f"{MODULES}.{name}").main()
        result: dict[str, Any] = json.loads(capfd.readouterr().out)
        return result

    return run


@pytest.fixture
def guard(haproxy: FakeHAProxy, tmp_path: Path) -> Iterator[Any]:
    """A guard that answers, and acts when the test calls ``look()``."""
    state = tmp_path / "state"
    places = (haproxy.path, haproxy.map_path, str(state), time, str(tmp_path / "none"), str(tmp_path / "guard.sock"))
    with answering(HAProxyRouter("shop", *places), state, time) as alive:
        yield alive


BLUE = {"blue": 100, "green": 0}
QUARTER = {"blue": 75, "green": 25}
ARMED = {"revert_after": 60, "revert_to": BLUE, "rollout": "r1"}


def test_split_reports_before_after_moment_and_diff(run: Run) -> None:
    result = run("haproxy_split", split=QUARTER, expect=[BLUE, {"blue": "50", "green": "50"}], fence=4)
    assert (result["changed"], result["before"], result["after"], result["fence"]) == (True, BLUE, QUARTER, 4)
    assert time.time() - 5 < result["committed_at"] <= result["answered_at"] <= time.time()
    assert result["diff"]["after"] == "shop: blue 75 % / green 25 %\n"
    again = run("haproxy_split", split=QUARTER, expect=BLUE, fence=4)
    assert (again["changed"], again["committed_at"], again["answered_at"]) == (False, None, None)


def test_split_in_check_mode_says_but_does_not(run: Run, haproxy: FakeHAProxy) -> None:
    assert run("haproxy_split", split=QUARTER, fence=4, _ansible_check_mode=True)["changed"]
    assert "shop" not in haproxy.entries


def test_split_names_the_kind_of_refusal(run: Run) -> None:
    result = run("haproxy_split", split=QUARTER, expect={"blue": 0, "green": 100}, fence=4)
    assert (result["failed"], result["reason"]) == (True, "UnexpectedSplit")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"split": {"blue": 75, "green": 30}, "fence": 1}, "must add up to 100"),
        ({"split": BLUE, "expect": {"red": 100}, "fence": 1}, "expected exactly the colors blue and green"),
        ({"split": BLUE}, "one of the following is required: fence, break_glass"),
        ({"fence": 1}, "one of the following is required: split, clear_notes"),
        ({"split": QUARTER, "fence": 1, "revert_after": 9}, "required together: revert_after, revert_to, rollout"),
        ({"split": QUARTER, "fence": 1, **ARMED, "revert_to": QUARTER}, "expected another split than the one"),
        ({"split": QUARTER, "fence": 1, **ARMED, "revert_after": 0}, "expected more than 0"),
        ({"split": QUARTER, "fence": 1, **ARMED, "break_glass": "now"}, "mutually exclusive: revert_after|break_glass"),
        ({"clear_notes": 1, "fence": 1, **ARMED}, "missing parameter(s) required by 'revert_after': split"),
    ],
)
def test_split_refuses_what_makes_no_sense(run: Run, options: dict[str, Any], says: str) -> None:
    result = run("haproxy_split", **options)
    assert result["failed"]
    assert says in result["msg"]


def test_broken_glass_is_noted_read_and_cleared(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "ada")
    run("haproxy_split", split=QUARTER, fence=4)
    assert run("haproxy_split", split=BLUE, break_glass="green is on fire")["fence"] == 5
    info = run("haproxy_split_info")
    assert [(note["who"], note["reason"]) for note in info["notes"]] == [("ada", "green is on fire")]
    assert (info["split"], info["persisted"], info["fence"]) == (BLUE, BLUE, 5)
    assert info["pools"]["green"]["healthy"] == 2
    assert abs(info["clock"] - time.time()) < 5
    assert run("haproxy_split", clear_notes=1, fence=4)["reason"] == "StaleFence"
    assert run("haproxy_split", clear_notes=3, fence=5, _ansible_check_mode=True)["notes_cleared"] == 1
    assert run("haproxy_split", clear_notes=3, fence=5)["notes_cleared"] == 1
    assert not run("haproxy_split", clear_notes=3, fence=5)["changed"]
    assert run("haproxy_split_info")["notes"] == []


def test_a_step_is_armed_told_prolonged_and_confirmed(run: Run, guard: Any) -> None:
    at = time.time()
    armed = run("haproxy_split", split=QUARTER, fence=4, at=at, **ARMED)["armed"]
    assert (armed["deadline"], armed["back_to"], armed["rollout"], armed["fence"]) == (at + 60, BLUE, "r1", 4)
    info = run("haproxy_split_info")
    assert info["guard"] == {"running": True, "problem": ""}
    assert 50 < info["armed"].pop("seconds_left") <= 60
    assert info["armed"] == armed
    again = run("haproxy_split", split=QUARTER, fence=4, at=at + 1, **ARMED)
    assert (again["changed"], again["armed"]["deadline"]) == (False, at + 61)
    confirmed = run("haproxy_split", split=QUARTER, fence=4)
    assert (confirmed["changed"], confirmed["armed"], run("haproxy_split_info")["armed"]) == (False, None, None)


def test_without_a_guard_a_step_is_refused_and_the_info_says_why(run: Run, haproxy: FakeHAProxy) -> None:
    assert run("haproxy_split", split=QUARTER, fence=4, **ARMED, _ansible_check_mode=True)["reason"] == "Unguarded"
    refused = run("haproxy_split", split=QUARTER, fence=4, **ARMED)
    assert refused["reason"] == "Unguarded"
    assert "provision.yml" in refused["msg"]
    assert "shop" not in haproxy.entries
    info = run("haproxy_split_info")
    assert (info["armed"], info["fence"], info["guard"]["running"]) == (None, 0, False)
    assert "systemctl status seamless-guard" in info["guard"]["problem"]


def test_a_late_confirmation_is_stale_and_the_note_is_the_guards(run: Run, guard: Any) -> None:
    run("haproxy_split", split=QUARTER, fence=4, **{**ARMED, "revert_after": 0.3})
    time.sleep(0.3)
    guard.look()
    late = run("haproxy_split", split=QUARTER, fence=4)
    assert late["reason"] == "StaleFence"
    assert "the guard of this load balancer took users of shop back" in late["msg"]
    [note] = run("haproxy_split_info")["notes"]
    assert (note["who"], note["rollout"]) == ("guard of lb1", "r1")


def test_info_says_why_it_cannot_read(run: Run, haproxy: FakeHAProxy) -> None:
    haproxy.map_path = "/elsewhere"
    Path(haproxy.path).unlink()
    assert "Run the load_balancer role" in run("haproxy_split_info")["msg"]


def test_drain_counts_closes_and_refuses(run: Run, haproxy: FakeHAProxy) -> None:
    haproxy.sessions = {"0x1": "shop_green"}
    waiting = run("haproxy_drain", color="green", deadline=30, close=True, _ansible_check_mode=True)
    assert (waiting["drained"], waiting["sessions_left"], waiting["changed"]) == (False, 1, False)
    closed = run("haproxy_drain", color="green", deadline=0, close=True)
    assert (closed["drained"], closed["closed"], closed["changed"]) == (True, 1, True)
    assert run("haproxy_drain", color="blue", deadline=0)["failed"]


def test_a_member_is_taken_out_tried_and_brought_back(run: Run, haproxy: FakeHAProxy) -> None:
    member = {"color": "blue", "member": "blue1", "fence": 3}
    haproxy.sessions = {"0x1": "shop_blue/blue1"}
    would = run("haproxy_member", state="drained", **member, _ansible_check_mode=True)
    assert (would["changed"], would["sessions_left"], haproxy.told) == (True, 1, {})
    drained = run("haproxy_member", state="drained", deadline=0, close=True, **member)
    assert (drained["before"], drained["after"], drained["closed"]) == ("ready", "maint", 1)
    assert drained["diff"] == {"before": "blue/blue1: ready\n", "after": "blue/blue1: maint\n"}
    assert run("haproxy_member", state="held", **member)["after"] == "drain"
    assert run("haproxy_member", state="ready", **member)["changed"]
    assert not run("haproxy_member", state="released", **member)["changed"]
    refused = run("haproxy_member", state="drained", least_left=2, **member)
    assert (refused["failed"], refused["reason"]) == (True, "NotReady")
