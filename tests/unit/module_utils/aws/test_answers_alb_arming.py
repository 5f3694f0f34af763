# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load balancer on AWS as a router, where users are taken back in case of silence, or were already."""

from __future__ import annotations

import pytest
from a_fence import BLUE, GREEN, NOW, claims, remembers
from a_load_balancer import ONE, healthy, puts, router, stands
from a_vendor import WHATEVER, gives, refuses

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import Split
from ansible_collections.seamless.delivery.plugins.module_utils.routers.armed import Armed, Revert
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import (
    RouterError,
    TooLate,
    Unguarded,
)

HALF = Split(50, 50)
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
