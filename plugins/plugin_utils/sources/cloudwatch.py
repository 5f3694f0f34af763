# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CloudWatch has of a load balancer on AWS: what each color's target group answered, period by period.

One question for everything (GetMetricData). Counters begin with the first period that is wholly within the step, so
that they are the same for whoever asks, and are asked for as a whole each time: what CloudWatch learns late is counted
late, and never twice. A sample is as old as the newest period that is complete: between two periods there is nothing
new, which is said, and is no window without requests.

Metrics: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.aws.access import access
from ansible_collections.seamless.delivery.plugins.module_utils.aws.resource import StackError
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import OTHER
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS
from ansible_collections.seamless.delivery.plugins.module_utils.routers.alb_stack import find
from ansible_collections.seamless.delivery.plugins.module_utils.routers.aws_calls import Again, AwsCalls
from ansible_collections.seamless.delivery.plugins.module_utils.routers.base import RouterError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError

_CODES = ("2XX", "3XX", "4XX", "5XX")
_OWN = "own_5XX"
_AGAIN = 6
"""Questions in a period, while an answer is due."""

Values = Mapping[str, Mapping[float, float]]
"""By query, then by the beginning of the period in epoch seconds."""


class CloudWatchSource:
    """Asks for what the load balancer of *stack* has answered since *began* (epoch seconds), by *edges* (seconds).

    A *period* is counted once *delay* has passed since its end; both are in seconds. *connect* gives the calls to a
    service of AWS by its name.
    """

    def __init__(
        self,
        stack: str,
        edges: Sequence[float],
        began: float,
        period: int,
        delay: float,
        connect: Callable[[str], AwsCalls],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stack, self._edges, self._period, self._delay = stack, tuple(edges), period, delay
        self._connect, self._clock = connect, clock
        self._queries: list[dict[str, Any]] = []
        self._began = float(math.ceil(began / period) * period)
        self._due = self._began + period + delay
        self._last = self._sample(self._began, {})
        self._reading = Reading(self._edges, (self._last,))

    def read(self) -> Reading:
        """What is known now; asks where there may be more. Raises SourceError for what only a person can mend."""
        now = self._clock()
        if now >= self._due:
            self._due = now + self._period / _AGAIN
            self._reading = self._asked(now)
        return self._reading

    def _asked(self, now: float) -> Reading:
        whole = math.floor((now - self._delay) / self._period) * self._period
        complete = max(self._began + self._period, whole)
        try:
            sample = self._sample(self._began, self._values(complete))
        except Again as error:
            return Reading(self._edges, (), {self._stack: str(error)})
        except (RouterError, StackError) as error:
            raise SourceError(f"service.metrics.source: {error}") from error
        if sample.at == complete:
            self._due = complete + self._period + self._delay
        if sample.at > self._last.at:
            self._last = sample
            return Reading(self._edges, (sample,))
        since = datetime.fromtimestamp(self._last.at, UTC)
        why = (
            f"no datapoint of {self._stack} since {since:%H:%M:%S} UTC: no request, or more than {self._delay:g} s late"
        )
        return Reading(self._edges, (self._last,), {"CloudWatch": why})

    def _values(self, until: float) -> Values:
        self._queries = self._queries or self._made()
        asked = {
            "MetricDataQueries": self._queries,
            "StartTime": datetime.fromtimestamp(self._began, UTC),
            "EndTime": datetime.fromtimestamp(until, UTC),
        }
        calls, token = self._connect("cloudwatch"), {}
        values: dict[str, dict[float, float]] = {}
        while True:
            answer = calls.once("get_metric_data", **asked, **token)
            for one in answer["MetricDataResults"]:
                if one["StatusCode"] == "InternalError":
                    raise Again(f"CloudWatch could not give {one['Label']}")
                if one["StatusCode"] == "Forbidden":
                    raise RouterError(f"CloudWatch does not give {one['Label']}: {one.get('Messages')}")
                times = (at.timestamp() for at in one["Timestamps"])
                values.setdefault(one["Id"], {}).update(zip(times, one["Values"], strict=True))
            if not answer.get("NextToken"):
                return values
            token = {"NextToken": answer["NextToken"]}

    def _made(self) -> list[dict[str, Any]]:
        """The queries. What the load balancer itself answers is not known by target group."""
        there = find(self._stack, self._connect("elbv2"))
        # arn:aws:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>
        balancer = {"LoadBalancer": "/".join(there.listeners[0].split("/")[1:4])}
        made = [self._query(_OWN, "HTTPCode_ELB_5XX_Count", "Sum", balancer)]
        for color in COLORS:
            group = {**balancer, "TargetGroup": there.target_groups[color].rpartition(":")[2]}
            made.append(self._query(f"{color}_requests", "RequestCount", "Sum", group))
            made += [self._query(f"{color}_{code}", f"HTTPCode_Target_{code}_Count", "Sum", group) for code in _CODES]
            made += [
                # How many are above the edge, which does not belong to them:
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
                self._query(f"{color}_slower{index}", "TargetResponseTime", f"TC({edge:g}:)", group)
                for index, edge in enumerate(self._edges)
            ]
        return made

    def _query(self, name: str, metric: str, stat: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
        named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
        described = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": named}
        return {"Id": name, "MetricStat": {"Metric": described, "Period": self._period, "Stat": stat}}

    def _sample(self, began: float, values: Values) -> Sample:
        counts = {color: {OTHER: counted} for color, counted in _counted(values, len(self._edges)).items()}
        periods = {at for color in COLORS for at in values.get(f"{color}_requests", ())}
        at = max(periods) + self._period if periods else began
        return Sample(at, self._stack, f"{began:.0f}", counts)


class _Once(AwsCalls):
    """Calls that are made once: a watch must not wait, and the source itself asks again."""

    def patiently(self, operation: str, absent: str = "", **parameters: Any) -> dict[str, Any]:
        """The same as once."""
        return self.once(operation, absent, **parameters)


def counting(
    declared: Mapping[str, Any], edges: Sequence[float], began: float, clock: Callable[[], float] = time.time
) -> CloudWatchSource:
    """The source of a checked ``service.metrics.source`` of the type cloudwatch, which counts from *began* on."""
    aws = access(declared["region"], declared["profile"], declared["endpoint_url"], attempts=1)
    return CloudWatchSource(
        declared["stack"],
        edges,
        began,
        declared["period"],
        declared["delay"],
        lambda service: _Once(aws.client(service), time),
        clock,
    )


def _counted(values: Values, edges: int) -> dict[str, Counts]:
    """The counters of both colors. CloudWatch has no datapoint where a metric was zero."""
    errors = {color: _sum(values, f"{color}_5XX") for color in COLORS}
    for lost in _unanswered(values):
        for color, requests in lost.items():
            errors[color] += requests
    counts = {}
    for color in COLORS:
        requests = _sum(values, f"{color}_requests")
        slower = tuple(_sum(values, f"{color}_slower{index}") for index in range(edges))
        counts[color] = Counts(requests, min(requests, errors[color]), slower)
    return counts


def _unanswered(values: Values) -> Iterator[dict[str, int]]:
    """For each period the errors that the load balancer answered itself, by the color whose target gave no answer.

    They are known of the load balancer as a whole. A request is unanswered as well where its client left, or where it
    goes on beyond the period: so both colors have as many as their unanswered requests, up to what there was.
    """
    for at, own in values.get(_OWN, {}).items():
        lost = {
            color: max(
                0.0,
                values.get(f"{color}_requests", {}).get(at, 0.0)
                - sum(values.get(f"{color}_{code}", {}).get(at, 0.0) for code in _CODES),
            )
            for color in COLORS
        }
        if any(lost.values()):
            share = min(1.0, own / sum(lost.values()))
            yield {color: round(requests * share) for color, requests in lost.items()}


def _sum(values: Values, query: str) -> int:
    return round(sum(values.get(query, {}).values()))
