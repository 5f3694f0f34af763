# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53 as a router: what it moves, what it refuses, and whom it calls well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from harness import Emulator
from shops import Shop, open_shop
from weighted import BLUE, CANARY, GREEN, Site

from ansible_collections.seamless.delivery.plugins.module_utils.routers import route53


@pytest.fixture
def site(emulator: Emulator) -> Site:
    return Site(emulator)


@pytest.fixture
def shops(emulator: Emulator) -> Iterator[dict[str, Shop]]:
    with open_shop() as blue, open_shop() as green:
        yield {"blue": blue, "green": green}


def test_all_types_move_in_one_batch_and_nothing_else_changes(site: Site) -> None:
    before, began = site.records(), time.time()
    done, calls = site.emulator.counting(lambda: site.moved(CANARY, expect=BLUE))
    ended = time.time()
    assert (done["changed"], done["before"], done["after"]) == (True, BLUE, CANARY)
    assert calls == ["UpdateItem", "ChangeResourceRecordSets"]
    assert site.weights() == [CANARY, CANARY]
    assert [{**one, "Weight": 0} for one in site.records()] == [{**one, "Weight": 0} for one in before]
    again = site.moved(CANARY)
    assert again["changed"] is False
    assert began <= again["in_force_since"] <= ended
    assert (site.seen()["split"], site.seen()["fence"]) == (CANARY, 1)
    for split in (GREEN, CANARY, BLUE):
        assert site.moved(split)["after"] == split


def test_a_rollback_takes_three_calls(site: Site) -> None:
    site.moved(GREEN)
    before = len(site.emulator.calls())
    site.moved(BLUE, expect=GREEN)
    assert site.emulator.operations(before) == ["ListResourceRecordSets", "UpdateItem", "ChangeResourceRecordSets"]


def answered(move: Callable[[], dict[str, Any]], later: float) -> None:
    """Users have moved so many seconds after AWS has answered."""
    began = time.time()
    assert began + later <= move()["answered_at"] <= time.time() + later


def test_users_have_moved_within_the_ttl(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route53, "_LOOKS", 0.1)
    answered(lambda: site.moved(CANARY, wait=True), 20)
    assert site.emulator.count("GetChange") > 1, "it was not everywhere at once"
    answered(lambda: site.moved(BLUE), 60 + 20)
    answered(lambda: site.moved(CANARY, spread=5), 60 + 5)


def test_a_change_that_is_never_everywhere_is_told_of(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route53, "_LONGEST", 0.0)
    refused = site.split(CANARY, wait=True)
    assert "is not INSYNC yet" in refused["msg"]
    assert site.weights() == [CANARY, CANARY]


def test_two_regions_are_divided_like_colors(emulator: Emulator, site: Site) -> None:
    target = {"zone_id": "Z35SXDOTRQ7X7K", "dns_name": "shop.elb.amazonaws.com"}
    records = [
        {"name": "api.example.com", "alias_to": target, "set": region, "first_weight": weight}
        for region, weight in (("eu-west-1", 255), ("us-east-1", 0), ("ap-south-1", 0))
    ]
    emulator.must("aws_dns", {**site.declared, "records": [*site.declared["records"], *records]})
    pair = {"blue": "eu-west-1", "green": "us-east-1"}
    regions = {**site.router, "name": "api.example.com.", "types": ["A"], "records": pair}
    moved = {**regions, "split": GREEN, "expect": BLUE, "fence": 1}
    answered(lambda: emulator.must("route53_split", moved), 60 + 60)
    assert emulator.must("route53_split_info", regions)["pools"]["green"]["members"] == {"us-east-1 A": "not checked"}
    third = {**regions, "records": {"blue": "eu-west-1", "green": "ap-south-1"}}
    refused = emulator.run_module("route53_split", {**third, "split": GREEN, "fence": 1})
    assert "found us-east-1 with one" in refused["msg"]
    none = emulator.run_module("route53_split", {**regions, "records": {"blue": "a"}, "split": GREEN, "fence": 1})
    assert none["reason"] == "UnknownPool"
    assert "but found ap-south-1, eu-west-1, us-east-1" in none["msg"]


