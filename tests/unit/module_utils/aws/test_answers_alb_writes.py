# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer on AWS as a router, where it answers something else than it was told, too late, or not at all."""

from __future__ import annotations

import pytest
from a_clock import Clock
from a_fence import BLUE, GLASS, GREEN, NOW, claims, item, remembers
from a_load_balancer import ONE, PREFIX, TWO, action, healthy, puts, router, stands
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_forwards import Place
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_stack import find
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import Again, AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import (
    RouterError,
    UnexpectedSplit,
    UnknownPool,
)

OTHER = f"{PREFIX}:targetgroup/other/5"
#: A write that finds all users on blue, and green healthy.
BEGUN = stands(BLUE), healthy("green"), claims()


def fails(split, code, listener=ONE):
    return refuses("elbv2", "modify_listener", code, ListenerArn=listener, DefaultActions=[action(split)])


# -- what a write comes to -------------------------------------------------------------------


def test_a_write_that_is_answered_with_another_split_is_told_of_and_taken_back():
    answers = (*BEGUN, puts(GREEN, answered=Split(50, 50)), puts(BLUE))
    told = f"{ONE} was given blue 0 % / green 100 %, but answers with .*: run status.yml, then this again"
    with router(*answers) as its, pytest.raises(RouterError, match=told):
        its.write(GREEN, [BLUE], 7)


def test_a_write_that_is_answered_with_no_split_at_all_is_told_of():
    place = Place(ONE, None, {"blue": 100, "green": 0}, {"Enabled": False})
    gone = {"Listeners": [{"DefaultActions": [{"Type": "forward", "TargetGroupArn": OTHER}]}]}
    with (
        router(gives("elbv2", "modify_listener", gone)) as its,
        pytest.raises(RouterError, match="was given blue 0 % / green 100 %, but answers with"),
    ):
        its.forwards.write(place, GREEN)


@pytest.mark.parametrize(
    "actions",
    [
        [action(BLUE, {"TargetGroupArn": OTHER, "Weight": 0})],
        [{"Type": "authenticate-oidc"}, action(BLUE)],
    ],
)
def test_what_else_an_action_does_is_never_dropped(actions):
    rule = {"RuleArn": f"{ONE}/5", "IsDefault": False, "Actions": actions}
    told = f"expected {ONE}/5 to do nothing but forward to the two colors, but it does other things"
    with (
        router(gives("elbv2", "describe_rules", {"Rules": [rule]})) as its,
        pytest.raises(RouterError, match=told),
    ):
        its.write(GREEN, None, 7)


def test_what_forwards_elsewhere_is_no_place_of_the_service():
    elsewhere = {"RuleArn": f"{ONE}/5", "IsDefault": False, "Actions": [{"Type": "forward", "TargetGroupArn": OTHER}]}
    with (
        router(gives("elbv2", "describe_rules", {"Rules": [elsewhere]})) as its,
        pytest.raises(UnknownPool, match="but no action does"),
    ):
        its.write(GREEN, None, 7)


# -- what AWS tells of the past --------------------------------------------------------------


def test_what_was_written_of_late_is_waited_for():
    kept = {**item(split=BLUE), "moved_at": {"N": str(NOW - 5)}}
    late = gives("dynamodb", "get_item", {"Item": kept})
    answers = (stands(GREEN), late, stands(GREEN), stands(BLUE), healthy("blue"), healthy("green"), claims(split=BLUE))
    half = Split(50, 50)
    with router(*answers, puts(half)) as its:
        written = its.write(half, [BLUE], 7)
    assert (written.changed, written.before) == (True, BLUE)
    assert its.clock.now == pytest.approx(NOW + 0.4)


@pytest.mark.parametrize(
    ("wrote", "ago"),
    [
        (BLUE, 31),  # long ago: what AWS tells is of now
        (Split(50, 50), 5),  # of late, but not what is expected either
    ],
)
def test_what_somebody_else_has_moved_is_not_waited_for(wrote, ago):
    kept = {**item(split=wrote), "moved_at": {"N": str(NOW - ago)}}
    answers = (stands(GREEN), gives("dynamodb", "get_item", {"Item": kept}))
    told = "expected shop at blue 100 % / green 0 %, but found blue 0 % / green 100 %. Nothing was changed"
    with router(*answers) as its, pytest.raises(UnexpectedSplit, match=told):
        its.write(Split(50, 50), [BLUE], 7)
    assert its.clock.now == NOW


