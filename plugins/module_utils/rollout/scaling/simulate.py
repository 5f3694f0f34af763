# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replays a trace of traffic against a policy, second by second. The same trace and phases always give the same run.

The group is modelled as its user's guide describes it: an alarm over datapoints that can be read late, a policy that
is invoked when the alarm fires and once a minute after that, instances that boot, are checked and grow into their
share, and that no further breach adds again until they are warm. What it leaves out: what an overload itself makes
slow, zones, Spot interruptions.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from .policy import SIMPLE, TARGET_TRACKING, Policy
from .reaction import INVOKED_EVERY
from .traces import Trace

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Phases:
    """A second at which each thing begins that goes round and round. Nobody can choose them."""

    metric: int = 0
    evaluation: int = 0
    health: int = 0


@dataclass(frozen=True)
class Change:
    """A change of the desired capacity."""

    at: int
    before: int
    after: int


@dataclass
class Run:
    """What happened: for each second from ``begin`` on the load, what could be carried, and the instances paid for."""

    begin: int
    target: float
    loads: list[float] = field(default_factory=list)
    capacities: list[float] = field(default_factory=list)
    instances: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def above(self, second: int) -> bool:
        """Whether the load was above what the instances in service are to carry, in the second at this index."""
        return self.loads[second] > self.capacities[second] + _ROUNDING


@dataclass
class _Young:
    """An instance from its launch until it is in service for all of its share, and warm."""

    healthy: float
    full: float
    warm: float

    def share(self, at: int) -> float:
        if at < self.healthy:
            return 0.0
        return 1.0 if at >= self.full else (at - self.healthy) / (self.full - self.healthy)


def simulate(policy: Policy, trace: Trace, phases: Phases = Phases(), instances: int | None = None) -> Run:
    """Replay *trace*, which begins with as many *instances* as carry its first load, or with the given number."""
    begin, end = math.floor(trace[0][0]), math.ceil(trace[-1][0])
    needed = math.ceil(trace[0][1] / policy.target - _ROUNDING)
    group = _Group(policy, phases, min(max(needed if instances is None else instances, policy.least), policy.most))
    alarm = _Alarm(policy, phases)
    run = Run(begin, policy.target)
    for at, load in _seconds(trace, begin, end):
        group.age(at)
        alarm.close(at)
        if invoked := alarm.evaluate(at):
            before = group.desired
            group.act(at, *invoked)
            if group.desired != before:
                run.changes.append(Change(at, before, group.desired))
        serving = group.serving(at)
        alarm.sample(load, serving)
        run.loads.append(load)
        run.capacities.append(serving * policy.target)
        run.instances.append(group.desired)
    return run


def _seconds(trace: Trace, begin: int, end: int) -> Iterator[tuple[int, float]]:
    index = 0
    for at in range(begin, end):
        while index + 1 < len(trace) and trace[index + 1][0] <= at:
            index += 1
        yield at, trace[index][1]


