# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.judge.settings import RANGES, WHOLE, Settings


def test_what_is_not_declared_has_its_default():
    assert Settings.parse({}) == Settings()
    assert Settings.parse({"alpha": 0.05, "horizon": 600}) == Settings(alpha=0.05, horizon=600)


def test_settings_survive_their_own_words():
    settings = Settings(alpha=0.02, limit=1800, min_requests=5)
    assert Settings.parse(settings.as_dict()) == settings


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
    settings = Settings(horizon=600, errors_weight=0.4)
    assert settings.sequential_alpha == Settings().sequential_alpha / 2
    assert settings.sequential_alpha + settings.horizon_alpha(latency=False) == pytest.approx(settings.alpha)
    assert settings.horizon_alpha(latency=True) == pytest.approx(0.4 * settings.alpha / 2)


@pytest.mark.parametrize("latency", [True, False])
@pytest.mark.parametrize("warmup", [0, 30])
def test_the_weights_sum_to_one(latency, warmup):
    weights = Settings(warmup=warmup).weights(latency)
    assert sum(weights.values()) == pytest.approx(1)
    assert (weights["fast"] > 0) == (warmup > 0)
    assert (weights["latency"] > 0) == latency


def test_the_page_about_the_judge_lists_every_setting_with_its_default():
    page = (Path(__file__).resolve().parents[5] / "docs" / "judge.md").read_text(encoding="utf-8")
    section = page.partition("\n## Settings\n")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", section, re.MULTILINE))
    told = {name: "none" if value is None else f"{value:g}" for name, value in Settings().as_dict().items()}
    assert listed == told
