# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ALB as a router: what it moves, what it refuses, and that of two writers the later lease wins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from harness import Emulator
from shops import Shop, open_shop

from ansible_collections.seamless.delivery.plugins.module_utils.routers import fence_table

BLUE, GREEN = {"blue": 100, "green": 0}, {"blue": 0, "green": 100}
CANARY = {"blue": 95, "green": 5}
TABLE = "seamless"


@dataclass
class Site:
    """A load balancer with one real target in each color, and the ledger's table."""

    emulator: Emulator
    router: dict[str, Any]
    shops: dict[str, Shop]

    def split(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """Ask for a split; what the module returns."""
        return self.emulator.run_module("alb_split", {**self.router, "split": split, "fence": fence, **more})

    def moved(self, split: dict[str, int], fence: int | None = 1, **more: Any) -> dict[str, Any]:
        """The same, for what has to succeed."""
        done = self.split(split, fence, **more)
        assert not done.get("failed"), done["msg"]
        return done

    def seen(self) -> dict[str, Any]:
        """What alb_split_info says."""
        return self.emulator.must("alb_split_info", self.router)

    def weights(self) -> list[dict[str, int]]:
        """The weights of every action that forwards to both colors, asked from AWS itself."""
        elbv2 = self.emulator.client("elbv2")
        colors = {arn: color for color, arn in self.router["target_groups"].items()}
        rules = [rule for arn in self.router["listeners"] for rule in elbv2.describe_rules(ListenerArn=arn)["Rules"]]
        groups = [rule["Actions"][-1].get("ForwardConfig", {}).get("TargetGroups", []) for rule in rules]
        return [{colors[one["TargetGroupArn"]]: one["Weight"] for one in its} for its in groups if len(its) == 2]


@pytest.fixture
def site(emulator: Emulator) -> Iterator[Site]:
    own = emulator.own_network()
    declared = {
        "listeners": [
            {"port": 80, "protocol": "HTTP", "rules": [{"priority": 10, "paths": ["/api/*"]}]},
        ],
        "pools": {"target_type": "ip", "health": {"path": "/readyz"}, "stickiness": 600},
        "testers": {"from": ["10.0.0.0/8"]},
    }
    made = emulator.must("aws_load_balancer", {"stack": "shop", **own, **declared})["resources"]
    groups = {color: made[f"target group shop-{color}"]["arn"] for color in ("blue", "green")}
    emulator.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "service", "KeyType": "HASH"}, {"AttributeName": "item", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("service", "item")],
        BillingMode="PAY_PER_REQUEST",
    )
    with open_shop() as blue, open_shop() as green:
        shops = {"blue": blue, "green": green}
        for color, shop in shops.items():
            emulator.client("elbv2").register_targets(
                TargetGroupArn=groups[color], Targets=[{"Id": "127.0.0.1", "Port": shop.server_port}]
            )
        listeners = [made["listener shop:80"]["arn"]]
        router = {"service": "shop", "listeners": listeners, "target_groups": groups, "table": TABLE}
        yield Site(emulator, router, shops)


def elbv2_writes(site: Site, before: int) -> list[str]:
    """The operations since call number *before* that changed the load balancer."""
    calls = site.emulator.calls()[before:]
    return [call["operation"] for call in calls if call["writes"] and call["service"] == "elbv2"]


def test_users_move_everywhere_at_once_and_keep_their_cohort(site: Site) -> None:
    done = site.moved(CANARY, expect=BLUE)
    assert (done["changed"], done["before"], done["after"]) == (True, BLUE, CANARY)
    assert done["committed_at"] <= done["answered_at"]
    assert site.weights() == [CANARY, CANARY], "the default action and the rule; the testers' rules have no split"
    rules = site.emulator.client("elbv2").describe_rules(ListenerArn=site.router["listeners"][0])["Rules"]
    sticky = [rule["Actions"][0]["ForwardConfig"]["TargetGroupStickinessConfig"] for rule in rules]
    assert {"Enabled": True, "DurationSeconds": 600} in sticky
    again = site.moved(CANARY)
    assert again["changed"] is False
    assert again["in_force_since"] == pytest.approx(done["in_force_since"], abs=0.5)
    seen = site.seen()
    assert (seen["split"], seen["fence"], seen["pools"]["green"]["healthy"]) == (CANARY, 1, 1)


