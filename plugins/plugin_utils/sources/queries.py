# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queries that ask a Prometheus server for counters: declared, or built in for what is common.

Each part gives series with the labels ``origin``, ``color`` and ``route`` (and ``le``, of a histogram's buckets):

``requests``, ``errors``
    Cumulative counters of answers.
``within``
    Those that took no longer than ``le`` seconds.
``scraped``
    When an origin's counters were read, in epoch seconds.
``began``
    When an origin's counters began, in any unit: another value means that they began anew. May be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PART = "seamless_part"
"""The label that tells the parts of the query apart."""


@dataclass(frozen=True)
class Histogram:
    """A histogram of answers' durations in seconds, and what of it are errors.

    ``failed`` is the matcher of errors among its own series, or ``errors`` names a counter of its own. ``apart``
    is whether each of its origins answers for both colors, so that they can be compared there.
    """

    name: str
    failed: str = ""
    errors: str = ""
    began: str = "process_start_time_seconds"
    route: str = ""
    apart: bool = False


#: The load balancers' page of counts, the convention of Prometheus's client libraries, and OpenTelemetry's:
#: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
KNOWN = {
    "load_balancers": Histogram(
        "seamless_response_duration_seconds",
        errors="seamless_response_errors_total",
        began="seamless_counters_started_timestamp_seconds",
        route="route",
        apart=True,
    ),
    "http_request_duration_seconds": Histogram("http_request_duration_seconds", failed='{status}=~"5.."'),
    "opentelemetry": Histogram("http_server_request_duration_seconds", failed='http_response_status_code=~"5.."'),
}


@dataclass(frozen=True)
class Queries:
    """The parts of the query, by name, and whether each origin answers for both colors."""

    parts: Mapping[str, str]
    apart: bool

    @property
    def text(self) -> str:
        """All of them as one query."""
        marked = (f'label_replace({text}, "{PART}", "{name}", "", "")' for name, text in self.parts.items())
        return " or ".join(marked)


def declared(source: Mapping[str, Any], service: str) -> Queries:
    """What a checked ``service.metrics.source`` of the type prometheus means for *service* (its name)."""
    own = {name: text for name, text in (source.get("queries") or {}).items() if text is not None}
    return Queries({**_built(source, service), **own}, KNOWN[source["series"]].apart)


def _built(source: Mapping[str, Any], service: str) -> dict[str, str]:
    known = KNOWN[source["series"]]
    selector = source["selector"] or (f'service="{service}"' if source["series"] == "load_balancers" else "")
    color, origin, route = source["color_label"], source["origin_label"], source["route_label"] or known.route
    failed = known.failed.replace("{status}", source["status_label"])
    labels = {"origin": origin, "color": color} | ({"route": route} if route else {})

    def series(name: str, *more: str) -> str:
        return f"{name}{{{','.join(one for one in (selector, *more) if one)}}}"

    def by(function: str, text: str, wanted: Mapping[str, str], *more: str) -> str:
        summed = f"{function} by ({', '.join([*wanted.values(), *more])}) ({text})"
        for name, found in wanted.items():
            if name != found:
                summed = f'label_replace({summed}, "{name}", "$1", "{found}", "(.*)")'
        return summed

    only = {"origin": origin}
    errors = series(known.errors) if known.errors else series(f"{known.name}_count", failed)
    return {
        "requests": by("sum", series(f"{known.name}_count"), labels),
        "errors": by("sum", errors, labels),
        "within": by("sum", series(f"{known.name}_bucket"), labels, "le"),
        "scraped": by("max", f"timestamp({series(f'{known.name}_count')})", only),
        "began": by("max", series(known.began), only),
    }
