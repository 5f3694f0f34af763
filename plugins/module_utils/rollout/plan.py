# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a rollout: each step with its hosts, its split, its gates and how long it may take.

What is printed is what is done: the same plan, by its digest, is checked again before traffic moves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .split import Split

#: Seconds a phase may take beyond what the service declares: connections, the copying of the artifact, polling.
ALLOWANCE = {"install": 120, "verify": 15, "shift": 10, "drain": 10, "bake": 10, "close": 15}


@dataclass(frozen=True)
class Step:
    """One phase of a rollout. ``split`` is the one that holds from its end on; ``longest`` is in seconds."""

    phase: str
    does: str
    hosts: tuple[str, ...]
    split: Mapping[str, int]
    gates: tuple[str, ...]
    longest: float


@dataclass(frozen=True)
class Plan:
    """Steps in their order. ``longest`` is the longest the whole may take, in seconds."""

    service: str
    release: str
    previous: str | None
    color: str
    live_color: str
    strategy: str
    steps: tuple[Step, ...]

    @property
    def longest(self) -> float:
        """The sum of the steps' longest durations, in seconds."""
        return sum(step.longest for step in self.steps)

    @property
    def digest(self) -> str:
        """Twelve hex digits that stand for this very plan."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_dict(self) -> dict[str, Any]:
        """The plan for the journal and templates."""
        return {**asdict(self), "longest": self.longest, "digest": self.digest}

    def lines(self) -> list[str]:
        """The plan as an operator reads it."""
        head = [
            (
                f"plan {self.digest}: {self.service} {self.previous or 'nothing'} ({self.live_color})"
                f" -> {self.release} ({self.color}), {self.strategy}, at most {_duration(self.longest)}"
            )
        ]
        for number, step in enumerate(self.steps, start=1):
            shares = " / ".join(f"{color} {share} %" for color, share in step.split.items())
            head.append(f"{number}. {step.phase}: {step.does}")
            head.append(f"   on {', '.join(step.hosts)}; then {shares}; at most {_duration(step.longest)}")
            head.extend(f"   gate: {gate}" for gate in step.gates)
        return head


def blue_green(
    service: Mapping[str, Any],
    decision: Mapping[str, Any],
    hosts: Mapping[str, Sequence[str]],
) -> Plan:
    """The plan that moves all users in one step.

    *service* is a checked declaration, *decision* what :func:`decision.decide` said, *hosts* the members of
    ``routers``, ``blue`` and ``green``.
    """
    color, live = decision["color"], decision["live_color"]
    strategy = service["strategy"]
    before, after = Split.all_on(live).as_dict(), Split.all_on(color).as_dict()
    pool, routers = tuple(hosts[color]), tuple(hosts["routers"])
    need = f"{strategy['require_healthy']} % of {color}'s {len(pool)} members are up on every load balancer"
    previous = decision["previous"]
    way_back = () if previous is None else (f"{previous} in {live} stays able to take all traffic",)
    failed, slow = strategy["max_failed"], strategy["max_slow_percent"]
    evidence = f"at most {failed} failed and {slow} % slow requests at the client's side"

    def step(
        phase: str, does: str, on: tuple[str, ...], split: Mapping[str, int], gates: tuple[str, ...], last: float
    ) -> Step:
        return Step(phase, does, on, split, gates, last + ALLOWANCE[phase])

    return Plan(
        service=service["name"],
        release=decision["release"],
        previous=previous,
        color=color,
        live_color=live,
        strategy=strategy["type"],
        steps=(
            step(
                "install",
                f"put {decision['release']} on {color}",
                pool,
                before,
                ("the artifact's digest is the declared one", "every host answers ready with this release"),
                service["runtime"]["start_deadline"],
            ),
            step(
                "verify",
                f"ask for {len(service['smoke'])} pages of {color} through every load balancer, as a tester",
                routers,
                before,
                (need, "every page is as declared and names the release", *way_back),
                0,
            ),
            step(
                "shift",
                "move all users at one instant",
                routers,
                after,
                (
                    need,
                    "the split is still the one that this plan began with",
                    "the lease's fencing number is the highest",
                ),
                strategy["commit_delay"],
            ),
            step(
                "drain",
                f"take a first look, wait for {live}'s requests in flight, then close what is left, at a gentle pace",
                routers,
                after,
                (evidence,),
                strategy["drain"]["deadline"],
            ),
            step("bake", "watch what users get", routers, after, (evidence,), strategy["bake"]["duration"]),
            step("close", f"keep {live} warm for a rollback, write the report", routers, after, (evidence,), 0),
        ),
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
