# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plans that the strategies lead to: what is common to all, and what each makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .journal import kind
from .plan import Plan, Step
from .promises import fitted
from .split import Split

#: Seconds a phase may take beyond what the service declares: connections, the copying of the artifact, polling.
ALLOWANCE = {"install": 120, "verify": 15, "shift": 10, "watch": 10, "drain": 10, "bake": 10, "close": 15}

Declared = Mapping[str, Any]
Hosts = Mapping[str, Sequence[str]]


def plan(service: Declared, decision: Declared, hosts: Hosts, hooked: Mapping[str, float] | None = None) -> Plan:
    """The plan of the strategy that *service*, a checked declaration, declares.

    *decision* is what :func:`decision.decide` said, *hosts* are the members of ``routers``, ``blue`` and ``green``;
    *hooked* are the seconds that a user's own tasks may add to each phase of a kind.
    The first release of all has nobody to be compared with: it goes to everybody in one step, whatever is declared.
    Raises ValueError for a strategy that there is not.
    """
    strategy = service["strategy"]["type"]
    if strategy not in STRATEGIES:
        raise ValueError(f"service.strategy.type: expected one of {', '.join(STRATEGIES)}, but found {strategy!r}")
    made = STRATEGIES["blue_green" if decision["previous"] is None else strategy](service, decision, hosts)
    more = hooked or {}
    return replace(
        made, steps=tuple(replace(step, longest=step.longest + more.get(kind(step.phase), 0)) for step in made.steps)
    )


def blue_green(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """All users in one step."""
    make = Maker(service, decision, hosts)
    return make.plan("blue_green", (*make.before(), make.shift("shift", 100), *make.after()))


def canary(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """More and more users, each step watched by the judge, then all."""
    make = Maker(service, decision, hosts)
    steps, promises = fitted(service["strategy"]["judge"], service["strategy"]["steps"])
    growing: list[Step] = []
    for number, declared in enumerate(steps, start=1):
        growing += [make.shift(f"shift-{number}", declared["percent"]), make.watch(f"watch-{number}", declared)]
    last = make.shift(f"shift-{len(steps) + 1}", 100)
    return make.plan("canary", (*make.before(), *growing, last, *make.after()), promises)


STRATEGIES: Mapping[str, Callable[[Declared, Declared, Hosts], Plan]] = {"blue_green": blue_green, "canary": canary}


@dataclass(frozen=True)
class Maker:
    """Makes the steps that strategies are made of, for one service, decision and set of hosts."""

    service: Declared
    decision: Declared
    hosts: Hosts

    @property
    def strategy(self) -> Declared:
        """What is declared of the strategy."""
        declared: Declared = self.service["strategy"]
        return declared

    def split(self, percent: int) -> dict[str, int]:
        """The split that gives the new release *percent* of the users."""
        return Split.giving(self.decision["color"], percent).as_dict()

    def plan(self, name: str, steps: tuple[Step, ...], promises: Iterable[str] = ()) -> Plan:
        """The plan of these steps, each of which begins with the split that the one before it leaves."""
        decision = self.decision
        found = [self.split(0), *(step.split for step in steps[:-1])]
        return Plan(
            service=self.service["name"],
            release=decision["release"],
            previous=decision["previous"],
            color=decision["color"],
            live_color=decision["live_color"],
            strategy=name,
            steps=tuple(replace(step, found=before) for step, before in zip(steps, found)),
            promises=tuple(promises),
        )

    def before(self) -> tuple[Step, ...]:
        """What happens before any user is moved."""
        decision = self.decision
        color, previous = decision["color"], decision["previous"]
        way_back = (
            () if previous is None else (f"{previous} in {decision['live_color']} stays able to take all traffic",)
        )
        return (
            self._step(
                "install",
                f"put {decision['release']} on {color}",
                0,
                ("the artifact's digest is the declared one", "every host answers ready with this release"),
                self.service["runtime"]["start_deadline"],
                on=color,
            ),
            self._step(
                "verify",
                f"ask for {len(self.service['smoke'])} pages of {color} through every load balancer, as a tester",
                0,
                (self._healthy(), "every page is as declared and names the release", *way_back),
                0,
            ),
        )

    def shift(self, phase: str, percent: int) -> Step:
        """Users are moved until the new release has *percent* of them."""
        return self._step(
            phase,
            f"move {'all users' if percent == 100 else f'{percent} % of the users'} at one instant",
            percent,
            (
                self._healthy(),
                "the split is still the one that this plan began with",
                "the lease's fencing number is the highest",
            ),
            self.strategy["commit_delay"],
        )

    def watch(self, phase: str, declared: Declared) -> Step:
        """A step is watched until the judge has a verdict on it and its gates hold."""
        gates = [
            f"at least {declared['least']:g} s and {declared['requests']} answers of the new release",
            f"the judge calls it healthy within {declared['most']:g} s",
            *(gate_said(gate) for gate in declared["gates"]),
        ]
        waits = sum(gate["within"] for gate in declared["gates"] if gate["type"] == "approval")
        if self.strategy["inconclusive"] == "ask":
            waits += self.strategy["pause_limit"]
        step = self._step(
            phase,
            f"compare both releases, with {declared['percent']} % on the new one",
            declared["percent"],
            tuple(gates),
            declared["most"] + waits,
        )
        return replace(step, watch=dict(declared))

    def after(self) -> tuple[Step, ...]:
        """What happens once all users are on the new release."""
        live, strategy = self.decision["live_color"], self.strategy
        slow = f"{strategy['max_slow_percent']} % slow requests"
        failed = "any number of" if strategy["max_failed"] is None else f"at most {strategy['max_failed']}"
        evidence = f"{failed} failed and {slow} at the client's side"
        ceiling = strategy["bake"]["max_error_percent"]
        errors = () if ceiling is None else (f"at most {ceiling:g} % errors among all users' answers",)
        return (
            self._step(
                "drain",
                f"take a first look, wait for {live}'s requests in flight, then close what is left, at a gentle pace",
                100,
                (evidence,),
                strategy["drain"]["deadline"],
            ),
            self._step("bake", "watch what users get", 100, (evidence, *errors), strategy["bake"]["duration"]),
            self._step("close", f"keep {live} warm for a rollback, write the report", 100, (evidence,), 0),
        )

    def _healthy(self) -> str:
        color = self.decision["color"]
        members = len(self.hosts[color])
        return f"{self.strategy['require_healthy']} % of {color}'s {members} members are up on every load balancer"

    def _step(
        self, phase: str, does: str, percent: int, gates: tuple[str, ...], last: float, on: str = "routers"
    ) -> Step:
        return Step(phase, does, tuple(self.hosts[on]), self.split(percent), gates, last + ALLOWANCE[kind(phase)])


def gate_said(gate: Declared) -> str:
    """A declared gate in words."""
    if gate["type"] == "approval":
        return f"a person approves within {gate['within']:g} s (promote.yml)"
    if gate["type"] == "http":
        return f"{gate['url']} answers {gate['status']}" + (f" with {gate['contains']!r}" if gate["contains"] else "")
    return f"the tasks of {gate['file']} succeed"
