# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ALB as a router: what it moves, and what it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from balanced import BACK_BY_STACK, BLUE, CANARY, GREEN, TABLE, Site, balanced
from harness import Emulator
from shops import open_shop


@pytest.fixture
def site(emulator: Emulator) -> Iterator[Site]:
    with balanced(emulator) as made:
        yield made


def elbv2_writes(site: Site, before: int) -> list[str]:
    """The operations since call number *before* that changed the load balancer."""
    calls = site.emulator.calls()[before:]
    return [call["operation"] for call in calls if call["writes"] and call["service"] == "elbv2"]


def test_users_move_everywhere_at_once_and_keep_their_cohort(site: Site) -> None:
    began = time.time()
    done = site.moved(CANARY, expect=BLUE)
    assert (done["changed"], done["before"], done["after"]) == (True, BLUE, CANARY)
    assert done["committed_at"] <= done["answered_at"]
    assert site.weights() == [CANARY, CANARY], "the default action and the rule; the testers' rules have no split"
    rules = site.emulator.client("elbv2").describe_rules(ListenerArn=site.router["listeners"][0])["Rules"]
    sticky = [rule["Actions"][0]["ForwardConfig"]["TargetGroupStickinessConfig"] for rule in rules]
    assert {"Enabled": True, "DurationSeconds": 600} in sticky
    again = site.moved(CANARY)
    assert again["changed"] is False
    assert began <= again["in_force_since"] <= done["answered_at"]
    seen = site.seen()
    assert (seen["split"], seen["fence"], seen["pools"]["green"]["healthy"]) == (CANARY, 1, 1)


def back_by_arn(emulator: Emulator, site: Site) -> int:
    """The number of calls before a rollback to blue, each of 80 ms; of one forward action, as most have."""
    rule = next(
        rule["RuleArn"]
        for rule in emulator.client("elbv2").describe_rules(ListenerArn=site.router["listeners"][0])["Rules"]
        if rule["Priority"] == "10"
    )
    emulator.client("elbv2").delete_rule(RuleArn=rule)
    site.moved(GREEN)
    return back(emulator, lambda: site.moved(BLUE, expect=GREEN))


def back_by_name(emulator: Emulator, site: Site) -> int:
    """The same by the stack's name, with the listeners of inventories/aws-production."""
    certificate = emulator.client("acm").request_certificate(DomainName="shop.example.com")["CertificateArn"]
    listeners = [
        {"port": 80, "protocol": "HTTP", "to": "https"},
        {"port": 443, "protocol": "HTTPS", "certificate": certificate},
    ]
    emulator.must("aws_load_balancer", {**site.declared, "listeners": listeners})
    named = {"service": "shop", "stack": "shop", "table": TABLE, "fence": 1}
    emulator.must("alb_split", {**named, "split": GREEN})
    return back(emulator, lambda: emulator.must("alb_split", {**named, "split": BLUE, "expect": GREEN}))


def back(emulator: Emulator, move: Callable[[], dict[str, Any]]) -> int:
    """The number of calls before *move*."""
    before = len(emulator.calls())
    emulator.trouble(latency=0.08)
    assert move()["after"] == BLUE
    emulator.trouble()
    return before


def test_a_rollback_takes_four_calls(emulator: Emulator, site: Site) -> None:
    assert emulator.operations(back_by_arn(emulator, site)) == [
        "DescribeRules",
        "DescribeTargetHealth",
        "UpdateItem",
        "ModifyListener",
    ]


def test_a_rollback_by_the_stacks_name_takes_eight_calls(emulator: Emulator, site: Site) -> None:
    assert emulator.operations(back_by_name(emulator, site)) == [
        "DescribeLoadBalancers",
        "DescribeListeners",
        "DescribeTargetGroups",
        "DescribeRules",
        "DescribeRules",
        "DescribeTargetHealth",
        "UpdateItem",
        "ModifyListener",
    ]


@pytest.mark.long  # on a machine that nothing else keeps busy
@pytest.mark.parametrize("back", [back_by_arn, back_by_name])
def test_a_rollback_takes_no_second(emulator: Emulator, site: Site, back: Callable[[Emulator, Site], int]) -> None:
    before = back(emulator, site)
    assert sum(call["seconds"] for call in emulator.calls()[before:]) < 1.0


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


