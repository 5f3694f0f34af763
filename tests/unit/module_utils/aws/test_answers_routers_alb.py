# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer on AWS as a router, where it answers something else than it was told, too late, or not at all."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from a_vendor import WHATEVER, gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb import AlbRouter
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_arming import Schedules
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_forwards import Forwards, Place
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_stack import find
from ansible_collections.seamless.delivery.plugins.module_utils.routers.armed import Armed, Revert
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import Again, AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import (
    RouterError,
    TooLate,
    UnexpectedSplit,
    Unguarded,
    UnknownPool,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable

PREFIX = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"
ONE, TWO = f"{PREFIX}:listener/app/shop/1/2", f"{PREFIX}:listener/app/shop/1/3"
POOLS = {"blue": f"{PREFIX}:targetgroup/shop-blue/3", "green": f"{PREFIX}:targetgroup/shop-green/4"}
OTHER = f"{PREFIX}:targetgroup/other/5"
BLUE, GREEN = Split.all_on("blue"), Split.all_on("green")
HALF = Split(50, 50)
ROLE = "arn:aws:iam::123456789012:role/shop-guard-eu-central-1"
NOW = 1_800_000_000.0
GLASS = {"who": "ada", "reason": "fire"}


class Clock:
    """Time passes only where somebody sleeps, by *pause* seconds at least."""

    def __init__(self, pause=0.0):
        self.now, self.pause = NOW, pause

    def time(self):
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.now += max(seconds, self.pause)


@contextmanager
def router(*answers, listeners=(ONE,), role=ROLE, pause=0.0):
    clock = Clock(pause)
    with vendor(*answers) as aws:
        forwards = Forwards(listeners, POOLS, AwsCalls(aws.client("elbv2"), clock))
        fences = FenceTable("shop", "alb", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        schedules = Schedules("shop", role, forwards, AwsCalls(aws.client("scheduler"), clock))
        yield AlbRouter("shop", forwards, fences, schedules, clock=clock)


# -- what AWS answers ------------------------------------------------------------------------


def action(split, *more):
    groups = [{"TargetGroupArn": POOLS[color], "Weight": split.share(color)} for color in POOLS]
    config = {"TargetGroups": [*groups, *more], "TargetGroupStickinessConfig": {"Enabled": False}}
    return {"Type": "forward", "ForwardConfig": config}


def stands(split, listener=ONE):
    default = {"RuleArn": f"{listener}/default", "IsDefault": True, "Actions": [action(split)]}
    return gives("elbv2", "describe_rules", {"Rules": [default]}, ListenerArn=listener)


def puts(split, listener=ONE, answered=None):
    answer = {"Listeners": [{"ListenerArn": listener, "DefaultActions": [action(answered or split)]}]}
    return gives("elbv2", "modify_listener", answer, ListenerArn=listener, DefaultActions=[action(split)])


def fails(split, code, listener=ONE):
    return refuses("elbv2", "modify_listener", code, ListenerArn=listener, DefaultActions=[action(split)])


def healthy(color):
    one = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}}
    return gives("elbv2", "describe_target_health", {"TargetHealthDescriptions": [one]}, TargetGroupArn=POOLS[color])


def item(armed=None, split=BLUE):
    kept = {"fence": {"N": "7"}, "given": {"S": json.dumps(split.as_dict())}, "moved_at": {"N": "1"}}
    return {**kept, **({"armed": {"S": json.dumps(armed.as_dict())}} if armed else {})}


def claims(armed=None, split=BLUE):
    return gives("dynamodb", "update_item", {"Attributes": item(armed, split)})


def remembers(armed=None, split=BLUE):
    return gives("dynamodb", "get_item", {"Item": item(armed, split)})


SETTLES = gives(
    "dynamodb",
    "update_item",
    TableName="ledger",
    Key=WHATEVER,
    UpdateExpression="REMOVE armed, due SET fence = :fence",
    ConditionExpression=WHATEVER,
    ExpressionAttributeValues={":fence": {"N": "7"}},
    ReturnValuesOnConditionCheckFailure="ALL_OLD",
)
DISARMS = gives("scheduler", "delete_schedule", Name=WHATEVER)
ARMED = Armed(BLUE, NOW + 60, NOW - 60, 7, "r1")


