# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever dies, at whatever point: afterwards users are where somebody confirmed them to be, or back.

One harness, for the real thing and for deliberately wrong variants of it, which it has to catch.
"""

from __future__ import annotations

import functools
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from guard_bench import BLUE, GREEN, QUARTER, Guarded, guarded, revert  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.routers import armed, base, haproxy_map, host_state
from ansible_collections.seamless.delivery.plugins.module_utils.routers.armed import Armed
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import Written
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_socket import AdminSocket


class Died(BaseException):
    """The process is gone: nothing handles that."""


@contextmanager
def dying(point: int) -> Iterator[list[str]]:
    """Every lasting effect (a file replaced or appended to, a change of HAProxy's memory) is counted, and instead of
    the one with the number *point*, from 0, the process dies. Yields the effects that came about."""
    done: list[str] = []

    def mortal(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def effect(*arguments: Any, **more: Any) -> Any:
            if name == "exchange" and not arguments[2].startswith(("set map", "add map")):
                return real(*arguments, **more)
            if len(done) == point:
                raise Died(name)
            done.append(Path(arguments[0]).name if name != "exchange" else "memory")
            return real(*arguments, **more)

        return effect

    places = [
        (armed, "replace"),
        (host_state, "replace"),
        (host_state, "append"),
        (haproxy_map, "replace"),
        (AdminSocket, "exchange"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in places:
            patch.setattr(owner, name, mortal(name, getattr(owner, name)))
        yield done


def dies(point: int, act: Callable[[], object]) -> list[str] | None:
    """What *act* did before it died at *point*; None where it came to its end."""
    with dying(point) as done:
        try:
            act()
        except Died:
            return list(done)
    return None


def breaches(host: Guarded, after: str) -> list[str]:
    """What is wrong with *host*, long after the deadline of 1030, where nobody has confirmed anything."""
    for second in range(5):
        host.at(1040.0 + second)
    wrong = []
    shown = (host.bench.green()[0] or "0", host.router.read().persisted or BLUE)
    if shown != ("0", BLUE):
        wrong.append(f"{after}: users are left on {shown}")
    if host.standing().armed is not None:
        wrong.append(f"{after}: still armed")
    if len(host.notes()) > 1:
        wrong.append(f"{after}: noted {len(host.notes())} times")
    return wrong


def after_a_death(
    folder: Path,
    act: Callable[[Guarded], object],
    before: Callable[[Guarded], object] = lambda _host: None,
    make: type[HAProxyRouter] = HAProxyRouter,
) -> tuple[list[str], list[str]]:
    """All breaches after *act* has died at each of its points, with and without a reboot, and the points it has."""
    wrong: list[str] = []
    effects: list[str] = []
    for reboot in (False, True):
        for point in itertools.count():
            with guarded(folder / f"{point}-{reboot}", make) as host:
                before(host)
                done = dies(point, functools.partial(act, host))
                if done is None:
                    break
                effects = done
                if reboot:
                    host.bench.haproxy.restart()
                    host.guard._watched.clear()
                wrong += breaches(host, f"after {done}{', and a reboot' if reboot else ''}")
    return wrong, effects


def step(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))


def further(host: Guarded) -> None:
    host.router.write(GREEN, [QUARTER], 3, revert=revert(30))


def prolong(host: Guarded) -> None:
    host.router.write(QUARTER, [QUARTER], 3, revert=revert(35))


def confirm(host: Guarded) -> None:
    host.router.write(GREEN, [QUARTER], 3)


def roll_back(host: Guarded) -> None:
    host.router.write(BLUE, None, 3, require_healthy=0)


def guard_acts(host: Guarded) -> None:
    host.at(1030.0)


@pytest.mark.parametrize("act", [further, prolong, confirm, roll_back, guard_acts])
def test_whoever_dies_users_go_back(tmp_path: Path, act: Callable[[Guarded], object]) -> None:
    wrong, effects = after_a_death(tmp_path, act, before=step)
    assert wrong == []
    assert (len(effects) >= 4) == (act is not prolong), "it died at each of the points that there are"


def test_the_first_step_is_armed_before_all_else(tmp_path: Path) -> None:
    wrong, effects = after_a_death(tmp_path, step)
    assert wrong == []
    assert effects == ["shop.armed.json", "shop.fence", "shop.moved.json", "split.map", "memory"]


def test_a_confirmation_is_the_last_of_its_effects(tmp_path: Path) -> None:
    with guarded(tmp_path / "lb1") as host, dying(10**6) as done:
        step(host)
        done.clear()
        confirm(host)
        assert done == ["shop.moved.json", "split.map", "memory", "shop.moved.json", "shop.armed.json"]


def test_the_guard_writes_down_what_it_does_before_it_does_it(tmp_path: Path) -> None:
    with guarded(tmp_path / "lb1") as host, dying(10**6) as done:
        step(host)
        done.clear()
        guard_acts(host)
        moves = ["shop.moved.json", "split.map", "memory", "shop.moved.json"]
        assert done == ["shop.fence", "shop.notes.jsonl", *moves, "shop.armed.json"]


# Negative controls: each is wrong in one way, and the harness above must see it.


class ArmsAfterwards(HAProxyRouter):
    """Moves users first, and asks the guard then: shorter, and nobody notices while nobody dies."""

    def _obey(self, order: Any) -> Written:
        written = super()._obey(replace(order, revert=None))
        if order.revert is not None:
            self.arming.arm(order.revert, order.at, written.fence)
        return written


class DisarmsFirst(HAProxyRouter):
    """Takes the confirmation for given before the split that it confirms is in force."""

    def _obey(self, order: Any) -> Written:
        if order.revert is None:
            self.arming.settle()
        return super()._obey(order)


def test_arming_after_the_write_is_caught(tmp_path: Path) -> None:
    wrong, _effects = after_a_death(tmp_path, step, make=ArmsAfterwards)
    assert any("users are left on ('2500'" in breach for breach in wrong)


def test_disarming_before_the_write_is_caught(tmp_path: Path) -> None:
    wrong, _effects = after_a_death(tmp_path, confirm, before=step, make=DisarmsFirst)
    assert any("users are left on ('2500'" in breach for breach in wrong)


# A confirmation and the guard, at the same moment.


def overtaken(folder: Path, make: type[HAProxyRouter]) -> list[str]:
    """What is wrong after a confirmation that had the lock while the deadline passed, and the guard has looked."""
    waiting: list[Callable[[], None]] = []
    with guarded(folder, make, begin=waiting.append) as host:
        step(host)
        answer = host.bench.haproxy.answer

        def slow(command: str) -> str:
            if command.startswith("set map"):
                host.at(1030.1)
            return str(answer(command))

        host.bench.haproxy.answer = slow  # type: ignore[method-assign]
        host.clock.now = 1029.9
        confirm(host)
        assert len(waiting) == 1, "the guard did not begin: there was no race"
        waiting.pop()()
        shown = host.bench.green()
        return [] if shown == ("10000", True) and host.notes() == [] else [f"confirmed, and yet taken back: {shown}"]


class Hasty(HAProxyRouter):
    """A guard that trusts what it saw before it had the lock."""

    def go_back(self, due: Armed, who: str) -> Written | None:
        glass = {"who": who, "reason": due.unconfirmed(), "rollout": due.rollout, "deadline": due.deadline}
        return self.write(due.back_to, None, due.fence + 1, 0, break_glass=glass)


def test_a_confirmation_that_had_the_lock_first_has_won(tmp_path: Path) -> None:
    assert overtaken(tmp_path / "lb1", HAProxyRouter) == []


def test_a_guard_that_does_not_look_again_under_the_lock_is_caught(tmp_path: Path) -> None:
    assert overtaken(tmp_path / "lb1", Hasty) != []


def test_a_deadline_that_was_prolonged_while_the_guard_waited_counts(tmp_path: Path) -> None:
    waiting: list[Callable[[], None]] = []
    with guarded(tmp_path / "lb1", begin=waiting.append) as host:
        step(host)
        host.clock.now = 1030.0
        host.guard.look()
        host.clock.now = 1029.0  # it was one, on the writer's side of the lock
        prolong(host)
        waiting.pop()()
        assert host.bench.green() == ("2500", True)
        assert host.log == ["shop: somebody confirmed just in time, or agreed on another deadline"]


@pytest.mark.parametrize("number", range(8))
def test_in_a_real_race_whoever_is_told_yes_is_right(tmp_path: Path, number: int) -> None:
    """The real clock, threads of their own, and a confirmation within 30 ms of the deadline on either side."""
    said: list[str] = []
    with guarded(tmp_path / "lb1", clock=time, begin=lambda attempt: threading.Thread(target=attempt).start()) as host:
        armed_ = host.router.write(QUARTER, [BLUE], 3, revert=revert(0.4)).armed
        assert armed_ is not None
        moment = armed_.deadline + random.Random(number).uniform(-0.03, 0.03)

        def late() -> None:
            time.sleep(max(0.0, moment - time.time()))
            try:
                confirm(host)
                said.append("yes")
            except (base.StaleFence, base.TooLate, base.UnexpectedSplit):
                said.append("no")

        confirmation = threading.Thread(target=late)
        confirmation.start()
        until = time.monotonic() + 20
        while (host.standing().armed is not None or not said) and time.monotonic() < until:
            time.sleep(min(host.guard.look(), 0.01))
        confirmation.join()
        assert host.standing().armed is None
        assert host.bench.green()[0] == {"yes": "10000", "no": "0"}[said[0]]
        assert len(host.notes()) == {"yes": 0, "no": 1}[said[0]]
