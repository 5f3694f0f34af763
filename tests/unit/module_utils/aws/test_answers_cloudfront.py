# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudFront as a router, where AWS is busy, late, or answers of the past."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from a_clock import Clock
from a_fence import BLUE, CANARY, GLASS, GREEN, NOW, REMEMBERS, claims
from a_vendor import gives, refuses, vendor

from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import Again, AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import (
    NotReady,
    RouterError,
    UnexpectedSplit,
)
from ansible_collections.seamless.delivery.plugins.module_utils.routers.cloudfront import CloudFrontRouter, Viewers
from ansible_collections.seamless.delivery.plugins.module_utils.routers.cloudfront_edge import Edge
from ansible_collections.seamless.delivery.plugins.module_utils.routers.fence_table import FenceTable

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def cloudfront(*answers, viewers=None, pause=0.0):
    clock = Clock(pause, NOW)
    with vendor(*answers) as aws:
        edge = Edge("E1", "E2", AwsCalls(aws.client("cloudfront"), clock))
        fences = FenceTable("shop", "cloudfront", "ledger", AwsCalls(aws.client("dynamodb"), clock), clock)
        yield CloudFrontRouter("shop", edge, fences, viewers or Viewers(), clock)


def config(path, staging):
    behavior = {"TargetOriginId": "app", "ViewerProtocolPolicy": "https-only"}
    origin = {"Id": "app", "DomainName": "app.example.com", "OriginPath": path, "CustomHeaders": {"Quantity": 0}}
    its = {"CallerReference": "1", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behavior}
    policy = {} if staging else {"ContinuousDeploymentPolicyId": "D1"}
    return {**its, "Origins": {"Quantity": 1, "Items": [origin]}, "Staging": staging, **policy}


def distribution(its_id, path, etag, status="Deployed"):
    its = {"Id": its_id, "ARN": f"arn:aws:cloudfront::1:{its_id}", "Status": status, "LastModifiedTime": WHEN}
    more = {"InProgressInvalidationBatches": 0, "DomainName": f"{its_id}.cloudfront.net"}
    whole = {**its, **more, "DistributionConfig": config(path, its_id == "E2")}
    return gives("cloudfront", "get_distribution", {"Distribution": whole, "ETag": etag}, Id=its_id)


NAMES = {"StagingDistributionDnsNames": {"Quantity": 1, "Items": ["E2.cloudfront.net"]}}


def weight(percent, stickiness=300):
    kept = {"SessionStickinessConfig": {"IdleTTL": stickiness, "MaximumTTL": 3600}} if stickiness else {}
    weighs = {"Weight": percent / 100, **kept}
    return {"Enabled": percent > 0, "TrafficConfig": {"Type": "SingleWeight", "SingleWeightConfig": weighs}}


def policy(percent=0, etag="p1"):
    its = {"Id": "D1", "LastModifiedTime": WHEN, "ContinuousDeploymentPolicyConfig": {**NAMES, **weight(percent)}}
    answer = {"ContinuousDeploymentPolicy": its, "ETag": etag}
    return gives("cloudfront", "get_continuous_deployment_policy", answer, Id="D1")


def stands(primary="blue", staging="green", percent=0, status="Deployed", etags=("a1", "b1", "p1")):
    """What a reading is answered with: each distribution's color, and the share of the staging one."""
    return (
        distribution("E1", f"/{primary}", etags[0]),
        distribution("E2", f"/{staging}", etags[1], status),
        policy(percent, etags[2]),
    )


def weighing(traffic, etag="p1"):
    asked = {"Id": "D1", "IfMatch": etag, "ContinuousDeploymentPolicyConfig": {**NAMES, **traffic}}
    return {"service": "cloudfront", "operation": "update_continuous_deployment_policy", **asked}


def weighs(traffic, etag="p1"):
    return gives(**weighing(traffic, etag))


PROMOTING = {
    "service": "cloudfront",
    "operation": "update_distribution_with_staging_config",
    "Id": "E1",
    "StagingDistributionId": "E2",
    "IfMatch": "a1, b1",
}