def test_a_rollback_takes_four_calls_and_no_second(emulator: Emulator, site: Site) -> None:
    rule = next(
        rule["RuleArn"]
        for rule in emulator.client("elbv2").describe_rules(ListenerArn=site.router["listeners"][0])["Rules"]
        if rule["Priority"] == "10"
    )
    emulator.client("elbv2").delete_rule(RuleArn=rule)  # one action, as most have
    site.moved(GREEN)
    before = len(emulator.calls())
    emulator.trouble(latency=0.08)
    done = site.moved(BLUE, expect=GREEN)
    emulator.trouble()
    calls = emulator.calls()[before:]
    assert done["after"] == BLUE
    assert [call["operation"] for call in calls] == [
        "DescribeRules",
        "DescribeTargetHealth",
        "UpdateItem",
        "ModifyListener",
    ]
    assert sum(call["seconds"] for call in calls) < 1.0


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"split": GREEN, "expect": GREEN | {"blue": 50, "green": 50}}, "UnexpectedSplit"),
        ({"split": GREEN, "fence": 4}, "StaleFence"),
        ({"split": {"blue": 50, "green": 40}}, "ValueError"),
        ({"split": GREEN, "at": 1.0}, "OutOfTime"),
    ],
)
def test_what_is_refused_changes_nothing(site: Site, asked: dict[str, Any], reason: str) -> None:
    site.moved(CANARY, fence=5)
    before = len(site.emulator.calls())
    refused = site.split(**{"fence": 5, **asked})
    assert (refused["failed"], refused["reason"]) == (True, reason)
    assert elbv2_writes(site, before) == []
    assert site.weights() == [CANARY, CANARY]


def test_no_user_is_sent_to_targets_that_are_not_healthy(site: Site) -> None:
    site.shops["green"].status = 503
    refused = site.split(CANARY)
    assert (refused["failed"], refused["reason"]) == (True, "NotReady")
    assert "ResponseCodeMismatch" in refused["msg"]
    assert site.weights() == [BLUE, BLUE]


def test_an_action_without_both_colors_is_no_router(site: Site) -> None:
    groups = {**site.router["target_groups"], "green": site.router["target_groups"]["green"] + "0"}
    refused = site.emulator.run_module(
        "alb_split", {**site.router, "target_groups": groups, "split": GREEN, "fence": 1}
    )
    assert (refused["failed"], refused["reason"]) == (True, "UnknownPool")


def test_check_mode_writes_nothing(site: Site) -> None:
    asked = {**site.router, "split": CANARY, "fence": 1}
    dry, written = site.emulator.counting(lambda: site.emulator.must("alb_split", asked, check=True))
    assert (dry["changed"], dry["after"], written) == (True, CANARY, [])
    assert dry["diff"] == site.moved(CANARY)["diff"]


def test_a_pool_of_hundreds_is_read_as_a_whole(site: Site) -> None:
    """DescribeTargetHealth gives all targets of a group in one answer; it has no pages."""
    port = site.shops["green"].server_port
    targets = [{"Id": f"127.0.1.{number}", "Port": port} for number in range(1, 250)]
    targets += [{"Id": f"127.0.2.{number}", "Port": port} for number in range(1, 101)]
    with open_shop() as everywhere:
        targets = [{**target, "Port": everywhere.server_port} for target in targets]
        site.emulator.client("elbv2").register_targets(
            TargetGroupArn=site.router["target_groups"]["green"], Targets=targets
        )
        refused = site.split(GREEN)
    assert refused["reason"] == "NotReady"
    assert "1 of 350" in refused["msg"]


@pytest.mark.parametrize("done", [False, True], ids=["before the deed", "after the deed"])
def test_a_failing_call_is_made_again(site: Site, done: bool) -> None:
    failing = [
        {"operation": name, "times": 2, "code": "InternalFailure", "done": done} for name in ("Modify*", "UpdateItem")
    ]
    site.emulator.trouble(failing=failing)
    assert site.moved(CANARY)["after"] == CANARY
    assert site.weights() == [CANARY, CANARY]


