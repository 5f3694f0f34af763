# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.ledgers import stores
from ansible_collections.seamless.delivery.plugins.module_utils.ledgers.file import FileLedger, LedgerError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.lease import LeaseError

OPENED = {"release": "v1", "from": None, "color": "green", "live_color": "blue", "plan": None}
Make = Callable[..., FileLedger]


def test_an_event_is_there_for_the_next_process(ledger: FileLedger, make: Make) -> None:
    event, torn = ledger.append("r1", "rollout.opened", OPENED, 1)
    assert torn == ""
    assert (event.seq, event.service, event.who) == (1, "storefront", {"name": "alice"})
    second, _torn = make().append("r1", "note", {"message": "a\u2028b \r\n"}, 1)
    assert make().read().events == (event, second)
    assert make().history().current is not None


def test_an_outcome_and_the_next_intent_are_one_write(
    ledger: FileLedger, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, writes = os.write, []
    monkeypatch.setattr(os, "write", lambda file, data: (writes.append(data), real(file, data))[1])
    event, _torn = ledger.append("r1", "phase.done", {"phase": "install"}, 1, then="verify")
    done, intended = make().read().events
    assert event == done
    assert (intended.seq, intended.type, intended.data) == (2, "phase.intended", {"phase": "verify"})
    assert (intended.at, intended.who, intended.fence, intended.rollout) == (done.at, done.who, 1, "r1")
    assert [write for write in writes if b"phase.done" in write and b"phase.intended" in write] == writes[-1:]


def test_half_of_such_a_write_is_the_outcome_alone_or_nothing(ledger: FileLedger, make: Make) -> None:
    ledger.append("r1", "phase.done", {"phase": "install"}, 1, then="verify")
    whole = ledger.journal.read_bytes()
    first = whole.index(b"\n") + 1
    for size in range(len(whole)):
        ledger.journal.write_bytes(whole[:size])
        assert [event.type for event in make().read().events] == (["phase.done"] if size >= first else [])


def test_a_next_phase_that_there_is_not_is_refused_before_anything_is_written(ledger: FileLedger) -> None:
    with pytest.raises(ValueError, match="expected a phase of install"):
        ledger.append("r1", "phase.done", {"phase": "install"}, 1, renew=1e7, then="party")
    assert ledger.read().events == ()
    assert (ledger.lease() or pytest.fail("no lease")).expires_at < 1e7


def test_nothing_is_there_before_the_first_event(make: Make) -> None:
    assert make().read().events == ()
    assert make().lease() is None
    assert not make().folder.exists(), "who only reads creates nothing"


def test_the_lease_goes_from_hand_to_hand_in_the_file(make: Make, clock: Callable[[], float]) -> None:
    assert make().acquire({"name": "alice"}, 60).fence == 1
    with pytest.raises(LeaseError, match="alice"):
        make().acquire({"name": "bob"}, 60)
    assert make().acquire({"name": "bob"}, 60, takeover="alice is dead", floor=6).fence == 7
    for lost in (lambda: make().renew(1, 60), lambda: make().release(1), lambda: append(make(), 1)):
        with pytest.raises(LeaseError, match="fence 1 was overtaken by fence 7"):
            lost()
    assert make().renew(7, 600).expires_at == clock() - 1 + 600
    assert make().release(7).released_at is not None
    with pytest.raises(LeaseError, match="given back"):
        append(make(), 7)
    assert make().read().events == ()


def append(ledger: FileLedger, fence: int, message: str = "x") -> None:
    ledger.append("r1", "note", {"message": message}, fence)


def test_an_append_prolongs_the_lease_when_asked(ledger: FileLedger) -> None:
    before = ledger.lease()
    append(ledger, 1)
    assert ledger.lease() == before
    ledger.append("r1", "note", {"message": "x"}, 1, renew=1e7)
    after = ledger.lease()
    assert before is not None
    assert after is not None
    assert after.expires_at > before.expires_at + 1e6


def test_an_event_that_is_none_is_refused_and_nothing_is_written(ledger: FileLedger) -> None:
    with pytest.raises(ValueError, match="needs outcome"):
        ledger.append("r1", "rollout.closed", {}, 1)
    assert not ledger.journal.exists()


@pytest.mark.parametrize("torn", [b'{"seq": 2, "ti', b"\xc3", b"\0\0\0", b"a\rb\r", b"rubbish\n"])
def test_a_torn_line_is_told_and_moved_aside_by_the_next_append(ledger: FileLedger, torn: bytes) -> None:
    append(ledger, 1, "one")
    with ledger.journal.open("ab") as file:
        file.write(torn)
    assert ledger.read().torn.encode("utf-8", "surrogateescape") == torn
    event, told = ledger.append("r1", "note", {"message": "two"}, 1)
    assert told.encode("utf-8", "surrogateescape") == torn
    assert event.seq == 2
    assert [kept.data["message"] for kept in ledger.read().events] == ["one", "two"]
    assert ledger.read().torn == ""
    (aside,) = ledger.folder.glob("journal.torn-*")
    assert aside.read_bytes() == torn


class Untidy(FileLedger):
    """Leaves a torn line where it is."""

    def _set_aside(self, torn: str) -> None:
        pass


def test_a_ledger_that_leaves_the_torn_line_is_caught(make: Make) -> None:
    untidy = make(Untidy)
    untidy.acquire({"name": "alice"}, 1e6)
    with pytest.raises(AssertionError, match="Right contains one more item: 'two'"):
        test_a_torn_line_is_told_and_moved_aside_by_the_next_append(untidy, b'{"seq": 2, "ti')


def test_a_damaged_journal_stops_every_writer(ledger: FileLedger) -> None:
    append(ledger, 1)
    append(ledger, 1)
    ledger.journal.write_bytes(ledger.journal.read_bytes().replace(b'"seq": 1', b'"seq": 5', 1))
    damaged = ledger.journal.read_bytes()
    for use in (lambda: append(ledger, 1), ledger.history):
        with pytest.raises(LedgerError, match=r"journal.jsonl, line 2: expected event 6, but found 2"):
            use()
    assert ledger.journal.read_bytes() == damaged
    ledger.journal.unlink()


@pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"fence": "x"}'])
def test_a_damaged_lease_is_told_with_the_way_out(ledger: FileLedger, content: str) -> None:
    (ledger.folder / "lease.json").write_text(content)
    with pytest.raises(LedgerError, match=r"lease.json cannot be read .* When no rollout is running, remove it"):
        append(ledger, 1)