def stages(color, etag="b1"):
    its = config(f"/{color}", staging=True)
    return gives("cloudfront", "update_distribution", Id="E2", IfMatch=etag, DistributionConfig=its)


def test_who_is_not_to_stay_where_he_is_gets_no_session():
    fickle = Viewers(stickiness=0)
    with cloudfront(*stands(), claims(), weighs(weight(10, stickiness=0)), viewers=fickle) as its:
        assert its.write(CANARY, [BLUE], 7).changed


def test_a_dry_run_with_broken_glass_asks_no_table():
    with cloudfront(*stands()) as its:
        done = its.write(CANARY, [BLUE], 0, break_glass=GLASS, dry_run=True)
    assert (done.changed, done.before, done.sent_at) == (True, BLUE, None)


def test_a_canary_waits_for_the_agreed_moment():
    with cloudfront(*stands(), claims(), weighs(weight(10))) as its:
        done = its.write(CANARY, [BLUE], 7, at=NOW + 4)
    assert (its.clock.slept, done.sent_at, done.since) == ([4.0], NOW + 4, NOW + 4)


def test_what_is_there_already_counts_only_if_no_other_write_was_under_way():
    with cloudfront(*stands(percent=10), claims(split=BLUE), *stands(percent=10)) as its:
        done = its.write(CANARY, [BLUE], 7)
    assert (done.changed, done.since) == (False, None)
    told = "expected shop at blue 90 % / green 10 %, but found blue 100 % / green 0 %. Nothing was changed"
    with (
        cloudfront(*stands(percent=10), claims(split=BLUE), *stands(percent=0)) as its,
        pytest.raises(UnexpectedSplit, match=told),
    ):
        its.write(CANARY, [BLUE], 7)


@pytest.mark.parametrize(("glass", "asked", "fence"), [(None, 7, 7), (GLASS, 3, 8)])
def test_the_staging_distribution_is_waited_for_until_it_is_everywhere(glass, asked, fence):
    answers = (
        *stands(staging="blue"),
        stages("green"),
        *stands(status="InProgress", etags=("a1", "b2", "p1")),
        *stands(status="InProgress", etags=("a1", "b2", "p1")),
        *stands(etags=("a1", "b2", "p1")),
        REMEMBERS,  # before, or with broken glass only now
        claims(),
        weighs(weight(10)),
    )
    with cloudfront(*answers) as its:
        done = its.write(CANARY, [BLUE], asked, break_glass=glass)
    assert (done.changed, done.fence, its.clock.slept) == (True, fence, [10.0, 10.0])


def test_what_cloudfront_tells_of_the_time_before_does_not_count():
    answers = (
        *stands(staging="blue"),
        REMEMBERS,
        stages("green"),
        *stands(staging="blue"),  # deployed, as it was
        *stands(etags=("a1", "b2", "p1")),
        claims(),
        weighs(weight(10)),
    )
    with cloudfront(*answers) as its:
        assert its.write(CANARY, [BLUE], 7).changed
    assert its.clock.slept == [10.0]


def test_a_policy_by_hand_that_says_nothing_of_traffic_sends_nobody():
    bare = {"Id": "D1", "LastModifiedTime": WHEN, "ContinuousDeploymentPolicyConfig": {**NAMES, "Enabled": False}}
    said = gives("cloudfront", "get_continuous_deployment_policy", {"ContinuousDeploymentPolicy": bare, "ETag": "p1"})
    with cloudfront(*stands()[:2], said, claims()) as its:
        assert not its.write(BLUE, [BLUE], 7).changed


def test_nobody_gets_what_is_not_everywhere_in_time():
    answers = (*stands(staging="blue"), REMEMBERS, stages("green"))
    late = stands(status="InProgress")
    told = r"green pool of shop to be healthy.* sees 0 of 1 \(E2: InProgress\)\. Nothing was changed"
    with cloudfront(*answers, *late, *late, pause=1801.0) as its, pytest.raises(NotReady, match=told):
        its.write(CANARY, [BLUE], 7)


