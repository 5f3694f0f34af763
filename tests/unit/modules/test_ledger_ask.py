# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.modules import ledger_ask, ledger_event, ledger_info, ledger_lease

BOB = {"name": "bob", "host": "laptop"}
OPENED = {"release": "v2", "from": "v1", "color": "green", "live_color": "blue", "plan": None}


@pytest.fixture
def ledger(run: Any, tmp_path: Path) -> Callable[..., Any]:
    """A ledger's modules, on a rollout that alice is at work on."""

    def call(module: Any, **options: Any) -> Any:
        return run(module, service="storefront", ledger={"path": str(tmp_path)}, **options)

    call(ledger_lease, holder={"name": "alice"}, ttl=300)
    call(ledger_event, rollout="r1", event="rollout.opened", data=OPENED, fence=1)
    return call


def test_what_was_asked_is_what_the_run_reads(ledger: Any) -> None:
    asked = ledger(ledger_ask, action="pause", reason="lunch", who=BOB)
    assert asked["changed"]
    assert asked["diff"]["after"] == "pause: lunch\n"
    (read,) = ledger(ledger_lease, state="renewed", fence=1)["history"]["current"]["asked"]
    assert (read["action"], read["reason"], read["who"]) == ("pause", "lunch", BOB)


def test_a_dry_run_asks_nothing(ledger: Any, contents: Any) -> None:
    before = contents()
    assert partial(ledger, ledger_ask)(check=True, action="abort", reason="wrong prices", who=BOB)["changed"]
    assert contents() == before


def test_a_reason_is_needed(ledger: Any, contents: Any) -> None:
    before = contents()
    refused = ledger(ledger_ask, action="abort", reason=" ", who=BOB)
    assert "expected why" in refused["msg"]
    assert contents() == before


def test_nobody_at_work_is_told(ledger: Any) -> None:
    ledger(ledger_lease, state="released", fence=1)
    refused = ledger(ledger_ask, action="promote", reason="looks good", who=BOB)
    assert (refused["failed"], refused["lost"], refused["unusable"]) == (True, False, False)
    assert "rollout r1 is open, but nobody works on it. status.yml shows" in refused["msg"]


def test_a_lease_is_prolonged_and_never_taken_anew(ledger: Any) -> None:
    before = ledger(ledger_info)["lease"]["expires_at"]
    renewed = ledger(ledger_lease, state="renewed", fence=1, ttl=900)
    assert (renewed["changed"], renewed["fence"]) == (False, 1)
    assert renewed["lease"]["expires_at"] > before + 500
    assert ledger(ledger_lease, check=True, state="renewed", fence=1, ttl=9000)["lease"]["expires_at"] > before + 5000
    ledger(ledger_lease, holder=BOB, takeover="alice is away")
    assert ledger(ledger_lease, state="renewed", fence=1)["lost"]
