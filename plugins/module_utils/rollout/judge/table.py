# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One metric's two-by-two table: events and requests of both colors, for errors or for what is slower than an edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .counts import Counts
from .strata import Stratum


@dataclass(frozen=True)
class Metric:
    """``errors``, or answers slower than ``edge`` (seconds), the ``index``-th of the edges."""

    edge: float | None = None
    index: int = -1

    @property
    def name(self) -> str:
        """What verdicts and history call it."""
        return "errors" if self.edge is None else f"slower than {self.edge:g} s"

    def events(self, counts: Counts) -> int | None:
        """How many of the requests were such events; None where that was not measured."""
        if self.edge is None:
            return counts.errors
        if not counts.requests:
            return 0
        return counts.slower[self.index] if counts.slower else None

    def tables(self, strata: Iterable[Stratum]) -> list[tuple[str, Table]]:
        """The table of each route that was measured."""
        found = []
        for stratum in strata:
            c, b = self.events(stratum.canary), self.events(stratum.baseline)
            if c is not None and b is not None:
                found.append((stratum.route, Table(stratum.canary.requests, c, stratum.baseline.requests, b)))
        return found


ERRORS_METRIC = Metric()


def metrics(edges: Iterable[float]) -> tuple[Metric, ...]:
    """Errors first, then each edge."""
    return (ERRORS_METRIC, *(Metric(edge, index) for index, edge in enumerate(edges)))


@dataclass(frozen=True)
class Table:
    """``c`` events in the canary's ``n_c`` requests, ``b`` in the baseline's ``n_b``."""

    n_c: int
    c: int
    n_b: int
    b: int
