# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which knobs make a policy answer sooner, what each would give, and which together are enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .policy import STEP, TARGET_TRACKING, Policy
from .reaction import reaction

WARM_START = 30
"""Seconds that a prepared instance is taken to need; an instance that was stopped has to start its system."""


@dataclass(frozen=True)
class Knob:
    """One change of the declaration: what is there now, what would be, and the worst case with this change alone."""

    key: str
    now: str
    then: str
    seconds: float
    change: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.key}: {self.now} -> {self.then} ({self.seconds:g} s)"


def knobs(policy: Policy) -> list[Knob]:
    """What can be turned, the most effective first. A knob that would give nothing is not among them."""
    present = reaction(policy).seconds
    turned = [
        Knob(key, now, then, reaction(replace(policy, **change)).seconds, change)
        for key, now, then, change in _turns(policy)
    ]
    return sorted((knob for knob in turned if knob.seconds < present), key=lambda knob: knob.seconds)


def enough(policy: Policy, turned: Sequence[Knob]) -> tuple[list[Knob], float]:
    """The most effective knobs, as many as bring the worst case within the limit, and what they come to together."""
    taken: list[Knob] = []
    seconds = reaction(policy).seconds
    for knob in turned:
        if seconds <= policy.limit:
            break
        policy = replace(policy, **knob.change)
        taken.append(knob)
        seconds = reaction(policy).seconds
    return taken, seconds


def refusal(policy: Policy) -> str:
    """Why *policy* is refused and what would help; empty where its worst case is within the limit."""
    found = reaction(policy)
    if found.within:
        return ""
    parts = ", ".join(f"{part.name} {part.seconds:g} s" for part in found.parts if part.seconds)
    expected = f"added capacity in service within {policy.limit:g} s of an overload"
    told = [f"service_scaling: expected {expected}, found {found.seconds:g} s at worst ({parts})"]
    turned = knobs(policy)
    if turned:
        told.append(f"Each alone would give: {'; '.join(map(str, turned))}")
    taken, seconds = enough(policy, turned)
    if seconds <= policy.limit:
        together = " and ".join(f"{knob.key} {knob.then}" for knob in taken)
        told.append(f"Enough is {together}: {seconds:g} s")
    else:
        told.append(f"All together give {seconds:g} s: have more instances than the load needs, or raise the limit")
    return ". ".join(told)


def _turns(policy: Policy) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Key, what it is now, what it would be, and the fields that this changes."""
    # The first datapoint may see only a part of a surge.
    least = 2 if policy.surge > 1 else 1
    if policy.period > 10:
        delivery = min(policy.delivery, 10)
        period = {"period": 10, "delivery": delivery, "datapoints": max(policy.datapoints, least)}
        yield "metric.period", str(policy.period), f"10, delivered within {delivery:g} s", period
    if policy.type != TARGET_TRACKING and policy.datapoints > least:
        yield "policy.datapoints", str(policy.datapoints), str(least), {"datapoints": least, "of": least}
    if policy.cooldown:
        yield "policy.type", policy.type, "step, which has no cooldown", {"type": STEP, "cooldown": 0}
    if policy.launch > WARM_START:
        pool = {"pool": max(policy.pool, policy.surge), "start": WARM_START}
        now = f"size {policy.pool}" if policy.pool else "none"
        yield "warm_pool", now, f"size {pool['pool']}, if it starts within {WARM_START} s", pool
    interval = {"interval": 5, "healthy_threshold": 2}
    yield "health", f"{policy.healthy_threshold} x {policy.interval} s", "2 x 5 s", interval
    yield "slow_start", str(policy.slow_start), "0", {"slow_start": 0}
