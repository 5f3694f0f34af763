# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows add up to: a pure function, in one pass, in memory that grows with the seconds and not the rows.

Definitions, so that a number can be defended:

* sent: rows. failed: rows with an error. Every request is one or the other: failed, or answered as declared.
* slow: answered, but later than slow_ms. Only kinds in `rows.TIMED`: the others take as long as they are asked to.
* releases: answered requests by release ("unknown": no X-Release), so that in each second they and `failed` add
  up to `sent`. Seconds are those in which requests were sent.
* wrong_release: see `cutover`. It counts failed requests, too: a 500 of the old release came from the old release.
* latency: of answered requests of timed kinds, by when they were sent: before the first cutover, during (5 s from
  each cutover on), after. Quantiles are within 1 % (see `histogram`); max is exact. Failures have no latency: a
  refused connection is quick, and would flatter it.
* last_from_ms, first_to_ms: from the cutover to the last answer of the old release and to the first of the new one,
  fast kinds only, as received. The reception time is sent + ms, which is late by the time that the request waited
  before it was sent: these are upper bounds. With several cutovers, the largest of each; `cutovers` has them all.
* silent_seconds: seconds between the first and the last row in which nothing was sent: nobody was looking.
* unreadable: lines that are no rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .cutover import PERIODS, Handover, Timeline
from .histogram import Histogram
from .rows import FAST, LONG_LIVED, TIMED, Row


class Second:
    """What happened to the requests that were sent in one second."""

    __slots__ = ("failed", "latency", "releases", "sent", "slow", "wrong")

    def __init__(self) -> None:
        self.sent = self.failed = self.slow = self.wrong = 0
        self.releases: dict[str, int] = {}
        self.latency = Histogram()

    def summary(self, second: int) -> dict[str, Any]:
        """Return the entry of `by_second`."""
        return {
            "second": second,
            "sent": self.sent,
            "failed": self.failed,
            "slow": self.slow,
            "wrong": self.wrong,
            "releases": dict(sorted(self.releases.items())),
            "p50_ms": self.latency.quantile(0.5),
            "p99_ms": self.latency.quantile(0.99),
        }


def analyse(
    rows: Iterable[Row | None],
    cutovers: Sequence[Mapping[str, Any]] = (),
    tolerance_ms: float = 50,
    slow_ms: float = 1000,
    late_ms: Any = None,
) -> dict[str, Any]:
    """Return the analysis of rows in any order; None stands for an unreadable line.

    `late_ms` (from the probe's status file) is passed through: rows cannot tell how late the probe itself was.
    Raises ValueError when a cutover is not one.
    """
    timeline = Timeline(cutovers, tolerance_ms / 1000)
    handovers = [Handover(timeline, index, tolerance_ms / 1000) for index in range(len(timeline.cutovers))]
    seconds: dict[int, Second] = {}
    errors: Counter[str] = Counter()
    latency = tuple(Histogram() for _period in PERIODS)
    opened = broken = unreadable = 0
    for row in rows:
        if row is None:
            unreadable += 1
            continue
        sent, ms, kind, status, release, error = row
        second = seconds.get(int(sent)) or seconds.setdefault(int(sent), Second())
        second.sent += 1
        if handovers and release:
            if release in timeline.wrong(sent):
                second.wrong += 1
            if kind in FAST:
                for handover in handovers:
                    handover.note(sent, sent + ms / 1000, release)
        if kind in LONG_LIVED and (status == 101 or 200 <= status < 400):
            opened += 1
            broken += bool(error)
        if error:
            second.failed += 1
            errors[error] += 1
            continue
        name = release or "unknown"
        second.releases[name] = second.releases.get(name, 0) + 1
        if kind in TIMED:
            second.slow += ms > slow_ms
            second.latency.add(ms)
            latency[timeline.period(sent)].add(ms)
    return {
        "sent": sum(second.sent for second in seconds.values()),
        "failed": errors.total(),
        "slow": sum(second.slow for second in seconds.values()),
        "wrong_release": sum(second.wrong for second in seconds.values()),
        "errors": dict(errors.most_common()),
        "by_second": [seconds[second].summary(second) for second in sorted(seconds)],
        "latency": {name: histogram.summary() for name, histogram in zip(PERIODS, latency, strict=True)},
        **_handed_over(handovers),
        "long_lived": {"opened": opened, "broken": broken},
        "late_ms": late_ms,
        "silent_seconds": max(seconds) - min(seconds) + 1 - len(seconds) if seconds else 0,
        "unreadable": unreadable,
    }


def _handed_over(handovers: list[Handover]) -> dict[str, Any]:
    """Return each cutover's summary, and the slowest of each kind."""
    each = [handover.summary() for handover in handovers]

    def slowest(key: str) -> float | None:
        return max((summary[key] for summary in each if summary[key] is not None), default=None)

    return {"cutovers": each, "last_from_ms": slowest("last_from_ms"), "first_to_ms": slowest("first_to_ms")}
