# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at once on one stack: one goes on, the other one is told; and what comes of it without a lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.concern import Ledger
from ansible_collections.seamless.delivery.plugins.module_utils.aws.ledger.declared import ARGUMENTS as LEDGER
from ansible_collections.seamless.delivery.plugins.module_utils.aws.lock import Lock
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import (
    Address,
    Concern,
    Found,
    Others,
    StackError,
    Wanted,
)
from ansible_collections.seamless.delivery.plugins.module_utils.aws.session import Aws
from ansible_collections.seamless.delivery.plugins.module_utils.aws.stack import Outcome, converge

TABLE = "shop-ledger"
_PATIENCE = 30.0


@pytest.fixture
def lock(emulator: Emulator) -> Callable[..., Lock]:
    """A lock of the stack shop, as one more run has it."""
    emulator.must("aws_ledger", {"stack": "shop"})

    def lock(takeover: str | None = None, **how: float) -> Lock:
        return Lock(Aws("shop", emulator.client), TABLE, takeover, **how)

    return lock


class Slow:
    """A concern, and its only kind: two things that take until they are let go to be made."""

    name = "thing"
    fixed: frozenset[str] = frozenset()
    precious = False

    def __init__(self) -> None:
        self.kinds: Sequence[Any] = (self,)
        self.there: list[str] = []
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def wanted(self, others: Others) -> Sequence[Wanted]:
        first = Wanted(Address("thing", "first"), {})
        return [first, Wanted(Address("thing", "second"), {}, after=[first.address])]

    def read(self) -> Sequence[Found]:
        return [Found(Address("thing", name), {"id": name}, {}) for name in set(self.there)]

    def create(self, wanted: Wanted) -> Mapping[str, str]:
        self.begun.release()
        assert self.go_on.wait(_PATIENCE)
        self.there.append(wanted.address.name)
        return {"id": wanted.address.name}

    def wait(self, ids: Mapping[str, str]) -> Mapping[str, str]:
        return ids


class Run(threading.Thread):
    """A run that converges, in a thread of its own."""

    def __init__(
        self, stack: Slow, lock: Callable[[], AbstractContextManager[Callable[[], None]]], *before: Concern, **how: Any
    ) -> None:
        super().__init__()
        self.concerns, self.lock, self.how = [*before, stack], lock, how
        self.outcome: Outcome | None = None
        self.error: StackError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = converge(self.concerns, lock=self.lock, **self.how)
        except StackError as error:
            self.error = error

    def ended(self) -> Run:
        self.join(_PATIENCE)
        assert not self.is_alive()
        return self


def two_at_once(first: Any, second: Any) -> None:
    """The second run begins while the first one is at work: it does nothing, and each thing is made once."""
    stack = Slow()
    at_work = Run(stack, first)
    assert stack.begun.acquire(timeout=_PATIENCE)
    late = Run(stack, second)
    while late.is_alive() and not stack.begun.acquire(timeout=0.05):
        pass
    stack.go_on.set()
    at_work.ended()
    late.ended()
    assert sorted(stack.there) == ["first", "second"]
    assert at_work.error is None
    assert "nothing was changed" in str(late.error)
    assert " is at work on this stack since 20" in str(late.error)
    assert "lock: {takeover: <your reason>}" in str(late.error)


def test_of_two_runs_at_once_one_goes_on_and_one_is_told(lock: Callable[..., Lock]) -> None:
    two_at_once(lock(), lock())


def test_without_a_lock_both_write() -> None:
    def none() -> Any:
        return nullcontext(lambda: None)

    with pytest.raises(AssertionError, match="Left contains 2 more items"):
        two_at_once(none, none)


class Meeting(Slow):
    """The same, where two runs have read what is there before either of them writes."""

    def __init__(self) -> None:
        super().__init__()
        self.met, self.looks = threading.Barrier(2), 0

    def read(self) -> Sequence[Found]:
        self.looks += 1
        if self.looks <= 2:
            self.met.wait(_PATIENCE)
        return super().read()