def test_throttling_is_waited_for(site: Site) -> None:
    site.emulator.trouble(throttled=0.3)
    assert site.moved(CANARY)["after"] == CANARY
    site.emulator.trouble()
    assert site.weights() == [CANARY, CANARY]


def test_all_or_none_of_the_actions_get_it(site: Site) -> None:
    site.emulator.trouble(failing=[{"operation": "ModifyListener", "times": 1, "code": "AccessDenied", "status": 403}])
    refused = site.split(CANARY)
    site.emulator.trouble()
    assert "AccessDenied" in refused["msg"]
    assert site.weights() == [BLUE, BLUE]


def test_the_glass_can_be_broken_without_the_table(site: Site) -> None:
    site.moved(GREEN)
    site.emulator.client("dynamodb").delete_table(TableName=TABLE)
    refused = site.split(BLUE, fence=2)
    assert refused["failed"]
    assert site.moved(BLUE, fence=None, break_glass="checkout fails", who="ada")["after"] == BLUE
    tags = site.emulator.client("elbv2").describe_tags(ResourceArns=site.router["listeners"])["TagDescriptions"]
    assert any("checkout fails" in tag["Value"] for tag in tags[0]["Tags"])


def test_notes_are_kept_until_the_ledger_has_them(site: Site) -> None:
    site.moved(GREEN, fence=7)
    site.moved(BLUE, fence=None, break_glass="checkout fails", who="ada")
    seen = site.seen()
    assert [(note["who"], note["reason"], note["after"]) for note in seen["notes"]] == [("ada", "checkout fails", BLUE)]
    assert seen["fence"] == 8, "whoever held the lease is overtaken"
    cleared = site.emulator.must("alb_split", {**site.router, "clear_notes": 1, "fence": 8})
    assert (cleared["notes_cleared"], site.seen()["notes"]) == (1, [])


# -- in case of silence ------------------------------------------------------------------------

ROLE = "arn:aws:iam::123456789012:role/shop-guard"
BACK = {"revert_to": BLUE, "rollout": "shop-1", "guard_role": ROLE}


def schedules(site: Site) -> int:
    """How many actions would go back by themselves."""
    return len(site.emulator.client("scheduler").list_schedules()["Schedules"])


def test_without_a_word_aws_itself_takes_users_back(site: Site) -> None:
    done = site.moved(CANARY, revert_after=2, **BACK)
    assert (done["armed"]["back_to"], schedules(site)) == (BLUE, 2)
    assert site.seen()["armed"]["rollout"] == "shop-1"
    time.sleep(max(0.0, done["armed"]["deadline"] + 1 - time.time()))
    assert (site.weights(), schedules(site)) == ([BLUE, BLUE], 0)
    note = site.seen()["notes"][0]
    assert (note["rollout"], note["after"]) == ("shop-1", BLUE)
    late = site.split(GREEN, revert_after=30, **BACK)
    assert (late["failed"], late["reason"]) == (True, "TooLate")
    assert site.moved(BLUE)["after"] == BLUE, "to go back is never too late"
    assert site.seen()["notes"] == []


def test_a_confirmed_split_stays(site: Site) -> None:
    site.moved(CANARY, revert_after=2, **BACK)
    longer = site.moved(CANARY, revert_after=3, **BACK)
    confirmed = site.moved(CANARY, guard_role=ROLE)
    assert (longer["changed"], confirmed["changed"], confirmed["armed"]) == (False, False, None)
    assert schedules(site) == 0
    time.sleep(max(0.0, longer["armed"]["deadline"] + 1 - time.time()))
    assert site.weights() == [CANARY, CANARY]
    assert site.seen()["notes"] == []


def test_a_late_confirmation_is_refused(site: Site) -> None:
    done = site.moved(CANARY, revert_after=1, **BACK)
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
    site.emulator.trouble(failing=[{"operation": "Modify*", "times": 1, "seconds": 1.2}])
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
