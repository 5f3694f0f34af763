# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest
from fake_haproxy import Bench, FakeHAProxy  # type: ignore[import-not-found]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers import base
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy import HAProxyRouter

BLUE = Split.all_on("blue")
GREEN = Split.all_on("green")
QUARTER = Split(blue=75, green=25)


def test_reads_what_is_there(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_green"}
    seen = bench.router.read()
    assert (seen.split, seen.persisted, seen.fence) == (BLUE, None, 0)
    assert seen.pools["green"].as_dict() == {
        "healthy": 2,
        "total": 2,
        "sessions": 1,
        "members": {"green1": "UP L7OK", "green2": "UP L7OK"},
    }


def test_writes_file_and_memory_and_leaves_other_services_alone(bench: Bench) -> None:
    written = bench.router.write(QUARTER, [BLUE], fence=3)
    assert (written.changed, written.before, written.after, written.sent_at) == (True, BLUE, QUARTER, 1000.0)
    assert bench.green() == ("2500", True)
    assert bench.haproxy.entries["other"] == "1000"
    assert "other 1000" in bench.map.read_text()
    assert bench.router.read().fence == 3


def test_the_same_split_again_changes_nothing_whatever_was_expected(bench: Bench) -> None:
    bench.router.write(QUARTER, [BLUE], fence=3)
    bench.haproxy.commands.clear()
    written = bench.router.write(QUARTER, [BLUE], fence=3)
    assert (written.changed, written.sent_at) == (False, None)
    assert not [command for command in bench.haproxy.commands if command.startswith(("set", "add"))]


def test_a_file_that_disagrees_is_repaired(bench: Bench) -> None:
    """What a controller leaves that dies between file and memory, and after it a reload that did not come."""
    bench.map.write_text("other 1000\nshop 10000\n")
    assert bench.router.read().persisted == GREEN
    assert bench.router.write(BLUE, [BLUE], fence=1).changed
    assert bench.green() == ("0", True)


def test_a_dry_run_touches_nothing(bench: Bench) -> None:
    written = bench.router.write(QUARTER, [BLUE], fence=3, dry_run=True)
    assert (written.changed, written.sent_at) == (True, None)
    assert bench.untouched()


def _unexpected(bench: Bench) -> None:
    bench.router.write(GREEN, [QUARTER], fence=1)


def _one_member_down(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green2"] = ("DOWN", "L4CON")
    bench.router.write(QUARTER, [BLUE], fence=1)


def _all_down_though_none_is_required(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green1"] = ("MAINT", "")
    bench.haproxy.servers["shop_green", "green2"] = ("DOWN", "L4CON")
    bench.router.write(QUARTER, [BLUE], fence=1, require_healthy=0)


def _never_checked(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green1"] = ("UP", "INI")
    bench.router.write(QUARTER, [BLUE], fence=1)


def _no_check_at_all(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green1"] = ("no check", "")
    bench.router.write(QUARTER, [BLUE], fence=1)


def _no_backend(bench: Bench) -> None:
    for name in ("green1", "green2"):
        del bench.haproxy.servers["shop_green", name]
    bench.router.write(QUARTER, [BLUE], fence=1)


def _too_late(bench: Bench) -> None:
    bench.router.write(QUARTER, [BLUE], fence=1, at=999.4)


def _too_far(bench: Bench) -> None:
    bench.router.write(QUARTER, [BLUE], fence=1, at=1061)


def _no_such_map(bench: Bench) -> None:
    bench.haproxy.map_path = "/elsewhere"
    bench.router.write(QUARTER, [BLUE], fence=1)


@pytest.mark.parametrize(
    ("attempt", "error", "says"),
    [
        (
            _unexpected,
            base.UnexpectedSplit,
            "expected shop at blue 75 % / green 25 %, but found blue 100 % / green 0 %",
        ),
        (_one_member_down, base.NotReady, "sees 1 of 2 (green1: UP L7OK, green2: DOWN L4CON)"),
        (_all_down_though_none_is_required, base.NotReady, "sees 0 of 2"),
        (_never_checked, base.NotReady, "green1: UP INI"),
        (_no_check_at_all, base.NotReady, "green1: no check"),
        (_no_backend, base.UnknownPool, "backend shop_green"),
        (_too_late, base.OutOfTime, "0.6 s ago"),
        (_too_far, base.OutOfTime, "61 s ahead"),
        (_no_such_map, base.RouterError, "Unknown map identifier"),
    ],
)
def test_refuses_and_changes_nothing(bench: Bench, attempt: object, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as refusal:
        attempt(bench)  # type: ignore[operator]
    assert says in str(refusal.value)
    assert bench.untouched()


def test_a_color_without_traffic_needs_no_member(bench: Bench) -> None:
    for name in ("blue1", "blue2"):
        bench.haproxy.servers["shop_blue", name] = ("DOWN", "L4CON")
    assert bench.router.write(GREEN, [BLUE], fence=1).changed


def test_a_lower_fence_is_refused_and_an_equal_one_is_not(bench: Bench) -> None:
    bench.router.write(QUARTER, [BLUE], fence=7)
    assert bench.router.write(GREEN, [QUARTER], fence=7).changed
    with pytest.raises(base.StaleFence, match="fencing number 6 is stale"):
        bench.router.write(BLUE, [GREEN], fence=6)
    assert bench.green() == ("10000", True)
    assert bench.router.read().fence == 7


def test_breaking_the_glass_passes_the_fence_stops_the_others_and_is_noted(bench: Bench) -> None:
    bench.router.write(GREEN, [BLUE], fence=7)
    written = bench.router.write(BLUE, None, fence=0, break_glass={"who": "ada", "reason": "green is on fire"})
    assert written.fence == 8
    assert bench.green() == ("0", True)
    with pytest.raises(base.StaleFence):
        bench.router.write(GREEN, None, fence=7)
    [note] = bench.router.state.notes()
    assert (note["who"], note["reason"]) == ("ada", "green is on fire")
    assert (note["before"]["green"], note["after"]["green"]) == (100, 0)


@pytest.mark.parametrize("nonsense", ["2550", "10100", "-1", "abc"])
def test_what_no_write_leaves_is_not_guessed_at(bench: Bench, nonsense: str) -> None:
    bench.haproxy.entries["shop"] = nonsense
    with pytest.raises(base.RouterError, match="changed by hand"):
        bench.router.write(GREEN, [BLUE], fence=1)
    written = bench.router.write(BLUE, None, fence=1, break_glass={"who": "ada", "reason": "repair"})
    assert written.before is None
    assert bench.green() == ("0", True)


def test_switches_at_the_moment_and_not_before(bench: Bench) -> None:
    at = 1005.0
    early = []
    bench.clock.events.append((1004.7, lambda: early.append(bench.haproxy.entries.get("shop"))))
    written = bench.router.write(GREEN, [BLUE], fence=1, at=at)
    assert written.sent_at == at
    assert early == [None]


def test_the_file_has_the_new_split_a_second_before_the_moment_and_not_before(bench: Bench) -> None:
    """A load balancer that dies long before the moment must not come back with a split that nobody ever had."""
    found: dict[float, str] = {}
    for moment in (1003.9, 1004.1):
        bench.clock.events.append((moment, lambda moment=moment: found.setdefault(moment, bench.map.read_text())))  # type: ignore[misc]
    bench.router.write(GREEN, [BLUE], fence=1, at=1005.0)
    assert {moment: "shop 10000" in text for moment, text in found.items()} == {1003.9: False, 1004.1: True}


def test_a_pool_that_fails_while_waiting_stops_the_switch(bench: Bench) -> None:
    def fail() -> None:
        bench.haproxy.servers["shop_green", "green1"] = ("DOWN", "L7STS")

    bench.clock.events.append((1002.0, fail))
    with pytest.raises(base.NotReady):
        bench.router.write(GREEN, [BLUE], fence=1, at=1005.0)
    assert bench.map.read_text() == "other 1000\n"
    assert "shop" not in bench.haproxy.entries


def test_right_after_a_reload_waits_for_the_first_checks(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green1"] = ("UP", "* INI")

    def pass_check() -> None:
        bench.haproxy.servers["shop_green", "green1"] = ("UP", "L7OK")

    bench.clock.events.append((1001.0, pass_check))
    assert bench.router.write(GREEN, [BLUE], fence=1).changed


def test_a_refusal_by_haproxy_puts_the_file_back(bench: Bench) -> None:
    bench.haproxy.refuse = "Permission denied"
    with pytest.raises(base.RouterError, match="Permission denied"):
        bench.router.write(GREEN, [BLUE], fence=1)
    assert bench.map.read_text() == "other 1000\n"


def test_a_worker_that_forgets_is_told_again(bench: Bench) -> None:
    bench.haproxy.forget = 1
    assert bench.router.write(GREEN, [BLUE], fence=1).changed
    assert bench.green() == ("10000", True)


def test_a_worker_that_always_forgets_is_an_error_and_the_file_is_put_back(bench: Bench) -> None:
    bench.haproxy.forget = 10**6
    with pytest.raises(base.RouterError, match="still says None"):
        bench.router.write(GREEN, [BLUE], fence=1)
    assert bench.map.read_text() == "other 1000\n"


def test_without_haproxy_says_what_to_look_at(bench: Bench) -> None:
    bench.haproxy.close()
    with pytest.raises(base.RouterError, match="systemctl status haproxy"):
        bench.router.write(GREEN, [BLUE], fence=1)
    assert bench.map.read_text() == "other 1000\n"


def test_without_the_map_says_to_run_the_role(bench: Bench, tmp_path: Path) -> None:
    bench.map.unlink()
    with pytest.raises(base.RouterError, match="Run the load_balancer role"):
        bench.router.read()


def test_one_writer_at_a_time(bench: Bench) -> None:
    bench.state.mkdir()
    with (bench.state / "shop.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(base.RouterError, match="another write to shop has held"):
            bench.router.write(GREEN, [BLUE], fence=1)
    assert bench.untouched()


def test_a_fence_that_is_no_number_is_never_overwritten(bench: Bench) -> None:
    bench.state.mkdir()
    (bench.state / "shop.fence").write_text("seven\n")
    with pytest.raises(base.RouterError, match="whole number"):
        bench.router.write(GREEN, [BLUE], fence=9)
    assert bench.green()[0] is None


def test_imported_notes_are_dropped_oldest_first_and_torn_ones_are_kept_readable(bench: Bench) -> None:
    state = bench.router.state
    with state.locked():
        for number in range(3):
            state.note({"reason": number})
    notes = bench.state / "shop.notes.jsonl"
    notes.write_text(notes.read_text() + '{"reason": ')
    assert state.forget_notes(2) == 2
    assert state.notes() == [{"reason": 2}, {"torn": '{"reason": '}]
    assert json.loads(notes.read_text().splitlines()[0]) == {"reason": 2}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 5)), max_size=8))
def test_any_sequence_of_writes_keeps_file_memory_and_fence_in_step(
    bench: Bench, writes: list[tuple[int, int]]
) -> None:
    highest = bench.router.state.fence()
    for green, fence in writes:
        before = bench.router.read().split
        try:
            bench.router.write(Split(blue=100 - green, green=green), None, fence=fence)
        except base.StaleFence:
            assert fence < highest
            assert bench.router.read().split == before
            continue
        highest = max(highest, fence)
        seen = bench.router.read()
        assert seen.split.green == green
        assert (seen.persisted or BLUE) == seen.split
        assert seen.fence == highest


def test_a_leaving_worker_is_told_and_counted(bench: Bench, tmp_path: Path) -> None:
    """The master's socket, faked: it routes ``@!pid`` commands to a worker that a reload has retired."""
    master = FakeHAProxy(tmp_path / "master.sock")
    master.map_path = str(bench.map)
    master.sessions = {"0x9": "shop_blue"}
    worker = master.answer
    processes = "#<PID>\n10 master 1\n# workers\n12 worker 0\n# old workers\n11 worker 1\n"

    def route(command: str) -> str:
        if command == "show proc":
            return processes
        assert command.startswith("@!11 ")
        return worker(command.removeprefix("@!11 "))

    master.answer = route  # type: ignore[method-assign]
    router = HAProxyRouter("shop", bench.haproxy.path, str(bench.map), str(bench.state), bench.clock, master.path)
    try:
        router.write(GREEN, [BLUE], fence=1)
        assert master.entries["shop"] == "10000"
        assert router.read().pools["blue"].sessions == 1
    finally:
        master.close()
