# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows become strata: the counts of both colors on one route, over enough windows to say anything.

Routes are compared with themselves, since the colors may get different mixes of them. Where the canary gets less
than a few requests at a time, windows are merged until it has that many, by the number of its requests alone: a
rule that looked at errors would choose its evidence. A window in which a route's canary had no request is exactly
uninformative and left out, so that no merged stratum compares with a time at which the canary was not asked.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from .arithmetic import NOTHING, plus
from .counts import Counts
from .windows import Window

#: The canary's requests over all routes that are worth a look.
ENOUGH = 3


@dataclass(frozen=True)
class Stratum:
    """What both colors answered on one route at the same time."""

    route: str
    canary: Counts
    baseline: Counts


class Strata:
    """Folds windows into strata. What belongs to different *keys* (splits, say) is never put together."""

    def __init__(self, enough: int = ENOUGH) -> None:
        self._enough = enough
        self._key: Hashable = None
        self._pending: dict[str, tuple[Counts, Counts]] = {}

    def add(self, window: Window, key: Hashable) -> list[Stratum]:
        """The strata that this window completes, by route; none while the canary has had too few requests.

        What was pending under another key is dropped: at most a request or two, and never by their outcome.
        """
        if key != self._key:
            self._key, self._pending = key, {}
        for route, canary in window.canary.items():
            baseline = window.baseline.get(route, NOTHING)
            if canary.requests and baseline.requests:
                before = self._pending.get(route, (NOTHING, NOTHING))
                self._pending[route] = (plus(before[0], canary), plus(before[1], baseline))
        if sum(canary.requests for canary, _baseline in self._pending.values()) < self._enough:
            return []
        complete = [Stratum(route, *both) for route, both in sorted(self._pending.items())]
        self._pending = {}
        return complete
