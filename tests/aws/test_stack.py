# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole stack on AWS's worse days: killed anywhere, throttled, failing, and with two runs at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from harness import Emulator
from whole_stack import WHOLE


def made(emulator: Emulator) -> dict[str, dict[str, int]]:
    """What is there once a stack was made in peace."""
    emulator.must("aws_stack", WHOLE)
    state = emulator.state()
    emulator.reset()
    return state


def writes(emulator: Emulator) -> int:
    """How many writes there were since the last reset."""
    return sum(call["writes"] for call in emulator.calls())


def killed_after(emulator: Emulator, number: int, arguments: dict[str, Any]) -> None:
    """A run whose controller dies after so many writes; those that were under way are never answered."""
    emulator.trouble(hold_after_writes=number)
    run = emulator.start_module("aws_stack", arguments)
    while writes(emulator) < number or emulator.held() == 0:
        if run.poll() is not None:
            break
    run.kill()
    run.communicate()
    emulator.trouble()


# As many points as `make test` has time for; `make long` has all of them.
POINTS = [*(pytest.param(number, marks=() if number == 80 else pytest.mark.long) for number in range(1, 121))]


@pytest.mark.parametrize("number", POINTS)
def test_a_run_that_is_killed_is_gone_on_with(emulator: Emulator, number: int) -> None:
    whole = made(emulator)
    killed_after(emulator, number, WHOLE)
    emulator.must("aws_stack", WHOLE)
    assert emulator.state() == whole, "nothing is doubled, nothing is orphaned"
    again, written = emulator.counting(lambda: emulator.must("aws_stack", WHOLE))
    assert (again["changed"], written) == (False, [])


@pytest.mark.parametrize("number", [*(pytest.param(number, marks=pytest.mark.long) for number in (5, 20)), 40])
def test_a_removal_that_is_killed_is_gone_on_with(emulator: Emulator, number: int) -> None:
    absent = {**WHOLE, "state": "absent", "deletion_protection": False}
    emulator.must("aws_stack", WHOLE)
    emulator.must("aws_stack", absent)
    bare = emulator.state()
    emulator.must("aws_stack", WHOLE)
    before = writes(emulator)
    killed_after(emulator, number, absent)
    assert writes(emulator) > before
    emulator.must("aws_stack", absent)
    assert emulator.state() == bare


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_throttling_changes_nothing_but_the_time(emulator: Emulator, seed: int) -> None:
    whole = made(emulator)
    emulator.trouble(throttled=0.1, seed=seed)
    emulator.must("aws_stack", WHOLE)
    assert emulator.state() == whole
    assert any(call["status"] in (400, 503) for call in emulator.calls()), "somebody must have been throttled"


def test_what_fails_for_a_while_is_made_again(emulator: Emulator) -> None:
    whole = made(emulator)
    failing = [{"operation": "Create*", "times": 6, "code": "InternalFailure", "status": 500}]
    emulator.trouble(failing=failing)
    emulator.must("aws_stack", WHOLE)
    assert emulator.state() == whole


def test_a_failure_that_lasts_says_what_was_done_and_the_next_run_goes_on(emulator: Emulator) -> None:
    whole = made(emulator)
    denied = {"operation": "CreateDBInstance", "times": 9, "code": "AccessDenied", "status": 403}
    emulator.trouble(failing=[denied])
    failed = emulator.run_module("aws_stack", WHOLE)
    assert failed["failed"]
    assert "not allowed: rds:CreateDBInstance" in failed["msg"]
    assert "not begun: " in failed["msg"]
    emulator.trouble()
    emulator.must("aws_stack", WHOLE)
    assert emulator.state() == whole


def test_every_mistake_is_named_before_anything_changes(emulator: Emulator) -> None:
    wrong = {
        **WHOLE,
        "network": {"cider": "10.0.0.0/16"},
        "compute": {**WHOLE["compute"], "size": {"min": 9, "max": 1}},
    }
    failed, written = emulator.counting(lambda: emulator.run_module("aws_stack", wrong))
    assert failed["failed"]
    assert written == []
    assert "network.cider: no such option: did you mean cidr?" in failed["msg"]


def test_of_two_runs_at_once_one_goes_on_and_one_is_told(emulator: Emulator) -> None:
    whole = made(emulator)
    emulator.must("aws_ledger", {"stack": "locks", "name": "locks"})
    bare = emulator.state()
    emulator.trouble(latency=0.05)
    locked = {**WHOLE, "lock": {"table": "locks"}}
    runs = [emulator.start_module("aws_stack", locked) for _ in range(2)]
    answers = [json.loads(run.communicate()[0]) for run in runs]
    emulator.trouble()
    failed = [answer for answer in answers if answer.get("failed")]
    assert len(failed) == 1, answers
    assert "lock" in failed[0]["msg"]
    there = emulator.state()
    assert {name: there[name] for name in whole if name not in bare} == {
        name: whole[name] for name in whole if name not in bare
    }
