# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people ask of a rollout in progress is written next to it, without its lease and without disturbing it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger, NotAtWork

BOB = {"name": "bob", "host": "laptop"}
OPENED = {"release": "v2", "from": "v1", "color": "green", "live_color": "blue", "plan": None}


def test_an_ask_stands_in_the_journal_with_who_and_why(ledger: FileLedger) -> None:
    ledger.append("r1", "rollout.opened", OPENED, 1)
    event = ledger.ask("pause", "support reports slow payments", BOB)
    assert ledger.read().events[-1] == event
    current = ledger.history().current
    assert current is not None
    assert [(ask["action"], ask["reason"], ask["who"]) for ask in current.asked] == [
        ("pause", "support reports slow payments", BOB)
    ]


def test_whoever_holds_the_lease_goes_on_undisturbed(ledger: FileLedger) -> None:
    ledger.append("r1", "rollout.opened", OPENED, 1)
    before = ledger.lease()
    ledger.ask("abort", "wrong prices", BOB)
    assert ledger.lease() == before
    event, _torn = ledger.append("r1", "phase.intended", {"phase": "install"}, 1)
    assert event.seq == 3
    assert event.who == {"name": "alice"}


@pytest.mark.parametrize("state", ["never opened", "closed", "given back", "run out"])
def test_nothing_is_asked_where_nobody_would_read_it(ledger: FileLedger, clock: Any, state: str) -> None:
    if state != "never opened":
        ledger.append("r1", "rollout.opened", OPENED, 1)
    if state == "closed":
        ledger.append("r1", "rollout.closed", {"outcome": "succeeded"}, 1)
    if state == "given back":
        ledger.release(1)
    if state == "run out":
        clock.now += 1e7
    before = ledger.read()
    told = "none is open" if state in ("never opened", "closed") else "rollout r1 is open, but nobody works on it"
    with pytest.raises(NotAtWork, match=told):
        ledger.ask("promote", "looks good", BOB)
    assert ledger.read() == before


def test_a_torn_line_is_set_aside_by_whoever_asks(ledger: FileLedger) -> None:
    ledger.append("r1", "rollout.opened", OPENED, 1)
    with ledger.journal.open("a", encoding="utf-8") as file:
        file.write('{"seq": 2, "ty')
    assert ledger.ask("resume", "all is well", BOB).seq == 2
    assert list(ledger.folder.glob("journal.torn-*"))
