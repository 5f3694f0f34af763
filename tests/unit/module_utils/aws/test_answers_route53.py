# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53 as a router, where AWS is busy, late, or answers of the past."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from a_clock import Clock
from a_fence import BLUE, CANARY, GLASS, GREEN, NOW, REMEMBERS, claims
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import (
    Again,
    AwsCalls,
    ConditionFailed,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable
from ansible_collections.seamless.delivery.plugins.module_utils.routers.route53 import Route53Router
from ansible_collections.seamless.delivery.plugins.module_utils.routers.route53_records import Records

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SETS = {"blue": "shop-blue", "green": "shop-green"}


@contextmanager
def route53(*answers, pause=0.0):
    clock = Clock(pause, NOW)
    with vendor(*answers) as aws:
        calls = AwsCalls(aws.client("route53"), clock)
        records = Records("shop", "Z1", "shop.example.com", ["A"], SETS, calls)
        fences = FenceTable("shop", "route53", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        yield Route53Router("shop", records, fences, clock=clock)


def record(color, share, ttl=60):
    its = {"Name": "shop.example.com.", "Type": "A", "TTL": ttl, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    return {**its, "SetIdentifier": SETS[color], "Weight": share}


def weighted(split, ttl=60):
    there = [record(color, split.share(color), ttl) for color in SETS]
    answer = {"ResourceRecordSets": there, "IsTruncated": False, "MaxItems": "300"}
    asked = {"HostedZoneId": "Z1", "StartRecordName": "shop.example.com"}
    return gives("route53", "list_resource_record_sets", answer, **asked)


def changing(before, after, ttl=60):
    changes = [
        {"Action": action, "ResourceRecordSet": record(color, split.share(color), ttl)}
        for color in SETS
        for action, split in (("DELETE", before), ("CREATE", after))
    ]
    asked = {"HostedZoneId": "Z1", "ChangeBatch": {"Changes": changes}}
    return {"service": "route53", "operation": "change_resource_record_sets", **asked}


def changes(*of, **more):
    info = {"Id": "/change/C1", "Status": "PENDING", "SubmittedAt": WHEN}
    return gives(given={"ChangeInfo": info}, **changing(*of, **more))


def test_a_dry_run_of_weights_with_broken_glass_asks_no_table():
    with route53(weighted(BLUE)) as its:
        done = its.write(CANARY, [BLUE], 0, break_glass=GLASS, dry_run=True)
    assert (done.changed, done.before, done.sent_at) == (True, BLUE, None)


def test_weights_wait_for_the_agreed_moment():
    with route53(weighted(BLUE), claims(), changes(BLUE, CANARY)) as its:
        done = its.write(CANARY, [BLUE], 7, at=NOW + 4)
    assert (its.clock.slept, done.sent_at, done.answered_at) == ([4.0], NOW + 4, NOW + 4 + 60 + 60)


def test_weights_that_somebody_was_about_to_write_are_read_again_under_broken_glass():
    answers = (weighted(BLUE), REMEMBERS, claims(split=GREEN), weighted(GREEN), changes(GREEN, CANARY))
    with route53(*answers) as its:
        done = its.write(CANARY, None, 7, break_glass=GLASS)
    assert (done.before, done.fence) == (GREEN, 8)


def test_broken_glass_is_noted_once_however_often_the_weights_are_written():
    busy = refuses(**changing(BLUE, CANARY), code="PriorRequestNotComplete")
    answers = (weighted(BLUE), REMEMBERS, claims(), busy, weighted(BLUE), busy, weighted(CANARY))
    with route53(*answers) as its:
        done = its.write(CANARY, None, 7, break_glass=GLASS)
    assert (done.changed, done.before, done.fence, its.clock.slept) == (True, BLUE, 8, [0.5, 0.5])


def test_weights_for_which_aws_stays_too_busy_are_told_of():
    busy = refuses(**changing(BLUE, CANARY), code="PriorRequestNotComplete", message="in progress")
    answers = (weighted(BLUE), claims(), busy, claims(split=CANARY), weighted(BLUE), busy)
    told = r"ChangeResourceRecordSets was not answered in time \(PriorRequestNotComplete: in progress\)"
    with route53(*answers, pause=31.0) as its, pytest.raises(Again, match=told):
        its.write(CANARY, [BLUE], 7)


def test_weights_are_written_again_over_what_was_declared_meanwhile():
    stale = refuses(**changing(BLUE, CANARY), code="InvalidChangeBatch")
    answers = (
        weighted(BLUE),
        claims(),
        stale,
        claims(split=CANARY),
        weighted(BLUE, ttl=30),
        changes(BLUE, CANARY, ttl=30),
    )
    with route53(*answers) as its:
        assert its.write(CANARY, [BLUE], 7).changed


def test_weights_that_are_refused_while_nobody_else_was_there_are_not_sent_again():
    wrong = refuses(**changing(BLUE, CANARY), code="InvalidChangeBatch", message="no such health check")
    answers = (weighted(BLUE), claims(), wrong, claims(split=CANARY), weighted(BLUE))
    with route53(*answers) as its, pytest.raises(ConditionFailed, match=r"^no such health check$"):
        its.write(CANARY, [BLUE], 7)
