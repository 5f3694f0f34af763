# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plans that the strategies lead to: what is common to all, and what each makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .declaration.metrics_pace import lag
from .journal import kind
from .plan import Plan, Step
from .promises import fitted
from .refreshing import refreshing
from .rolling import rolling
from .steps import Declared, Hosts, Maker

Hooks = Mapping[str, Mapping[str, Sequence[str]]]


def plan(
    service: Declared, decision: Declared, hosts: Hosts, hooks: Hooks | None = None, hook_seconds: float = 0
) -> Plan:
    """The plan of the strategy that *service*, a checked declaration, declares.

    *decision* is what :func:`decision.decide` said, *hosts* are the members of ``routers``, ``blue`` and ``green``;
    *hooks* are the files of the user's own tasks, ``before`` and ``after`` the phases of a kind; each of these phases
    takes up to *hook_seconds* longer.
    The first release of all has nobody to be compared with: it goes to everybody in one step, whatever is declared.
    Raises ValueError for a strategy that there is not.
    """
    strategy = service["strategy"]["type"]
    if strategy not in STRATEGIES:
        raise ValueError(f"service.strategy.type: expected one of {', '.join(STRATEGIES)}, but found {strategy!r}")
    made = _maker(service, decision)(service, decision, hosts)
    return replace(made, steps=tuple(_hooked(step, hooks or {}, hook_seconds) for step in made.steps))


def blue_green(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """All users in one step."""
    make = Maker(service, decision, hosts)
    return make.plan("blue_green", (*_before(make), make.shift("shift", 100), *_after(make)))


def canary(service: Declared, decision: Declared, hosts: Hosts) -> Plan:
    """More and more users, each step watched by the judge, then all."""
    make = Maker(service, decision, hosts)
    strategy = service["strategy"]
    metrics = service["metrics"]
    steps, promises = fitted(strategy["judge"], strategy["steps"], len(metrics["edges"]), lag(metrics["source"]))
    growing: list[Step] = []
    for number, declared in enumerate(steps, start=1):
        growing += [make.shift(f"shift-{number}", declared["percent"]), make.watch(f"watch-{number}", declared)]
    last = make.shift(f"shift-{len(steps) + 1}", 100)
    return make.plan("canary", (*_before(make), *growing, last, *_after(make)), promises)


STRATEGIES: Mapping[str, Callable[[Declared, Declared, Hosts], Plan]] = {
    "blue_green": blue_green,
    "canary": canary,
    "rolling": rolling,
}


def _hooked(step: Step, hooks: Hooks, seconds: float) -> Step:
    """Files without their folders: a plan that was approved on one machine is the same on another."""
    declared = hooks.get(kind(step.phase))
    if declared is None:
        return step
    before, after = (
        tuple(file.rpartition("/")[2] for file in declared.get(place) or ()) for place in ("before", "after")
    )
    return replace(step, longest=step.longest + seconds, before=before, after=after)


def _maker(service: Declared, decision: Declared) -> Callable[[Declared, Declared, Hosts], Plan]:
    if decision["previous"] is None:
        return blue_green
    strategy = service["strategy"]
    return refreshing if strategy.get("refresh") else STRATEGIES[strategy["type"]]


def _before(make: Maker) -> tuple[Step, ...]:
    return make.install(), make.verify()


def _after(make: Maker) -> tuple[Step, ...]:
    live = make.decision["live_color"]
    return make.drain(), make.bake(), make.close(f"keep {live} warm for a rollback")
