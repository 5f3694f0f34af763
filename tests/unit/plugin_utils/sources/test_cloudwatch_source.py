# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CloudWatch answers, in the form that it documents; tests/aws asks an emulated one."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.windows import Windows
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import AwsCalls
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.cloudwatch import CloudWatchSource

EDGES = (0.1, 1)
#: The beginning of a period, and a moment in the one before.
FIRST = 1_795_602_000
STEP = FIRST - 20
PERIOD, DELAY = 60, 120
ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012"


class Aws:
    """The clients of elbv2 and cloudwatch. ``told`` is what CloudWatch has: period, query, value."""

    def __init__(self):
        self.now = float(STEP)
        self.told = []
        self.trouble = None
        self.asked = []
        self.pages = 1
        self.statuses = {}

    def time(self):
        return self.now

    def describe_load_balancers(self, **asked):
        (name,) = asked["Names"]
        return {"LoadBalancers": [{"LoadBalancerArn": f"{ARN}:loadbalancer/app/{name}/50dc6c495c0c9188"}]}

    def describe_listeners(self, **asked):
        arn = asked["LoadBalancerArn"].replace(":loadbalancer/", ":listener/")
        return {
            "Listeners": [
                {"ListenerArn": f"{arn}/a", "DefaultActions": [{"Type": "redirect"}]},
                {"ListenerArn": f"{arn}/b", "DefaultActions": [{"Type": "forward"}]},
            ]
        }

    def describe_target_groups(self, **asked):
        names = asked["Names"]
        groups = [{"TargetGroupName": name, "TargetGroupArn": f"{ARN}:targetgroup/{name}/73e2d6bc"} for name in names]
        return {"TargetGroups": groups}

    def get_metric_data(self, **asked):
        self.asked.append(asked["MetricDataQueries"])
        if self.trouble:
            raise self.trouble
        page = int(asked.get("NextToken", 0))
        began, ended = asked["StartTime"].timestamp(), asked["EndTime"].timestamp()
        results = []
        for query in asked["MetricDataQueries"]:
            found = [
                (datetime.fromtimestamp(at, UTC), value)
                for at, name, value in self.told
                if name == query["Id"] and began <= at < ended
            ][page :: self.pages]
            results.append(
                {
                    "Id": query["Id"],
                    "Label": f"a label of {query['Id']}",
                    "Timestamps": [at for at, _value in reversed(found)],
                    "Values": [value for _at, value in reversed(found)],
                    "StatusCode": self.statuses.get(query["Id"], "Complete"),
                }
            )
        more = {"NextToken": str(page + 1)} if page + 1 < self.pages else {}
        return {"MetricDataResults": results, "Messages": [], **more}

    def tell(self, period, **values):
        """A period's datapoints (0 is the first one); what is left out was zero, or is not there yet."""
        self.told += [(FIRST + period * PERIOD, name, float(value)) for name, value in values.items()]


@pytest.fixture
def aws():
    return Aws()


@pytest.fixture
def source(aws):
    return CloudWatchSource("shop", EDGES, STEP, PERIOD, DELAY, lambda _service: AwsCalls(aws, time), aws.time)


