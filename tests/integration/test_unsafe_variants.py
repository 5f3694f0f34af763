# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Negative controls: the ways in which releases usually hurt. The same users and the same judgement catch each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from harness.settled import history, settled
from harness.site import BALANCERS, Site
from harness.verdict import UsersHurt, unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.moment]

CONFIG = "/etc/haproxy/haproxy.cfg"

#: Users who are in the middle of something, and stay there for longer than it takes to move users and stop a pool.
BUSY: dict[str, Any] = {
    "mix": {"keep_alive": 90, "slow": 10},
    "paths": {"slow": "/slow?seconds=6", "stream": "/stream?seconds=9"},
    "stream_seconds": 10,
    "websocket_seconds": 9,
}

#: Users whose connections are idle most of the time.
IDLE: dict[str, Any] = {"rate": 600, "users": 200, "mix": {"keep_alive": 100}, "streams": 0, "websockets": 0}
RELOADS = 12


@pytest.fixture
def unsafe(site: Site) -> Iterator[Site]:
    """The site, put right again after what the test does to it."""
    known = history(site)
    yield site
    for color, hosts in site.members.items():
        for host in hosts:
            site.sh(host, f"systemctl start {site.service['name']}-{color}")
    for host in BALANCERS:
        site.sh(host, f"test ! -e {CONFIG}.kept || {{ mv {CONFIG}.kept {CONFIG} && systemctl reload haproxy; }}")
    _eventually(lambda: all(_healthy(site, host) for host in BALANCERS))
    site.split_by_hand(100 if known.live_color == "green" else 0)
    settled(site, known.live_release or "")


def caught(site: Site, act: Callable[[], None], **users: object) -> str:
    """What the judgement says of users who are there while *act* is done; fails where it says nothing."""
    with site.users(**{"rate": 200, "streams": 6, "websockets": 6} | users) as watched:
        time.sleep(1)
        act()
        time.sleep(2)
    with pytest.raises(UsersHurt) as found:
        unhurt(watched.saw(), least=100)
    return str(found.value)


def test_restarting_the_load_balancer(unsafe: Site) -> None:
    holder = unsafe.holder()
    assert "requests failed" in caught(unsafe, lambda: unsafe.sh(holder, "systemctl restart haproxy") and None)


def test_the_old_color_down_before_the_new_one_has_users(unsafe: Site) -> None:
    live, green = _live(unsafe)

    def act() -> None:
        _stop(unsafe, live, "TERM")
        unsafe.split_by_hand(100 - green)

    assert "requests failed" in caught(unsafe, act)


def test_the_old_pool_stopped_at_once(unsafe: Site) -> None:
    live, green = _live(unsafe)

    def act() -> None:
        unsafe.split_by_hand(100 - green)
        _stop(unsafe, live, "KILL")

    said = caught(unsafe, act, **BUSY)
    assert "streams and websockets were broken" in said
    assert "requests failed" in said


def test_reloading_without_idle_close(unsafe: Site) -> None:
    """Each reload cuts the idle connections that a request may be on its way to: a race, so it is given many."""
    for host in BALANCERS:
        unsafe.sh(host, f"cp -p {CONFIG} {CONFIG}.kept && sed -i '/option idle-close-on-response/d' {CONFIG}")
    with unsafe.users(**IDLE) as users:
        time.sleep(1)
        for _ in range(5 * RELOADS):
            _reload(unsafe, 1)
            if any("reset" in (error or "") for *_sent, error in users.rows()):
                break
    with pytest.raises(UsersHurt, match="reset"):
        unhurt(users.saw(), least=100)


def test_reloading_as_it_is_configured_hurts_nobody(site: Site) -> None:
    """The other side of the control before, with idle-close; users no more than a slow machine can serve as well."""
    with site.users(**{**IDLE, "rate": 400}) as users:
        time.sleep(1)
        _reload(site, RELOADS)
        time.sleep(1)
    unhurt(users.saw(), least=500)


def test_no_evidence_is_no_pass(site: Site) -> None:
    with site.users(rate=20) as users:
        time.sleep(1)
    unhurt(users.saw(), least=5)
    with pytest.raises(UsersHurt, match="are needed to say anything"):
        unhurt(users.saw(), least=1000)


def _reload(site: Site, times: int) -> None:
    for _ in range(times):
        site.sh(site.holder(), "systemctl reload haproxy")
        time.sleep(0.5)


def _live(site: Site) -> tuple[str, int]:
    color = history(site).live_color or ""
    return color, 100 if color == "green" else 0


def _stop(site: Site, color: str, signal: str) -> None:
    for host in site.members[color]:
        unit = f"{site.service['name']}-{color}"
        site.sh(host, f"systemctl kill --signal={signal} {unit}; systemctl stop {unit}")


def _healthy(site: Site, host: str) -> bool:
    return bool(site.router(host, "min(pool.healthy for pool in router.pools().values())") == 2)


def _eventually(true: Callable[[], bool], within: float = 15) -> None:
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "the pools do not become healthy again"
        time.sleep(0.2)
