# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard: when it goes back, what it writes down, and what it does while it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from guard_bench import BLUE, GREEN, QUARTER, Guarded, guarded, revert  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.routers import base, guard_loop
from ansible_collections.seamless.delivery.plugins.module_utils.routers.guard_loop import Guard


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Guarded]:
    """Armed at 1000 for 1030, a quarter on green."""
    with guarded(tmp_path / "lb1") as bench:
        bench.router.write(QUARTER, [BLUE], 3, revert=revert(30))
        yield bench


def back(host: Guarded) -> bool:
    return bool(host.bench.green() == ("0", True))


def test_goes_back_at_the_deadline_and_not_before(host: Guarded) -> None:
    host.at(1029.99)
    assert not back(host)
    host.at(1030.0)
    assert back(host)


def test_looks_again_right_at_the_deadline(host: Guarded) -> None:
    assert host.guard.look() == guard_loop.POLL
    host.clock.now = 1029.95
    assert host.guard.look() == pytest.approx(0.05)
    host.at(1030.0)
    assert host.guard.look() == guard_loop.IDLE


def test_writes_down_that_it_did_and_stops_who_was_silent(host: Guarded) -> None:
    host.at(1030.25)
    [note] = host.notes()
    assert note == {
        "at": 1030.25,
        "who": "guard of lb1",
        "reason": "rollout r1 was not confirmed by 1970-01-01 00:17:10 UTC",
        "rollout": "r1",
        "deadline": 1030.0,
        "before": QUARTER.as_dict(),
        "after": BLUE.as_dict(),
    }
    assert host.router.state.fence() > 3
    standing = host.standing()
    assert standing.armed is None
    assert standing.went_back is not None
    assert (standing.went_back.at, standing.went_back.rollout) == (1030.25, "r1")
    assert host.log == ["shop: users are back on blue 100 % / green 0 %: " + note["reason"]]


def test_does_it_once(host: Guarded) -> None:
    host.at(1030.0)
    fence = host.router.state.fence()
    host.at(1040.0)
    assert (len(host.notes()), host.router.state.fence()) == (1, fence)


def test_a_new_rollout_after_it_is_a_matter_of_its_own(host: Guarded) -> None:
    host.at(1030.0)
    host.router.write(GREEN, [BLUE], 9, revert=revert(30, rollout="r2"))
    host.at(1059.0)
    assert host.bench.green() == ("10000", True)
    host.at(1061.0)
    assert [note["rollout"] for note in host.notes()] == ["r1", "r2"]


def test_waits_for_a_healthy_member_and_says_so_once_a_minute(host: Guarded) -> None:
    servers = host.bench.haproxy.servers
    for name in ("blue1", "blue2"):
        servers["shop_blue", name] = ("DOWN", "L4CON")
    for second in range(90):
        host.at(1030.0 + second)
    assert host.bench.green() == ("2500", True)
    assert host.standing().armed is not None
    assert [line[:52] for line in host.log] == ["shop: cannot take users back to blue 100 % / green 0"] * 2
    assert "sees 0 of 2" in host.log[0]
    assert (host.notes(), host.router.state.fence()) == ([], 3), "nothing is said to be done that is not"
    servers["shop_blue", "blue1"] = ("UP", "L7OK")  # one is enough, as for a rollback
    host.at(1121.0)
    assert back(host)


def test_tries_again_each_second_and_not_more_often(host: Guarded) -> None:
    host.bench.haproxy.close()
    asked: list[float] = []
    go_back = host.router.go_back

    def count(due: object, who: str) -> object:
        asked.append(host.clock.now)
        return go_back(due, who)

    host.router.go_back = count  # type: ignore[method-assign]
    host.at(1030.0)
    while host.clock.now < 1035.0:
        host.at(host.clock.now + host.guard.look())
    assert len(asked) in (5, 6)
    assert "systemctl status haproxy" in host.log[0]


def test_one_attempt_at_a_time(tmp_path: Path) -> None:
    begun: list[Callable[[], None]] = []
    with guarded(tmp_path / "lb1", begin=begun.append) as host:
        host.router.write(QUARTER, [BLUE], 3, revert=revert(30))
        for second in range(5):
            host.at(1030.0 + second)
        assert len(begun) == 1
        assert not host.guard.stuck()
        host.clock.now = 1095.0
        assert host.guard.stuck(), "systemd is not told any more that all is well, and starts another guard"
        begun[0]()
        assert not host.guard.stuck()
        assert back(host)


