# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes that go back by themselves: armed first, acknowledged, prolonged, confirmed, refused when late."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fake_haproxy import Bench  # type: ignore[import-not-found]
from guard_bench import BLUE, GREEN, QUARTER, Guarded, answering, guarded, revert  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.routers import armed, base, guard_client


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path / "lb1") as bench:
        yield bench


def test_a_write_is_armed_for_the_same_instant_wherever_the_moment_is_the_same(host: Guarded) -> None:
    written = host.router.write(QUARTER, [BLUE], 3, at=1002.0, revert=revert(30))
    assert written.armed == armed.Armed(BLUE, 1032.0, 1000.0, 3, "r1")
    assert host.standing().armed == written.armed
    assert host.bench.green() == ("2500", True)


def test_without_a_moment_the_seconds_count_from_now(host: Guarded) -> None:
    written = host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    assert written.armed is not None
    assert written.armed.deadline == 1030.0


def test_it_is_armed_and_acknowledged_before_anything_moves(host: Guarded) -> None:
    seen: list[Any] = []
    answer = host.bench.haproxy.answer

    def watch(command: str) -> str:
        if command.startswith(("set", "add")):
            seen.append((host.standing().armed is not None, "shop" in host.guard._watched))
        return str(answer(command))

    host.bench.haproxy.answer = watch  # type: ignore[method-assign]
    host.router.write(QUARTER, [BLUE], 3, revert=revert())
    assert seen == [(True, True)]


