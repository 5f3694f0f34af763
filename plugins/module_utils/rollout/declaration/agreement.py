# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What single keys cannot show: keys of one declaration that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..promises import settings
from .metrics_agreement import metrics_problems
from .probe_table import LONG_LIVED
from .problem import Problem, Where, shown
from .strategy_table import JUDGE

# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
_MOST_ALARMS = 10
_WIDEST = 100


def at(tree: Any, *way: str) -> Any:
    """What stands at the end of *way*, or None where that is missing or was wrong."""
    for part in way:
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree


def contradictions(service: Mapping[str, Any]) -> Iterator[Problem]:
    """Of a normalised service; wrong values were left out of it, and nothing is said about them twice."""
    yield from _probe(at(service, "probe") or {})
    yield from _probe_lasts(service)
    yield from _probe_lets_go(service)
    yield from _steps_grow(service)
    yield from _horizon_is_reached(service)
    yield from _shares_grow(service)
    yield from metrics_problems(service)
    yield from _judge_sits(at(service, "strategy", "judge"))
    if at(service, "entry", "ca_file") and at(service, "probe", "tls") is False:
        yield Problem(
            ("service", "entry", "ca_file"),
            shown(service["entry"]["ca_file"]),
            "none while service.probe.tls is false",
            "nothing would be verified with it: leave it out, or set tls to true",
        )


def _probe(probe: Mapping[str, Any]) -> Iterator[Problem]:
    where: Where = ("service", "probe")
    mix = probe.get("mix")
    if mix is not None and not any(mix.values()):
        yield Problem((*where, "mix"), "none", "at least one weight above 0")
    paths = probe.get("paths")
    if paths is None:
        return
    wanted = [(kind, f"mix.{kind}") for kind, weight in (mix or {}).items() if weight]
    wanted += [(kind, count) for kind, count in LONG_LIVED.items() if probe.get(count)]
    for kind, because in wanted:
        if kind not in paths:
            yield Problem(
                (*where, "paths", kind), "no such key", "a path or a list of them", f"probe.{because} asks for it"
            )


def longest(service: Mapping[str, Any]) -> float | None:
    """The seconds that start, commit, steps, drain and bake may take together, once each; None where one is wrong.

    What waits for a person does not count, but in a bake: the probe bears witness until its end.
    """
    steps = at(service, "strategy", "steps") or ()
    gates = [gate for step in steps for gate in step.get("gates") or ()]
    bake = [at(service, "strategy", "bake", "duration")]
    bake += [gate["within"] for gate in at(service, "strategy", "bake", "gates") or () if "within" in gate]
    parts = [
        at(service, "runtime", "start_deadline"),
        at(service, "strategy", "commit_delay"),
        at(service, "strategy", "drain", "deadline"),
        *bake,
        *(step.get("most") for step in steps),
        *(gate.get("within") for gate in gates if gate.get("type") == "tasks"),
    ]
    if refresh := at(service, "strategy", "refresh"):
        shares = len(refresh.get("checkpoints") or ())
        parts += [refresh.get("within")] * shares + bake * (shares - 1)
    return None if None in parts else sum(parts)


def _probe_lasts(service: Mapping[str, Any]) -> Iterator[Problem]:
    """A probe that ends by itself before the rollout does leaves no evidence, and the rollout fails late."""
    lasts, needed = at(service, "probe", "max_seconds"), longest(service)
    if lasts is not None and needed is not None and lasts < needed:
        yield Problem(
            ("service", "probe", "max_seconds"),
            shown(lasts),
            f"at least {needed:g}, which start, commit, steps, drain and bake may take together",
            "raise it, or lower runtime.start_deadline, strategy.drain.deadline or strategy.bake.duration",
        )


def _probe_lets_go(service: Mapping[str, Any]) -> Iterator[Problem]:
    """What the drain closes at its deadline is no failure of the release, yet the probe would count it as one."""
    drain = at(service, "strategy", "drain") or {}
    if drain.get("deadline") is None or not drain.get("close"):
        return
    for count, held in (("streams", "stream_seconds"), ("websockets", "websocket_seconds")):
        seconds = at(service, "probe", held)
        if at(service, "probe", count) and seconds is not None and seconds >= drain["deadline"]:
            yield Problem(
                ("service", "probe", held),
                shown(seconds),
                f"less than strategy.drain.deadline, which is {drain['deadline']:g}",
                "the drain closes what is older, which would count as broken: lower it, raise the deadline, or set"
                " strategy.drain.close to false",
            )


def _steps_grow(service: Mapping[str, Any]) -> Iterator[Problem]:
    """Whoever has seen the new release keeps it: a share that shrinks would send users back and forth."""
    reached = 0
    for index, step in enumerate(at(service, "strategy", "steps") or ()):
        where: Where = ("service", "strategy", "steps", index)
        percent, least, most = step.get("percent"), step.get("least"), step.get("most")
        if percent is not None and percent <= reached:
            yield Problem((*where, "percent"), shown(percent), f"more than {reached}, which the step before it reaches")
        if least is not None and most is not None and least > most:
            yield Problem((*where, "most"), shown(most), f"at least {least:g}, which is the step's least")
        reached = percent if percent is not None else reached


def _judge_sits(judge: Any) -> Iterator[Problem]:
    """A judge is appointed once users have been moved: what it would refuse then is refused now."""
    if not isinstance(judge, Mapping) or not judge.keys() >= {*JUDGE.keys}:
        return
    try:
        settings({**judge, "horizon": None})  # which has words of its own
    except ValueError as error:
        yield Problem(("service", "strategy", "judge"), str(error), "settings that a judge can work with")


def _horizon_is_reached(service: Mapping[str, Any]) -> Iterator[Problem]:
    """A test that no step lasts for costs half of alpha, and finds nothing."""
    judge: Mapping[str, Any] = at(service, "strategy", "judge") or {}
    where: Where = ("service", "strategy", "judge", "horizon")
    horizon, warmup = judge.get("horizon"), judge.get("warmup")
    most = [step.get("most") for step in at(service, "strategy", "steps") or ()]
    if horizon is None:
        return
    if warmup is not None and horizon <= warmup:
        yield Problem(where, shown(horizon), f"more than {warmup:g}, which is judge.warmup")
    if None not in most and horizon > sum(most):
        hint = "no step would last until then, and half of alpha would be spent for nothing"
        yield Problem(where, shown(horizon), f"at most {sum(most):g}, which is what all steps may last together", hint)


def _shares_grow(service: Mapping[str, Any]) -> Iterator[Problem]:
    """Instances are replaced until all are; what is kept free and what may exist must leave AWS something to do."""
    refresh, where = at(service, "strategy", "refresh") or {}, ("service", "strategy", "refresh")
    shares = refresh.get("checkpoints")
    if shares and (sorted({*shares}) != shares or shares[-1] != 100):
        expected = "percentages that grow and end with 100, such as [25, 50, 100]"
        yield Problem((*where, "checkpoints"), ", ".join(map(str, shares)), expected)
    if len(refresh.get("alarms") or ()) > _MOST_ALARMS:
        yield Problem((*where, "alarms"), f"{len(refresh['alarms'])} names", f"{_MOST_ALARMS} at most, as AWS has it")
    least, most = at(service, "strategy", "require_healthy"), refresh.get("max_healthy")
    if least is not None and most is not None and most - least > _WIDEST:
        hint = f"AWS takes no two that are further apart: raise require_healthy, or lower max_healthy to {least + 100}"
        yield Problem((*where, "max_healthy"), shown(most), f"at most 100 above require_healthy, {least}", hint)