class _Group:
    """The instances. ``settled`` ones are in service and warm, ``young`` ones are not yet."""

    def __init__(self, policy: Policy, phases: Phases, instances: int) -> None:
        self._policy = policy
        self._phases = phases
        self._settled = instances
        self._young: list[_Young] = []
        self._pool = [0.0] * policy.pool  # when each place of the warm pool has a prepared instance
        self._cooling = 0.0

    @property
    def desired(self) -> int:
        """The desired capacity."""
        return self._settled + len(self._young)

    def age(self, at: int) -> None:
        """Instances that are in service and warm by now are like the others."""
        if self._young:
            still = [one for one in self._young if at < max(one.full, one.warm)]
            self._settled += len(self._young) - len(still)
            self._young = still

    def serving(self, at: int) -> float:
        """How many instances there are for the load balancer, those in slow start in part."""
        return self._settled + sum(one.share(at) for one in self._young)

    def act(self, at: int, out: bool, load: float, excess: float) -> None:
        """What the policy does when it is invoked with the average load and the excess (percent) of the last period."""
        if out:
            self._scale_out(at, load, excess)
        elif not self._young and at >= self._cooling:
            self._scale_in(at, load)

    def _scale_out(self, at: int, load: float, excess: float) -> None:
        policy, wanted = self._policy, self.desired
        if policy.type == TARGET_TRACKING:
            wanted = math.ceil(load / policy.target - _ROUNDING)
        elif policy.type != SIMPLE:
            # Instances that are not warm yet count as added by this breach already.
            wanted = self._settled + policy.added(excess)
        elif at >= self._cooling:
            wanted = self.desired + policy.added(excess)
        launched = [self._launch(at) for _one in range(min(wanted, policy.most) - self.desired)]
        if launched:
            self._young += launched
            self._cooling = max(one.warm for one in launched) - policy.warmup + policy.cooldown

    def _scale_in(self, at: int, load: float) -> None:
        policy = self._policy
        left = self._settled - policy.in_remove
        if policy.type == TARGET_TRACKING:
            left = math.ceil(load / policy.target - _ROUNDING)
        if max(left, policy.least) < self._settled:
            self._settled = max(left, policy.least)
            self._cooling = at + policy.cooldown

    def _launch(self, at: int) -> _Young:
        policy = self._policy
        ready = at + policy.boot
        for place, prepared in enumerate(self._pool):
            if prepared <= at:
                self._pool[place] = ready  # another one is prepared in its place
                ready = at + min(policy.start, policy.boot)
                break
        checked = ready + (self._phases.health - ready) % policy.interval
        healthy = checked + (policy.healthy_threshold - 1) * policy.interval
        return _Young(healthy, healthy + policy.slow_start, ready + policy.warmup)


class _Alarm:
    """The metric's datapoints, and the two alarms over them."""

    def __init__(self, policy: Policy, phases: Phases) -> None:
        self._policy = policy
        self._phases = phases
        self._samples: list[tuple[float, float]] = []
        #: When it can be read, average load, excess over the target in percent.
        self._coming: deque[tuple[float, float, float]] = deque()
        self._known: deque[tuple[float, float]] = deque(maxlen=max(policy.of, policy.in_datapoints))
        self._invoked: dict[bool, float] = {}

    def sample(self, load: float, serving: float) -> None:
        """What was measured in a second."""
        self._samples.append((load, load / (max(serving, _ROUNDING) * self._policy.target)))

    def close(self, at: int) -> None:
        """Make a datapoint of the period that ends here, if one does; a period that began before the trace has none."""
        period = self._policy.period
        if (at - self._phases.metric) % period:
            return
        if len(self._samples) == period:
            load = sum(load for load, _use in self._samples) / period
            use = sum(use for _load, use in self._samples) / period
            self._coming.append((at + self._policy.delivery, load, 100 * (use - 1)))
        self._samples = []

    def evaluate(self, at: int) -> tuple[bool, float, float] | None:
        """Whether a policy is invoked now: outwards (True) or inwards, and the last period's load and excess."""
        if (at - self._phases.evaluation) % self._policy.evaluation:
            return None
        while self._coming and self._coming[0][0] <= at:
            self._known.append(self._coming.popleft()[1:])
        for out, firing in ((True, self._high()), (False, self._low())):
            if not firing:
                self._invoked.pop(out, None)
            elif at - self._invoked.get(out, -math.inf) >= INVOKED_EVERY:
                self._invoked[out] = at
                return (out, *self._known[-1])
        return None

    def _high(self) -> bool:
        last = list(self._known)[-self._policy.of :]
        return sum(excess > _ROUNDING for _load, excess in last) >= self._policy.datapoints

    def _low(self) -> bool:
        wanted = self._policy.in_datapoints
        last = list(self._known)[-wanted:] if wanted else []
        return len(last) == wanted > 0 and all(excess < -self._policy.in_below for _load, excess in last)