def test_the_declaration_leaves_the_weights_where_they_are(site: Site) -> None:
    site.moved(CANARY)
    assert site.emulator.must("aws_dns", site.declared)["changed"] is False
    longer = [{**record, "ttl": 30} for record in site.declared["records"]]
    assert site.emulator.must("aws_dns", {**site.declared, "records": longer})["changed"] is True
    assert site.weights() == [CANARY, CANARY]
    site.moved(GREEN, expect=CANARY)
    assert {one["TTL"] for one in site.records()} == {30}, "and the split leaves what is declared"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"split": GREEN, "expect": BLUE}, "UnexpectedSplit"),
        ({"split": GREEN, "fence": 4}, "StaleFence"),
        ({"split": {"blue": 50, "green": 40}}, "ValueError"),
        ({"split": GREEN, "at": 1.0}, "OutOfTime"),
        ({"split": GREEN, "records": {"blue": "green"}}, "ValueError"),
        ({"split": GREEN, "types": ["A", "CNAME"]}, "UnknownPool"),
        ({"split": GREEN, "types": []}, "ValueError"),
        ({"split": GREEN, "name": "api.example.com"}, "UnknownPool"),
        ({"split": GREEN, "zone_id": "ZNONE"}, "RouterError"),
        ({"split": GREEN, "table": "none"}, "RouterError"),
    ],
)
def test_what_is_refused_changes_nothing(site: Site, asked: dict[str, Any], reason: str) -> None:
    site.moved(CANARY, fence=5)
    before = site.emulator.count("ChangeResourceRecordSets")
    refused = site.split(asked.pop("split"), asked.pop("fence", 5), **asked)
    assert refused.get("failed"), refused
    assert refused["reason"] == reason
    assert site.emulator.count("ChangeResourceRecordSets") == before


def test_check_mode_writes_nothing(site: Site) -> None:
    asked = {**site.router, "split": GREEN, "fence": 1}
    would, written = site.emulator.counting(lambda: site.emulator.must("route53_split", asked, check=True))
    assert (would["changed"], written, site.weights()) == (True, [], [BLUE, BLUE])
    done = site.moved(GREEN)
    assert would["diff"] == done["diff"] == {"before": f"shop: {split(BLUE)}\n", "after": f"shop: {split(GREEN)}\n"}
    site.moved(GREEN, fence=2)
    refused = site.emulator.run_module("route53_split", {**asked, "split": BLUE}, check=True)
    assert refused["reason"] == "StaleFence"


def split(shares: dict[str, int]) -> str:
    """A split as people read it."""
    return f"blue {shares['blue']} % / green {shares['green']} %"


# -- health ------------------------------------------------------------------------------------


def test_who_is_not_well_gets_nobody(emulator: Emulator, shops: dict[str, Shop]) -> None:
    site = Site(emulator, **{color: shop.server_port for color, shop in shops.items()})
    assert site.seen()["pools"]["green"] == {
        "healthy": 2,
        "total": 2,
        "sessions": 0,
        "members": {"green A": "healthy", "green AAAA": "not checked"},
    }
    shops["green"].status = 503
    refused = site.split(CANARY)
    assert refused["reason"] == "NotReady"
    assert "green A: unhealthy (well for 0 of 1 checkers)" in refused["msg"]
    assert site.weights() == [BLUE, BLUE]
    assert site.moved(BLUE)["changed"] is False, "who has users already is not asked"
    shops["green"].status = 200
    assert site.moved(CANARY)["after"] == CANARY


@pytest.mark.parametrize(
    ("config", "status", "state"),
    [
        ({"Disabled": True}, 503, "healthy"),
        ({"Inverted": True}, 503, "healthy"),
        ({"Inverted": True}, 200, "unhealthy (well for 1 of 1 checkers, inverted)"),
        ({"Disabled": True, "Inverted": True}, 503, "unhealthy (its check is off, inverted)"),
    ],
)
def test_a_check_means_what_route_53_makes_of_it(
    emulator: Emulator, shops: dict[str, Shop], config: dict[str, bool], status: int, state: str
) -> None:
    site = Site(emulator, green=shops["green"].server_port)
    shops["green"].status = status
    for record in site.records():
        if check := record.get("HealthCheckId"):
            emulator.client("route53").update_health_check(HealthCheckId=check, **config)
    assert site.seen()["pools"]["green"]["members"]["green A"] == state


def test_a_calculated_check_cannot_be_read(site: Site) -> None:
    config = {"Type": "CALCULATED", "ChildHealthChecks": ["a"], "HealthThreshold": 1}
    made = site.emulator.client("route53").create_health_check(CallerReference="own", HealthCheckConfig=config)
    check = made["HealthCheck"]["Id"]
    site.change(*({**one, "HealthCheckId": check} for one in site.records() if one["SetIdentifier"] == "green"))
    refused = site.split(CANARY)
    assert refused["reason"] == "NotReady"
    assert "which is calculated" in refused["msg"]


# -- what does not agree -------------------------------------------------------------------------


def test_what_does_not_agree_is_left_to_broken_glass(site: Site) -> None:
    site.weigh("green", 100, "AAAA")
    refused = site.split(CANARY)
    assert "do not agree (A: blue 100 % / green 0 %; AAAA: blue 50 % / green 50 %)" in refused["msg"]
    done = site.moved(BLUE, fence=None, break_glass="half of them", who="ada")
    assert (done["before"], done["after"], site.weights()) == (None, BLUE, [BLUE, BLUE])
    site.weigh("green", 37, "A", "AAAA")
    assert "whole percentages, but found blue 100, green 37" in site.split(CANARY)["msg"]


def test_no_weight_at_all_is_half_and_half(site: Site) -> None:
    site.weigh("blue", 0, "A", "AAAA")
    assert site.seen()["split"] == {"blue": 50, "green": 50}
