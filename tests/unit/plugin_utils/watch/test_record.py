# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.plugin_utils.watch.record import Record

numbers = st.integers(0, 2**40)
counts = st.builds(Counts, numbers, numbers, st.lists(numbers, max_size=3).map(tuple))
routes = st.dictionaries(st.sampled_from(["other", "checkout"]), counts)
samples = st.builds(
    Sample,
    st.floats(0, 2e9),
    st.sampled_from(["lb1", "lb2"]),
    st.text(max_size=5),
    st.dictionaries(st.sampled_from(["blue", "green"]), routes),
)
readings = st.builds(
    Reading,
    st.lists(st.floats(0.001, 10), max_size=3).map(tuple),
    st.lists(samples, max_size=2).map(tuple),
    st.dictionaries(st.sampled_from(["lb1", "lb2"]), st.text(max_size=9)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 2e9), readings), max_size=4), st.integers(0, 10**6))
def test_what_is_kept_is_read_again(tmp_path: Path, said: list[tuple[float, Reading]], name: int) -> None:
    record = Record(tmp_path / str(name), "watch-1")
    record.path.unlink(missing_ok=True)
    for at, reading in said:
        record.append(at, reading)
    assert list(record.readings()) == said


def test_nothing_is_read_where_nothing_was_kept(tmp_path: Path) -> None:
    assert list(Record(tmp_path, "watch-1").readings()) == []


def test_what_a_crash_has_torn_is_no_evidence_and_spoils_none(tmp_path: Path) -> None:
    record = Record(tmp_path, "watch-1")
    one, two = Reading((0.1,), ()), Reading((0.1,), (), {"lb1": "away"})
    record.append(1.0, one)
    with record.path.open("a", encoding="utf-8") as file:
        file.write('{"at": 2.0, "edges": [0.1], "sam')
    record.append(3.0, two)
    assert list(record.readings()) == [(1.0, one), (3.0, two)]
