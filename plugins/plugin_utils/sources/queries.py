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
class Series:
    """The series of answers: ``requests`` counts them, ``within`` has the buckets of their durations (in seconds).

    ``failed`` is the matcher of errors among the former, or ``errors`` names a counter of its own. ``selector`` are
    the service's matchers, where none are declared, and ``only`` one that its counters have besides. ``color`` is the
    label that has the color, and what of its value that is, where the declared label does not have it. ``apart`` is
    whether each origin answers for both colors, so that they can be compared there.
    """

    requests: str
    within: str = ""
    failed: str = ""
    errors: str = ""
    selector: str = ""
    only: str = ""
    began: str = "process_start_time_seconds"
    color: tuple[str, str] | None = None
    route: str = ""
    apart: bool = False


def _histogram(name: str, **other: Any) -> Series:
    return Series(f"{name}_count", f"{name}_bucket", **other)


#: The load balancers' pages of counts and their exporters', the convention of Prometheus's client libraries, and
#: OpenTelemetry's: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
#: and https://github.com/haproxy/haproxy/blob/master/addons/promex/README
KNOWN = {
    "load_balancers": _histogram(
        "seamless_response_duration_seconds",
        errors="seamless_response_errors_total",
        selector='service="{service}"',
        began="seamless_counters_started_timestamp_seconds",
        route="route",
        apart=True,
    ),
    "haproxy_exporter": Series(
        "haproxy_backend_http_responses_total",
        failed='code="5xx"',
        only='proxy=~"{service}_(blue|green)"',
        began="haproxy_process_start_time_seconds",
        color=("proxy", "{service}_(blue|green)"),
        apart=True,
    ),
    "http_request_duration_seconds": _histogram("http_request_duration_seconds", failed='{status}=~"5.."'),
    "opentelemetry": _histogram("http_server_request_duration_seconds", failed='http_response_status_code=~"5.."'),
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
    selector = source["selector"] or known.selector.format(service=service)
    only, failed = known.only.format(service=service), known.failed.replace("{status}", source["status_label"])
    whole = "(.*)"
    origin, route = {"origin": (source["origin_label"], whole)}, source["route_label"] or known.route
    label, part = known.color or (source["color_label"], whole)
    labels = {**origin, "color": (label, part.format(service=service))} | ({"route": (route, whole)} if route else {})

    def series(name: str, *more: str) -> str:
        return f"{name}{{{','.join(one for one in (selector, *more) if one)}}}"

    def by(function: str, text: str, wanted: Mapping[str, tuple[str, str]], *more: str) -> str:
        summed = f"{function} by ({', '.join([*(label for label, _part in wanted.values()), *more])}) ({text})"
        for name, (found, part) in wanted.items():
            if name != found:
                summed = f'label_replace({summed}, "{name}", "$1", "{found}", "{part}")'
        return summed

    requests = series(known.requests, only)
    errors = series(known.errors) if known.errors else series(known.requests, only, failed)
    within = {"within": by("sum", series(known.within), labels, "le")} if known.within else {}
    return {
        "requests": by("sum", requests, labels),
        "errors": by("sum", errors, labels),
        **within,
        "scraped": by("max", f"timestamp({requests})", origin),
        "began": by("max", series(known.began), origin),
    }
