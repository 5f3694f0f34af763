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

_ROUTE = Text(r"[a-z][a-z0-9_-]{0,23}", "a name of up to 24 lower-case letters, digits, - and _, such as checkout")
_PATH = Text(r"/[A-Za-z0-9._~%/-]*", "the beginning of a path, such as /api/")

ROUTE = Section(
    {
        "name": Key(_ROUTE, f"The route's name; what no route matches is `{OTHER}`."),
        "path_beg": Key(_PATH, "How the paths of the route begin. The first route that matches counts."),
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
    },
    "Who is asked for the counts: the load balancers themselves.",
    planned=("prometheus",),
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
