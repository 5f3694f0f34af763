# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ALB as a router: users are taken back in case of silence, and of two writers the later lease wins."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from balanced import BLUE, CANARY, GREEN, Site, balanced
from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.routers import fence_table


@pytest.fixture
def site(emulator: Emulator) -> Iterator[Site]:
    with balanced(emulator) as made:
        yield made


# -- in case of silence ------------------------------------------------------------------------

ROLE = "arn:aws:iam::123456789012:role/shop-guard"
#: Seconds: more than it takes a busy machine to arm, and to confirm.
SOON = 10
BACK = {"revert_to": BLUE, "rollout": "shop-1", "guard_role": ROLE}


def schedules(site: Site) -> int:
    """How many actions would go back by themselves."""
    return len(site.emulator.client("scheduler").list_schedules()["Schedules"])


def test_without_a_word_aws_itself_takes_users_back(site: Site) -> None:
    done = site.moved(CANARY, revert_after=SOON, **BACK)
    assert (done["armed"]["back_to"], schedules(site)) == (BLUE, 2)
    assert site.seen()["armed"]["rollout"] == "shop-1"
    time.sleep(max(0.0, done["armed"]["deadline"] + 1 - time.time()))
    late = time.monotonic() + 20  # a schedule is gone a moment before what it does is done
    while site.weights() != [BLUE, BLUE] and time.monotonic() < late:
        time.sleep(0.1)
    assert (site.weights(), schedules(site)) == ([BLUE, BLUE], 0)
    note = site.seen()["notes"][0]
    assert (note["rollout"], note["after"]) == ("shop-1", BLUE)
    late = site.split(GREEN, revert_after=30, **BACK)
    assert (late["failed"], late["reason"]) == (True, "TooLate")
    assert site.moved(BLUE)["after"] == BLUE, "to go back is never too late"
    assert site.seen()["notes"] == []


def test_a_confirmed_split_stays(site: Site) -> None:
    site.moved(CANARY, revert_after=SOON, **BACK)
    longer = site.moved(CANARY, revert_after=SOON + 1, **BACK)
    confirmed = site.moved(CANARY, guard_role=ROLE)
    assert (longer["changed"], confirmed["changed"], confirmed["armed"]) == (False, False, None)
    assert schedules(site) == 0
    time.sleep(max(0.0, longer["armed"]["deadline"] + 1 - time.time()))
    assert site.weights() == [CANARY, CANARY]
    assert site.seen()["notes"] == []


def test_a_late_confirmation_is_refused(site: Site) -> None:
    done = site.moved(CANARY, revert_after=SOON, **BACK)
    time.sleep(max(0.0, done["armed"]["deadline"] + 0.1 - time.time()))
    late = site.split(CANARY, guard_role=ROLE)
    assert (late["failed"], late["reason"]) == (True, "TooLate")


@pytest.mark.parametrize("why", ["no role", "no schedule"])
def test_nobody_moves_where_aws_would_not_take_them_back(site: Site, why: str) -> None:
    role = {"guard_role": ""} if why == "no role" else {}
    if why == "no schedule":
        site.emulator.trouble(failing=[{"operation": "CreateSchedule", "code": "AccessDeniedException", "status": 403}])
    refused = site.split(CANARY, revert_after=30, **{**BACK, **role})
    assert (refused["failed"], refused["reason"]) == (True, "Unguarded")
    assert site.weights() == [BLUE, BLUE]


# -- two writers -----------------------------------------------------------------------------


def overtaken(site: Site, found: dict[str, int] = CANARY) -> list[dict[str, int]]:
    """A write is long under way while one with a later lease takes users back: the weights after both."""
    site.moved(found, fence=1)
    claims = site.emulator.count("UpdateItem")
    site.emulator.trouble(failing=[{"operation": "Modify*", "times": 1, "seconds": 1.6}])
    early = site.emulator.start_module("alb_split", {**site.router, "split": GREEN, "fence": 1})
    while site.emulator.count("UpdateItem") == claims:
        time.sleep(0.02)
    site.split(BLUE, fence=3)
    early.communicate()
    return site.weights()


@pytest.mark.parametrize("found", [CANARY, BLUE], ids=["users have moved", "nothing to change yet"])
def test_the_later_lease_wins_whatever_is_still_under_way(site: Site, found: dict[str, int]) -> None:
    assert overtaken(site, found) == [BLUE, BLUE]


def test_without_the_wait_for_what_is_under_way_it_would_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same harness catches a router that trusts its claim alone."""
    monkeypatch.setattr(fence_table, "GOOD_FOR", 0.0)
    assert overtaken(site) != [BLUE, BLUE]
