# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ``service.metrics``: what is counted of users' requests, and who is asked for the counts.

What the keys cannot show by themselves is in metrics_agreement.py. The role load_balancer works with a
declaration that nobody has filled in: its vars/main.yml repeats EDGES and PORT, which a test holds equal.
"""

from __future__ import annotations

from .containers import Key, ListOf, Section, Variants
from .kinds import Number, Text

EDGES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
"""Seconds, rising: half-decades and their halves, from a cached page to a user who has gone away."""

PORT = 8405
"""Where load balancers tell operators what they count."""

OTHER = "other"
"""The route of what no declared route matches."""

QUERIES = ("seamless", "haproxy", "http")
"""The built-in sets of queries (see plugin_utils/sources/prometheus_queries.py)."""

_ROUTE = Text(r"[a-z][a-z0-9_-]{0,23}", "a name of up to 24 lower-case letters, digits, - and _, such as checkout")
_PATH = Text(r"/[A-Za-z0-9._~%/-]*", "the beginning of a path, such as /api/")
_URL = Text(r"https?://[!-~]+", "a URL such as http://prometheus.example.test:9090")
_FILE = Text(r"[^\n]*\S[^\n]*", "the path of a file on the controller")
_SET = Text("|".join(QUERIES), f"{', '.join(QUERIES[:-1])} or {QUERIES[-1]}")
_SELECTOR = Text(
    r"[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^\n]*\})?", 'a selector of series, such as http_requests_total{job="shop"}'
)
_MATCH = Text(r"[^\n{}]*[^\s{}][^\n{}]*", 'matchers of labels, such as job="shop"')
_LABEL = Text(r"[a-zA-Z_][a-zA-Z0-9_]*", "the name of a label")
_VALUE = Text(r"[^\n]+", "the value of a label")

ROUTE = Section(
    {
        "name": Key(_ROUTE, f"The route's name; what no route matches is `{OTHER}`."),
        "path_beg": Key(_PATH, "How the paths of the route begin. The first route that matches counts."),
    }
)

LABELS = Section(
    {
        "color": Key(_LABEL, "Tells the color.", None),
        "route": Key(_LABEL, "Tells the route; null with no set that has one: all is one route.", None),
        "origin": Key(_LABEL, "Tells the process that counts.", None),
        "status": Key(_LABEL, "Tells the status (500, or 5xx), for the set `http`.", "status"),
    }
)

COLORS = Section(
    {
        "blue": Key(_VALUE, "Of the blue color.", None),
        "green": Key(_VALUE, "Of the green color.", None),
    }
)

DECLARED_QUERIES = Section(
    {
        "set": Key(
            _SET,
            "The built-in queries to begin with: of this collection's own metrics, of HAProxy's exporter (errors"
            " without latency), or of the histogram `http_request_duration_seconds` of the application.",
            "seamless",
        ),
        "match": Key(_MATCH, "Matchers that each of the set's selectors gets besides its own; null: none.", None),
        "requests": Key(_SELECTOR, "Counters of answers; null: the set's.", None),
        "errors": Key(_SELECTOR, "Counters of answers that are errors; null: the set's.", None),
        "buckets": Key(
            _SELECTOR, "Counters of answers up to an edge, whose label is `le`; null: the set's, if any.", None
        ),
        "started": Key(_SELECTOR, "A gauge that changes when the counters begin anew; null: the set's, if any.", None),
        "labels": Key(LABELS, "Names of labels; null: the set's.", {}),
        "colors": Key(COLORS, "Values of the label of the color; null: the set's.", {}),
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
                "url": Key(_URL, "Where Prometheus answers, its path prefix included."),
                "ca_file": Key(
                    _FILE, "PEM file of the authority to verify it with; null: the system's authorities.", None
                ),
                "interval": Key(
                    Number(1, 300, "seconds"),
                    "Between two scrapes. What was not scraped in three intervals is missing.",
                    15,
                ),
                "queries": Key(DECLARED_QUERIES, "Which series are the counts.", {}),
            }
        ),
    },
    "Who is asked for the counts: the load balancers themselves, or a Prometheus.",
)

METRICS = Section(
    {
        "edges": Key(
            ListOf(Number(0.001, 60, "seconds"), least=1),
            "The times that answers are counted up to, rising: of a request to the headers of its answer.",
            list(EDGES),
        ),
        "routes": Key(ListOf(ROUTE), "What is compared by itself, since it is slower or fails more than the rest.", []),
        "source": Key(SOURCES, SOURCES.description, {"type": "haproxy"}),
    }
)
