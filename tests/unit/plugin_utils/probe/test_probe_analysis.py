# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The analysis: each definition, any order of rows, bounded error, and speed."""

from __future__ import annotations

import random
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.analysis import analyse
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.histogram import RELATIVE_ERROR, Histogram
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import (
    KINDS,
    clean,
    format_row,
    parse_row,
    read_rows,
)

OLD, NEW = "1.0.0-aaaaaaaa", "2.0.0-bbbbbbbb"
AT = 1_790_000_000.5
CUTOVER = {"at": AT, "from": OLD, "to": NEW}

releases = st.sampled_from(["", OLD, NEW, "3.0.0-cccccccc"])
rows = st.lists(
    st.tuples(
        st.floats(AT - 3, AT + 9),
        st.floats(0.001, 20_000),
        st.sampled_from(KINDS),
        st.sampled_from([0, 101, 200, 404, 500]),
        releases,
        st.sampled_from(["", "", "", "reset", "timeout", "broken"]),
    ),
    max_size=60,
)


def row(after_ms=0.0, ms=5.0, kind="keep_alive", status=200, release=NEW, error=""):
    return (AT + after_ms / 1000, ms, kind, status, release, error)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(found, chance: random.Random):
    shuffled = list(found)
    chance.shuffle(shuffled)
    back = {"at": AT + 4, "from": NEW, "to": OLD}
    left, right = analyse(found, [CUTOVER, back]), analyse(shuffled, [back, CUTOVER])
    assert left.pop("errors") == right.pop("errors")
    assert left == right


@given(rows)
def test_every_request_is_counted_once(found):
    analysis = analyse(found, [CUTOVER])
    assert analysis["sent"] == len(found)
    assert analysis["failed"] == sum(analysis["errors"].values()) == sum(bool(each[5]) for each in found)
    for second in analysis["by_second"]:
        assert sum(second["releases"].values()) + second["failed"] == second["sent"]
    for total, part in (("sent", "sent"), ("failed", "failed"), ("slow", "slow"), ("wrong_release", "wrong")):
        assert analysis[total] == sum(second[part] for second in analysis["by_second"])


@pytest.mark.parametrize(
    ("after_ms", "release", "wrong"),
    [
        (-1000, OLD, 0),
        (-1000, NEW, 1),
        (-51, NEW, 1),
        (-49, NEW, 0),
        (-49, OLD, 0),
        (49, OLD, 0),
        (49, NEW, 0),
        (51, OLD, 1),
        (51, NEW, 0),
        (9000, OLD, 1),
        (9000, "", 0),
        (9000, "3.0.0-cccccccc", 0),
    ],
)
def test_wrong_release(after_ms, release, wrong):
    assert analyse([row(after_ms, release=release)], [CUTOVER], tolerance_ms=50)["wrong_release"] == wrong


def test_exactly_the_tolerance_is_tolerated():
    cutover = {"at": 1024.0, "from": OLD, "to": NEW}
    found = [(1024.25, 1.0, "post", 200, OLD, ""), (1023.75, 1.0, "post", 200, NEW, "")]
    assert analyse(found, [cutover], tolerance_ms=250)["wrong_release"] == 0
    assert analyse(found, [cutover], tolerance_ms=249)["wrong_release"] == 2


def test_the_target_of_the_next_cutover_is_no_late_answer_of_this_ones_origin():
    back = {"at": AT + 60, "from": NEW, "to": OLD}
    found = [row(3, release=OLD, ms=1), row(59_990, release=OLD, ms=5), row(59_990, release=OLD, ms=300)]
    analysis = analyse(found, [CUTOVER, back])
    assert analysis["wrong_release"] == 0
    assert analysis["last_from_ms"] == pytest.approx(4, abs=0.01)


def test_a_failed_request_of_the_old_release_came_from_the_old_release():
    analysis = analyse([row(1000, status=500, release=OLD, error="status_500")], [CUTOVER])
    assert (analysis["failed"], analysis["wrong_release"]) == (1, 1)


def test_a_rollback_turns_right_and_wrong_around():
    back = {"at": AT + 2, "from": NEW, "to": OLD}
    found = [row(1000, release=OLD), row(1000, release=NEW), row(3000, release=OLD), row(3000, release=NEW)]
    assert [each["wrong"] for each in analyse(found, [CUTOVER, back])["by_second"]] == [1, 1]


def test_cutovers_closer_than_the_tolerance_leave_no_time_to_be_wrong_in():
    back = {"at": AT + 0.01, "from": NEW, "to": OLD}
    found = [row(5, release=OLD), row(5, release=NEW), row(2000, release=NEW)]
    assert analyse(found, [CUTOVER, back])["wrong_release"] == 1


def test_between_the_first_router_and_the_last_both_releases_are_right():
    one_by_one = {**CUTOVER, "first": CUTOVER["at"] - 1}
    found = [row(-900, release=NEW), row(-100, release=OLD)]
    assert analyse(found, [one_by_one], tolerance_ms=50)["wrong_release"] == 0
    assert analyse([row(-1200, release=NEW)], [one_by_one], tolerance_ms=50)["wrong_release"] == 1
    assert analyse([row(200, release=OLD)], [one_by_one], tolerance_ms=50)["wrong_release"] == 1


def test_the_first_release_and_the_same_release_are_never_wrong():
    assert analyse([row(1000)], [{"at": AT, "from": None, "to": NEW}])["wrong_release"] == 0
    assert analyse([row(1000)], [{"at": AT, "from": NEW, "to": NEW}])["wrong_release"] == 0


