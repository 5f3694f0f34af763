# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How capacity follows the load: the policy as it is declared (``service_scaling``), and as it is computed with.

The words are those of the Auto Scaling group and of the target group that they describe; the times that AWS does not
know (how long an instance takes to boot, when a metric can be read) are the user's to measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..declaration.containers import Key, ListOf, Section, Variants
from ..declaration.kinds import Number
from ..declaration.problem import Problem

TARGET_TRACKING, STEP, SIMPLE = "target_tracking", "step", "simple"

TRACKING_DATAPOINTS = 3
"""Periods above the target after which a target-tracking policy's alarm fires. AWS sets it; nobody can change it."""

PERIODS = {TARGET_TRACKING: (10, 30, 60), STEP: (10, 20, 30, 60, 120, 180, 240, 300)}
"""Seconds that AWS takes as a period, of a metric that is tracked and of an alarm."""

_COUNT = Number(1, 100, whole=True)
_INSTANCES = Number(0, 1000, "instances", whole=True)
_SECONDS = Number(0, 7200, "seconds")
_ALARM = {
    "datapoints": Key(_COUNT, "Periods above the target after which the alarm fires.", 3),
    "of": Key(_COUNT, "The number of periods among which these are counted. By default as many.", None),
}
_STEP = Section(
    {
        "above": Key(Number(0, 10_000, "percent"), "How far above the target the metric is at least."),
        "add": Key(Number(1, 1000, "instances", whole=True), "How many are added then."),
    }
)

SCALING = Section(
    {
        "policy": Key(
            Variants(
                {
                    TARGET_TRACKING: Section({}),
                    STEP: Section({**_ALARM, "steps": Key(ListOf(_STEP, least=1), "What is added, by the excess.")}),
                    SIMPLE: Section(
                        {
                            **_ALARM,
                            "add": Key(Number(1, 1000, "instances", whole=True), "How many are added each time."),
                            "cooldown": Key(_SECONDS, "The pause after each activity.", 300),
                        }
                    ),
                },
                "The kind of scaling policy.",
            ),
            "What decides on the capacity.",
        ),
        "target": Key(Number(0.001, 1_000_000, "requests a second"), "What one instance is to carry."),
        "instances": Key(
            Section(
                {
                    "least": Key(Number(1, 1000, "instances", whole=True), "The group's minimum."),
                    "most": Key(Number(1, 1000, "instances", whole=True), "The group's maximum."),
                }
            ),
            "The limits of the group.",
        ),
        "metric": Key(
            Section(
                {
                    "period": Key(Number(10, 300, "seconds", whole=True), "What one datapoint is the average of.", 60),
                    "delivery": Key(
                        Number(0, 600, "seconds"),
                        "After the end of a period, until its datapoint can be read. By default one period.",
                        None,
                    ),
                }
            ),
            "The metric that is watched.",
            {},
        ),
        "boot": Key(_SECONDS, "From the launch of an instance until its application answers."),
        "warm_pool": Key(
            Section(
                {
                    "size": Key(Number(1, 1000, "instances", whole=True), "Instances that are kept prepared."),
                    "start": Key(_SECONDS, "From the start of such an instance until its application answers."),
                }
            ),
            "Instances that have booted before.",
            None,
        ),
        "warmup": Key(_SECONDS, "The instance warm-up: for so long a new one does not count.", 60),
        "health": Key(
            Section(
                {
                    "interval": Key(Number(5, 300, "seconds", whole=True), "Between two checks of a target.", 10),
                    "healthy_threshold": Key(Number(2, 10, whole=True), "Good answers in a row.", 2),
                }
            ),
            "The target group's health check.",
            {},
        ),
        "slow_start": Key(Number(0, 900, "seconds", whole=True), "Over which a new target's share grows.", 0),
        "scale_in": Key(
            Section(
                {
                    "datapoints": Key(
                        Number(0, 100, whole=True), "Periods below after which the group shrinks; 0 for never.", 15
                    ),
                    "below": Key(Number(0, 99, "percent"), "How far below the target that is.", 10),
                    "remove": Key(_INSTANCES, "How many go at once, where the policy does not compute it.", 1),
                }
            ),
            "When capacity is given back.",
            {},
        ),
        "surge": Key(
            Number(1, 100, "instances", whole=True), "How many instances an overload may need at once, at most.", 1
        ),
        "limit": Key(Number(1, 7200, "seconds"), "From overload to added capacity in service, at most.", 120),
    }
)


