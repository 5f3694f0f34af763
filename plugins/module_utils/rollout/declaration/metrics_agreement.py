# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What single keys of ``service.metrics`` cannot show: edges that fall, routes that are one, too much of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .metrics_table import OTHER
from .problem import Problem, Where, shown

PAGE_BYTES = 16_000
"""The longest page of counts that HAProxy can make, which has one buffer (16,384 bytes) for it; measured: 16,200."""

PATIENCE = 3
"""Scrapes: one may be late, and another one fail."""

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
    yield from _patient(metrics.get("source"), service.get("strategy"))


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


def _patient(source: Any, strategy: Any) -> Iterator[Problem]:
    """A judge that waits for less than two scrapes would take each pause between them for a source that is gone."""
    interval = source.get("interval") if isinstance(source, Mapping) else None
    judge = strategy.get("judge") if isinstance(strategy, Mapping) else None
    missing = judge.get("missing") if isinstance(judge, Mapping) else None
    if interval is not None and missing is not None and missing < PATIENCE * interval:
        yield Problem(
            ("service", "strategy", "judge", "missing"),
            f"{missing:g} seconds, where Prometheus scrapes every {interval:g}",
            f"at least {PATIENCE * interval:g} seconds, which is {PATIENCE} scrapes",
            "scrape more often where a bad release shall be found within seconds",
        )