def test_handover_at_the_users_side():
    found = [
        row(-100, 5, release=OLD),
        row(-20, 23, release=OLD),  # on its way at the cutover, received 3 ms after
        row(-20, 500, kind="post", release=OLD),  # not a fast kind
        row(2, 6),  # received 8 ms after
        row(1, 30),
    ]
    analysis = analyse(found, [CUTOVER])
    assert analysis["last_from_ms"] == pytest.approx(3, abs=0.01)
    assert analysis["first_to_ms"] == pytest.approx(8, abs=0.01)
    assert analysis["cutovers"][0]["to"] == NEW


def test_handover_of_a_rollback_is_told_apart():
    back = {"at": AT + 2, "from": NEW, "to": OLD}
    found = [row(-5, 10, release=OLD), row(4, 5), row(1990, 30), row(2010, 7, release=OLD)]
    analysis = analyse(found, [back, CUTOVER])
    assert [round(each["last_from_ms"]) for each in analysis["cutovers"]] == [5, 20]
    assert [round(each["first_to_ms"]) for each in analysis["cutovers"]] == [9, 17]
    assert (round(analysis["last_from_ms"]), round(analysis["first_to_ms"])) == (20, 17)


def test_without_cutovers_there_is_no_handover():
    analysis = analyse([row(), row(1000, release=OLD)])
    assert (analysis["wrong_release"], analysis["last_from_ms"], analysis["first_to_ms"]) == (0, None, None)
    assert analysis["latency"]["before"]["max"] == 5.0
    assert analysis["latency"]["after"] == {"p50": None, "p95": None, "p99": None, "max": None}


def test_latency_is_told_by_when_it_was_sent():
    found = [row(-1, 1.0), row(0, 2.0), row(4999, 2.0), row(5001, 3.0), row(5001, 99.0, error="timeout")]
    latency = analyse(found, [CUTOVER])["latency"]
    assert [latency[period]["max"] for period in ("before", "during", "after")] == [1.0, 2.0, 3.0]


def test_slow_is_answered_late_and_only_for_timed_kinds():
    found = [row(ms=1001), row(ms=1000), row(ms=9000, kind="slow"), row(ms=9000, error="timeout")]
    assert analyse(found, slow_ms=1000)["slow"] == 1


def test_long_lived():
    found = [
        row(kind="stream", ms=30_000),
        row(kind="websocket", status=101, error="broken_1001"),
        row(kind="websocket", status=503, error="status_503"),
    ]
    analysis = analyse(found)
    assert analysis["long_lived"] == {"opened": 2, "broken": 1}
    assert analysis["failed"] == 2


def test_what_cannot_be_known_is_said():
    analysis = analyse([None, row(0), row(3000, release="")], late_ms={"max": 7})
    assert analysis["unreadable"] == 1
    assert analysis["silent_seconds"] == 2
    assert analysis["late_ms"] == {"max": 7}
    assert analysis["by_second"][1]["releases"] == {"unknown": 1}
    assert analyse([])["sent"] == 0


@pytest.mark.parametrize("cutover", [{}, {"at": "now"}, {"at": True}, {"at": float("nan")}, {"at": 1, "form": "x"}])
def test_a_cutover_is_checked(cutover):
    with pytest.raises(ValueError, match="cutovers"):
        analyse([], [cutover])


@given(st.lists(st.floats(0.001, 1e7), min_size=1, max_size=200), st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))
def test_quantiles_are_within_their_bound(values: list[float], share: float):
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    exact = sorted(values)[int(share * (len(values) - 1))]
    found = histogram.quantile(share)
    assert found is not None
    # The sketch's bound, and on top of it what rounding to microseconds adds: nothing shorter is told apart.
    assert abs(found - exact) <= RELATIVE_ERROR * 1.001 * exact + 0.0011
    assert histogram.summary()["max"] == round(max(values), 3)


def test_no_values_no_quantile():
    assert Histogram().quantile(0.5) is None
    assert Histogram().summary()["max"] is None


@given(rows)
def test_rows_survive_the_file(found):
    for each in found:
        back = parse_row(format_row(each))
        assert back is not None
        assert back[2:] == each[2:]
        assert back[0] == pytest.approx(each[0], abs=1e-6)


def test_a_torn_last_line_is_left_out_and_a_bad_one_is_said(tmp_path):
    record = tmp_path / "rows.csv"
    record.write_text(format_row(row()) + "rubbish\n" + "1,2,a,b,c,d\n" + format_row(row())[:-1])
    assert [each is None for each in read_rows(record)] == [False, True, True]


def test_text_from_the_network_is_made_harmless():
    assert clean("1.0.0-abc,\n<x>") == "1.0.0-abc___x_"
    assert len(clean("x" * 1000)) == 128


def test_a_long_record_is_analysed_quickly(tmp_path):
    """1.2 million rows may take 10 s; a twentieth of them may take a twentieth of that."""
    record = tmp_path / "rows.csv"
    chance = random.Random(1)
    with record.open("w") as out:
        for number in range(60_000):
            out.write(format_row(row(number, chance.uniform(1, 50), release=OLD if number < 0 else NEW)))
    start = time.process_time()
    analysis = analyse(read_rows(record), [CUTOVER])
    if sys.gettrace() is None:  # measuring coverage takes several times as long
        assert time.process_time() - start < 0.5
    assert analysis["sent"] == 60_000
