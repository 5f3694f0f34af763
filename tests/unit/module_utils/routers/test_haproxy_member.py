# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from fake_haproxy import Bench  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import (
    NotReady,
    RouterError,
    StaleFence,
    UnknownMember,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_member import Emptying, PoolMember

BLUE1, GREEN1 = ("shop_blue", "blue1"), ("shop_green", "green1")
SHORT = Emptying(deadline=2)


def blue1(bench: Bench, fence: int | None = 5) -> PoolMember:
    return PoolMember(bench.router, "blue", "blue1", fence)


def green1(bench: Bench) -> PoolMember:
    return PoolMember(bench.router, "green", "green1", 5)


def test_a_member_leaves_and_only_its_own_sessions_are_waited_for(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_blue/blue1", "0x2": "shop_blue/blue2"}
    bench.clock.events.append((1001.0, lambda: bench.haproxy.sessions.pop("0x1")))
    put = blue1(bench).drain(1, Emptying(deadline=30))
    assert (put.before, put.after) == ("ready", "maint")
    assert put.drained is not None
    assert put.drained.left == 0
    assert 1 <= put.drained.seconds < 2
    assert bench.haproxy.told == {BLUE1: "maint"}


def test_what_is_left_is_closed_and_nobody_elses(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_blue/blue1", "0x2": "shop_blue/blue2", "0x3": "shop_green/green1"}
    put = blue1(bench).drain(1, Emptying(deadline=2, close=True))
    assert put.drained is not None
    assert (put.drained.left, put.drained.closed) == (0, 1)
    assert sorted(bench.haproxy.sessions) == ["0x2", "0x3"]


def test_a_second_time_changes_nothing(bench: Bench) -> None:
    blue1(bench).drain(1, SHORT)
    again = blue1(bench).drain(1, SHORT)
    assert again.before == again.after == "maint"


@pytest.mark.parametrize("state", ["DOWN", "MAINT", "DRAIN"])
def test_nobody_leaves_users_without_the_others(bench: Bench, state: str) -> None:
    bench.haproxy.servers["shop_blue", "blue2"] = (state, "L4CON")
    with pytest.raises(NotReady, match="expected 1 other healthy members of blue before blue1 leaves it, but found 0"):
        blue1(bench).drain(0, SHORT)
    assert bench.haproxy.told == {}


def test_a_color_without_users_needs_nobody(bench: Bench) -> None:
    bench.haproxy.servers["shop_green", "green2"] = ("DOWN", "L4CON")
    assert green1(bench).drain(0, SHORT).after == "maint"
    with pytest.raises(NotReady, match="expected 1 other"):
        green1(bench).drain(1, SHORT)


def test_a_held_member_is_ready_once_its_check_has_passed(bench: Bench) -> None:
    bench.haproxy.servers[GREEN1] = ("DOWN", "L4CON")
    assert green1(bench).hold().after == "drain"
    bench.clock.events.append((1003.0, lambda: bench.haproxy.servers.update({GREEN1: ("UP", "L7OK")})))
    put = green1(bench).admit(within=10)
    assert (put.before, put.after) == ("drain", "ready")
    assert bench.clock.now >= 1003


def test_testers_are_kept_waiting_until_a_check_has_passed(bench: Bench) -> None:
    bench.haproxy.servers[GREEN1] = ("DOWN", "L4CON")
    with pytest.raises(NotReady, match="green1 of green to pass a health check within 3 s"):
        green1(bench).hold(within=3)
    assert green1(bench).hold().after == "drain", "who does not ask for it does not wait"


def test_what_passes_no_check_takes_no_users(bench: Bench) -> None:
    bench.haproxy.servers[GREEN1] = ("DOWN", "L7STS")
    with pytest.raises(NotReady, match="green1 of green to pass a health check within 3 s, but it is DOWN L7STS"):
        green1(bench).admit(within=3)
    assert bench.haproxy.told[GREEN1] == "drain"


def test_a_member_in_maintenance_is_checked_before_it_takes_users(bench: Bench) -> None:
    blue1(bench).drain(1, SHORT)
    assert blue1(bench).admit(within=3).before == "maint"
    told = [command for command in bench.haproxy.commands if command.startswith("set server")]
    assert [command.split()[-1] for command in told] == ["maint", "drain", "ready"]


def test_only_a_color_without_users_is_left_to_its_health_checks(bench: Bench) -> None:
    bench.haproxy.servers[BLUE1] = bench.haproxy.servers[GREEN1] = ("DOWN", "L4CON")
    with pytest.raises(RouterError, match="it has 100 %"):
        blue1(bench).release()
    green1(bench).drain(0, SHORT)
    assert green1(bench).release().after == "ready"


def test_a_stale_writer_moves_nobody(bench: Bench) -> None:
    bench.router.write(Split.all_on("blue"), None, fence=9)
    for act in (lambda: blue1(bench).drain(1, SHORT), blue1(bench).hold, lambda: blue1(bench).admit(1)):
        with pytest.raises(StaleFence):
            act()
    assert bench.haproxy.told == {}
    assert blue1(bench, fence=None).drain(1, SHORT).after == "maint"


def test_a_dry_run_says_what_would_be_and_does_nothing(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_blue/blue1"}
    put = blue1(bench).drain(1, Emptying(30, close=True), dry_run=True)
    assert (put.before, put.after) == ("ready", "maint")
    assert bench.haproxy.told == {}
    assert bench.haproxy.sessions
    assert green1(bench).hold(dry_run=True).after == "drain"
    assert bench.haproxy.told == {}


def test_names_what_is_unknown_and_what_is_refused(bench: Bench) -> None:
    with pytest.raises(UnknownMember, match="a member blue9, but HAProxy knows blue1, blue2"):
        PoolMember(bench.router, "blue", "blue9", 1).hold()
    bench.haproxy.refuse = "Permission denied"
    with pytest.raises(RouterError, match=r"HAProxy refused .*: Permission denied"):
        blue1(bench).hold()
