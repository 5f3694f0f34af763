# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASES, parse

Make = Callable[..., FileLedger]


def release(ledger: FileLedger, name: str, version: str, color: str, previous: str | None) -> None:
    """A whole rollout under fence 1."""
    live = "blue" if color == "green" else "green"
    data = {"release": version, "from": previous, "color": color, "live_color": live, "plan": None}
    ledger.append(name, "rollout.opened", data, 1)
    for phase in PHASES:
        ledger.append(name, "phase.intended", {"phase": phase}, 1)
        ledger.append(name, "phase.done", {"phase": phase}, 1)
    ledger.append(name, "rollout.closed", {"outcome": "succeeded"}, 1)


@pytest.fixture
def rotating(ledger: FileLedger, make: Make) -> FileLedger:
    """The same ledger, for which any journal is too large."""
    return make(rotate_bytes=1)


def segments(ledger: FileLedger) -> list[Any]:
    """The events of the segments that were rotated away, oldest first."""
    return [parse(path.read_text()).events for path in sorted(ledger.folder.glob("journal-*.jsonl"))]


def test_a_journal_within_its_size_stays_whole(ledger: FileLedger) -> None:
    release(ledger, "r1", "v1", "green", None)
    assert segments(ledger) == []


def test_history_goes_on_in_the_new_segment_and_the_old_one_is_kept(rotating: FileLedger) -> None:
    release(rotating, "r1", "v1", "green", None)
    release(rotating, "r2", "v2", "blue", "v1")
    history = rotating.history()
    assert (history.live_color, history.live_release) == ("blue", "v2")
    assert history.installed == {"green": "v1", "blue": "v2"}, "the way back outlives the rotation"
    first, second = segments(rotating)
    whole = [event.seq for event in (*first, *second, *rotating.read().events)]
    assert whole == list(range(1, 31)), "no event is missing and none is doubled"
    assert first[-1].type == "rollout.closed"
    assert second[0].type == "ledger.carried"


def test_an_open_rollout_is_never_rotated_away(rotating: FileLedger) -> None:
    data = {"release": "v2", "from": "v1", "color": "blue", "live_color": "green", "plan": None}
    rotating.append("r2", "rollout.opened", data, 1)
    rotating.append("r1", "rollout.closed", {"outcome": "succeeded"}, 1)
    assert rotating.history().current is not None
    assert segments(rotating) == []


@pytest.mark.parametrize("step", ["link", "replace"])
def test_a_rotation_that_fails_leaves_the_last_event_and_the_whole_journal(
    rotating: FileLedger, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Its writer was told that the event is durable, and it is; the next end of a rollout tries again."""

    def refuse(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(f"os.{step}", refuse)
        release(rotating, "r1", "v1", "green", None)
    history = rotating.history()
    assert history.current is None
    assert history.live_release == "v1"
    release(rotating, "r2", "v2", "blue", "v1")
    assert rotating.history().live_release == "v2"
    assert segments(rotating)[-1][0].seq == 1


def test_a_closing_that_is_said_twice_rotates_to_the_same_history(rotating: FileLedger) -> None:
    release(rotating, "r1", "v1", "green", None)
    before = rotating.history().carried()
    rotating.append("r1", "rollout.closed", {"outcome": "succeeded"}, 1)
    assert rotating.history().carried() == before
