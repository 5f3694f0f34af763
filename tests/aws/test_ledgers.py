# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ledgers on AWS keep the promises of the one in files, with nobody to lock: in a table and in a bucket.

What many writers at once make of them is in test_ledger_races.py.
"""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.errors import LedgerError, NotAtWork
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import LeaseError
from ansible_collections.seamless.delivery.plugins.modules import ledger_ask, ledger_event, ledger_info, ledger_lease

OPENED = {"release": "v2", "from": "v1", "color": "green", "live_color": "blue", "plan": None}
ALICE, BOB = {"name": "alice"}, {"name": "bob"}
Open = Callable[..., Any]

WRITES = {"dynamodb": "TransactWriteItems", "s3": "PutObject"}


def note(ledger: Any, fence: int, message: str = "x", **more: Any) -> Any:
    return ledger.append("r1", "note", {"message": message}, fence, **more)[0]


def messages(ledger: Any) -> list[str]:
    return [event.data["message"] for event in ledger.read().events]


def test_an_event_is_there_for_the_next_process(opened: Open) -> None:
    assert (opened().read().events, opened().lease()) == ((), None)
    opened().acquire(ALICE, 1e6)
    event, torn = opened().append("r1", "rollout.opened", OPENED, 1)
    assert (event.seq, event.service, event.who, torn) == (1, "storefront", ALICE, "")
    second = note(opened(), 1, "a\u2028b \r\n\udcff")
    assert opened().read().events == (event, second)
    assert opened().history().current is not None


def test_an_outcome_and_the_next_intent_are_one_write(opened: Open, emulator: Emulator) -> None:
    ledger = opened()
    ledger.acquire(ALICE, 1e6)
    (event, _torn), written = emulator.counting(
        lambda: ledger.append("r1", "phase.done", {"phase": "install"}, 1, renew=1e7, then="verify")
    )
    assert len(written) == 1, "the lease, the outcome and the intent in one piece"
    done, intended = opened().read().events
    assert event == done
    assert (intended.seq, intended.type, intended.data) == (2, "phase.intended", {"phase": "verify"})
    assert opened().lease().expires_at > time.time() + 9e6


def test_what_is_refused_is_not_written(opened: Open, emulator: Emulator) -> None:
    ledger = opened()
    ledger.acquire(ALICE, 1e6)
    before = ledger.lease()
    for type_, data, then, told in (
        ("rollout.closed", {}, None, "needs outcome"),
        ("phase.done", {"phase": "install"}, "party", "expected a phase"),
    ):
        with pytest.raises(ValueError, match=told):
            ledger.append("r1", type_, data, 1, renew=1e7, then=then)
    assert (ledger.read().events, ledger.lease()) == ((), before)


def test_the_lease_goes_from_hand_to_hand(opened: Open) -> None:
    assert opened().acquire(ALICE, 60).fence == 1
    with pytest.raises(LeaseError, match="alice"):
        opened().acquire(BOB, 60)
    assert opened().acquire(BOB, 60, takeover="alice is dead", floor=6).fence == 7
    for lost in (lambda: opened().renew(1, 60), lambda: opened().release(1), lambda: note(opened(), 1)):
        with pytest.raises(LeaseError, match="fence 1 was overtaken by fence 7"):
            lost()
    assert opened().renew(7, 600, "watching").doing == "watching"
    assert opened().release(7).released_at is not None
    assert opened().release(7).released_at is not None, "given back twice is given back"
    with pytest.raises(LeaseError, match="given back"):
        note(opened(), 7)
    assert opened().acquire(ALICE, 60).fence == 8
    assert opened().acquire(BOB, 60, takeover="x").fence == 9
    assert opened(now=lambda: time.time() + 61).acquire(ALICE, 60).fence == 10, "what has run out is free"


def test_what_people_ask_stands_beside_the_holder_s_events(opened: Open) -> None:
    ledger = opened()
    with pytest.raises(NotAtWork, match="none is open"):
        ledger.ask("pause", "slow payments", BOB)
    ledger.acquire(ALICE, 1e6)
    ledger.append("r1", "rollout.opened", OPENED, 1)
    before = ledger.lease()
    event = opened().ask("pause", "slow payments", BOB)
    assert (event.seq, event.who, ledger.lease()) == (2, BOB, before)
    assert note(ledger, 1).seq == 3
    ledger.release(1)
    with pytest.raises(NotAtWork, match="r1 is open, but nobody works on it"):
        ledger.ask("abort", "wrong prices", BOB)


def test_services_have_nothing_in_common(opened: Open) -> None:
    opened("one").acquire(ALICE, 60)
    note(opened("one"), 1)
    assert opened("two").acquire(BOB, 60).fence == 1
    assert opened("two").read().events == ()


def test_a_long_journal_goes_on_in_a_new_segment_with_what_it_added_up_to(opened: Open) -> None:
    ledger = opened()
    ledger.rotate_bytes = 2000
    ledger.acquire(ALICE, 1e6)
    ledger.append("r1", "rollout.opened", OPENED, 1)
    for number in range(9):
        note(ledger, 1, f"{number} {'x' * 300}")
    assert len(ledger.read().events) == 10, "a rollout that is open keeps its events"
    before = (ledger.history().live_color, ledger.lease())
    ledger.append("r1", "rollout.closed", {"outcome": "rolled_back"}, 1)
    (carried,) = opened().read().events
    assert (carried.seq, carried.type, opened().history().live_color, opened().lease()) == (
        12,
        "ledger.carried",
        "blue",
        before[1],
    )
    assert note(opened(), 1).seq == 13
    assert [event.seq for event in opened().read().events] == [12, 13]


# -- trouble ---------------------------------------------------------------------------------


def test_a_busy_aws_is_asked_again(opened: Open, emulator: Emulator) -> None:
    emulator.trouble(throttled=0.2)
    ledger = opened()
    ledger.acquire(ALICE, 1e6)
    for number in range(6):
        note(ledger, 1, str(number))
    emulator.trouble()
    assert messages(opened()) == list("012345")


def test_what_is_wrong_with_the_store_is_said(opened: Open, emulator: Emulator, ledger_options: dict[str, Any]) -> None:
    absent = {"dynamodb": {"table": "nowhere"}, "s3": {"bucket": "nowhere"}}[ledger_options["type"]]
    with pytest.raises(LedgerError, match=r"nowhere.* cannot be used: .*The module aws_ledger makes such a ledger"):
        opened(**absent).acquire(ALICE, 60)
    with pytest.raises(LedgerError, match=r"cannot be used: AWS cannot be asked: .*nobody.* could not be found"):
        opened(profile="nobody").read()
    opened().acquire(ALICE, 60)
    emulator.trouble(failing=[{"operation": WRITES[ledger_options["type"]], "code": "AccessDenied", "status": 403}])
    with pytest.raises(LedgerError, match=r"not allowed: .*Whether its last write is there is not known"):
        note(opened(), 1)


def test_a_journal_that_was_altered_by_hand_stops_every_writer(
    opened: Open, emulator: Emulator, ledger_options: dict[str, Any]
) -> None:
    ledger = opened()
    ledger.acquire(ALICE, 60)
    for _ in range(3):
        note(ledger, 1)
    if ledger_options["type"] == "dynamodb":
        key = {"service": {"S": "storefront"}, "item": {"S": "event#000000002"}}
        emulator.client("dynamodb").delete_item(TableName="shop-ledger", Key=key)
        with pytest.raises(LedgerError, match="expected event 2, but found 3"):
            ledger.read()
        return
    where = {"Bucket": "shop-ledger", "Key": "seamless/storefront/journal.jsonl"}
    text = emulator.client("s3").get_object(**where)["Body"].read().decode()
    for altered, told in (
        (text.replace('"seq": 2', '"seq": 7'), "expected event 2, but found 7"),
        (text[:-20], "ends with what is no event"),
        (text.partition("\n")[2], r"the lease in .* cannot be read \(KeyError"),
        ('{"lease": 7}\n', "When no rollout is running, put null in its place"),
    ):
        emulator.client("s3").put_object(**where, Body=altered.encode())
        with pytest.raises(LedgerError, match=told):
            note(ledger, 1)


def test_an_event_that_no_item_can_hold_is_refused(opened: Open, ledger_options: dict[str, Any]) -> None:
    ledger = opened()
    ledger.acquire(ALICE, 60)
    if ledger_options["type"] == "dynamodb":
        with pytest.raises(ValueError, match=r"note event has 4\d\d KB, and DynamoDB keeps 400 KB in an item"):
            note(ledger, 1, "x" * 420_000)
        assert ledger.read().events == ()
    else:
        assert len(note(ledger, 1, "x" * 420_000).data["message"]) == 420_000


# -- modules ---------------------------------------------------------------------------------


def ran(module: Any, **given: Any) -> dict[str, Any]:
    said = io.StringIO()
    with patch_module_args(given), contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        module.main()
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def test_the_modules_keep_a_ledger_there(ledger_options: dict[str, Any], emulator: Emulator) -> None:
    where = {"service": "storefront", "ledger": ledger_options}
    assert ran(ledger_lease, **where, holder=ALICE, ttl=300)["fence"] == 1
    refused = ran(ledger_lease, **where, holder=BOB)
    assert (refused["failed"], refused["lost"]) == (True, True)
    told = ran(ledger_event, **where, rollout="r1", event="rollout.opened", data=OPENED, fence=1, then="install")
    assert told["event"]["seq"] == 1
    asked = ran(ledger_ask, **where, action="pause", reason="slow payments", who=BOB)
    found, written = emulator.counting(lambda: ran(ledger_info, **where))
    assert (found["events"][0], found["events"][2], written) == (told["event"], asked["event"], [])
    assert found["history"]["current"]["intended"] == ["install"]
    assert ran(ledger_lease, **where, state="released", fence=1)["changed"]
    missing = ran(ledger_info, service="storefront", ledger={**ledger_options, "table": "nowhere", "bucket": "nowhere"})
    assert (missing["failed"], missing["unusable"]) == (True, True)
