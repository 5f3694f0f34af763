# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.unit import (
    LONGEST_LINE,
    last_words,
    log,
    stop,
    unit,
)

RUNNING = {
    "ActiveState": "active",
    "SubState": "running",
    "LoadState": "loaded",
    "ActiveEnterTimestamp": "Mon 2026-11-23 04:43:30 UTC",
    "NeedDaemonReload": "no",
    "Result": "success",
    "ExecMainStatus": "0",
    "NRestarts": "0",
    "ExecMainStartTimestampMonotonic": "4228988072",
}


def systemd(**shown: str):
    """systemctl, which shows a running unit but for *shown*."""

    def run(command: list[str]) -> str:
        assert command[:3] == ["systemctl", "show", "shop-green.service"]
        return "".join(f"{name}={value}\n" for name, value in {**RUNNING, **shown}.items())

    return run


def crashed(**shown: str) -> str | None:
    return unit("shop-green.service", systemd(**shown)).crashed


def test_a_unit_that_runs() -> None:
    found = unit("shop-green.service", systemd())
    assert (found.active, found.state, found.started, found.reload_due) == (
        True,
        "active (running)",
        4228.988072,
        False,
    )
    assert found.crashed is None
    assert unit("shop-green.service", systemd(NeedDaemonReload="yes")).reload_due


WAITS = {"ActiveState": "activating", "SubState": "auto-restart"}


def test_to_end_once_may_be_an_accident() -> None:
    assert crashed(NRestarts="0", **WAITS) is None


def test_a_life_that_has_just_begun_is_not_judged_by_those_before() -> None:
    assert crashed(NRestarts="7", ActiveState="activating", SubState="start") is None
    assert crashed(NRestarts="7") is None


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"Result": "exit-code", "ExecMainStatus": "3"}, "it exited with status 3"),
        ({"Result": "signal", "ExecMainStatus": "9"}, "signal 9 killed it"),
        ({"Result": "core-dump", "ExecMainStatus": "11"}, "it crashed by signal 11"),
        ({"Result": "oom-kill", "ExecMainStatus": "9"}, "the host had no memory left for it"),
        ({"Result": "success"}, "it ended by itself, without an error"),
        ({"Result": "timeout"}, "systemd says timeout"),
        (
            {"Result": "exit-code", "ExecMainStatus": "226"},
            "it exited with status 226 (its sandbox cannot be made here: relax release_hardening)",
        ),
        ({"Result": "signal", "ExecMainStatus": "226"}, "signal 226 killed it"),
    ],
)
def test_a_crash_is_told_by_how_it_ended(shown: dict[str, str], told: str) -> None:
    assert crashed(NRestarts="1", **WAITS, **shown) == f"shop-green.service has ended 2 times: {told}"
    assert crashed(ActiveState="failed", SubState="failed", **shown) == f"shop-green.service has failed: {told}"


def test_a_unit_that_cannot_be_loaded() -> None:
    told = (
        "shop-green.service cannot be loaded by systemd (bad-setting): `systemctl status shop-green.service` says why"
    )
    assert crashed(LoadState="bad-setting") == told


def test_a_host_without_systemd() -> None:
    found = unit("shop-green.service", lambda command: "")
    assert (found.active, found.state, found.started, found.restarts) == (False, "unknown (unknown)", None, 0)
    assert "cannot be loaded by systemd (unknown)" in str(found.crashed)


def said(text: str, *secrets: str) -> list[str]:
    def run(command: list[str]) -> str:
        assert command == [
            *("journalctl", "--unit", "shop-green.service", "--lines", "7"),
            *("--no-pager", "--output", "cat"),
        ]
        return text

    return log("shop-green.service", 7, run, secrets)


def test_the_log_is_given_line_by_line() -> None:
    assert said("one\ntwo\n") == ["one", "two"]


def test_a_secret_is_masked_and_each_line_of_it() -> None:
    key = "-----BEGIN\nabcdef\n}\n"
    assert said("got -----BEGIN\nabcdef\n}\n", key) == ["got ********", "********", "}"]
    assert said("hunter2 and hunter2x", "hunter2", "hunter2x") == ["******** and ********"]
    assert said("a b", "a", "", " ") == ["a b"], "a single character is in every text"


def test_a_long_line_is_cut() -> None:
    assert said("x" * 1000) == ["x" * LONGEST_LINE + "..."]


@pytest.mark.parametrize(
    ("state", "over"),
    [("inactive", True), ("failed", True), ("active", False), ("activating", False), ("deactivating", False)],
)
def test_a_unit_is_stopped_when_nothing_of_it_runs_or_will(state: str, over: bool) -> None:
    told: list[list[str]] = []

    def run(command: list[str]) -> str:
        told.append(command)
        return f"ActiveState={state}\nSubState=any\n"

    assert stop("shop-green.service", run) == over
    assert [command[1] for command in told] == ["disable", "stop", "show"]


def test_the_last_words_are_part_of_a_sentence() -> None:
    assert last_words([" one ", "two"]) == "Its last words: one | two"
    assert last_words([]) == "Its last words: its log is empty"