def first_runs(emulator: Emulator, count: int, **how: Any) -> tuple[Meeting, list[Run]]:
    """As many runs at once, the first of all: the stack's own table, where the lock is to be, is not there yet."""
    stack, runs = Meeting(), []
    for _ in range(count):
        aws = Aws("shop", emulator.client)
        ledger = Ledger(aws, {**{key: one.get("default") for key, one in LEDGER.items()}, "name": "shop-own"})
        runs.append(Run(stack, Lock(aws, "shop-own"), ledger, **how))
    if count == 1:
        stack.met.wait(_PATIENCE)
    deadline = time.monotonic() + _PATIENCE
    while all(run.is_alive() for run in runs):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        if count == 1 and stack.begun.acquire(blocking=False):
            stack.go_on.set()
    stack.go_on.set()
    return stack, [run.ended() for run in runs]


def test_of_two_first_runs_at_once_one_makes_the_table_and_goes_on(emulator: Emulator) -> None:
    stack, runs = first_runs(emulator, 2, locked_in=Address("ledger table", "shop-own"))
    assert sorted(stack.there) == ["first", "second"]
    (error,) = (str(run.error) for run in runs if run.error)
    assert "another run is making it" in error or "at work on this stack" in error or "cannot be used" in error
    (done,) = (run.outcome for run in runs if run.outcome)
    assert done.plan.lines()[0] == "+ create ledger table shop-own", "it is told of as the rest is"
    assert len(done.plan.steps) == 3


def test_without_the_table_first_there_could_be_no_first_run(emulator: Emulator) -> None:
    stack, (run,) = first_runs(emulator, 1)
    assert "the lock in table shop-own cannot be used" in str(run.error)
    assert stack.there == []


def test_the_next_run_finds_it_free(lock: Callable[..., Lock], emulator: Emulator) -> None:
    for _ in range(2):
        with lock()() as still_held:
            still_held()
    assert emulator.client("dynamodb").scan(TableName=TABLE)["Items"] == []


def test_who_is_taken_over_begins_no_other_step(lock: Callable[..., Lock]) -> None:
    stack = Slow()
    wrong = Run(stack, lock(renewed_every=0.1))
    assert stack.begun.acquire(timeout=_PATIENCE)
    with lock(takeover="it makes the wrong things")() as still_held:
        lost = threading.Event()
        lost.wait(1)
        stack.go_on.set()
        wrong.ended()
        still_held()
    assert stack.there == ["first"]
    assert "this run has lost the lock of the stack" in str(wrong.error)
    assert "having taken it over (it makes the wrong things)" in str(wrong.error)
    assert "done before: thing first" in str(wrong.error)


def test_a_run_that_died_is_in_nobody_s_way_for_long(lock: Callable[..., Lock]) -> None:
    dead = lock(lasts=1.0)
    dead._take()
    with pytest.raises(StackError, match=r"is at work on this stack .* leaves its lock for 60 s"), lock()():
        pass
    threading.Event().wait(1.1)
    with lock()() as still_held:
        still_held()
    with pytest.raises(StackError, match=r"has lost the lock of the stack\. Whoever was at work"):
        dead._still_held()


def test_a_long_step_keeps_its_lock(lock: Callable[..., Lock]) -> None:
    with lock(lasts=1.0, renewed_every=0.2)() as still_held:
        threading.Event().wait(2.5)
        still_held()
        with pytest.raises(StackError, match="nothing was changed"), lock()():
            pass


def test_a_lock_whose_answer_was_lost_is_held(lock: Callable[..., Lock], emulator: Emulator) -> None:
    mine = lock()
    emulator.trouble(failing=[{"operation": "PutItem", "code": "InternalServerError", "done": True}])
    with mine() as still_held:
        still_held()


def test_the_modules_take_it(emulator: Emulator, lock: Callable[..., Lock]) -> None:
    bucket = {"stack": "shop", "type": "s3", "name": "shop-bucket", "lock": {"table": TABLE}}
    with lock()():
        told, written = emulator.counting(lambda: emulator.run_module("aws_ledger", bucket))
        assert told["failed"]
        assert " is at work on this stack since " in told["msg"]
        assert written == ["PutItem"], "it asked for the lock alone"
    assert emulator.must("aws_ledger", bucket)["changed"]
    again, written = emulator.counting(lambda: emulator.must("aws_ledger", bucket))
    assert (again["changed"], written) == (False, []), "without anything to do there is no lock"
    nowhere = emulator.run_module("aws_ledger", {**bucket, "old_versions_days": 5, "lock": {"table": "nowhere"}})
    assert "the lock in table nowhere cannot be used" in nowhere["msg"]
