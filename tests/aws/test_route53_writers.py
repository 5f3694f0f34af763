# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53 as a router, when AWS is in trouble, when somebody else writes as well, and when glass is broken."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from harness import Emulator
from weighted import BLUE, CANARY, GREEN, Site

from ansible_collections.seamless.delivery.plugins.module_utils.routers import fence_table, route53_records


@pytest.fixture
def site(emulator: Emulator) -> Site:
    return Site(emulator)


@pytest.mark.parametrize("trouble", [{"done": True}, {"done": False}, {"code": "PriorRequestNotComplete"}], ids=str)
def test_a_lost_answer_is_looked_up(site: Site, trouble: dict[str, Any]) -> None:
    failing = [{"operation": "ChangeResourceRecordSets", "code": "InternalError", **trouble}]
    site.emulator.trouble(failing=failing)
    assert site.moved(CANARY)["after"] == CANARY
    site.emulator.trouble()
    assert site.weights() == [CANARY, CANARY]


def test_what_aws_refuses_is_told_at_once(site: Site) -> None:
    failing = [{"operation": "ChangeResourceRecordSets", "times": 9, "code": "InvalidChangeBatch", "status": 400}]
    site.emulator.trouble(failing=failing)
    before = site.emulator.count("ChangeResourceRecordSets")
    refused = site.split(CANARY)
    site.emulator.trouble()
    assert (refused["failed"], site.emulator.count("ChangeResourceRecordSets") - before) == (True, 1)
    assert site.weights() == [BLUE, BLUE]


def test_throttling_is_waited_for(site: Site) -> None:
    site.emulator.trouble(throttled=0.3)
    assert site.moved(CANARY)["after"] == CANARY
    site.emulator.trouble()
    assert site.weights() == [CANARY, CANARY]


# -- two writers -------------------------------------------------------------------------------


def declared_meanwhile(site: Site) -> set[int]:
    """A write is under way while somebody declares another TTL: the TTLs after both."""
    claims = slowed(site)

    def declare() -> None:
        claimed(site, claims)
        site.change(*({**one, "TTL": 45} for one in site.records()))

    somebody = threading.Thread(target=declare)
    somebody.start()
    site.moved(CANARY)
    somebody.join()
    assert site.weights() == [CANARY, CANARY]
    return {one["TTL"] for one in site.records()}


def test_what_was_declared_meanwhile_is_not_undone(site: Site) -> None:
    assert declared_meanwhile(site) == {45}


def test_without_what_was_read_it_would_be_undone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same harness catches a batch that writes whatever it finds."""

    def upserts(pair: route53_records.Pair, split: Any) -> Iterator[dict[str, Any]]:
        for color, one in pair.records.items():
            yield {"Action": "UPSERT", "ResourceRecordSet": {**one, "Weight": split.share(color)}}

    monkeypatch.setattr(route53_records.Pair, "changes", upserts)
    assert declared_meanwhile(site) != {45}


def slowed(site: Site) -> int:
    """The next write takes a second and more until it is at AWS; how many claims there were before it."""
    site.emulator.trouble(failing=[{"operation": "ChangeResourceRecordSets", "seconds": 1.2}])
    return site.emulator.count("UpdateItem")


def claimed(site: Site, claims: int) -> None:
    """Wait until there was another claim, and the write after it is under way."""
    while site.emulator.count("UpdateItem") == claims:
        time.sleep(0.02)
    time.sleep(0.2)


def begun(site: Site, **asked: Any) -> subprocess.Popen[str]:
    """A module whose write is under way."""
    claims = slowed(site)
    process = site.emulator.start_module("route53_split", {**site.router, **asked})
    claimed(site, claims)
    return process


def test_who_moved_users_meanwhile_is_not_overruled(site: Site) -> None:
    writer = begun(site, split=CANARY, fence=1)
    site.change(*({**one, "Weight": GREEN[one["SetIdentifier"]]} for one in site.records()))
    assert '"reason": "UnexpectedSplit"' in writer.communicate()[0]
    assert site.weights() == [GREEN, GREEN]


@pytest.mark.parametrize("found", [BLUE, GREEN], ids=["nothing to change", "something to change"])
def test_the_later_lease_wins_whatever_is_still_under_way(site: Site, found: dict[str, int]) -> None:
    assert overtaken(site, found) == [BLUE, BLUE]


def test_without_the_wait_for_what_is_under_way_it_would_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same harness catches a router that trusts its claim alone."""
    monkeypatch.setattr(fence_table, "GOOD_FOR", 0.0)
    assert overtaken(site, BLUE) != [BLUE, BLUE]


def overtaken(site: Site, found: dict[str, int]) -> list[dict[str, int]]:
    """A write is long under way while one with a later lease takes users back: the weights after both."""
    site.moved(found)
    early = begun(site, split=CANARY, fence=1)
    site.moved(BLUE, fence=3)
    early.communicate()
    return site.weights()


# -- broken glass ------------------------------------------------------------------------------


def test_broken_glass_is_noted(site: Site) -> None:
    site.moved(CANARY, fence=7)
    done = site.moved(BLUE, fence=None, break_glass="errors at checkout", who="ada")
    assert (done["after"], done["fence"]) == (BLUE, 8)
    note = site.seen()["notes"][0]
    assert (note["who"], note["reason"], note["before"], note["after"]) == ("ada", "errors at checkout", CANARY, BLUE)
    assert site.split(CANARY, fence=7)["reason"] == "StaleFence"
    cleared = site.emulator.must("route53_split", {**site.router, "clear_notes": 1, "fence": 8})
    assert (cleared["notes_cleared"], site.seen()["notes"]) == (1, [])


def test_broken_glass_without_the_table_is_noted_on_the_zone(site: Site) -> None:
    site.moved(CANARY)
    site.emulator.trouble(failing=[{"operation": "UpdateItem", "times": 99, "code": "AccessDenied", "status": 400}])
    assert site.moved(BLUE, fence=None, break_glass="errors", who="ada")["after"] == BLUE
    site.emulator.trouble()
    assert "ada" in site.seen()["notes"][0]["on_zone"]
    assert site.seen(service="api", types=["A"])["notes"] == [], "another service has its own"
    site.emulator.must("route53_split", {**site.router, "clear_notes": 1, "fence": 1})
    assert site.seen()["notes"] == []
    assert site.emulator.must("aws_dns", site.declared)["changed"] is False