def test_what_is_declared_later_starts_where_users_are(site: Site) -> None:
    site.moved(GREEN)
    (listener,) = site.declared["listeners"]
    more = [
        {**listener, "rules": [*listener["rules"], {"priority": 20, "paths": ["/new/*"]}]},
        {**listener, "port": 81},
    ]
    site.emulator.must("aws_load_balancer", {**site.declared, "listeners": more})
    assert site.weights() == [GREEN, GREEN, GREEN]
    seen = site.emulator.must("alb_split_info", {"service": "shop", "stack": "shop", "table": TABLE})
    assert seen["split"] == GREEN, "the new listener's actions agree as well"


def weighted(site: Site, blue: int, green: int) -> None:
    """Somebody gives the rule other weights by hand; the listener's own stay."""
    elbv2 = site.emulator.client("elbv2")
    rules = elbv2.describe_rules(ListenerArn=site.router["listeners"][0])["Rules"]
    rule = next(rule["RuleArn"] for rule in rules if rule["Priority"] == "10")
    groups = [
        {"TargetGroupArn": site.router["target_groups"][color], "Weight": weight}
        for color, weight in (("blue", blue), ("green", green))
    ]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    elbv2.modify_rule(RuleArn=rule, Actions=[forward])


def test_actions_that_do_not_agree_are_told_and_broken_glass_brings_them_together(site: Site) -> None:
    weighted(site, 50, 50)
    for refused in (site.split(CANARY), site.emulator.run_module("alb_split_info", site.router)):
        assert "do not agree" in refused["msg"]
    done = site.moved(BLUE, fence=None, break_glass="somebody was here", who="ada")
    assert (done["before"], site.weights()) == (None, [BLUE, BLUE])


def test_weights_that_are_no_percentages_are_told(site: Site) -> None:
    weighted(site, 1, 2)
    assert "whole percentages" in site.split(CANARY)["msg"]


def test_a_stack_names_its_load_balancer(site: Site) -> None:
    by_stack = {"service": "shop", "stack": "shop", "table": TABLE}
    done = site.emulator.must(
        "alb_split", {**by_stack, "split": CANARY, "fence": 1, "revert_after": 60, **BACK_BY_STACK}
    )
    assert (done["after"], site.weights()) == (CANARY, [CANARY, CANARY])
    seen = site.emulator.must("alb_split_info", by_stack)
    assert (seen["split"], seen["guard"]["running"]) == (CANARY, True)
    missing = site.emulator.run_module("alb_split", {**by_stack, "stack": "none", "split": CANARY, "fence": 1})
    assert (missing["failed"], missing["reason"]) == (True, "UnknownPool")


def test_a_moment_is_waited_for(site: Site) -> None:
    at = time.time() + 4.0
    assert site.moved(CANARY, at=at)["committed_at"] >= at


def test_drained_is_a_color_without_users(site: Site) -> None:
    drain = {**site.router, "deadline": 0.2}
    assert site.emulator.must("alb_drain", {**drain, "color": "green"})["seconds"] == 0.2
    assert "without traffic" in site.emulator.run_module("alb_drain", {**drain, "color": "blue"})["msg"]


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


def test_a_claim_whose_answer_was_lost_is_ones_own_at_once(site: Site) -> None:
    site.moved(CANARY, fence=5)
    before = len(site.emulator.calls())
    site.emulator.trouble(failing=[{"operation": "UpdateItem", "code": "InternalFailure", "done": True}])
    assert site.moved(GREEN, fence=5, expect=CANARY)["after"] == GREEN
    called = [call["operation"] for call in site.emulator.calls()[before:]]
    assert called.count("DescribeRules") == 1, "nothing is looked at again"
    assert called.count("UpdateItem") == 2
    assert site.emulator.operations(before).count("UpdateItem") == 1, "it is one claim"


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


def test_what_stays_of_a_break_down_is_forgotten_once_the_ledger_has_it(site: Site) -> None:
    site.emulator.trouble(failing=[{"operation": "UpdateItem", "times": 99, "code": "AccessDenied", "status": 400}])
    site.moved(GREEN, fence=None, break_glass="no table", who="ada")
    site.emulator.trouble()
    assert "no table" in site.seen()["notes"][0]["on_listeners"]
    site.emulator.must("alb_split", {**site.router, "clear_notes": 1, "fence": 1})
    assert site.seen()["notes"] == []


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
