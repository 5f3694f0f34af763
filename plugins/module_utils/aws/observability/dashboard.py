# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A dashboard of what a stack has: traffic first, then what carries it.

In the words of a declaration it has each widget by its title, and their ``order``. Format: "Dashboard body structure
and syntax" of the CloudWatch API reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..resource import Address
from .marks import marked
from .sources import CDN_REGION, Source, Sources

DASHBOARD = "dashboard"

#: The title of the text at the top, which has none.
ABOUT = "about"
ORDER = "order"

_WIDTH, _HEIGHT, _ROW = 12, 6, 24


def dashboard(
    stack: str, region: str, sources: Sources, alarms: Sequence[Address], logged: Sequence[str]
) -> dict[str, Any]:
    """The widgets of a stack's dashboard by title, and their order."""
    about = f"**{stack}** is declared as code: what is changed here is overwritten by the next run."
    widgets: dict[str, Any] = {
        ABOUT: {"type": "text", **_place(0, 0, _ROW, 2), "properties": {"markdown": marked(about, stack)}}
    }
    top = 2
    if alarms:
        arns = [one.ref("arn") for one in alarms]
        widgets["Alarms"] = {
            "type": "alarm",
            **_place(0, top, _ROW, 4),
            "properties": {"title": "Alarms", "alarms": arns},
        }
        top += 4
    for number, (title, metrics) in enumerate(_graphs(sources, logged)):
        place = _place(number % 2 * _WIDTH, top + number // 2 * _HEIGHT, _WIDTH, _HEIGHT)
        properties = {"title": title, "region": region, "view": "timeSeries", "period": 60, "metrics": metrics}
        widgets[title] = {"type": "metric", **place, "properties": properties}
    return {ORDER: list(widgets), **widgets}


def _graphs(sources: Sources, logged: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """The title and the lines of each graph that the stack has something for."""
    has = sources.families
    for title, family, lines in (
        ("Requests", "application_balancer", (("RequestCount", "Sum", "requests"),)),
        (
            "Errors",
            "application_balancer",
            (("HTTPCode_Target_5XX_Count", "Sum", "5xx, service"), ("HTTPCode_ELB_5XX_Count", "Sum", "5xx, balancer")),
        ),
        (
            "Time to answer (s)",
            "application_balancer",
            (("TargetResponseTime", "p50", "half"), ("TargetResponseTime", "p99", "99 of 100")),
        ),
        ("Healthy targets", "pool", (("HealthyHostCount", "Minimum", "{part}"),)),
        ("Requests by color", "application_pool", (("RequestCount", "Sum", "{part}"),)),
        ("Connections", "network_balancer", (("NewFlowCount", "Sum", "new"), ("ActiveFlowCount", "Average", "open"))),
        ("Requests at the edge", "cdn", (("Requests", "Sum", "requests"),)),
        ("Errors at the edge (%)", "cdn", (("4xxErrorRate", "Average", "4xx"), ("5xxErrorRate", "Average", "5xx"))),
        (
            "Instances",
            "autoscaling",
            (("GroupInServiceInstances", "Average", "{part} serving"), ("GroupDesiredCapacity", "Average", "{part}")),
        ),
        ("Processors (%)", "instances", (("CPUUtilization", "Average", "{part}"),)),
        ("Database: processors (%)", "database", (("CPUUtilization", "Average", "{part}"),)),
        ("Database: connections", "database", (("DatabaseConnections", "Maximum", "{part}"),)),
        ("Database: lag (s)", "replica", (("ReplicaLag", "Maximum", "{part}"),)),
        ("Database: lag (ms)", "aurora_replica", (("AuroraReplicaLag", "Maximum", "{part}"),)),
        ("Cache: processors (%)", "cache", (("EngineCPUUtilization", "Average", "{part}"),)),
        ("Cache: memory (%)", "cache", (("DatabaseMemoryUsagePercentage", "Average", "{part}"),)),
    ):
        if has[family]:
            yield title, [_line(source, line, part) for part, source in has[family].items() for line in lines]
    if logged:
        yield "Logs", [_line(has["logs"][""], (metric, "Sum", metric), "") for metric in logged]


def _line(source: Source, line: tuple[str, str, str], part: str) -> list[Any]:
    metric, statistic, label = line
    dimensions = [word for pair in source.dimensions for word in pair]
    shown = {"stat": statistic, "label": label.format(part=part or "primary")}
    if source.namespace == "AWS/CloudFront":
        shown["region"] = CDN_REGION
    return [source.namespace, metric, *dimensions, shown]


def _place(left: int, top: int, width: int, height: int) -> Mapping[str, int]:
    return {"x": left, "y": top, "width": width, "height": height}