# -- all or none -----------------------------------------------------------------------------


def test_what_cannot_be_taken_back_is_named():
    answers = (
        stands(BLUE, ONE),
        stands(BLUE, TWO),
        healthy("green"),
        claims(),
        puts(GREEN, ONE),
        fails(GREEN, "InvalidConfigurationRequest", TWO),
        fails(BLUE, "InvalidConfigurationRequest", ONE),
        puts(BLUE, TWO),
    )
    told = (
        rf"ModifyListener: because \(InvalidConfigurationRequest\) These may have the new split still: {ONE}:"
        " run converge.yml"
    )
    with router(*answers, listeners=(ONE, TWO)) as its, pytest.raises(RouterError, match=told):
        its.write(GREEN, [BLUE], 7)


def test_what_aws_is_too_busy_for_is_taken_back_a_little_later():
    answers = (
        *BEGUN,
        fails(GREEN, "InvalidConfigurationRequest"),
        fails(BLUE, "Throttling"),
        fails(BLUE, "Throttling"),
        puts(BLUE),
    )
    with router(*answers) as its, pytest.raises(RouterError) as refused:
        its.write(GREEN, [BLUE], 7)
    assert str(refused.value) == "ModifyListener: because (InvalidConfigurationRequest)"


def test_what_aws_stays_too_busy_for_is_named():
    answers = (
        *BEGUN,
        fails(GREEN, "InvalidConfigurationRequest"),
        fails(BLUE, "Throttling"),
        fails(BLUE, "Throttling"),
    )
    told = f"These may have the new split still: {ONE}: run converge.yml"
    with router(*answers, pause=31.0) as its, pytest.raises(RouterError, match=told):
        its.write(GREEN, [BLUE], 7)


def test_a_write_that_aws_stays_too_busy_for_is_given_up_and_taken_back():
    answers = (
        *BEGUN,
        fails(GREEN, "Throttling"),
        # The first claim has run out meanwhile.
        claims(split=GREEN),
        fails(GREEN, "Throttling"),
        puts(BLUE),
    )
    with (
        router(*answers, pause=31.0) as its,
        pytest.raises(Again, match=r"ModifyListener was not answered in time \(Throttling: because\)$"),
    ):
        its.write(GREEN, [BLUE], 7)


def test_broken_glass_over_places_that_do_not_agree_has_nothing_to_go_back_to():
    answers = (
        stands(BLUE, ONE),
        stands(GREEN, TWO),
        healthy("green"),
        remembers(),
        claims(),
        # Somebody may have written meanwhile, so the places are looked at once more.
        stands(BLUE, ONE),
        stands(GREEN, TWO),
        puts(GREEN, ONE),
        fails(GREEN, "InvalidConfigurationRequest", TWO),
    )
    with router(*answers, listeners=(ONE, TWO)) as its, pytest.raises(RouterError) as refused:
        its.write(GREEN, None, 7, break_glass=GLASS)
    assert str(refused.value) == "ModifyListener: because (InvalidConfigurationRequest)"


@pytest.mark.parametrize("fence", [0, 7])
def test_a_rehearsal_of_broken_glass_asks_for_no_lease(fence):
    with router(stands(BLUE), healthy("green")) as its:  # the table may be out of reach
        written = its.write(GREEN, None, fence, break_glass=GLASS, dry_run=True)
    assert (written.changed, written.before, written.sent_at) == (True, BLUE, None)


# -- the load balancer of a stack ------------------------------------------------------------


def test_a_load_balancer_without_a_listener_is_not_provisioned_yet():
    arn = f"{PREFIX}:loadbalancer/app/shop/1"
    answers = (
        gives("elbv2", "describe_load_balancers", {"LoadBalancers": [{"LoadBalancerArn": arn}]}, Names=["shop"]),
        gives("elbv2", "describe_listeners", {"Listeners": []}, LoadBalancerArn=arn),
    )
    told = "the load balancer of the stack shop has no listener yet: run provision.yml"
    with vendor(*answers) as aws, pytest.raises(UnknownPool, match=told):
        find("shop", AwsCalls(aws.client("elbv2"), Clock()))