# -- what a write comes to -------------------------------------------------------------------


def test_a_write_that_is_answered_with_another_split_is_told_of_and_taken_back():
    answers = (stands(BLUE), healthy("green"), claims(), puts(GREEN, answered=Split(50, 50)), puts(BLUE))
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
        stands(BLUE),
        healthy("green"),
        claims(),
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
        stands(BLUE),
        healthy("green"),
        claims(),
        fails(GREEN, "InvalidConfigurationRequest"),
        fails(BLUE, "Throttling"),
        fails(BLUE, "Throttling"),
    )
    told = f"These may have the new split still: {ONE}: run converge.yml"
    with router(*answers, pause=31.0) as its, pytest.raises(RouterError, match=told):
        its.write(GREEN, [BLUE], 7)


def test_a_write_that_aws_stays_too_busy_for_is_given_up_and_taken_back():
    answers = (
        stands(BLUE),
        healthy("green"),
        claims(),
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


# -- in case of silence ----------------------------------------------------------------------


def test_a_confirmation_that_aws_was_faster_than_is_too_late():
    armed = (ARMED, GREEN)
    answers = (stands(GREEN), claims(*armed), DISARMS, SETTLES, stands(BLUE))
    with (
        router(*answers) as its,
        pytest.raises(TooLate, match="shop was confirmed too late: AWS has taken users back to blue 100 % / green 0 %"),
    ):
        its.write(GREEN, [GREEN], 7)


def confirmed(*told):
    """The answers to a write that ends an armed step, and what AWS tells of the split after it."""
    looks = [stands(split) for split in told]
    return stands(HALF), healthy("green"), claims(ARMED, HALF), puts(GREEN), DISARMS, SETTLES, *looks


def test_a_confirmation_waits_where_aws_tells_of_the_split_before():
    with router(*confirmed(HALF, HALF, GREEN)) as its:
        assert its.write(GREEN, [HALF], 7).changed


def test_where_aws_goes_on_telling_of_it_nobody_is_said_to_be_back():
    with (
        router(*confirmed(HALF, HALF), pause=30) as its,
        pytest.raises(RouterError, match=r"was given blue 0 % / green 100 %, AWS still tells of blue 50 %"),
    ):
        its.write(GREEN, [HALF], 7)


def test_a_confirmation_in_time_takes_the_schedules_away():
    gone = refuses("scheduler", "delete_schedule", "ResourceNotFoundException", Name=WHATEVER)
    with router(stands(GREEN), claims(ARMED, GREEN), gone, SETTLES, stands(GREEN)) as its:
        written = its.write(GREEN, [GREEN], 7)
    assert (written.changed, written.armed, written.since) == (False, None, 1.0)


def test_that_users_were_taken_back_is_told_until_it_is_written_down():
    past = Armed(BLUE, NOW - 30, NOW - 90, 7, "r1")
    noted = gives("elbv2", "describe_tags", {"TagDescriptions": []}, ResourceArns=[ONE])
    looks = (stands(BLUE), healthy("blue"), healthy("green"), remembers(past, GREEN), noted)
    forgets = (remembers(past, GREEN), stands(BLUE), noted, DISARMS, SETTLES)
    with router(*looks, *forgets) as its:
        _observed, (note,) = its.read()
        its.forget_notes(1, 7)
    assert (note["who"], note["rollout"], note["after"]) == ("EventBridge Scheduler", "r1", BLUE.as_dict())


def test_what_is_not_written_down_yet_stays_armed():
    past = Armed(BLUE, NOW - 30, NOW - 90, 7, "r1")
    noted = gives("elbv2", "describe_tags", {"TagDescriptions": []}, ResourceArns=[ONE])
    with router(remembers(past, GREEN), stands(BLUE), noted) as its:
        its.forget_notes(0, 7)


def test_a_rehearsal_says_that_nobody_would_take_users_back():
    answers = (stands(BLUE), healthy("green"), remembers())
    with (
        router(*answers, role="") as its,
        pytest.raises(Unguarded, match=r"expected guard_role, .* but found none.*\. Nothing was changed"),
    ):
        its.write(GREEN, [BLUE], 7, dry_run=True, revert=Revert(BLUE, 60, "r1"))


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
