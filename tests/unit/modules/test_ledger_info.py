# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.modules import ledger_event, ledger_info, ledger_lease

OPENED = {"release": "v1", "from": None, "color": "green", "live_color": "blue", "plan": None}


@pytest.fixture
def say(run: Any, tmp_path: Path) -> Any:
    return partial(run, service="storefront", ledger={"path": str(tmp_path)})


def test_before_the_first_rollout_there_is_nothing_to_tell(say: Any, contents: Any) -> None:
    found = say(ledger_info)
    assert (found["changed"], found["lease"], found["held"], found["described"]) == (False, None, False, "")
    assert (found["events"], found["torn"], found["history"]["current"]) == ([], "", None)
    assert contents() == {}, "who reads leaves no trace"


def test_the_newest_rollout_is_told_or_the_one_that_is_asked_for(say: Any) -> None:
    say(ledger_lease, holder={"name": "alice", "host": "control", "pid": 1})
    for rollout in ("r1", "r2"):
        say(ledger_event, rollout=rollout, event="rollout.opened", data=OPENED, fence=1)
        say(ledger_event, rollout=rollout, event="rollout.closed", data={"outcome": "failed"}, fence=1)
    found = say(ledger_info)
    assert [event["rollout"] for event in found["events"]] == ["r2", "r2"]
    assert [event["seq"] for event in say(ledger_info, rollout="r1")["events"]] == [1, 2]
    assert say(ledger_info, rollout="unheard-of")["events"] == []
    assert found["held"]
    assert found["described"].startswith("alice on control (process 1) holds the lease with fence 1 since ")


def test_a_lease_that_was_given_back_is_nobodys(say: Any) -> None:
    say(ledger_lease, holder={"name": "alice"})
    say(ledger_lease, state="released", fence=1)
    found = say(ledger_info)
    assert (found["held"], found["described"], found["lease"]["fence"]) == (False, "", 1)


def test_a_torn_line_is_told_and_left_alone(say: Any, tmp_path: Path, contents: Any) -> None:
    (tmp_path / "storefront").mkdir()
    (tmp_path / "storefront" / "journal.jsonl").write_text('{"seq": 1')
    before = contents()
    assert say(ledger_info)["torn"] == '{"seq": 1'
    assert contents() == before


@pytest.mark.parametrize(
    ("name", "told"), [("journal.jsonl", "line 1: expected a JSON object"), ("lease.json", "lease.json")]
)
def test_a_damaged_ledger_is_told_with_the_file(say: Any, tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "storefront").mkdir()
    (tmp_path / "storefront" / name).write_text("[]\n")
    refused = say(ledger_info)
    assert (refused["failed"], refused["unusable"], refused["lost"]) == (True, True, False)
    assert refused["msg"].startswith("storefront: ")
    assert told in refused["msg"]
