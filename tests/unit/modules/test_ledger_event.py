# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.seamless.delivery.plugins.modules import ledger_event, ledger_lease


@pytest.fixture
def event(run: Any, tmp_path: Path) -> Any:
    options = {"service": "storefront", "ledger": {"path": str(tmp_path)}}
    run(ledger_lease, **options, holder={"name": "alice"})
    return partial(run, ledger_event, **options, rollout="r1", fence=1)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "storefront" / "journal.jsonl"


def test_an_event_is_one_line_of_the_journal_and_shown_as_such(event: Any, journal: Path) -> None:
    result = event(event="phase.intended", data={"phase": "shift"})
    assert result["changed"]
    assert json.loads(journal.read_text()) == result["event"]
    assert result["diff"] == {"before": "", "after": journal.read_text()}
    assert (result["event"]["seq"], result["event"]["who"], result["torn"]) == (1, {"name": "alice"}, "")


def test_the_intent_of_the_next_phase_comes_with_it(event: Any, journal: Path) -> None:
    result = event(event="phase.done", data={"phase": "shift"}, then="drain")
    done, intended = map(json.loads, journal.read_text().splitlines())
    assert done == result["event"]
    assert (intended["type"], intended["data"]) == ("phase.intended", {"phase": "drain"})
    assert result["diff"]["after"] == journal.read_text()


def test_the_lease_is_prolonged_with_it(event: Any, run: Any, tmp_path: Path) -> None:
    event(event="note", data={"message": "x"}, renew=5000)
    lease = json.loads((tmp_path / "storefront" / "lease.json").read_text())
    assert lease["expires_at"] > lease["acquired_at"] + 4000


def test_check_mode_writes_nothing(event: Any, contents: Any) -> None:
    before = contents()
    result = event(check=True, event="note", data={"message": "x"})
    assert (result["changed"], result["event"], result["diff"]["after"]) == (True, {}, "note\n")
    assert contents() == before


@pytest.mark.parametrize("torn", [b'{"seq": 2', b'{"seq": "\xff\xc3'])
def test_a_torn_line_is_moved_aside_with_a_warning(
    event: Any, journal: Path, torn: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the controller's process, where tests run, a warning goes to the screen and not into the result.
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda self, text: warned.append(text))
    event(event="note", data={"message": "x"})
    with journal.open("ab") as file:
        file.write(torn)
    result = event(event="note", data={"message": "y"})
    assert result["event"]["seq"] == 2
    assert result["torn"].startswith('{"seq": ')
    assert len(warned) == 1
    assert warned[0].startswith("the journal's last line was torn (its writer died); it was moved aside: ")


def test_who_lost_the_lease_writes_nothing(event: Any, run: Any, tmp_path: Path, contents: Any) -> None:
    run(ledger_lease, service="storefront", ledger={"path": str(tmp_path)}, holder={"name": "bob"}, takeover="x")
    before = contents()
    refused = event(event="note", data={"message": "x"})
    assert (refused["failed"], refused["lost"], refused["unusable"]) == (True, True, False)
    assert "storefront: fence 1 was overtaken by fence 2: bob" in refused["msg"]
    assert contents() == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"event": "phase.begun"}, "value of event must be one of: rollout.opened, "),
        ({"event": "rollout.closed"}, "storefront: journal: a rollout.closed event needs outcome in its data"),
    ],
)
def test_what_is_no_event_is_refused(event: Any, journal: Path, options: dict[str, Any], told: str) -> None:
    assert told in event(**options)["msg"]
    assert not journal.exists()
