# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows against a reference that asks of each moment whether something covers it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout import windows

END = 30
WINDOWS = st.lists(st.tuples(st.integers(-5, END + 5), st.integers(-5, END + 5)), max_size=6)


def covers(each, moment):
    return any(start <= moment < end for start, end in each)


def reference(allowed, frozen, now):
    """Open, since and until from 0 to END, moment by moment; every edge is at a whole number."""

    def is_open(moment):
        return (allowed is None or covers(allowed, moment)) and not covers(frozen, moment)

    changes = [moment for moment in range(1, END) if is_open(moment) != is_open(moment - 1)]
    since = max((moment for moment in changes if moment <= now), default=None)
    until = min((moment for moment in changes if moment > now), default=None)
    return windows.State(is_open(now), since, until)


@given(WINDOWS)
def test_merged_windows_are_the_same_moments_in_order_and_apart(each):
    found = windows.merged(each)
    assert [covers(found, moment) for moment in range(-6, END + 7)] == [
        covers(each, moment) for moment in range(-6, END + 7)
    ]
    edges = [edge for window in found for edge in window]
    assert edges == sorted(set(edges))


@given(WINDOWS, WINDOWS)
def test_holes_are_left_out_and_nothing_else(each, holes):
    found = windows.without(each, holes)
    for moment in range(-6, END + 7):
        assert covers(found, moment) == (covers(each, moment) and not covers(holes, moment))


@given(st.none() | WINDOWS, WINDOWS, st.integers(0, END - 1))
def test_the_state_is_that_of_the_reference(allowed, frozen, now):
    assert windows.state(allowed, frozen, now, (0, END)) == reference(allowed, frozen, now)


# The negative control: a window to whose end the end belongs, as a careless comparison has it.


def test_an_end_that_is_taken_for_a_part_of_the_window_is_caught():
    careless = windows.state(None, [(3, 6 + 1)], 6, (0, END))
    assert careless != reference(None, [(3, 6)], 6) == windows.state(None, [(3, 6)], 6, (0, END))
