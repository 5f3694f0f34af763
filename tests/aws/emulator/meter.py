# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a load balancer tells CloudWatch of its requests, once a period; front.py counts, and this sums up.

Only what happened is told: a metric that would be zero has no datapoint.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from . import BY_TESTS

_NAMESPACE = "AWS/ApplicationELB"
# AWS's own examples: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
_ACCESS = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}
# AWS takes no more different values in one datum:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
_MOST_VALUES = 150


class Meter:
    """Counts by *period* (seconds), and puts what was counted into the CloudWatch of *emulator*."""

    def __init__(self, emulator: str, period: int, clock: Callable[[], float] = time.time) -> None:
        self._period, self._clock = period, clock
        config = Config(user_agent_extra=BY_TESTS)
        self._reach: dict[str, Any] = {"endpoint_url": emulator, "config": config, **_ACCESS}
        self._counts: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._times: defaultdict[int, defaultdict[str, Counter[float]]] = defaultdict(lambda: defaultdict(Counter))

    def asked(self, group: str) -> None:
        """A request for which the target group *group* (its ARN) had a target."""
        self._counts[self._now()][group, "RequestCount"] += 1

    def answered(self, group: str, status: int, seconds: float) -> None:
        """A target's answer, with the time that it took to its headers."""
        now = self._now()
        if status >= 200:
            self._counts[now][group, f"HTTPCode_Target_{status // 100}XX_Count"] += 1
        self._times[now][group][float(f"{seconds:.2g}")] += 1

    def failed(self) -> None:
        """An answer of 500 and above that the load balancer gave itself."""
        self._counts[self._now()]["", "HTTPCode_ELB_5XX_Count"] += 1

    async def tell(self, balancer: Any) -> None:
        """Put every period that is over, again and again; *balancer* gives the load balancer's ARN."""
        while True:
            await asyncio.sleep(self._period - time.time() % self._period + 0.5)
            for period in sorted({*self._counts, *self._times}):
                if period < self._now() and balancer():
                    await asyncio.to_thread(self.put, balancer(), period)

    def _now(self) -> int:
        return int(self._clock() // self._period) * self._period

    def put(self, balancer: str, period: int) -> None:
        """Put what was counted in the period that began then (epoch seconds)."""
        cloudwatch = boto3.client("cloudwatch", region_name=balancer.split(":")[3], **self._reach)
        data = [{**datum, "Timestamp": period} for datum in self._data(balancer, period)]
        try:
            cloudwatch.put_metric_data(Namespace=_NAMESPACE, MetricData=data)
        except (BotoCoreError, ClientError):
            return  # at the next period's end
        del self._counts[period], self._times[period]

    def _data(self, balancer: str, period: int) -> Iterator[dict[str, Any]]:
        whole = [{"Name": "LoadBalancer", "Value": balancer.partition(":loadbalancer/")[2]}]

        def of(group: str) -> list[dict[str, str]]:
            return [*whole, {"Name": "TargetGroup", "Value": group.rpartition(":")[2]}] if group else whole

        for (group, metric), number in self._counts[period].items():
            numbers = {"Sum": number, "SampleCount": number, "Minimum": 1, "Maximum": 1}
            yield {"MetricName": metric, "Dimensions": of(group), "StatisticValues": numbers, "Unit": "Count"}
        for group, times in self._times[period].items():
            known = list(times.items())
            for first in range(0, len(known), _MOST_VALUES):
                values, counts = zip(*known[first : first + _MOST_VALUES], strict=True)
                timed = {"Values": list(values), "Counts": list(counts), "Unit": "Seconds"}
                yield {"MetricName": "TargetResponseTime", "Dimensions": of(group), **timed}
