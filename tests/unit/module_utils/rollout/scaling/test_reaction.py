# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The worst case is one: no phase of a simulated overload lasts longer, one nearly as long, and no part is idle."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import Policy, policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.reaction import reaction
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.simulate import Phases, simulate

BASE: dict[str, Any] = {
    "policy": {"type": "target_tracking"},
    "target": 50,
    "instances": {"least": 2, "most": 40},
    "boot": 45,
    "warmup": 30,
    "scale_in": {"datapoints": 0},
    "limit": 7200,
}
STEPS = [{"above": 0, "add": 1}, {"above": 40, "add": 3}]
POLICIES: dict[str, dict[str, Any]] = {
    "as AWS has it": {},
    "every ten seconds": {"metric": {"period": 10, "delivery": 5}, "health": {"interval": 5}},
    "a thirty-second period": {"metric": {"period": 30, "delivery": 20}, "slow_start": 30},
    "a slow start": {"metric": {"period": 10, "delivery": 10}, "slow_start": 120},
    "a warm pool": {"warm_pool": {"size": 3, "start": 20}, "surge": 3},
    "one step": {"policy": {"type": "step", "datapoints": 1, "steps": STEPS}},
    "two of three": {"policy": {"type": "step", "datapoints": 2, "of": 3, "steps": STEPS}, "metric": {"period": 20}},
    "a long period": {"policy": {"type": "step", "datapoints": 2, "steps": STEPS}, "metric": {"period": 120}},
    "simple": {"policy": {"type": "simple", "datapoints": 2, "add": 2, "cooldown": 0}},
}


def declare(**changes: Any) -> Policy:
    return policy({**BASE, **changes})


def waited(made: Policy, at: int, phases: Phases, excess: float = 0.001) -> int:
    """Seconds from an overload at *at*, for a surge of the declared size, until the instances in service carry it."""
    load = made.target * (made.least + made.surge - 1 + excess)
    trace = [(0, 0.0), (at, load), (at + 60 + reaction(made).seconds, load)]
    run = simulate(made, trace, phases)
    return next(second - at for second in range(at, len(run.loads)) if not run.above(second))


@cache
def worst(made: Policy) -> int:
    """The longest of many phases: where in a period the overload begins, where in its turn everything else is.

    An overload that is hardly one is seen late, one that fills the last new instance waits for all of its slow start.
    """
    period, turn, interval = made.period, made.evaluation, made.interval
    begins = {2 * period + second for second in (0, 1, period // 3 + 1, period // 2 + 1, 2 * period // 3 + 1)}
    evaluations = {*range(0, turn, max(turn // 12, 1)), turn - 1}
    return max(
        waited(made, at, Phases(0, evaluation, health), excess)
        for at, evaluation, health in product(begins, evaluations, range(0, interval, max(interval // 3, 1)))
        for excess in (0.001, 0.999)[: 2 if made.slow_start else 1]
    )


@pytest.mark.parametrize("name", POLICIES)
def test_no_phase_is_worse_than_the_worst_case_and_one_is_close(name):
    made = declare(**POLICIES[name])
    bound, found = reaction(made).seconds, worst(made)
    assert found <= bound
    assert found > bound - made.period


@pytest.mark.parametrize("name", ["as AWS has it", "every ten seconds", "a slow start"])
def test_a_bound_that_leaves_out_a_part_is_caught(name):
    """The negative control: whoever ignores one knob promises what a simulated overload breaks."""
    made = declare(**POLICIES[name])
    found = reaction(made)
    longest = worst(made)
    counted = [part for part in found.parts if part.seconds]
    assert len(counted) >= 6
    assert [part.name for part in counted if longest <= found.seconds - part.seconds] == []


PHASES = st.builds(Phases, st.integers(0, 299), st.integers(0, 59), st.integers(0, 299))


@settings(max_examples=60)
@given(
    name=st.sampled_from(sorted(POLICIES)),
    at=st.integers(240, 420),
    phases=PHASES,
    excess=st.floats(0.001, 1),
    boot=st.integers(0, 200),
)
def test_no_overload_whatever_lasts_longer(name, at, phases, excess, boot):
    made = declare(**{**POLICIES[name], "boot": boot})
    assert waited(made, at, phases, excess) <= reaction(made).seconds


def after_scale_in(made: Policy, later: int, evaluation: int) -> int:
    """As `waited`, for an overload that begins so many seconds after the group has shrunk, and is cooling down."""
    phases = Phases(0, evaluation, 0)
    calm = [(0, made.target * (made.least + 2)), (120, made.target * made.least * 0.5)]
    begun = next(change.at for change in simulate(made, [*calm, (6000, 0.0)], phases).changes) + later
    load = made.target * (made.least + 1 + 0.001)
    run = simulate(made, [*calm, (begun, load), (begun + 3000, load)], phases)
    return next(second - begun for second in range(begun, len(run.loads)) if not run.above(second))


def test_a_cooldown_counts():
    simple = {"type": "simple", "datapoints": 1, "add": 2, "cooldown": 602}
    made = declare(policy=simple, scale_in={"datapoints": 3, "remove": 4})
    found = reaction(made)
    longest = max(after_scale_in(made, later, evaluation) for later in (0, 1, 20) for evaluation in range(0, 60, 7))
    assert found.seconds - made.period < longest <= found.seconds
    assert longest > reaction(replace(made, cooldown=0)).seconds


# One knob at a time, each from a right policy to a slower one.
KNOBS = {
    "period": st.sampled_from([10, 20, 30, 60, 120, 300]),
    "datapoints": st.integers(1, 10),
    "delivery": st.integers(0, 300),
    "boot": st.integers(0, 600),
    "interval": st.integers(5, 300),
    "healthy_threshold": st.integers(2, 10),
    "slow_start": st.integers(0, 900),
    "cooldown": st.integers(0, 900),
    "start": st.integers(0, 600),
    "warmup": st.integers(0, 600),
    "surge": st.integers(1, 4),
}


@given(
    base=st.fixed_dictionaries(KNOBS), pool=st.integers(0, 4), kind=st.sampled_from(["simple", "step"]), data=st.data()
)
@pytest.mark.parametrize("knob", KNOBS)
def test_turning_a_knob_up_never_makes_the_worst_case_better(knob, base, pool, kind, data):
    made = replace(declare(), **{**base, "of": base["datapoints"], "pool": pool, "type": kind})
    slower = replace(made, **{knob: data.draw(KNOBS[knob].filter(lambda value: value >= base[knob]))})
    assert reaction(slower).seconds >= reaction(made).seconds
    # And a pool with more instances never makes it worse.
    assert reaction(replace(made, pool=pool + 1)).seconds <= reaction(made).seconds
