# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What single keys of ``service.metrics`` cannot show: edges that fall, routes that are one, too much of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .metrics_pace import PATIENCE, lag, patience
from .metrics_table import OTHER
from .problem import Problem, Where, shown

PAGE_BYTES = 16_000
"""The longest page of counts that HAProxy can make, which has one buffer (16,384 bytes) for it; measured: 16,200."""

_LINE = 'seamless_response_duration_seconds_bucket{service="",color="green",route="",le=""} 4294967295\n'
_FIXED = 400  # the types, and the line with the start


def metrics_problems(service: Mapping[str, Any]) -> Iterator[Problem]:
    """Of a normalised service; wrong values were left out of it, and nothing is said about them twice."""
    metrics = service.get("metrics")
    if not isinstance(metrics, Mapping):
        return
    edges, routes = metrics.get("edges"), metrics.get("routes")
    if edges is not None:
        yield from _rising(edges)
    if routes is not None:
        yield from _told_apart(routes)
    if edges is not None and routes is not None and "name" in service:
        yield from _one_page(str(service["name"]), edges, routes)
    source, strategy = metrics.get("source"), service.get("strategy")
    if isinstance(source, Mapping):
        yield from _whole_minutes(source)
        yield from _errors_alone(source, edges, routes)
        yield from _of_another_router(source, service.get("router"), strategy)
        if source.get("type") == "cloudwatch" and routes:
            yield Problem(
                ("service", "metrics", "routes"),
                f"{len(routes)} routes",
                "none with the source cloudwatch",
                "a load balancer on AWS counts by target group, whatever the path: leave them out",
            )
        if isinstance(strategy, Mapping):
            yield from _patient(source, strategy)
            yield from _late(source, strategy)


def page_bytes(service: str, edges: Sequence[float], routes: Sequence[str]) -> int:
    """The most that a page of counts can have: every counter at its largest. *routes* without ``other``."""
    line = len(_LINE) + len(service)
    each = [(len(edges) + 3) * line + sum(len(str(edge)) for edge in edges) for _color in ("blue", "green")]
    return _FIXED + sum(part + (len(edges) + 3) * len(route) for part in each for route in (*routes, OTHER))


def _rising(edges: Sequence[float]) -> Iterator[Problem]:
    for index, (before, edge) in enumerate(zip(edges, edges[1:]), start=1):
        if edge <= before:
            yield Problem(("service", "metrics", "edges", index), shown(edge), f"more than {before:g}, the edge before")


def _told_apart(routes: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    known = {OTHER}
    for index, route in enumerate(routes):
        where: Where = ("service", "metrics", "routes", index, "name")
        name = route.get("name")
        if name in known:
            hint = f"{OTHER} is the route of what no declared route matches" if name == OTHER else ""
            yield Problem(where, shown(name), "a name that no other route has", hint)
        if name is not None:
            known.add(name)


def _one_page(service: str, edges: Sequence[float], routes: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    bytes_ = page_bytes(service, edges, [str(route.get("name", "")) for route in routes])
    if bytes_ > PAGE_BYTES:
        yield Problem(
            ("service", "metrics", "routes"),
            f"{len(routes)} routes with {len(edges)} edges, whose counts need {bytes_} bytes",
            f"at most {PAGE_BYTES} bytes, which is one page of a load balancer",
            "compare fewer routes, or leave out edges that no user would notice",
        )


def _whole_minutes(source: Mapping[str, Any]) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html"""
    period = source.get("period")
    if period is not None and period not in (10, 20, 30) and period % 60:
        where: Where = ("service", "metrics", "source", "period")
        yield Problem(where, shown(period), "10, 20, 30, or a multiple of 60, as CloudWatch has them")


def _errors_alone(source: Mapping[str, Any], edges: Any, routes: Any) -> Iterator[Problem]:
    """HAProxy's exporter has no histogram, and counts by backend: nothing of it is slow, nor of a route."""
    if source.get("series") != "haproxy_exporter":
        return
    own, none = source.get("queries") or {}, "none with the series haproxy_exporter"
    if edges and own.get("within") is None:
        yield Problem(
            ("service", "metrics", "edges"),
            shown(edges),
            none,
            "HAProxy's exporter counts no durations: declare edges: [], so that errors alone are compared, or the"
            " series load_balancers",
        )
    if routes and own.get("requests") is None:
        yield Problem(
            ("service", "metrics", "routes"),
            f"{len(routes)} routes",
            none,
            "HAProxy's exporter counts by backend, whatever the path: declare no routes, or the series load_balancers",
        )


def _of_another_router(source: Mapping[str, Any], router: Any, strategy: Any) -> Iterator[Problem]:
    """Where nothing is judged by counts, the source that is there without a word does no harm."""
    there = router.get("type") if isinstance(router, Mapping) else None
    judged = isinstance(strategy, Mapping) and (
        strategy.get("type") == "canary" or (strategy.get("bake") or {}).get("max_error_percent") is not None
    )
    counting = {"haproxy": "haproxy", "cloudwatch": "alb"}.get(str(source.get("type")))
    if judged and there is not None and counting not in (None, there):
        yield Problem(
            ("service", "metrics", "source", "type"),
            shown(source["type"]),
            "one that counts what the declared router answers",
            f"service.router.type is {there}: the source of alb is cloudwatch, that of haproxy is haproxy",
        )


def _patient(source: Mapping[str, Any], strategy: Mapping[str, Any]) -> Iterator[Problem]:
    """A judge that waits for less than two scrapes would take each pause between them for a source that is gone."""
    judge = strategy.get("judge")
    missing = judge.get("missing") if isinstance(judge, Mapping) else None
    if missing is None or missing >= patience(source):
        return
    if source.get("type") == "cloudwatch":
        yield Problem(
            ("service", "strategy", "judge", "missing"),
            f"{missing:g} seconds, where CloudWatch has periods of {source['period']} and is {source['delay']:g} late",
            f"at least {patience(source):g} seconds, which is {PATIENCE} periods and the delay",
            "a bad release is found no sooner than it is counted",
        )
        return
    yield Problem(
        ("service", "strategy", "judge", "missing"),
        f"{missing:g} seconds, where Prometheus scrapes every {source['interval']:g}",
        f"at least {patience(source):g} seconds, which is {PATIENCE} scrapes",
        "scrape more often where a bad release shall be found within seconds",
    )


def _late(source: Mapping[str, Any], strategy: Mapping[str, Any]) -> Iterator[Problem]:
    """A step that ends before it was counted has no verdict; where traffic is declared, the plan sees to it."""
    needed = lag(source)
    why = "nothing of it is counted before that, see service.metrics.source"
    judge, bake = strategy.get("judge") or {}, strategy.get("bake") or {}
    for index, step in enumerate(strategy.get("steps") or ()):
        where: Where = ("service", "strategy", "steps", index)
        if judge.get("traffic") is None and step.get("most", needed) < needed:
            yield Problem((*where, "most"), f"{step['most']:g} seconds", f"at least {needed:g} seconds", why)
        if source.get("type") == "cloudwatch" and step.get("requests") == 0:
            hint = "what the steps before it have shown would take users through this one, before it is counted"
            yield Problem((*where, "requests"), "0", "at least 1 with the source cloudwatch", hint)
    if bake.get("max_error_percent") is not None and bake.get("duration", needed) < needed:
        yield Problem(
            ("service", "strategy", "bake", "duration"),
            f"{bake['duration']:g} seconds",
            f"at least {needed:g} seconds",
            why,
        )
