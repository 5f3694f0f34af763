# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Prometheus server has scraped: cumulative counters as they are, never its rates or quantiles.

One query for everything (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries), so that all
counters are of one instant. Each of its parts is told apart by a label. A sample is as old as its scrape: between
two scrapes an origin has nothing new, which is said, and is no window without requests.

Where each origin answers for one color (the servers of the application), nothing can be compared on one of them:
all are one origin then, which has something new once each of them was scraped anew, and which begins anew when one
of them does.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.metrics_table import OTHER
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.arithmetic import pooled
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.base import SourceError
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.queries import PART, Queries
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.web import Unanswered, get

TIMEOUT = 5.0
"""Seconds for the connection, and for each read."""

_Key = tuple[str, str, str]  # color, route, part (with the edge, of those that have one)


class PrometheusSource:
    """Asks the server at *url* for *queries*; *edges* are in seconds, each one a bucket of the histogram."""

    def __init__(
        self,
        url: str,
        queries: Queries,
        edges: Sequence[float],
        ca_file: str | None = None,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url, self._ca_file, self._timeout, self._clock = url.rstrip("/"), ca_file, timeout, clock
        self._query, self._apart, self._edges = queries.text, queries.apart, tuple(edges)
        #: Origins that were there once: the server tells nothing of one whose scrape failed.
        self._known: set[str] = set()

    def read(self) -> Reading:
        """What the server knows now. Raises SourceError for a query that it refuses, and for another answer."""
        parameters = urlencode({"query": self._query, "time": f"{self._clock():.3f}", "timeout": f"{self._timeout:g}s"})
        try:
            status, text = get(f"{self._url}/api/v1/query?{parameters}", self._timeout, self._ca_file)
        except Unanswered as error:
            return self._nothing(str(error))
        answer = _parsed(text)
        if status in (400, 422):
            raise SourceError(
                f"service.metrics.source: Prometheus refuses the query: {answer.get('error') or text[:200]!r}."
                f" It was: {self._query}"
            )
        if status != 200 or answer.get("status") != "success":
            return self._nothing(f"expected status 200 from {self._url}, found {status}: {answer.get('error') or ''}")
        samples = _samples(answer["data"]["result"], self._edges)
        here = {sample.origin for sample in samples}
        gone = dict.fromkeys(self._known - here, "Prometheus has no sample of it now: its scrape failed, or it is gone")
        self._known |= here
        if not samples and not gone:
            gone = {self._url: "Prometheus has no such series: look at its targets, and at service.metrics.source"}
        return Reading(self._edges, samples if self._apart else _together(samples), gone)

    def _nothing(self, why: str) -> Reading:
        return Reading(self._edges, (), dict.fromkeys(self._known or {self._url}, why))


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _samples(series: Sequence[Mapping[str, Any]], edges: Sequence[float]) -> tuple[Sample, ...]:
    """A sample of each origin in *series*, an instant vector. Raises SourceError where that cannot be."""
    origins: dict[str, dict[_Key, str]] = {}
    for one in series:
        labels, (_at, value) = one["metric"], one["value"]
        part = labels[PART]
        edge = f"{float(labels['le']):g}" if part == "within" and "le" in labels else ""
        key = (labels.get("color", ""), labels.get("route", "") or OTHER, f"{part}{edge}")
        found = origins.setdefault(labels.get("origin", ""), {})
        if key in found:
            raise SourceError(
                f"service.metrics.source: expected one series for each origin, color and route, found two that differ"
                f" in other labels ({_shown(labels)}): sum by (origin, color, route) in the query"
            )
        found[key] = value
    return tuple(_sample(origin, found, edges) for origin, found in sorted(origins.items()))


def _together(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """All origins as one, as new as the oldest of them."""
    if not samples:
        return ()
    counts: dict[str, Mapping[str, Counts]] = {}
    for sample in samples:
        for color, routes in sample.counts.items():
            counts[color] = pooled(counts.get(color, {}), routes)
    began = " ".join(f"{sample.origin}={sample.incarnation}" for sample in samples)
    return (Sample(min(sample.at for sample in samples), "all targets", began, counts),)


def _sample(origin: str, found: Mapping[_Key, str], edges: Sequence[float]) -> Sample:
    values = {key: value for key, value in found.items() if key[0] in COLORS}
    routes = {color: {key[1] for key in values if key[0] == color} for color in COLORS}
    if not values:
        raise SourceError(
            f"service.metrics.source: expected series with the label color, which is blue or green, found none of"
            f" {origin or 'any origin'}: the label belongs to the targets, or name another one in color_label"
        )
    at = found.get(("", OTHER, "scraped"))
    if at is None:
        raise SourceError(f"service.metrics.source: nothing says when {origin} was scraped: see queries.scraped")
    counts = {
        color: {route: _counts(values, color, route, edges) for route in sorted(routes[color])}
        for color in COLORS
        if routes[color]
    }
    return Sample(float(at), origin, found.get(("", OTHER, "began"), ""), counts)


def _counts(values: Mapping[_Key, str], color: str, route: str, edges: Sequence[float]) -> Counts:
    requests = _whole(values.get((color, route, "requests"), "0"))
    slower = []
    for edge in edges:
        within = values.get((color, route, f"within{edge:g}"))
        if within is None:
            prefix = "within"
            known = sorted(
                float(part.removeprefix(prefix))
                for its, its_route, part in values
                if (its, its_route) == (color, route) and part.startswith(prefix)
            )
            raise SourceError(
                f"service.metrics.edges: expected buckets of the histogram"
                f" ({', '.join(f'{one:g}' for one in known if math.isfinite(one)) or 'none is there'}), found {edge:g}"
            )
        slower.append(max(0, requests - _whole(within)))
    return Counts(requests, min(requests, _whole(values.get((color, route, "errors"), "0"))), tuple(slower))


def _whole(value: str) -> int:
    number = float(value)
    return round(number) if math.isfinite(number) else 0


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != PART)
