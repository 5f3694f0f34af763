# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open loop: what is due when, and what a late wake does."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.pace import CATCH_UP, STARVED, Schedule, shuffle


@given(st.floats(0.5, 1000), st.lists(st.floats(0.0001, STARVED / 2), min_size=1, max_size=50))
def test_each_request_is_due_on_the_grid_and_counts_from_there(rate: float, wakes: list[float]):
    schedule = Schedule(rate, 0.0)
    now, dues = 0.0, []
    for wake in wakes:
        now += wake
        for due, counted_from in schedule.due(now):
            assert counted_from == due <= now
            dues.append(due)
    assert all(abs(due - number / rate) < 1e-6 for number, due in enumerate(dues))
    assert now - dues[-1] < 1 / rate + 1e-6  # none is missing
    assert schedule.unsent == 0


def test_a_late_wake_is_not_the_services_fault():
    schedule = Schedule(100, 0.0)
    list(schedule.due(0.0))
    got = list(schedule.due(0.1))
    assert len(got) == 10
    assert [counted == 0.1 for _due, counted in got] == [0.1 - due > STARVED for due, _counted in got]


def test_a_long_stall_is_not_made_up_for_in_a_burst():
    schedule = Schedule(100, 0.0)
    list(schedule.due(0.0))
    got = list(schedule.due(10.0))
    assert len(got) <= CATCH_UP * 100 + 2
    assert len(got) + schedule.unsent + 1 == 1001
    assert len(list(schedule.due(10.5))) in (24, 25, 26)  # 0.5 s late again: caught up by half


def test_the_pause_ends_at_the_next_request_or_the_heartbeat():
    schedule = Schedule(1, 0.0)
    assert schedule.pause(0.0) == 0.0
    list(schedule.due(0.0))
    assert schedule.pause(0.0) == 0.05
    assert round(schedule.pause(0.99), 3) == 0.01
    assert schedule.pause(5.0) == 0.0


def test_each_kind_comes_first_once_and_then_by_weight():
    kinds = shuffle({"keep_alive": 70, "slow": 0, "post": 5, "new_connection": 25})
    first = list(itertools.islice(kinds, 3))
    assert sorted(first) == ["keep_alive", "new_connection", "post"]
    counted = Counter(itertools.islice(kinds, 1000))
    assert counted == {"keep_alive": 700, "new_connection": 250, "post": 50}
