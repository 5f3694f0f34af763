# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Since when, where and how much: what a person wants to know once the evidence has grown.

None of it decides anything. The beginning is where the sum of log likelihood ratios was lowest before it rose (Page,
Biometrika 41, 1954): the likeliest onset of a change whose size is known.
"""

from __future__ import annotations

from collections.abc import Iterable

from .table import Table


class Onset:
    """For one odds ratio: the window from which the evidence grew, and what was counted from there on."""

    def __init__(self) -> None:
        self._begin(None)

    def _begin(self, at: float | None) -> None:
        self.since: float | None = at
        self.gains: dict[str, float] = {}
        self.n_c = self.c = self.n_b = self.b = 0
        self._above = self._below = 0.0

    def take(self, began: float, seen: Iterable[tuple[str, Table, float]]) -> None:
        """One window: its beginning (epoch seconds) and, by route, the table and the log likelihood ratio."""
        if self.since is None:
            self._begin(began)
        for route, table, ratio in seen:
            self.gains[route] = self.gains.get(route, 0.0) + ratio
            self.n_c, self.c = self.n_c + table.n_c, self.c + table.c
            self.n_b, self.b = self.n_b + table.n_b, self.b + table.b
            whole = table.n_c + table.n_b
            self._above += table.c * (table.n_b - table.b) / whole
            self._below += table.b * (table.n_c - table.c) / whole
        if self.gain <= 0:
            self._begin(None)

    @property
    def gain(self) -> float:
        """By how much the logarithm has grown since."""
        return sum(self.gains.values())

    @property
    def route(self) -> str | None:
        """The route that gave most of it; None before anything grew."""
        return max(self.gains, key=lambda route: (self.gains[route], route), default=None)

    @property
    def odds_ratio(self) -> float | None:
        """The common odds ratio of all windows and routes since (Mantel and Haenszel, JNCI 22, 1959).

        None where the baseline had no such event at all, or the canary nothing else.
        """
        return self._above / self._below if self._below > 0 else None
