# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics and logs.

What is counted is not logged: at 1000 requests/s a line for each costs more than the answer, here and in the
journal. The log holds what a person has to look at: each 5xx with its cause, and each request slower than a second.
STOREFRONT_LOG_LEVEL=DEBUG logs all.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
SLOW = 1.0
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper edges of the latency histogram, in seconds."""
log = logging.getLogger("storefront")


# A series for each other one, with what nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counters of one process, in a registry of its own: tests make many."""

    def __init__(self, release: str, color: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        Gauge("storefront_release_info", "The running release", ["release", "color"], registry=self.registry).labels(
            release, color
        ).set(1)
        self._requests = Counter(
            "storefront_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "storefront_request_seconds",
            "Until the response was sent",
            ["route"],
            registry=self.registry,
            buckets=EDGES,
        )
        self.in_flight = Gauge("storefront_requests_in_flight", "Requests being answered", registry=self.registry)
        self.orders = Counter("storefront_orders", "Orders placed; repetitions do not count", registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. *route* is a pattern, such as /products/{id}: a path would make a series of each product."""
        method = method if method in METHODS else "other"  # clients invent them, and each would be a series
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if seconds >= SLOW or log.isEnabledFor(logging.DEBUG):
            level = logging.WARNING if seconds >= SLOW and route not in HELD else logging.DEBUG
            fields = {"method": method, "route": route, "status": status, "seconds": round(seconds, 3)}
            log.log(level, "request", extra={"fields": fields})

    def text(self) -> bytes:
        """Return all, in Prometheus' text format."""
        return generate_latest(self.registry)


HELD = ("/slow", "/stream", "/ws")
"""Routes that last as long as the client wishes: slow is no news there."""


class JsonLines(logging.Formatter):
    """One JSON object a line; the release is in each, because one journal holds the lines of several."""

    def __init__(self, release: str) -> None:
        super().__init__()
        self._release = release

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; `extra={"fields": {...}}` adds to it."""
        entry: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "release": self._release,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging(level: str, release: str) -> None:
    """Log to standard error, which the unit's journal keeps."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(release))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Theirs is noise at DEBUG: a line for each selector.
    logging.getLogger("asyncio").setLevel("INFO")