@dataclass(frozen=True)
class Policy:
    """A checked policy. Times are seconds, loads requests a second, excesses percent of the target."""

    type: str
    target: float
    least: int
    most: int
    period: int
    datapoints: int
    of: int
    delivery: float
    boot: float
    pool: int
    start: float
    warmup: float
    interval: int
    healthy_threshold: int
    slow_start: int
    surge: int
    limit: float
    steps: tuple[tuple[float, int], ...] = ()
    cooldown: float = 0
    in_datapoints: int = 0
    in_below: float = 0
    in_remove: int = 0

    @property
    def evaluation(self) -> int:
        """Seconds between two evaluations of the alarm."""
        return 10 if self.period < 60 else 60

    @property
    def launch(self) -> float:
        """Seconds until an instance answers, as long as the warm pool has what a surge needs."""
        return min(self.start, self.boot) if self.pool >= self.surge else self.boot

    def added(self, excess: float) -> int:
        """How many instances a step or simple policy adds at this *excess* over the target."""
        return next((add for above, add in reversed(self.steps) if excess >= above), 0)


def policy(declared: object) -> Policy:
    """The policy of a declaration. Raises ValueError, naming every mistake and what was expected."""
    problems: list[Problem] = []
    where = ("service_scaling",)
    found = SCALING.check(declared, where, problems)
    if not problems:
        problems = [Problem((*where, *key), *told) for key, told in _disagreements(found).items()]
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    made = _policy(found)
    if short := _short_of_surge(made):
        raise ValueError(str(Problem((*where, "surge"), str(made.surge), short)))
    return made


def _disagreements(found: Mapping[str, Any]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Keys that are right one by one and wrong together: what was found, and expected."""
    told: dict[tuple[str, ...], tuple[str, str]] = {}
    chosen, instances, period = found["policy"], found["instances"], found["metric"]["period"]
    periods = PERIODS[TARGET_TRACKING if chosen["type"] == TARGET_TRACKING else STEP]
    if period not in periods:
        told["metric", "period"] = str(period), f"one of {', '.join(map(str, periods))} for {chosen['type']}"
    if instances["most"] < instances["least"]:
        told["instances", "most"] = str(instances["most"]), f"at least instances.least ({instances['least']})"
    if (chosen.get("of") or 100) < chosen.get("datapoints", 0):
        told["policy", "of"] = str(chosen["of"]), f"at least policy.datapoints ({chosen['datapoints']})"
    if 0 < found["slow_start"] < 30:
        told["slow_start",] = str(found["slow_start"]), "0, or 30 seconds at least"
    if found["surge"] > 1 and chosen["type"] == STEP and chosen["datapoints"] == 1 and period < 60:
        expected = "2 or more with a surge above 1: the first datapoint sees a part of the overload alone"
        told["policy", "datapoints"] = "1", expected
    return told


def _policy(found: Mapping[str, Any]) -> Policy:
    chosen, metric, pool, less = found["policy"], found["metric"], found["warm_pool"] or {}, found["scale_in"]
    datapoints = int(chosen.get("datapoints", TRACKING_DATAPOINTS))
    steps = [(step["above"], step["add"]) for step in chosen.get("steps", ())]
    return Policy(
        type=chosen["type"],
        target=found["target"],
        least=found["instances"]["least"],
        most=found["instances"]["most"],
        period=metric["period"],
        datapoints=datapoints,
        of=chosen.get("of") or datapoints,
        delivery=metric["period"] if metric["delivery"] is None else metric["delivery"],
        boot=found["boot"],
        pool=pool.get("size", 0),
        start=pool.get("start", 0),
        warmup=found["warmup"],
        interval=found["health"]["interval"],
        healthy_threshold=found["health"]["healthy_threshold"],
        slow_start=found["slow_start"],
        surge=found["surge"],
        limit=found["limit"],
        steps=tuple(sorted(steps)) or ((0, chosen["add"]),) if chosen["type"] != TARGET_TRACKING else (),
        cooldown=chosen.get("cooldown", 0),
        in_datapoints=less["datapoints"],
        in_below=less["below"],
        in_remove=less["remove"],
    )


def _short_of_surge(made: Policy) -> str:
    """Where a policy adds fewer at once than a surge needs; it would then take a second round, after the warm-up."""
    if made.type == TARGET_TRACKING:
        return ""
    for running in range(made.least, max(made.most - made.surge, made.least) + 1):
        # Just above what surge - 1 more could carry.
        excess = 100 * (made.surge - 1) / running
        adds = made.added(excess)
        if adds < made.surge:
            return f"at most what is added at once: {running} instances and {excess:.3g} % above the target add {adds}"
    return ""
