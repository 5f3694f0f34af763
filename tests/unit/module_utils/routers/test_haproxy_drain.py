# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from fake_haproxy import Bench  # type: ignore[import-not-found]

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.module_utils.routers.haproxy_drain import drain


@pytest.fixture(autouse=True)
def on_green(bench: Bench) -> None:
    bench.router.write(Split.all_on("green"), None, fence=1)


def test_an_empty_color_is_drained_at_once(bench: Bench) -> None:
    drained = drain(bench.router, "blue", deadline=30)
    assert (drained.left, drained.closed, drained.seconds) == (0, 0, 0)


def test_waits_for_sessions_to_end_by_themselves(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_blue", "0x2": "shop_green"}
    bench.clock.events.append((1003.0, lambda: bench.haproxy.sessions.pop("0x1")))
    drained = drain(bench.router, "blue", deadline=30, close=True)
    assert (drained.left, drained.closed) == (0, 0)
    assert 3 <= drained.seconds < 4


def test_says_what_is_left_and_closes_nothing_unasked(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_blue"}
    drained = drain(bench.router, "blue", deadline=2)
    assert (drained.left, drained.closed) == (1, 0)
    assert bench.haproxy.sessions


def test_closes_this_colors_sessions_spread_over_time(bench: Bench) -> None:
    bench.haproxy.sessions = {f"0x{number}": "shop_blue" for number in range(5)} | {"0x9": "shop_green"}
    drained = drain(bench.router, "blue", deadline=2, close=True, close_over=10)
    assert (drained.left, drained.closed) == (0, 5)
    assert 9 < drained.seconds < 13
    assert list(bench.haproxy.sessions) == ["0x9"]


def test_refuses_a_color_with_traffic(bench: Bench) -> None:
    bench.haproxy.sessions = {"0x1": "shop_green"}
    with pytest.raises(RouterError, match="it has 100 %"):
        drain(bench.router, "green", deadline=0, close=True)
    assert bench.haproxy.sessions
