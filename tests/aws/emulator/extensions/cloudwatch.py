# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch: composite alarms, which moto can keep but not take, counts of a range of values, and many periods.

An alarm that a composite one stands on is not removed, and of composite ones one a call alone:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html

``TC(low:high)`` is how many values are above low and not above high; either bound may be left out. moto does not know
it, and gives no value:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html

An hour of periods takes moto minutes, since it looks at every value for each of them; AWS answers at once. A metric
without dimensions is one of its own, and not all that have its name:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#dimension-combinations
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend, Dimension, Statistics
from moto.cloudwatch.responses import CloudWatchResponse

_RANGE = re.compile(r"TC\(([\d.]*):([\d.]*)\)")

_moto_delete = CloudWatchBackend.delete_alarms
_moto_statistic = Statistics.get_statistics_for_type
_moto_data = CloudWatchBackend.get_metric_data


def _delete(self: CloudWatchBackend, alarm_names: list[str]) -> None:
    rules = {name: alarm.rule for name, alarm in self.alarms.items() if alarm.rule}
    if sum(name in rules for name in alarm_names) > 1:
        raise ValidationError("Cannot delete more than one composite alarm in one call")
    for name in alarm_names:
        if on_it := [other for other, rule in rules.items() if f'"{name}"' in rule and other not in alarm_names]:
            raise ValidationError(f"Cannot delete {name} as there are composite alarm(s) depending on it: {on_it}")
    _moto_delete(self, alarm_names)


def _statistic(self: Statistics, stat: str) -> Any:
    match = _RANGE.fullmatch(stat)
    if match is None:
        return _moto_statistic(self, stat)
    low, high = match.groups()
    values = self.metric_single_values_list
    return float(sum((not low or value > float(low)) and (not high or value <= float(high)) for value in values))


def _data(
    self: CloudWatchBackend,
    queries: list[dict[str, Any]],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampAscending",
) -> list[dict[str, Any]]:
    if any("MetricStat" not in query or "Unit" in query["MetricStat"] for query in queries):
        return _moto_data(self, queries, start_time, end_time, scan_by)
    known = defaultdict(list)
    for one in self.get_all_metrics():
        if start_time <= one.timestamp < end_time:
            known[one.namespace, one.name, _dimensions(one.dimensions)].append(one)
    return [_result(query, known, start_time, scan_by) for query in queries]


def _result(query: dict[str, Any], known: Any, start: datetime, scan_by: str) -> dict[str, Any]:
    stat, metric = query["MetricStat"], query["MetricStat"]["Metric"]
    dimensions = _dimensions([Dimension(one["Name"], one["Value"]) for one in metric.get("Dimensions", [])])
    period, periods = timedelta(seconds=int(stat["Period"])), defaultdict(list)
    for one in known[metric["Namespace"], metric["MetricName"], dimensions]:
        periods[start + (one.timestamp - start) // period * period].append(one)
    times = sorted(periods, reverse=scan_by == "TimestampDescending")
    values = []
    for at in times:
        statistics = Statistics([stat["Stat"]], at)
        statistics.metric_data = periods[at]
        values.append(statistics.get_statistics_for_type(stat["Stat"]))
    label = query.get("Label") or f"{metric['MetricName']} {stat['Stat']}"
    return {"id": query["Id"], "label": label, "values": values, "timestamps": times, "status_code": "Complete"}


def _dimensions(dimensions: list[Dimension]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((one.name, one.value) for one in dimensions))


CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
CloudWatchBackend.delete_alarms = _delete
Statistics.get_statistics_for_type = _statistic
CloudWatchBackend.get_metric_data = _data