def test_the_same_split_with_a_later_deadline_prolongs_and_touches_haproxy_with_no_change(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.bench.haproxy.commands.clear()
    host.clock.now = 1020.0
    written = host.router.write(QUARTER, [QUARTER], 4, at=1019.0, revert=revert(60))
    assert (written.changed, written.sent_at) == (False, None)
    assert written.armed is not None
    assert (written.armed.deadline, written.armed.fence) == (1079.0, 4)
    assert not [command for command in host.bench.haproxy.commands if command.startswith(("set", "add"))]
    host.at(1078.9)
    assert host.bench.green() == ("2500", True)
    host.at(1079.0)
    assert host.bench.green() == ("0", True)


@pytest.mark.parametrize("split", [QUARTER, GREEN])
def test_a_write_without_a_deadline_confirms_after_it_is_in_force(host: Guarded, split: Any) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    written = host.router.write(split, [QUARTER], 3)
    assert (written.armed, host.standing().armed) == (None, None)
    host.at(2000.0)
    assert host.bench.green() == (str(split.green * 100), True)
    assert host.notes() == []


def test_a_rollback_disarms(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.router.write(BLUE, None, 3, require_healthy=0)
    assert host.standing() == armed.Standing()


def test_broken_glass_disarms_too(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.router.write(BLUE, None, 0, break_glass={"who": "ada", "reason": "checkout is slow"})
    assert host.standing().armed is None
    assert [note["who"] for note in host.notes()] == ["ada"]


def test_a_confirmation_after_the_guard_went_back_is_stale_and_says_who_was_faster(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.at(1030.5)
    for late in ({"revert": None}, {"revert": revert(60)}):
        with pytest.raises(base.StaleFence) as refusal:
            host.router.write(QUARTER, None, 3, **late)
        assert "the guard of this load balancer took users of shop back at 1970-01-01 00:17:10 UTC" in str(
            refusal.value
        )
        assert "rollout r1 by 1970-01-01 00:17:10 UTC" in str(refusal.value)
    assert host.bench.green() == ("0", True)


def test_a_stale_fence_of_another_kind_is_not_said_to_be_the_guards(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.at(1030.5)
    host.router.write(BLUE, None, 9)
    with pytest.raises(base.StaleFence, match="another rollout has taken the lease"):
        host.router.write(GREEN, None, 8)
    with pytest.raises(base.StaleFence, match="the guard of this load balancer"):
        host.router.write(GREEN, None, 3)


@pytest.mark.parametrize(("split", "more"), [(QUARTER, {}), (GREEN, {}), (QUARTER, {"revert": revert(60)})])
def test_a_confirmation_after_the_deadline_is_refused_though_the_guard_has_not_acted(
    host: Guarded, split: Any, more: dict[str, Any]
) -> None:
    """Its HAProxy may have been down: the other load balancers are back, and must not be left alone."""
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.clock.now = 1030.0
    with pytest.raises(base.TooLate, match="expected rollout r1 of shop to be confirmed by"):
        host.router.write(split, None, 4, **more)
    assert host.bench.green() == ("2500", True)
    host.guard.look()
    assert host.bench.green() == ("0", True)


def test_a_moment_beyond_the_deadline_is_refused_before_it_could_hold_the_guard_up(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(3))
    with pytest.raises(base.TooLate):
        host.router.write(GREEN, None, 3, at=1005.0)
    assert host.clock.now == 1000.0


def test_going_back_is_never_too_late(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    host.clock.now = 1031.0
    assert host.router.write(BLUE, None, 3).changed
    assert host.standing().armed is None


def test_a_deadline_that_is_past_is_refused(host: Guarded) -> None:
    with pytest.raises(base.OutOfTime, match="a deadline that is still to come"):
        host.router.write(QUARTER, [BLUE], 3, at=999.8, revert=revert(0.1))
    assert host.bench.untouched()


@pytest.mark.parametrize("after", [0, -1, 86401, float("nan"), float("inf")])
def test_seconds_that_are_no_deadline_are_refused(after: float) -> None:
    with pytest.raises(ValueError, match="revert_after: expected more than 0"):
        revert(after)


def test_a_dry_run_asks_the_guard_and_arms_nothing(host: Guarded) -> None:
    written = host.router.write(QUARTER, [BLUE], 3, revert=revert(), dry_run=True)
    assert (written.changed, written.armed) == (True, None)
    assert host.bench.untouched()


def test_a_write_that_was_undone_leaves_what_was_armed_before(host: Guarded) -> None:
    host.bench.haproxy.refuse = "Permission denied"
    with pytest.raises(base.RouterError, match="Permission denied"):
        host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    assert host.standing().armed is None
    host.bench.haproxy.refuse = ""
    before = host.router.write(QUARTER, [BLUE], 3, revert=revert(30)).armed
    host.bench.haproxy.refuse = "Permission denied"
    with pytest.raises(base.RouterError, match="Permission denied"):
        host.router.write(GREEN, [QUARTER], 3, revert=revert(90))
    assert host.standing().armed == before


def test_a_write_of_which_nobody_knows_whether_it_was_undone_stays_armed(host: Guarded) -> None:
    answer = host.bench.haproxy.answer

    def vanish(command: str) -> str:
        if command.startswith(("set", "add")):
            host.bench.haproxy.map_path = "/elsewhere"
        return str(answer(command))

    host.bench.haproxy.answer = vanish  # type: ignore[method-assign]
    with pytest.raises(base.RouterError):
        host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    assert host.standing().armed is not None


def test_what_only_a_hand_leaves_is_told_of_and_replaced(host: Guarded) -> None:
    host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
    path = host.bench.state / "shop.armed.json"
    path.write_text('{"armed": {"back_to": {"blue": 130, "green": 0}}, "went_back": null}')
    assert "expected what is armed in" in host.standing().problem
    assert "expected what is armed in" in host.router.arming.problem()
    host.at(1050.0)
    assert "expected what is armed in" in host.log[0]
    assert host.router.write(GREEN, None, 3).changed
    assert json.loads(path.read_text()) == {"armed": None, "went_back": None}
    assert host.router.arming.problem() == ""


# Arming fails safe: without the right guard nothing is armed and nothing moves.


def refused(bench: Bench, says: str) -> None:
    for more in ({}, {"dry_run": True}):
        with pytest.raises(base.Unguarded) as refusal:
            bench.router.write(QUARTER, [BLUE], 3, revert=revert(), **more)
        assert says in str(refusal.value)
        assert "provision.yml" in str(refusal.value)
        assert bench.green() == (None, False)
        assert bench.router.arming.standing().armed is None
        assert bench.router.state.fence() == 0


def test_without_a_guard_nothing_is_armed(bench: Bench) -> None:
    refused(bench, "No such file or directory")
    assert 1002 <= bench.clock.now / 2 + 500 < 1003, "it waits two seconds each time, and no longer"
    assert bench.router.write(QUARTER, [BLUE], 3).changed, "a write that needs no guard needs no guard"


def test_a_guard_that_died_answers_no_more(bench: Bench) -> None:
    with answering(bench.router, bench.state, bench.clock):
        pass
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(bench.router.arming._guard.path)
    refused(bench, "Connection refused")


def test_a_guard_of_other_code_is_refused(bench: Bench) -> None:
    with answering(bench.router, bench.state, bench.clock, code="sha256:old"):
        refused(bench, "but it runs sha256:old")
        assert "but it runs sha256:old" in bench.router.arming.problem()


def test_a_guard_of_other_files_is_refused(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(bench.router, bench.state, bench.clock):
        monkeypatch.setattr(bench.router.arming, "_place", {"map": "/etc/other.map"})
        refused(bench, "to use the map /etc/other.map, but it uses")


def test_a_guard_that_looks_elsewhere_has_not_seen_it(tmp_path: Path, bench: Bench) -> None:
    with guarded(tmp_path / "other") as other:
        bench.router.arming._guard.path = other.router.arming._guard.path
        bench.router.arming._place = other.router.place()
        with pytest.raises(base.Unguarded, match="but it has seen None"):
            bench.router.write(QUARTER, [BLUE], 3, revert=revert())
    assert bench.green() == (None, False)


@pytest.mark.parametrize("answer", [b"", b"no json\n", b"[]\n", None])
def test_a_guard_that_makes_no_sense_is_refused(
    bench: Bench, answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard_client, "PATIENCE", 0.1)
    with socket.socket(socket.AF_UNIX) as door, ExitStack() as stack:
        door.bind(bench.router.arming._guard.path)
        door.listen(200)

        def talk() -> None:
            while True:
                try:
                    connection = stack.enter_context(door.accept()[0])
                    if answer is not None:
                        connection.recv(100)
                        connection.sendall(answer)
                        connection.close()
                except OSError:
                    return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        with pytest.raises(base.Unguarded, match="expected the guard"):
            bench.router.write(QUARTER, [BLUE], 3, revert=revert())
        door.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    assert bench.green() == (None, False)


def test_a_guard_that_is_being_restarted_is_waited_for(bench: Bench) -> None:
    with ExitStack() as stack:

        def start() -> None:
            stack.enter_context(answering(bench.router, bench.state, bench.clock))

        bench.clock.events.append((1001.0, start))
        assert bench.router.write(QUARTER, [BLUE], 3, revert=revert()).armed is not None
