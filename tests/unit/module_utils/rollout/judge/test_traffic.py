# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.traffic import Traffic
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import FIRST, OLD, RESET

BUSY, IDLE = (Counts(100, 0), Counts(900, 9)), (Counts(0, 0), Counts(0, 0))
UNREACHED = (Counts(0, 0), Counts(900, 9))


@pytest.fixture
def fold(one):
    def fold(*steps, **settings):
        traffic = Traffic(Settings(**settings))
        for number, step in enumerate(steps):
            arms, more = (step, {}) if step else ((None, None), {"origins": (), "gaps": {"lb1": "timed out"}})
            traffic.take(one(number, *arms, **more))
        return traffic

    return fold


def test_with_traffic_nothing_is_missing(fold):
    assert fold(BUSY, BUSY, BUSY).missing is None


def test_so_many_polls_without_data_are_said_with_their_reasons(fold):
    assert fold(BUSY, None, None).missing is None
    assert "in 3 polls in a row (lb1: timed out)" in fold(BUSY, None, None, None).missing
    assert fold(BUSY, None, None, None, BUSY).missing is None


def test_so_many_seconds_without_data_are_enough_where_each_poll_takes_long(fold):
    """The windows here have ten seconds each; the first one without data may be what a watch was interrupted for."""
    patient = {"missing_polls": 30, "missing": 15}
    assert fold(BUSY, None, None, **patient).missing is None
    assert "in 3 polls in a row (lb1: timed out)" in fold(BUSY, None, None, None, **patient).missing
    assert fold(BUSY, None, None, BUSY, None, None, **patient).missing is None, "in a row"
    assert fold(BUSY, None, None, None, missing_polls=30).missing is None


def test_what_was_left_out_is_said_of_all_windows_and_not_what_is_usual(one):
    traffic = Traffic(Settings())
    for number, gaps in enumerate(({"lb2": FIRST}, {"lb1": RESET}, {"lb2": OLD}, {})):
        traffic.take(one(number, *BUSY, gaps=gaps))
    assert traffic.left_out == {"lb1": "1 of 4 windows, lately: its counters began anew"}


def test_traffic_that_vanished_is_told_from_a_quiet_moment(fold):
    gone = fold(BUSY, *[IDLE] * 3)
    assert gone.vanished
    assert gone.missing == "the traffic of both releases vanished 30 s ago"
    assert not fold(BUSY, IDLE, IDLE).vanished
    quiet = fold((Counts(0, 0), Counts(1, 0)), *[IDLE] * 5)
    assert not quiet.vanished, "where a request comes now and then, half a minute without one is nothing"
    assert not fold(*[IDLE] * 5).vanished, "there never was any"


def test_a_canary_that_no_request_reaches(fold):
    lost = fold(BUSY, *[UNREACHED] * 3)
    assert lost.unreached
    assert not lost.vanished
    assert "no request reached the new release in 30 s, while the old one had 2,700" in lost.missing
    assert fold(*[UNREACHED] * 3).unreached, "also one that never had any"
    assert not fold((Counts(1, 0), Counts(900, 0)), *[(Counts(0, 0), Counts(300, 0))] * 3).unreached
    assert not fold((Counts(9, 0), Counts(0, 0)), *[IDLE] * 3).unreached


def test_each_split_begins_anew(fold, one):
    traffic = fold(BUSY, *[UNREACHED] * 3)
    traffic.take(one(9, *UNREACHED, split=1))
    assert not traffic.unreached


def test_a_service_that_fails_by_itself(fold):
    assert fold((Counts(10, 9), Counts(90, 30))).service_down
    assert not fold((Counts(10, 9), Counts(90, 10))).service_down
    assert not fold((Counts(1, 1), Counts(19, 19))).service_down, "too few to say so"
    assert not fold((Counts(10, 9), Counts(90, 90)), *[BUSY] * 8).service_down, "that was a minute ago"
