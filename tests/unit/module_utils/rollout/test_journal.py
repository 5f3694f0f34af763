# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import (
    ACTIONS,
    OUTCOMES,
    PHASES,
    TYPES,
    Event,
    Reading,
    parse,
)

WHO = {"name": "alice", "host": "control"}
# Whatever a person may give as a reason, line and paragraph separators of Unicode included.
reasons = st.text(max_size=20) | st.sampled_from(["a\u2028b", "a\u0085b", "a\u2029", "\x1c\x0b\x0c", "\r\n", "é\ud7ff"])


def events(said: list[str]) -> list[Event]:
    return [
        Event(seq, 1000.0 + seq, "storefront", "r1", "note", 1, WHO, {"message": message})
        for seq, message in enumerate(said, start=1)
    ]


def decoded(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape")


@given(st.lists(reasons, max_size=5))
def test_what_was_written_is_read_and_each_event_is_one_line(said: list[str]) -> None:
    written = events(said)
    text = "".join(event.line() for event in written)
    assert text.count("\n") == len(written)
    assert parse(text) == Reading(tuple(written))


@given(st.lists(reasons, min_size=1, max_size=3))
@example(["käuflich €", "a\u2028b"])
def test_a_line_torn_at_any_byte_is_the_only_one_lost(said: list[str]) -> None:
    written = events(said)
    *whole, last = [event.line().encode() for event in written]
    for cut in range(len(last)):
        torn = last[:cut]
        assert parse(decoded(b"".join(whole) + torn)) == Reading(tuple(written[:-1]), decoded(torn))


def test_a_last_line_of_rubbish_is_torn_too() -> None:
    (event,) = events(["one"])
    assert parse(event.line() + "\0\0\0\n") == Reading((event,), "\0\0\0\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rubbish\n{}\n", "line 1: Expecting value"),
        ("[]\n", "line 1: expected a JSON object, but found list"),
        ('{"schema": 2}\n', "line 1: journal: expected schema 1, but found 2"),
        ('{"schema": 1, "seq": 1}\n', "line 1: journal: an event lacks 'at'"),
        ('{"schema": 1, "seq": null}\n', "line 1: journal: an event lacks int"),
    ],
)
def test_damage_that_no_crash_leaves_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        parse(text, "/ledger/journal.jsonl")
    assert str(refused.value).startswith("/ledger/journal.jsonl, line 1: ")
    assert "restore it from a backup" in str(refused.value)


@pytest.mark.parametrize("order", [(0, 2), (0, 0), (1, 0), (0, 1, 1)])
def test_lines_that_are_missing_or_doubled_are_noticed(order: tuple[int, ...]) -> None:
    lines = [event.line() for event in events(["one", "two", "three"])]
    with pytest.raises(ValueError, match="lines are missing or doubled"):
        parse("".join(lines[index] for index in order))


@pytest.mark.parametrize(
    ("type_", "data", "told"),
    [
        ("phase.begun", {}, "expected one of the event types rollout.opened, .*, but found 'phase.begun'"),
        ("phase.failed", {"phase": "shift"}, "a phase.failed event needs error in its data"),
        ("phase.done", {"phase": "celebrate"}, "expected a phase of install, .*, but found 'celebrate'"),
        ("rollout.closed", {"outcome": "fine"}, "expected an outcome of succeeded, .*, but found 'fine'"),
        ("phase.intended", {"phase": "shift-0"}, "expected a phase of install, .*, but found 'shift-0'"),
        ("rollout.asked", {"action": "hurry", "reason": "x"}, "expected an action of pause, .*, but found 'hurry'"),
    ],
)
def test_an_event_that_says_nothing_is_refused(type_: str, data: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Event(1, 0.0, "storefront", "r1", type_, 1, WHO, data)


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_carried_by_json(type_: str) -> None:
    values = {"phase": PHASES[0], "outcome": OUTCOMES[0], "state": {}, "action": ACTIONS[0]}
    event = Event(1, 0.5, "storefront", "r1", type_, 1, WHO, {key: values.get(key, "x") for key in TYPES[type_]})
    assert Event.from_dict(json.loads(event.line())) == event


def test_a_line_is_for_people_too() -> None:
    (event,) = events(["grüße"])
    assert event.line().startswith('{"seq": 1, "time": "1970-01-01T00:16:41.000000Z", "type": "note", "rollout": "r1"')
    assert "grüße" in event.line()
