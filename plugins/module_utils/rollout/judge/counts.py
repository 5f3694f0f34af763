# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a metric source counts: the values that every source gives and the judge takes.

A source is asked again and again; each time it gives one :class:`Reading` of cumulative counters. What
happened in between two readings is their difference, which is not the source's business (see windows.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Counts:
    """Answers of one color on one route: how many, how many of them errors, and how many slower than each edge.

    ``slower[j]`` counts the answers that took longer than edge ``j``; empty where latency is not measured.
    Cumulative in a :class:`Sample`, differences in a window.
    """

    requests: int
    errors: int
    slower: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sample:
    """The counters of one origin (a load balancer, say), all read at one moment.

    ``at`` is in epoch seconds. ``incarnation`` is another text once the counters have begun anew (their
    process was restarted or reloaded). ``counts`` is by color, then by route; a route that has had no answer
    yet may be absent, which is the same as zeros.
    """

    at: float
    origin: str
    incarnation: str
    counts: Mapping[str, Mapping[str, Counts]]


@dataclass(frozen=True)
class Reading:
    """One look at all origins. ``edges`` are in seconds, rising, and the same in every reading of a watch.

    ``missing`` says for each origin that gave nothing why: what is missing is said, never filled in.
    """

    edges: tuple[float, ...]
    samples: tuple[Sample, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
