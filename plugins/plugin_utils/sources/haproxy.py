# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The load balancers' own counts: each is asked for its page, all of them at once.

The page is made by the role load_balancer (templates/haproxy_counts.cfg.j2). Counters are those of one process of
HAProxy: they begin anew with a reload, which the page says by the time at which it started.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.counts import Counts, Reading, Sample
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources import exposition
from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.web import Unanswered, get

PAGE = "/seamless/counts"
TIMEOUT = 2.0
"""Seconds for the connection, and for each read. A page takes about a millisecond."""

_SECONDS = "seamless_response_duration_seconds"
_ERRORS = "seamless_response_errors_total"
_STARTED = "seamless_counters_started_timestamp_seconds"


class HAProxySource:
    """Asks each of *origins* (``host:port`` by name) for the counts of *service*, by *edges* (seconds)."""

    def __init__(
        self,
        service: str,
        origins: Mapping[str, str],
        edges: Sequence[float],
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service, self._edges, self._timeout, self._clock = service, tuple(edges), timeout, clock
        self._origins = dict(origins)

    def read(self) -> Reading:
        """One page of each load balancer. It waits for the slowest, which is away after a few seconds."""
        with ThreadPoolExecutor(max_workers=max(1, len(self._origins))) as threads:
            found = list(threads.map(self._one, self._origins))
        return Reading(
            self._edges,
            tuple(one for one in found if isinstance(one, Sample)),
            {name: one for name, one in zip(self._origins, found, strict=True) if isinstance(one, str)},
        )

    def _one(self, name: str) -> Sample | str:
        """What one load balancer has counted, or why that is not known."""
        address, page = self._origins[name], f"{PAGE}/{self._service}"
        before = self._clock()
        try:
            status, text = get(f"http://{address}{page}", self._timeout)
            at = (before + self._clock()) / 2
            if status != 200:
                advice = _ADVICE.get(status, "see the load balancer's log (journalctl -u haproxy)")
                return f"expected status 200 from {address}{page}, found {status}: {advice}"
            started, counts = counted(text, self._service, self._edges)
        except (Unanswered, ValueError) as error:
            return str(error)
        return Sample(at, name, started, counts)


_PROVISION = "run provision.yml, which makes this page"
_ADVICE = {
    403: "the controller is in neither testers.from nor load_balancer_exporter_from; add it and run provision.yml",
    404: _PROVISION,
    500: "the page is longer than HAProxy's buffer; declare fewer routes or edges in metrics and run provision.yml",
}


def counted(text: str, service: str, edges: Sequence[float]) -> tuple[str, dict[str, dict[str, Counts]]]:
    """The incarnation and the counts by color and route that a page says. Raises ValueError for another page."""
    started = ""
    counters: dict[tuple[str, str], dict[str, int]] = {}
    for line in exposition.lines(text):
        if line.labels.get("service") != service:
            continue
        if line.name == _STARTED:
            started = line.value
            continue
        key = (line.labels.get("color", ""), line.labels.get("route", ""))
        what = line.labels["le"] if line.name == f"{_SECONDS}_bucket" and "le" in line.labels else line.name
        counters.setdefault(key, {})[what] = int(line.value)
    if not started or not counters:
        raise ValueError(f"expected the counts of {service} and when they began, found another page: {_PROVISION}")
    colors: dict[str, dict[str, Counts]] = {}
    for (color, route), values in counters.items():
        colors.setdefault(color, {})[route] = _counts(values, edges)
    return started, colors


def _counts(values: Mapping[str, int], edges: Sequence[float]) -> Counts:
    within = {float(le): count for le, count in values.items() if _is_number(le) and le != "+Inf"}
    if sorted(within) != sorted(map(float, edges)):
        found = ", ".join(f"{edge:g}" for edge in sorted(within)) or "none"
        wanted = ", ".join(f"{edge:g}" for edge in edges)
        raise ValueError(f"expected counts by the edges {wanted}, found {found}: {_PROVISION} as declared")
    requests, errors = values.get(f"{_SECONDS}_count"), values.get(_ERRORS)
    if requests is None or errors is None:
        raise ValueError(f"expected answers and errors of each color, found a page without: {_PROVISION}")
    return Counts(requests, errors, tuple(requests - within[float(edge)] for edge in edges))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
