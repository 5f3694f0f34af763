# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A trace of traffic that CloudWatch recorded, as its own answer has it, can be replayed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from harness import Emulator

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.traces import trace

BEGAN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
METRIC = {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"}


def test_what_was_recorded_is_a_trace(emulator: Emulator) -> None:
    cloudwatch = emulator.client("cloudwatch")
    for minute, requests in enumerate((600, 1200, 6000)):
        at = BEGAN + timedelta(minutes=minute)
        data = {"MetricName": METRIC["MetricName"], "Timestamp": at, "Value": requests, "Unit": "Count"}
        cloudwatch.put_metric_data(Namespace=METRIC["Namespace"], MetricData=[data])
    query = {"Id": "requests", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}}
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=[query], StartTime=BEGAN, EndTime=BEGAN + timedelta(minutes=3), ScanBy="TimestampDescending"
    )
    assert trace({"type": "cloudwatch", "answer": answer}) == [(0, 10), (60, 20), (120, 100), (180, 100)]