def refused(code, status=400):
    answer = {"Error": {"Code": code, "Message": "told"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetMetricData")


def at(period, late=0.0):
    """When the datapoints of a period are complete, and *late* seconds after that."""
    return FIRST + (period + 1) * PERIOD + DELAY + late


def counts(reading):
    (sample,) = reading.samples
    return {color: routes["other"] for color, routes in sample.counts.items()}


def test_a_step_begins_at_nothing_with_its_first_whole_period_and_without_a_question(aws, source):
    (sample,) = source.read().samples
    assert (sample.at, sample.origin, sample.incarnation) == (FIRST, "shop", str(FIRST))
    assert set(counts(source.read()).values()) == {Counts(0, 0, (0, 0))}
    aws.now = at(0, -0.1)
    source.read()
    assert aws.asked == []


def test_what_the_target_groups_answered_is_asked_for_at_once(aws, source):
    aws.now = at(0)
    source.read()
    (queries,) = aws.asked
    by_id = {query["Id"]: query["MetricStat"] for query in queries}
    assert len(queries) == len(by_id) == 1 + 2 * (1 + 4 + len(EDGES))
    balancer = {"Name": "LoadBalancer", "Value": "app/shop/50dc6c495c0c9188"}
    group = {"Name": "TargetGroup", "Value": "targetgroup/shop-green/73e2d6bc"}
    assert by_id["green_slower0"] == {
        "Metric": {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "TargetResponseTime",
            "Dimensions": [balancer, group],
        },
        "Period": 60,
        "Stat": "TC(0.1:)",
    }
    assert by_id["own_5XX"]["Metric"]["Dimensions"] == [balancer]


def test_counters_grow_by_the_periods_that_are_complete(aws, source):
    aws.tell(-1, blue_requests=1000, blue_2XX=1000)
    aws.tell(0, blue_requests=90, blue_2XX=80, blue_4XX=9, blue_5XX=1, blue_slower0=7, blue_slower1=2)
    aws.tell(0, green_requests=10, green_2XX=8, green_5XX=2)
    aws.tell(1, blue_requests=50, blue_2XX=50)
    aws.now = at(0)
    reading = source.read()
    assert reading.samples[0].at == FIRST + PERIOD
    assert counts(reading) == {"blue": Counts(90, 1, (7, 2)), "green": Counts(10, 2, (0, 0))}
    aws.now = at(1)
    assert counts(source.read()) == {"blue": Counts(140, 1, (7, 2)), "green": Counts(10, 2, (0, 0))}


def test_between_two_periods_nothing_is_asked_and_nothing_is_new(aws, source):
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now = at(0)
    first = source.read()
    aws.now = at(1, -0.1)
    assert source.read() == first
    assert len(aws.asked) == 1


def test_another_process_has_the_same_counters(aws, source):
    """A watch that was interrupted goes on with what was recorded."""
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.tell(1, blue_requests=50, blue_2XX=50)
    aws.now = at(0)
    windows = Windows("green", "blue")
    windows.add(source.read(), aws.now)
    aws.now = at(1)
    again = CloudWatchSource("shop", EDGES, STEP, PERIOD, DELAY, lambda _service: AwsCalls(aws, time), aws.time)
    window = windows.add(again.read(), aws.now)
    assert (window.measured, window.baseline_total.requests, dict(window.gaps)) == (True, 50, {})


def test_a_period_that_is_not_there_yet_is_asked_for_again_and_said(aws, source):
    aws.now = at(0)
    reading = source.read()
    assert reading.samples[0].at == FIRST
    assert "no datapoint of shop since" in reading.missing["CloudWatch"]
    aws.now = at(0, PERIOD / 6 - 1)
    source.read()
    assert len(aws.asked) == 1
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now = at(0, PERIOD / 6)
    reading = source.read()
    assert (counts(reading)["blue"].requests, reading.missing) == (90, {})


def test_a_color_without_traffic_has_none_and_its_period_counts(aws, source):
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now = at(0)
    reading = source.read()
    assert reading.samples[0].at == FIRST + PERIOD
    assert counts(reading)["green"] == Counts(0, 0, (0, 0))


def test_a_datapoint_that_comes_late_is_counted_late(aws, source):
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now = at(0)
    windows = Windows("green", "blue")
    windows.add(source.read(), aws.now)
    aws.tell(0, green_requests=10, green_2XX=10)
    aws.tell(1, blue_requests=90, blue_2XX=90, green_requests=10, green_2XX=10)
    aws.now = at(1)
    window = windows.add(source.read(), aws.now)
    assert (window.canary_total.requests, window.baseline_total.requests) == (20, 90)


def test_what_the_load_balancer_answered_itself_falls_to_whose_target_gave_no_answer(aws, source):
    """Of the 22 requests without an answer 11 are errors: one of each two."""
    aws.tell(0, blue_requests=902, blue_2XX=900, green_requests=120, green_2XX=95, green_5XX=5, own_5XX=11)
    aws.now = at(0)
    assert {color: one.errors for color, one in counts(source.read()).items()} == {"blue": 1, "green": 5 + 10}


@pytest.mark.parametrize(
    ("own", "expected"), [({}, 0), ({"own_5XX": 7}, 2)], ids=["clients that left", "some before there was a target"]
)
def test_no_more_errors_than_there_were_are_found_among_requests_without_an_answer(aws, source, own, expected):
    aws.tell(0, blue_requests=102, blue_2XX=100, **own)
    aws.now = at(0)
    assert counts(source.read())["blue"].errors == expected


def test_errors_of_a_request_that_was_counted_before_are_no_more_than_requests(aws, source):
    aws.tell(0, blue_requests=10, blue_2XX=10, green_requests=1, green_5XX=3)
    aws.now = at(0)
    assert counts(source.read())["green"].errors == 1


def test_an_answer_of_several_pages_is_one(aws, source):
    aws.pages = 3
    for period in range(7):
        aws.tell(period, blue_requests=10, blue_2XX=10)
    aws.now = at(6)
    assert counts(source.read())["blue"].requests == 70
    assert len(aws.asked) == 3


@pytest.mark.parametrize(
    "trouble",
    [refused("ThrottlingException"), refused("InternalServiceError", 500), ReadTimeoutError(endpoint_url="x")],
    ids=["throttled", "failed", "silent"],
)
def test_what_may_pass_is_said_of_the_origin_and_asked_again(aws, source, trouble):
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now, aws.trouble = at(0), trouble
    reading = source.read()
    assert (reading.samples, set(reading.missing)) == ((), {"shop"})
    aws.now, aws.trouble = at(0, PERIOD / 6), None
    assert counts(source.read())["blue"].requests == 90


def test_an_error_inside_is_none_of_the_counts(aws, source):
    aws.tell(0, blue_requests=90, blue_2XX=90)
    aws.now, aws.statuses = at(0), {"blue_5XX": "InternalError"}
    assert "a label of blue_5XX" in source.read().missing["shop"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (NoCredentialsError(), "Unable to locate credentials"),
        (refused("AccessDenied", 403), "AccessDenied"),
        (refused("InvalidParameterValue"), "InvalidParameterValue"),
    ],
)
def test_what_only_a_person_can_mend_is_refused(aws, source, trouble, said):
    aws.now, aws.trouble = at(0), trouble
    with pytest.raises(SourceError, match=f"service.metrics.source: .*{said}"):
        source.read()


def test_metrics_that_are_forbidden_are_for_a_person_too(aws, source):
    aws.now, aws.statuses = at(0), {"own_5XX": "Forbidden"}
    with pytest.raises(SourceError, match="does not give a label of own_5XX"):
        source.read()


def test_a_stack_without_a_load_balancer_is_refused(aws, source):
    def absent(**_names):
        raise refused("LoadBalancerNotFound")

    aws.describe_load_balancers = absent
    aws.now = at(0)
    with pytest.raises(SourceError, match="the stack shop has no load balancer"):
        source.read()
