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
#: What the plan calls answers slower than the edge that a regression shows at, whichever of them that will be.
SLOW = "slow answers"
ENDED = (
    "{:g} s after the first step began, the errors of all steps until then are tested once more, exactly"
    " (judge.horizon): for that each look has half of alpha; what is said of later steps does not reckon with it"
)


def settings(judge: Declared, poll: float = POLL) -> Settings:
    """The judge's settings from ``service.strategy.judge``; *poll* is in seconds. Raises ValueError."""
    return Settings(
        alpha=judge["alpha"],
        beta=judge["beta"],
        warmup=judge["warmup"],
        horizon=judge["horizon"],
        min_requests=0,  # the step's own number of requests is the watch's business
        missing_polls=max(1, round(judge["missing"] / poll)),
        missing=judge["missing"],
        negligible_errors=judge["negligible_error_percent"] / 100,
        negligible_slow=judge["negligible_slow_percent"] / 100,
        burst=judge["burst"],
    )


def fitted(
    judge: Declared, steps: Sequence[Declared], edges: int, lag: float = 0.0
) -> tuple[list[dict[str, Any]], list[str]]:
    """The *steps*, long enough for what is declared as the goals, and what each of them can find, in sentences.

    *edges* is the number of ``service.metrics.edges``, which share half of the evidence: errors have the other half,
    and all of it where there is no edge.
    *lag* is how many seconds the metric source is late: of each step so much is not counted when it ends.
    Without declared traffic nothing can be said, and nothing is. Raises ValueError for a step that is too short
    where that is to be refused: nothing has changed by then.
    """
    rules = settings(judge)
    ended = [] if rules.horizon is None else [ENDED.format(rules.horizon)]
    if judge["traffic"] is None:
        told = ["what the judge can find in a step depends on the traffic: declare service.strategy.judge.traffic"]
        return [dict(step) for step in steps], told + ended
    made, said = [], []
    for number, step in enumerate(steps, start=1):
        slow: dict[float | str, float] = {SLOW: judge["base_slow_percent"] / 100} if edges else {}
        expected = Expected(judge["traffic"], step["percent"] / 100, judge["base_error_percent"] / 100, slow, edges)
        # How much of a later step the test at the horizon will have counted, nobody knows: nothing is promised of it.
        end = max(0.0, rules.horizon - lag) if rules.horizon is not None and number == 1 else 0.0
        step = {**step, "most": _long_enough(judge, number, step, expected, lag, end)}
        said += [f"watch-{number}: {line}" for line in outlook(expected, step["most"] - lag, rules, end).lines()]
        made.append(step)
    return made, said + ended


def _long_enough(judge: Declared, number: int, step: Declared, expected: Expected, lag: float, end: float) -> float:
    """How long the step may last, so that it can find what it must: a rise in errors, and one in slow answers."""
    most: float = step["most"]
    rules = settings(judge)
    needed = {}
    for metric, base in [("errors", expected.errors), *((SLOW, base) for base in expected.slow.values())]:
        goal = "goal_error_points" if metric == "errors" else "goal_slow_points"
        raised = min(1.0, base + judge[goal] / 100)
        needed[metric, goal] = lag + seconds_to_find(expected, raised, rules, metric, end)
    (metric, goal), longest = max(needed.items(), key=lambda each: each[1])
    if longest <= most:
        return most
    if judge["too_short"] == "extend":
        return float(ceil(longest))
    raise ValueError(
        f"service.strategy.steps[{number - 1}].most: expected at least {ceil(longest)} s, since a rise in {metric} by"
        f" {judge[goal]:g} points is found 95 times of 100 only then, with {step['percent']} % of"
        f" {judge['traffic']:g} requests a second; but found {most:g} s. Nothing was changed."
        f" Raise most or percent, raise judge.{goal}, or let the plan do it with judge.too_short: extend"
    )
