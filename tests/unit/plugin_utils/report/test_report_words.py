# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and untrusted text as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 ms"), (0, "0 ms"), (0.0004, "0.4 ms"), (0.008, "8 ms"), (0.0082, "8.2 ms"), (0.132, "132 ms"),
        (0.9996, "1.0 s"), (2.06, "2.1 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s"),
        (3840, "1 h 04 min"),
    ],
)  # fmt: skip
def test_duration(seconds, text):
    assert words.duration(seconds) == text


def test_latency_of_seconds_is_not_written_in_milliseconds():
    assert words.milliseconds(2400) == "2.4 s"


@pytest.mark.parametrize(
    ("part", "text"),
    [(0, "0 %"), (1, "< 0.01 %"), (250, "0.25 %"), (50_000, "50 %"), (99_999, "> 99.99 %"), (100_000, "100 %")],
)
def test_percent_never_rounds_something_to_nothing_or_to_all(part, text):
    assert words.percent(part, 100_000) == text


def test_counted_knows_one():
    assert (words.counted(1, "request"), words.counted(1200, "request")) == ("1 request", "1,200 requests")


def test_instant_is_utc_and_can_be_precise(rollouts):
    assert words.instant(rollouts.START) == "2026-03-01 12:00:00 UTC"
    assert words.instant(rollouts.START, precise=True) == "2026-03-01 12:00:00.250 UTC"


@pytest.mark.parametrize(
    ("new", "old", "shown"),
    [
        ("2.0.0-1a2b3c4d", "1.0.0-0a1b2c3d", ("2.0.0", "1.0.0")),
        ("2.0.0-1a2b3c4d", "2.0.0-0a1b2c3d", ("2.0.0-1a2b3c4d", "2.0.0-0a1b2c3d")),
        ("2.0.0-1a2b3c4d", None, ("2.0.0", None)),
        ("nightly", "stable", ("nightly", "stable")),
    ],
)
def test_names_are_short_unless_they_would_be_the_same(new, old, shown):
    assert words.names(new, old) == shown


@given(st.text(max_size=40))
def test_no_text_can_drive_a_terminal(text):
    cleaned = words.one_line(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u202e\u2066" for char in cleaned)


@given(st.text(max_size=40), st.integers(0, 30))
def test_fit_keeps_to_the_width(text, width):
    assert words.columns(words.fit(text, width)) <= width


def test_wide_characters_take_two_columns_and_marks_none():
    assert (words.columns("\u6771\u4eac"), words.columns("e\u0301")) == (4, 1)