def test_after_a_reboot_a_deadline_that_is_past_is_kept_as_soon_as_haproxy_answers(host: Guarded) -> None:
    fresh: list[str] = []
    host.clock.now = 1500.0
    host.bench.haproxy.restart()
    assert host.bench.green() == ("2500", True), "the split survives, so that somebody has to go back"
    socket = host.bench.router.admin.path
    host.bench.router.admin.path = f"{socket}.missing"
    rebooted = Guard(
        str(host.bench.state),
        lambda _service: host.router,
        "",
        "guard of lb1",
        host.clock,
        fresh.append,
        lambda go: go(),
    )
    rebooted.tick()
    assert host.bench.green() == ("2500", True)
    host.bench.router.admin.path = socket
    host.clock.now = 1501.0
    rebooted.tick()
    assert back(host)
    assert len(fresh) == 2


def test_a_reboot_before_the_deadline_changes_nothing_about_it(host: Guarded) -> None:
    host.bench.haproxy.restart()
    host.guard._watched.clear()
    host.at(1029.0)
    assert not back(host)
    host.at(1030.0)
    assert back(host)


def test_a_wall_clock_set_forward_brings_the_deadline_nearer(host: Guarded) -> None:
    host.clock.set_by = 25.0
    host.at(1004.0)
    assert not back(host)
    host.at(1005.0)
    assert back(host)


def test_a_wall_clock_set_back_does_not_keep_users_there_longer(host: Guarded) -> None:
    host.clock.set_by = -3600.0
    host.at(1029.0)
    assert not back(host)
    host.at(1030.0)
    assert back(host)


def test_a_clock_that_is_wrong_after_a_boot_costs_the_agreed_time_at_most(host: Guarded) -> None:
    host.guard._watched.clear()
    host.clock.set_by = -900.0  # no battery: the year in which time begins
    host.at(1010.0)
    host.at(1039.0)
    assert not back(host)
    host.at(1040.0)
    assert back(host)


def test_each_service_has_its_own_deadline(tmp_path: Path, host: Guarded) -> None:
    assert (host.bench.state / "shop.armed.json").is_file()
    blog = type(host.router)(
        "blog",
        host.bench.haproxy.path,
        str(host.bench.map),
        str(host.bench.state),
        host.clock,
        str(tmp_path / "no-master"),
        host.router.arming._guard.path,
    )
    host.guard._make = lambda service: {"shop": host.router, "blog": blog}[service]
    for color in ("blue", "green"):
        host.bench.haproxy.servers[f"blog_{color}", "a"] = ("UP", "L7OK")
    blog.write(GREEN, [BLUE], 1, revert=revert(60))
    host.at(1030.0)
    assert back(host)
    assert host.bench.haproxy.entries["blog"] == "10000"
    host.at(1060.0)
    assert host.bench.haproxy.entries["blog"] == "0"


def test_a_service_that_cannot_go_back_keeps_no_other_from_it(tmp_path: Path, host: Guarded) -> None:
    gone = type(host.router)("gone", host.bench.haproxy.path, str(host.bench.map), str(host.bench.state), host.clock)
    host.bench.haproxy.entries["gone"] = "10000"
    with gone.state.locked():
        gone.arming._file.arm(host.standing().armed)
    host.guard._make = lambda service: {"shop": host.router, "gone": gone}[service]
    host.at(1030.0)
    assert back(host)
    assert "backend gone_blue" in "".join(host.log)


def test_in_place_already_it_moves_nobody_and_settles_all_the_same(host: Guarded) -> None:
    """What a writer leaves that dies after it has armed, before it moved anybody."""
    host.bench.haproxy.entries["shop"] = "0"
    host.bench.map.write_text("other 1000\nshop 0\n")
    host.bench.haproxy.commands.clear()
    host.at(1030.0)
    assert not [command for command in host.bench.haproxy.commands if command.startswith(("set", "add"))]
    assert host.standing().armed is None
    with pytest.raises(base.StaleFence, match="the guard of this load balancer"):
        host.router.write(QUARTER, None, 3)


def test_a_full_disk_is_waited_for_like_anything_else(host: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(host.router.state, "note", full)
        host.at(1030.0)
        assert not back(host)
        assert "No space left on device" in host.log[0]
    host.at(1031.0)
    assert back(host)
