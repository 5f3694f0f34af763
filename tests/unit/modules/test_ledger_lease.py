# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.modules import ledger_lease

ALICE = {"name": "alice", "host": "control", "pid": 4711}
BOB = {"name": "bob", "host": "laptop", "pid": 4712}


@pytest.fixture
def lease(run: Any, tmp_path: Path) -> Any:
    return partial(run, ledger_lease, service="storefront", ledger={"path": str(tmp_path)})


def test_the_lease_is_given_with_its_fence_and_the_history(lease: Any) -> None:
    first = lease(holder=ALICE, ttl=300)
    assert (first["changed"], first["fence"], first["previous"]) == (True, 1, None)
    assert first["lease"]["holder"] == ALICE
    assert first["lease"]["expires_at"] == pytest.approx(first["lease"]["acquired_at"] + 300)
    assert first["history"]["rollouts"] == []
    assert first["diff"] == {"before": {"lease": None}, "after": {"lease": first["lease"]}}


def test_the_same_holder_gets_the_same_fence(lease: Any) -> None:
    lease(holder=ALICE)
    again = lease(holder=ALICE)
    assert (again["changed"], again["fence"]) == (False, 1)


def test_another_operator_is_told_who_has_it(lease: Any) -> None:
    lease(holder=ALICE)
    refused = lease(holder=BOB)
    assert (refused["failed"], refused["lost"], refused["unusable"]) == (True, True, False)
    assert refused["msg"].startswith("storefront: alice on control (process 4711) holds the lease with fence 1 since")
    assert lease(holder=BOB, takeover="alice is away", takeover_fence=1)["fence"] == 2
    assert lease(holder=ALICE, takeover="no, I am not", takeover_fence=1)["failed"]


def test_the_fence_starts_above_what_the_routers_have_seen(lease: Any) -> None:
    assert lease(holder=ALICE, floor=41)["fence"] == 42


def test_a_lease_is_given_back_once(lease: Any) -> None:
    lease(holder=ALICE)
    back = lease(state="released", fence=1)
    assert (back["changed"], back["fence"]) == (True, 1)
    assert back["lease"]["released_at"] is not None
    again = lease(state="released", fence=1)
    assert (again["changed"], again["lease"]) == (False, back["lease"])
    assert lease(holder=BOB)["fence"] == 2
    assert lease(state="released", fence=1)["lost"]


@pytest.mark.parametrize("options", [{"holder": BOB, "takeover": "x"}, {"state": "released", "fence": 1}])
def test_check_mode_says_what_would_be_and_writes_nothing(lease: Any, contents: Any, options: dict[str, Any]) -> None:
    lease(holder=ALICE)
    before = contents()
    foreseen = lease(check=True, **options)
    assert contents() == before
    done = lease(**options)
    for result in (foreseen, done):
        for moment in ("acquired_at", "expires_at", "released_at"):
            result["lease"][moment] = result["lease"][moment] is not None
    assert (foreseen["changed"], foreseen["lease"]) == (done["changed"], done["lease"])


def test_check_mode_refuses_what_would_be_refused(lease: Any, contents: Any) -> None:
    assert lease(check=True, holder=ALICE)["fence"] == 1
    assert contents() == {}, "not even a folder with a lock"
    lease(holder=ALICE)
    assert lease(check=True, holder=BOB)["lost"]
    assert lease(check=True, state="released", fence=9)["lost"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "state is held but all of the following are missing: holder"),
        ({"state": "released"}, "state is released but all of the following are missing: fence"),
        ({"holder": ALICE, "ttl": -1}, "storefront: lease: expected a time to live above 0 seconds, but found -1"),
        ({"holder": ALICE, "ledger": {"type": "etcd"}}, "value of type must be one of: file, dynamodb, s3"),
        (
            {"holder": ALICE, "ledger": {"type": "s3"}},
            "type is s3 but all of the following are missing: bucket, region",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(lease: Any, options: dict[str, Any], told: str) -> None:
    assert told in lease(**options)["msg"]


def test_a_ledger_that_cannot_be_used_says_so(lease: Any, tmp_path: Path) -> None:
    (tmp_path / "storefront").write_text("")
    refused = lease(holder=ALICE)
    assert (refused["lost"], refused["unusable"]) == (False, True)
