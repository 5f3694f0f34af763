# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ``service.metrics``: what is counted of users' requests, and who is asked for the counts.

What the keys cannot show by themselves is in metrics_agreement.py. The role load_balancer works with a
declaration that nobody has filled in: its vars/main.yml repeats EDGES and PORT, which a test holds equal.
"""

from __future__ import annotations

from .aws_table import ON_AWS, STACK
from .containers import Key, ListOf, Section, Variants
from .kinds import Choice, Number, Text

EDGES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
"""Seconds, rising: half-decades and their halves, from a cached page to a user who has gone away."""

PORT = 8405
"""Where load balancers tell operators what they count."""

OTHER = "other"
"""The route of what no declared route matches."""

_ROUTE = Text(r"[a-z][a-z0-9_-]{0,23}", "a name of up to 24 lower-case letters, digits, - and _, such as checkout")
_PATH = Text(r"/[A-Za-z0-9._~%/-]*", "the beginning of a path, such as /api/")

ROUTE = Section(
    {
        "name": Key(_ROUTE, f"The route's name; what no route matches is `{OTHER}`."),
        "path_beg": Key(_PATH, "How the paths of the route begin. The first route that matches counts."),
    }
)

_URL = Text(r"https?://[^\s/?#]+(/[^\s?#]*)?", "a URL such as http://prometheus.example.com:9090")
_ANY = Text(r"[^\x00-\x1f]+", "a text")
_LABEL = Text(r"[a-zA-Z_][a-zA-Z0-9_]*", "the name of a label")
_QUERY = "PromQL that gives, for each origin, {}; by origin{}."
_QUERIES = Section(
    {
        "requests": Key(_ANY, _QUERY.format("all answers so far", ", color and route"), None),
        "errors": Key(_ANY, _QUERY.format("all errors so far", ", color and route"), None),
        "within": Key(_ANY, _QUERY.format("all answers up to each edge", ", color, route and le"), None),
        "scraped": Key(_ANY, _QUERY.format("when it was scraped, in epoch seconds", ""), None),
        "began": Key(_ANY, _QUERY.format("when its counters began", ""), None),
    }
)

SOURCES = Variants(
    {
        "haproxy": Section(
            {
                "port": Key(
                    Number(1, 65535, whole=True), "The load balancers' port for operators; testers may reach it.", PORT
                ),
            }
        ),
        "prometheus": Section(
            {
                "url": Key(_URL, "Where the server answers, without /api."),
                "ca_file": Key(_ANY, "The authority to verify its certificate with; null: the system's.", None),
                "series": Key(
                    Choice(("load_balancers", "haproxy_exporter", "http_request_duration_seconds", "opentelemetry")),
                    "What it has scraped: the load balancers' pages of counts, what HAProxy's own exporter says of its"
                    " backends (errors alone), or the histogram that the application's servers give by the convention"
                    " of Prometheus's clients or of OpenTelemetry.",
                    "load_balancers",
                ),
                "selector": Key(
                    _ANY, 'Matchers that all series have, such as job="shop"; null: those of the service.', None
                ),
                "color_label": Key(_LABEL, "The label that says blue or green.", "color"),
                "route_label": Key(_LABEL, "The label of the route; null: that of the series, if they have one.", None),
                "origin_label": Key(_LABEL, "The label of the target.", "instance"),
                "status_label": Key(_LABEL, "The label of the status, of http_request_duration_seconds.", "code"),
                "interval": Key(Number(0.5, 300, "seconds"), "How often the server scrapes.", 5),
                "queries": Key(_QUERIES, "Queries of your own, in place of those built in.", {}),
            }
        ),
        "cloudwatch": Section(
            {
                "stack": Key(STACK, "The stack whose load balancer is counted (module aws_load_balancer)."),
                "period": Key(
                    Number(10, 300, "seconds", whole=True),
                    "Of the datapoints: 10, 20, 30, or whole minutes; a load balancer on AWS gives one a minute.",
                    60,
                ),
                "delay": Key(
                    Number(0, 900, "seconds"),
                    "After the end of a period, until its datapoints are complete: AWS promises nothing, measure it.",
                    120,
                ),
                **ON_AWS,
            }
        ),
    },
    "Who is asked for the counts: the load balancers themselves, a Prometheus server, or CloudWatch.",
)

METRICS = Section(
    {
        "edges": Key(
            ListOf(Number(0.001, 60, "seconds")),
            "The times that answers are counted up to, rising: of a request to the headers of its answer. None: errors"
            " alone are compared.",
            list(EDGES),
        ),
        "routes": Key(ListOf(ROUTE), "What is compared by itself, since it is slower or fails more than the rest.", []),
        "source": Key(SOURCES, SOURCES.description, {"type": "haproxy"}),
    }
)
