# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a declaration of a policy is, and what it must not be; and the knobs that a refused one is offered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.assessment import assessed
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.knobs import enough, knobs, refusal
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.reaction import reaction

BASE: dict[str, Any] = {
    "policy": {"type": "target_tracking"},
    "target": 50,
    "instances": {"least": 2, "most": 20},
    "boot": 40,
}
FAST = {**BASE, "metric": {"period": 10, "delivery": 5}, "health": {"interval": 5}}
STEP = {"type": "step", "datapoints": 1, "steps": [{"above": 0, "add": 1}]}


def test_the_parts_of_the_default_are_what_aws_documents():
    found = {part.name: part.seconds for part in reaction(policy(BASE)).parts}
    assert found == {
        "first period": 60,
        "datapoints": 180,
        "delivery": 60,
        "evaluation": 60,
        "boot": 40,
        "health checks": 20,
        "slow start": 0,
        "warm-up": 0,
    }
    assert all(part.source.startswith("https://docs.aws.amazon.com/") for part in reaction(policy(BASE)).parts)


def test_a_policy_within_the_limit_is_not_refused():
    found = assessed(FAST)
    assert (found["seconds"], found["within"], found["refusal"]) == (105, True, "")
    assert found["lines"][-1] == "   105 s  from overload to added capacity in service, within 120 s"


def test_a_refusal_says_which_knob_would_give_what():
    said = refusal(policy(BASE))
    assert "expected added capacity in service within 120 s of an overload, found 420 s at worst" in said
    assert "metric.period: 60 -> 10, delivered within 10 s (120 s)" in said
    assert said.endswith("Enough is metric.period 10, delivered within 10 s: 120 s")
    assert "All together give 100 s" in refusal(replace(policy(BASE), limit=60))


@pytest.mark.parametrize("surge", [1, 2])
@pytest.mark.parametrize(
    "chosen",
    [
        {"type": "target_tracking"},
        {"type": "step", "datapoints": 4, "steps": [{"above": 0, "add": 5}]},
        {"type": "simple", "datapoints": 4, "add": 5, "cooldown": 300},
    ],
)
def test_a_knob_gives_what_it_says(chosen, surge):
    made = policy({**BASE, "policy": chosen, "surge": surge, "slow_start": 60, "boot": 120})
    offered = knobs(made)
    assert [knob.seconds for knob in offered] == sorted(knob.seconds for knob in offered)
    assert {knob.key for knob in offered} >= {"metric.period", "warm_pool", "health", "slow_start"}
    assert ("policy.datapoints" in {knob.key for knob in offered}) is (chosen["type"] != "target_tracking")
    for knob in offered:
        assert knob.seconds == reaction(replace(made, **knob.change)).seconds < reaction(made).seconds
    taken, seconds = enough(made, offered)
    assert seconds < reaction(made).seconds
    assert len(taken) <= len(offered)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"metric": {"period": 20}}, r"metric\.period: expected one of 10, 30, 60 for target_tracking, found 20"),
        ({"policy": STEP, "metric": {"period": 45}}, r"metric\.period: expected one of 10, 20, 30, 60, 120"),
        ({"instances": {"least": 3, "most": 2}}, r"instances\.most: expected at least instances\.least \(3\)"),
        ({"policy": {**STEP, "datapoints": 3, "of": 2}}, r"policy\.of: expected at least policy\.datapoints \(3\)"),
        ({"policy": STEP, "surge": 2}, r"surge: expected at most what is added at once: 2 instances and 50 %"),
        ({"policy": {**STEP, "steps": [{"above": 5, "add": 1}]}}, r"surge: .* 0 % above the target add 0"),
        ({"policy": STEP, "surge": 2, "metric": {"period": 10}}, r"policy\.datapoints: expected 2 or more"),
        ({"slow_start": 29}, r"slow_start: expected 0, or 30 seconds at least, found 29"),
        ({"policy": {"type": "hope"}}, r"policy\.type: expected target_tracking or step or simple"),
        ({"boot": "40"}, r"boot: expected a number of seconds.*without quotes"),
        ({"boots": 40, "target": 0}, r"boots: expected a known key.*did you mean boot.*target: expected"),
        (None, "service_scaling: expected a mapping"),
    ],
)
def test_every_mistake_is_named(changes, told):
    with pytest.raises(ValueError, match=told):
        policy(changes and {**BASE, **changes})


def test_a_warm_pool_counts_only_when_it_has_what_a_surge_needs():
    warm = {**FAST, "warm_pool": {"size": 2, "start": 15}}
    assert reaction(policy(warm)).seconds == 105 - 25
    assert reaction(policy({**warm, "surge": 2})).seconds == 105 - 25
    assert reaction(policy({**warm, "surge": 3})).seconds == 105


def test_every_key_of_a_part_or_a_knob_is_one_of_the_declaration():
    known = re.compile(r"(policy|metric|instances|warm_pool|health)(\.\w+)?|boot|slow_start|warmup")
    made = policy({**BASE, "policy": {"type": "simple", "datapoints": 2, "add": 1}})
    assert all(known.fullmatch(each.key) for each in (*reaction(made).parts, *knobs(made)))
