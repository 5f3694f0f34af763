# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of routers on AWS: a claim whose answer was lost is one's own, and whoever was before it counts."""

from __future__ import annotations

import time
from typing import Any

import pytest
from balanced import BLUE, GREEN, TABLE
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers import fence_table
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import StaleFence
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable, Memory

_NOTE = {"who": "ada", "reason": "checkout fails"}


class Clock:
    """Real time, of which sleeping takes none; remembers for how long somebody would have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ahead += seconds

    def waited(self) -> bool:
        """Whether somebody's claim was waited for, which is longer than any pause before a call is made again."""
        return fence_table.GOOD_FOR in self.slept


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table(emulator: Emulator, clock: Clock) -> FenceTable:
    """That of a service which was never written."""
    emulator.must("aws_ledger", {"stack": "shop", "name": TABLE})
    return FenceTable("shop", "alb", TABLE, AwsCalls(emulator.client("dynamodb"), clock), clock)


def lost(emulator: Emulator, times: int = 1) -> None:
    """The next claim is made, and its answer lost so many times."""
    emulator.trouble(failing=[{"operation": "UpdateItem", "times": times, "code": "InternalFailure", "done": True}])


def claims(table: FenceTable, fence: int, split: dict[str, int] = GREEN, **more: Any) -> Memory:
    return table.claim(fence, Split.parse(split), **more)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_lost_answer_is_the_one_that_was_lost(
    emulator: Emulator, table: FenceTable, clock: Clock, times: int
) -> None:
    claims(table, 7, BLUE)
    moved_at = table.read().moved_at
    clock.ahead += 60
    lost(emulator, times)
    before = claims(table, 8)
    assert (before.fence, before.split, before.moved_at) == (7, BLUE, moved_at)
    assert not clock.waited()
    assert (table.read().fence, table.read().split) == (8, GREEN)


def test_the_first_claim_of_all_has_none_before_it(emulator: Emulator, table: FenceTable) -> None:
    lost(emulator)
    assert claims(table, 1) == Memory()


def test_a_note_is_written_once(emulator: Emulator, table: FenceTable) -> None:
    lost(emulator, 2)
    claims(table, 2, note=_NOTE)
    assert table.read().notes == [_NOTE]


def test_whoever_is_overtaken_is_waited_for_though_the_answer_that_says_so_was_lost(
    emulator: Emulator, table: FenceTable, clock: Clock
) -> None:
    claims(table, 7, BLUE)
    lost(emulator)
    claims(table, 8)
    assert clock.waited(), "7 might still write"


def test_without_a_token_it_would_not_be_waited_for(
    emulator: Emulator, table: FenceTable, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a claim that does not know itself takes its own for the one before it, and notes twice."""
    monkeypatch.setattr(fence_table, "_NOT_MADE", "(attribute_not_exists(claim) OR claim <> :never)")
    claims(table, 7, BLUE, note=_NOTE)
    lost(emulator)
    claims(table, 8, note=_NOTE)
    assert not clock.waited()
    assert len(table.read().notes) == 3


def test_somebody_elses_claim_is_never_ones_own(emulator: Emulator, table: FenceTable) -> None:
    claims(table, 9, BLUE)
    lost(emulator)
    with pytest.raises(StaleFence):
        claims(table, 8)
    assert (table.read().fence, table.read().split) == (9, BLUE)
