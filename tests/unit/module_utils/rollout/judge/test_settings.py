# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.action.canary_verdict import ARGUMENTS
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.strategy_table import JUDGE
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import RANGES, WHOLE, Settings
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.promises import settings


def test_what_is_not_declared_has_its_default():
    assert Settings.parse({}) == Settings()
    assert Settings.parse({"alpha": 0.05, "horizon": 600}) == Settings(alpha=0.05, horizon=600)


def test_settings_survive_their_own_words():
    rules = Settings(alpha=0.02, limit=1800, min_requests=5)
    assert Settings.parse(rules.as_dict()) == rules


@pytest.mark.parametrize("name", RANGES)
def test_each_range_is_closed_and_nothing_beyond_is_taken(name):
    low, high, _what = RANGES[name]
    for wrong in (low - 1, high + 1, float("nan"), "1", True, *([1.5] if name in WHOLE else [])):
        with pytest.raises(ValueError, match=f"judge: {name} must be a (whole )?number from"):
            Settings.parse({name: wrong})


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ([], "expected a mapping"),
        ({"alfa": 0.01}, "unknown alfa; expected some of alpha, beta"),
        ({"worse": 1.2, "effect": 1.25}, "worse .* must be above effect"),
        ({"horizon": 30}, "horizon .* must be after the warm-up"),
        ({"limit": 20}, "limit .* must be after the warm-up"),
        ({"horizon": 600, "limit": 500}, "limit .* must not be before horizon"),
        ({"warmup": None}, "warmup must be a number"),
    ],
)
def test_the_message_names_the_key_and_what_was_expected(declared, told):
    with pytest.raises(ValueError, match=told):
        Settings.parse(declared)


def test_a_horizon_costs_half_of_alpha():
    rules = Settings(horizon=600, errors_weight=0.4)
    assert rules.sequential_alpha == Settings().sequential_alpha / 2
    assert rules.sequential_alpha + rules.horizon_alpha(latency=False) == pytest.approx(rules.alpha)
    assert rules.horizon_alpha(latency=True) == pytest.approx(0.4 * rules.alpha / 2)


@pytest.mark.parametrize("latency", [True, False])
@pytest.mark.parametrize("warmup", [0, 30])
def test_the_weights_sum_to_one(latency, warmup):
    weights = Settings(warmup=warmup).weights(latency)
    assert sum(weights.values()) == pytest.approx(1)
    assert (weights["fast"] > 0) == (warmup > 0)
    assert (weights["latency"] > 0) == latency


def listed(heading: str) -> dict[str, str]:
    """The names and values of the table of docs/judge.md whose first row begins so."""
    page = (Path(__file__).resolve().parents[5] / "docs" / "judge.md").read_text(encoding="utf-8")
    section = page.partition("\n## Settings\n")[2].partition("\n## ")[0]
    table = section.partition(f"\n{heading}\n")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", table, re.MULTILINE))


def told(value: object) -> str:
    return "none" if value is None else value if isinstance(value, str) else f"{value:g}"


def test_the_page_about_the_judge_lists_every_key_of_the_declaration_with_its_default():
    assert listed("| key | default | what it is |") == {name: told(key.default) for name, key in JUDGE.keys.items()}


def test_it_lists_what_else_a_watch_has_and_nothing_that_no_watch_has():
    defaults = {name: key.default for name, key in JUDGE.keys.items()}
    watched = settings(defaults, ARGUMENTS["poll"]["default"]).as_dict()
    renamed = ("negligible_errors", "negligible_slow")
    besides = {name: told(value) for name, value in watched.items() if name not in JUDGE.keys and name not in renamed}
    assert listed("| setting | in a watch | what it is |") == besides


def test_what_is_declared_for_the_judge_reaches_it():
    """A key that the judge has as well, and that its settings would not take over, would do nothing."""
    changed = {"alpha": 0.02, "beta": 0.03, "warmup": 40, "missing": 50, "horizon": 60, "burst": 7}
    changed |= {"negligible_error_percent": 8, "negligible_slow_percent": 9}
    made = settings({name: key.default for name, key in JUDGE.keys.items()} | changed).as_dict()
    assert {name: made[name] for name in changed if name in made} == {
        name: value for name, value in changed.items() if "negligible" not in name
    }
    assert (made["negligible_errors"], made["negligible_slow"]) == (0.08, 0.09)
    assert {name for name in JUDGE.keys if name in made} <= set(changed)
