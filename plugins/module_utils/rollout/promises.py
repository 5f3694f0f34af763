# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the judge will be able to tell in each step of a canary, said before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from .judge.detectable import Expected, outlook, seconds_to_find
from .judge.settings import Settings

Declared = Mapping[str, Any]

#: Seconds between two looks of a watch at what is counted.
POLL = 0.5


def settings(judge: Declared, poll: float = POLL) -> Settings:
    """The judge's settings from ``service.strategy.judge``; *poll* is in seconds. Raises ValueError."""
    return Settings(
        alpha=judge["alpha"],
        beta=judge["beta"],
        warmup=judge["warmup"],
        min_requests=0,  # the step's own number of requests is the watch's business
        missing_polls=max(1, round(judge["missing"] / poll)),
        missing=judge["missing"],
        negligible_errors=judge["negligible_error_percent"] / 100,
        negligible_slow=judge["negligible_slow_percent"] / 100,
        burst=judge["burst"],
    )


def fitted(judge: Declared, steps: Sequence[Declared], lag: float = 0.0) -> tuple[list[dict[str, Any]], list[str]]:
    """The *steps*, long enough for what is declared as the goal, and what each of them can find, in sentences.

    *lag* is how many seconds the metric source is late: of each step so much is not counted when it ends.
    Without declared traffic nothing can be said, and nothing is. Raises ValueError for a step that is too short
    where that is to be refused: nothing has changed by then.
    """
    if judge["traffic"] is None:
        told = ["what the judge can find in a step depends on the traffic: declare service.strategy.judge.traffic"]
        return [dict(step) for step in steps], told
    made, said = [], []
    for number, step in enumerate(steps, start=1):
        expected = Expected(judge["traffic"], step["percent"] / 100, judge["base_error_percent"] / 100)
        step = {**step, "most": _long_enough(judge, number, step, expected, lag)}
        counted = step["most"] - lag
        said += [f"watch-{number}: {line}" for line in outlook(expected, counted, settings(judge)).lines()]
        made.append(step)
    return made, said


def _long_enough(judge: Declared, number: int, step: Declared, expected: Expected, lag: float) -> float:
    """How long the step may last, so that it can find the goal."""
    most: float = step["most"]
    raised = min(1.0, expected.errors + judge["goal_error_points"] / 100)
    needed = lag + seconds_to_find(expected, raised, settings(judge))
    if needed <= most:
        return most
    if judge["too_short"] == "extend":
        return float(ceil(needed))
    raise ValueError(
        f"service.strategy.steps[{number - 1}].most: expected at least {ceil(needed)} s, since a rise in errors by"
        f" {judge['goal_error_points']:g} points is found 95 times of 100 only then, with {step['percent']} % of"
        f" {judge['traffic']:g} requests a second; but found {most:g} s. Nothing was changed."
        " Raise most or percent, lower judge.goal_error_points, or let the plan do it with judge.too_short: extend"
    )
