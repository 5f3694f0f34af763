# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three haproxy modules, run as Ansible runs them, against a fake HAProxy."""

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
        }
        with patch_module_args({"service": "shop", **places, **options}), pytest.raises(SystemExit):
            importlib.import_module(f"{MODULES}.{name}").main()
        result: dict[str, Any] = json.loads(capfd.readouterr().out)
        return result

    return run


BLUE = {"blue": 100, "green": 0}
QUARTER = {"blue": 75, "green": 25}


def test_split_reports_before_after_moment_and_diff(run: Run) -> None:
    result = run("haproxy_split", split=QUARTER, expect=[BLUE, {"blue": "50", "green": "50"}], fence=4)
    assert (result["changed"], result["before"], result["after"], result["fence"]) == (True, BLUE, QUARTER, 4)
    assert abs(result["committed_at"] - time.time()) < 5
    assert result["diff"]["after"] == "shop: blue 75 % / green 25 %\n"
    again = run("haproxy_split", split=QUARTER, expect=BLUE, fence=4)
    assert (again["changed"], again["committed_at"]) == (False, None)


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
