# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/autoscaling.md says what is computed. ``UPDATE_DOCS=1 pytest <this file>`` writes its tables of keys anew."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.containers import Key, Section
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.reference import table
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.knobs import refusal
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.policy import SCALING, policy
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.reaction import reaction
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.simulate import simulate
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.summary import summary
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.scaling.traces import TRACE, trace

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "autoscaling.md"
TABLES = {
    "service_scaling": ("policy", table("service_scaling", SCALING)),
    "trace": ("traces", table("service_traffic", Section({"<name>": Key(TRACE, "")}))),
}
BASE: dict[str, Any] = {"target": 50, "instances": {"least": 3, "most": 30}, "boot": 40}
FAST = {"metric": {"period": 10, "delivery": 5}, "health": {"interval": 5}}
STEPS = [{"above": 0, "add": 1}, {"above": 25, "add": 4}, {"above": 100, "add": 10}]
TRACKING = {"policy": {"type": "target_tracking"}}
POLICIES: list[dict[str, Any]] = [
    TRACKING,
    {**TRACKING, **FAST},
    {**TRACKING, **FAST, "warm_pool": {"size": 4, "start": 20}},
    {"policy": {"type": "step", "datapoints": 1, "steps": STEPS}, **FAST},
    {"policy": {"type": "simple", "datapoints": 3, "add": 2}},
]
SPIKE = {"type": "spike", "low": 120, "high": 600, "at": 600, "until": 2400, "seconds": 4800}
DAY = {"type": "daily", "low": 120, "high": 900}


@pytest.mark.parametrize("name", TABLES)
def test_the_reference_is_the_table(name):
    module, wanted = TABLES[name]
    text = DOCUMENT.read_text(encoding="utf-8")
    mark = f"<!-- begin {name}: made of the table in plugins/module_utils/rollout/scaling/{module}.py -->\n"
    head, begin, rest = text.partition(mark)
    found, end, tail = rest.partition(f"<!-- end {name} -->")
    assert begin and end
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(f"{head}{begin}\n{wanted}\n\n{end}{tail}", encoding="utf-8")
        return
    assert found == f"\n{wanted}\n\n", "the tables have changed: run this test with UPDATE_DOCS=1"


def test_the_figures_are_those_of_the_simulator():
    cells = [
        line.strip("| ").split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if " s | " in line
    ]
    said = [row[1:] for row in cells if len(row) == 6]
    found = []
    for changes in POLICIES:
        made = policy({**BASE, **changes})
        spike, day = (summary(simulate(made, trace(one))) for one in (SPIKE, DAY))
        found.append(
            [
                f"{reaction(made).seconds:g} s",
                f"{spike['above_target']:,} s",
                f"{day['above_target']:,} s",
                str(day["flaps"]),
                f"{day['instance_hours']:.1f}",
            ]
        )
    assert said == found


def test_the_refusal_is_the_one_that_is_shown():
    shown = re.search(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    made = policy({**BASE, **TRACKING})
    assert " ".join(shown[1].split()) == refusal(made)