def test_a_ledger_that_is_no_folder_is_told_of(make: Make, tmp_path: Path) -> None:
    (tmp_path / "storefront").write_text("")
    with pytest.raises(LedgerError, match=r"cannot be written \(File exists\): check the folder and its owner"):
        make().acquire({"name": "alice"}, 60)
    with pytest.raises(LedgerError, match=r"journal.jsonl cannot be read: Not a directory"):
        make().read()


def test_the_folder_is_for_its_owner_and_the_files_are_for_people(ledger: FileLedger) -> None:
    append(ledger, 1)
    assert ledger.folder.stat().st_mode & 0o007 == 0
    assert ledger.journal.stat().st_mode & 0o007 == 0
    assert json.loads((ledger.folder / "lease.json").read_text())["holder"] == {"name": "alice"}
    assert not list(ledger.folder.glob(".*")), "no temporary file stays behind"


def test_the_store_is_chosen_by_its_name(tmp_path: Path) -> None:
    params = {"ledger": {"type": "file", "path": str(tmp_path)}, "service": "storefront"}
    found = stores.open_ledger(params, lambda: 0.0)
    assert isinstance(found, FileLedger)
    assert found.folder == tmp_path / "storefront"
    assert stores.told(LeaseError()) == {"lost": True, "unusable": False}
    assert stores.told(LedgerError()) == {"lost": False, "unusable": True}
    assert stores.told(ValueError()) == {"lost": False, "unusable": False}


def test_services_have_nothing_in_common(tmp_path: Path, clock: Callable[[], float]) -> None:
    one, two = (FileLedger(str(tmp_path), name, clock) for name in ("one", "two"))
    one.acquire({"name": "alice"}, 60)
    assert two.acquire({"name": "bob"}, 60).fence == 1
    assert os.listdir(tmp_path / "two") == os.listdir(tmp_path / "one")
