# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps that plans are made of: what each does, on which hosts, under which gates, and for how long at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .journal import kind
from .plan import Plan, Step
from .split import Split

#: Seconds a phase may take beyond what the service declares: connections, the copying of the artifact, polling.
ALLOWANCE = {
    "install": 120,
    "refresh": 30,
    "verify": 15,
    "shift": 10,
    "watch": 10,
    "drain": 10,
    "bake": 10,
    "close": 15,
}

#: Seconds beyond its duration in which a bake waits for what does not hold yet, and may be asked for again.
UNMET = 60

Declared = Mapping[str, Any]
Hosts = Mapping[str, Sequence[str]]


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
        found = [Split.all_on(decision["live_color"]).as_dict(), *(step.split for step in steps[:-1])]
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

    def install(self, phase: str = "install", member: str | None = None) -> Step:
        """The release is put where it will run: on the idle pool, or on the one host that has left the live one."""
        release, color = self.decision["release"], self.decision["color"]
        here = f"{member}, in place of {self.decision['previous']}" if member else color
        return self._step(
            phase,
            f"put {release} on {here}",
            0,
            ("the artifact's digest is the declared one", f"every {self._each} answers ready with this release"),
            self.service["runtime"]["start_deadline"],
            on=(member,) if member else self.hosts[color],
            member=member,
        )

    def prepare(self) -> Step:
        """The release becomes a version of the launch template of the group that has the users; nobody has it yet."""
        decision = self.decision
        does = f"make a version of the launch template of {decision['live_color']} with {decision['release']}"
        gates = (
            "the artifact's digest is the declared one",
            f"no other refresh of {decision['live_color']} goes on",
            f"{decision['previous']} can be told from it, for the way back",
        )
        return self._step("install", does, 100, gates, 0, on=self.hosts[decision["color"]])

    def refresh(self, phase: str, percent: int) -> Step:
        """Instances of the live color are replaced until *percent* of them have the release."""
        declared, live = self.strategy["refresh"], self.decision["live_color"]
        least, most = self.strategy["require_healthy"], declared["max_healthy"]
        gates = (
            f"{least} % of {live}'s instances stay healthy, {most} % exist at most",
            "every new instance is up on every load balancer",
            f"each gets there within {self.service['runtime']['start_deadline']:g} s",
            *(f"no alarm of {', '.join(names)}" for names in (declared["alarms"],) if names),
        )
        instances = "all instances" if percent == 100 else f"{percent} % of the instances"
        does = f"replace {instances} of {live} by ones with {self.decision['release']}"
        return self._step(phase, does, 100, gates, declared["within"])

    def verify(self, phase: str = "verify", member: str | None = None) -> Step:
        """It is tried by testers, before any user gets it."""
        decision = self.decision
        previous, live = decision["previous"], decision["live_color"]
        in_place = decision["color"] == live
        stays = f"{previous} in {live} stays able to take all traffic"
        return self._step(
            phase,
            f"ask for {len(self.service['smoke'])} pages of {member or decision['color']} through every load balancer,"
            " as a tester",
            100 if in_place else 0,
            (
                "it is up on every load balancer" if member else self._healthy(),
                "every page is as declared and names the release",
                *(() if member or in_place or previous is None else (stays,)),
            ),
            0,
            member=member,
        )

    def shift(self, phase: str, percent: int, healthy: str = "") -> Step:
        """Users are moved until the new release has *percent* of them; *healthy* says which members have to be up."""
        return self._step(
            phase,
            f"move {'all users' if percent == 100 else f'{percent} % of the users'} at one instant",
            percent,
            (
                healthy or self._healthy(),
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
        waits = _waits(declared["gates"])
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

    def drain(self, phase: str = "drain", member: str | None = None) -> Step:
        """Nothing is in flight any more where the old release is to end: in its whole pool, or on one host."""
        live = self.decision["live_color"]
        if member:
            does = f"take {member} out, wait for its requests in flight, then close what is left, at a gentle pace"
        else:
            does = f"take a first look, wait for {live}'s requests in flight, then close what is left, at a gentle pace"
        gates = (f"the other hosts of {live} are up on every load balancer",) if member else (self._evidence(),)
        return self._step(phase, does, 100, gates, self.strategy["drain"]["deadline"], member=member)

    def bake(self, phase: str = "bake") -> Step:
        """Users of the new release are watched, until the gates hold."""
        declared = self.strategy["bake"]
        ceiling, gates = declared["max_error_percent"], declared["gates"]
        errors = () if ceiling is None else (f"at most {ceiling:g} % errors among all users' answers",)
        said = (self._evidence(), *errors, *map(gate_said, gates))
        waits = _waits(gates) + (UNMET if gates else 0)
        step = self._step(phase, "watch what users get", 100, said, declared["duration"] + waits)
        # Where a check fails for a moment while a person is waited for, the person still has the time.
        most = declared["duration"] + UNMET + _waits([gate for gate in gates if gate["type"] == "approval"])
        watch = {"least": declared["duration"], "most": most, "requests": 0, "gates": gates, "inconclusive": "back"}
        return replace(step, watch=watch)

    def close(self, does: str) -> Step:
        """The end: the evidence is judged, and the release stays."""
        return self._step("close", f"{does}, write the report", 100, (self._evidence(),), 0)

    @property
    def _each(self) -> str:
        """What a pool consists of."""
        return "instance" if self.service["runtime"].get("type") == "autoscaling_group" else "host"

    def _evidence(self) -> str:
        most = self.strategy["max_failed"]
        failed = "any number of" if most is None else f"at most {most}"
        return f"{failed} failed and {self.strategy['max_slow_percent']} % slow requests at the client's side"

    def _healthy(self) -> str:
        color = self.decision["color"]
        members = f"{len(self.hosts[color])} members" if self._each == "host" else "instances"
        return f"{self.strategy['require_healthy']} % of {color}'s {members} are up on every load balancer"

    def _step(
        self,
        phase: str,
        does: str,
        percent: int,
        gates: tuple[str, ...],
        last: float,
        on: Sequence[str] | None = None,
        member: str | None = None,
    ) -> Step:
        hosts = tuple(self.hosts["routers"] if on is None else on)
        longest = last + ALLOWANCE[kind(phase)]
        return Step(
            phase,
            does,
            hosts,
            self.split(percent),
            gates,
            longest,
            member=member,
            require_healthy=self.strategy["require_healthy"],
            require_old=self.strategy["require_healthy"],
        )


def _waits(gates: Sequence[Declared]) -> float:
    """The seconds that gates may take beyond the watch."""
    return float(sum(gate["within"] for gate in gates if gate["type"] in ("approval", "tasks")))


def gate_said(gate: Declared) -> str:
    """A declared gate in words."""
    if gate["type"] == "approval":
        return f"a person approves within {gate['within']:g} s (promote.yml)"
    if gate["type"] == "http":
        return f"{gate['url']} answers {gate['status']}" + (f" with {gate['contains']!r}" if gate["contains"] else "")
    return f"the tasks of {gate['file']} succeed within {gate['within']:g} s"