def test_what_moves_while_the_staging_distribution_is_waited_for_is_not_overruled():
    answers = (*stands(staging="blue"), REMEMBERS, stages("green"), *stands(percent=5))
    told = "expected shop at blue 100 % / green 0 %, but found blue 95 % / green 5 %"
    with cloudfront(*answers) as its, pytest.raises(UnexpectedSplit, match=told):
        its.write(CANARY, [BLUE], 7)


def test_nobody_is_sent_to_a_staging_distribution_while_its_color_changes():
    answers = (
        *stands(staging="blue", percent=10),  # which sends some to the live color, wherever they come
        REMEMBERS,
        weighs(weight(0)),
        stages("green"),
        *stands(etags=("a1", "b2", "p2")),
        claims(),
        weighs(weight(10), "p2"),
    )
    with cloudfront(*answers) as its:
        assert its.write(CANARY, [BLUE], 7).changed


def test_a_write_for_which_aws_stays_too_busy_is_told_of():
    busy = refuses(**weighing(weight(10)), code="Throttling", message="slow down")
    answers = (*stands(), claims(), busy, claims(split=CANARY), *stands(), busy)
    told = r"UpdateContinuousDeploymentPolicy was not answered in time \(Throttling: slow down\)"
    with cloudfront(*answers, pause=31.0) as its, pytest.raises(Again, match=told):
        its.write(CANARY, [BLUE], 7)


def test_a_write_is_made_again_on_what_somebody_else_has_configured_meanwhile():
    stale = refuses(**weighing(weight(10)), code="PreconditionFailed")
    meanwhile = stands(etags=("a2", "b1", "p2"))
    with cloudfront(*stands(), claims(), stale, claims(split=CANARY), *meanwhile, weighs(weight(10), "p2")) as its:
        assert its.write(CANARY, [BLUE], 7).changed
    assert its.clock.slept == [0.5]


def test_who_has_moved_viewers_meanwhile_is_not_overruled():
    stale = refuses(**weighing(weight(10)), code="PreconditionFailed")
    told = "expected shop at blue 100 % / green 0 %, but found blue 95 % / green 5 %"
    with (
        cloudfront(*stands(), claims(), stale, claims(split=CANARY), *stands(percent=5)) as its,
        pytest.raises(UnexpectedSplit, match=told),
    ):
        its.write(CANARY, [BLUE], 7)


def test_broken_glass_is_noted_once_however_often_the_write_is_made():
    busy = refuses(**weighing(weight(10)), code="Throttling")
    answers = (*stands(), REMEMBERS, claims(), busy, *stands(), busy, *stands(percent=10))
    with cloudfront(*answers) as its:
        done = its.write(CANARY, None, 7, break_glass=GLASS)
    assert (done.changed, done.fence, its.clock.slept) == (True, 8, [0.5, 0.5])


def test_a_promotion_whose_answer_was_lost_is_not_made_again():
    lost = refuses(**PROMOTING, code="PreconditionFailed")
    promoted = stands("green", "green", etags=("a2", "b1", "p2"))
    answers = (*stands(), claims(), lost, claims(split=GREEN), *promoted, *promoted, stages("blue"))
    with cloudfront(*answers) as its:
        assert its.write(GREEN, [BLUE], 7).changed


def test_a_promotion_that_aws_does_not_tell_of_yet_leaves_the_staging_distribution_as_it_is():
    # As it tells, the staging distribution has the color that is not live already.
    with cloudfront(*stands(), claims(), gives(**PROMOTING), *stands()) as its:
        assert its.write(GREEN, [BLUE], 7).changed


def test_what_keeps_the_way_back_warm_never_fails_a_write():
    unknown = refuses("cloudfront", "get_distribution", "AccessDenied", Id="E1")
    with cloudfront(*stands(), claims(), gives(**PROMOTING), unknown) as its:
        assert its.write(GREEN, [BLUE], 7).changed


def test_a_distribution_that_names_no_color_is_told_of():
    answers = (distribution("E1", "/app", "a1"), distribution("E2", "/green", "b1"), policy())
    with cloudfront(*answers) as its, pytest.raises(RouterError, match="expected an origin of E1 to name a color"):
        its.write(CANARY, None, 7)
