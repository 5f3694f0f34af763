# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge: windows in, a verdict out after each. A fold without clock or chance, so that a replay says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .arithmetic import NOTHING, plus
from .case import Case
from .counts import Counts
from .history import Point
from .settings import Settings
from .traffic import Traffic
from .verdict import HEALTHY, INCONCLUSIVE, REGRESSED, Arm, Driver, Verdict
from .windows import Window


def judge(
    windows: Iterable[Window], settings: Settings, canary: str = "canary", baseline: str = "baseline"
) -> Verdict | None:
    """The verdict after all of the *windows*; None without any."""
    bench = Judge(settings, canary, baseline)
    verdict = None
    for window in windows:
        verdict = bench.observe(window)
    return verdict


class Judge:
    """One watch of one canary, over all of its splits. Feed it every window, in the order of time."""

    def __init__(self, settings: Settings, canary: str = "canary", baseline: str = "baseline") -> None:
        """*canary* and *baseline* are what sentences call the two (their colors, say)."""
        self._settings = settings
        self._names = (canary, baseline)
        self._case: Case | None = None
        self._edges: tuple[float, ...] | None = None
        self._traffic = Traffic(settings)
        self._began = self._ended = 0.0
        self._windows = 0
        self._canary = self._baseline = NOTHING
        self._split: int | None = None
        self._in_split = 0
        self._driver: Driver | None = None
        self._points: list[Point] = []

    @property
    def points(self) -> Sequence[Point]:
        """The state after each window so far, for drawing."""
        return tuple(self._points)

    def history(self) -> list[dict[str, object]]:
        """The same as plain data, with the bounds of each rate, also for the edge that tells most in the end."""
        edge = None if self._case is None else self._telling(self._case)
        return [point.as_dict(self._settings.burst, edge) for point in self._points]

    def observe(self, window: Window) -> Verdict:
        """The verdict after one more window. Raises ValueError for one out of order, or with other edges."""
        case = self._open(window)
        self._ended = window.ended
        self._traffic.take(window)
        judged = window.measured and not case.warming(window)
        if window.split != self._split:
            self._split, self._in_split = window.split, 0
        if judged:
            self._windows += 1
            self._canary = plus(self._canary, window.canary_total)
            self._baseline = plus(self._baseline, window.baseline_total)
            self._in_split += window.canary_total.requests
        shown = case.regressed
        case.take(window)
        if not shown:
            self._driver = self._lead(case)
        self._points.append(self._point(window, case, judged))
        return self._verdict(case)

    def _open(self, window: Window) -> Case:
        """The case, begun with the first window; which edges there are is known from the first that measured."""
        if self._case is None:
            self._began = window.began
        elif window.began < self._ended:
            raise ValueError(f"expected a window from {self._ended} on, but found one that began at {window.began}")
        if self._case is None or (self._edges is None and window.measured):
            self._case = Case(self._settings, window.edges if window.measured else (), self._began)
            self._edges = window.edges if window.measured else None
        elif window.measured and window.edges != self._edges:
            raise ValueError(f"expected windows with the edges {self._edges}, but found {window.edges}")
        return self._case

    def _lead(self, case: Case) -> Driver | None:
        metric, onset = case.lead
        if onset.since is None or onset.route is None:
            return None
        return Driver(
            metric.name, metric.edge, onset.route, onset.since, onset.odds_ratio, onset.c, onset.n_c, onset.b, onset.n_b
        )

    def _verdict(self, case: Case) -> Verdict:
        word, decided, reason = self._say(case)
        edge = self._telling(case)
        worth = word == REGRESSED or case.regression > 0
        return Verdict(
            word=word,
            decided=decided,
            reason=reason,
            began=self._began,
            ended=self._ended,
            windows=self._windows,
            canary=self._arm(0, self._canary, edge),
            baseline=self._arm(1, self._baseline, edge),
            edge=None if edge is None else (self._edges or ())[edge],
            driver=self._driver if worth else None,
            regression=case.regression,
            threshold=case.threshold,
            promotion=case.promotion,
            promotion_threshold=case.promotion_threshold,
            holding_back=case.holding_back.metric.name,
            p_value=case.p_value,
            service_down=self._traffic.service_down,
            vanished=self._traffic.vanished,
            gaps=self._traffic.gaps,
            left_out=self._traffic.left_out,
        )

    def _say(self, case: Case) -> tuple[str, bool, str]:
        """The word, whether it is decided, and why, in the order in which the reasons count."""
        settings, (canary, baseline) = self._settings, self._names
        if case.regressed:
            what = self._driver.metric if self._driver else "errors"
            return REGRESSED, True, f"{canary} is worse than {baseline} ({what})"
        if self._traffic.missing:
            return INCONCLUSIVE, True, self._traffic.missing
        waits = self._waits_for(case)
        if waits is None:
            return HEALTHY, True, f"in no metric is {canary} {settings.worse:g} times as bad as {baseline}"
        if settings.limit is not None and self._ended >= self._began + settings.limit:
            return INCONCLUSIVE, True, f"after {settings.limit:g} s {waits}"
        return INCONCLUSIVE, False, waits

    def _waits_for(self, case: Case) -> str | None:
        """What a promotion still waits for, in a sentence; None when nothing stands against it."""
        canary, baseline = self._names
        if not self._windows:
            return "the warm-up is not over" if self._ended < self._began + self._settings.warmup else "no window yet"
        if self._traffic.service_down:
            return f"the service itself is failing: a comparison of {canary} with {baseline} says little now"
        if self._traffic.blind:
            return f"nothing can be counted just now, and nobody is promoted on how {canary} was"
        if self._in_split < self._settings.min_requests:
            return f"{self._in_split} of {self._settings.min_requests} requests that {canary} needs in this split"
        if case.promotion < case.promotion_threshold:
            return f"there is not enough evidence yet, least in: {case.holding_back.metric.name}"
        if case.regression >= case.threshold / 2:
            return f"there is some evidence that {canary} is worse: it decides before a promotion does"
        return None

    def _telling(self, case: Case) -> int | None:
        """The edge with the most evidence of a regression, by its index; None without latency."""
        edges = [trial for trial in case.trials if trial.metric.edge is not None]
        return max(edges, key=lambda trial: trial.regression).metric.index if edges else None

    def _arm(self, number: int, counts: Counts, edge: int | None) -> Arm:
        slower = counts.slower[edge] if edge is not None and counts.slower else None
        return Arm(self._names[number], counts.requests, counts.errors, slower, self._settings.burst)

    def _point(self, window: Window, case: Case, judged: bool) -> Point:
        return Point(
            began=window.began,
            ended=window.ended,
            split=window.split,
            judged=judged,
            window_canary=window.canary_total,
            window_baseline=window.baseline_total,
            canary=self._canary,
            baseline=self._baseline,
            regression=case.regression,
            threshold=case.threshold,
            promotion=case.promotion,
            promotion_threshold=case.promotion_threshold,
        )
