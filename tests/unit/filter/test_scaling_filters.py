# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of autoscaling as templates use them; what they compute is tested with the domain."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

SLOW = {"policy": {"type": "target_tracking"}, "target": 50, "instances": {"least": 2, "most": 20}, "boot": 40}


def module(name: str) -> Any:
    return importlib.import_module(f"ansible_collections.seamless.delivery.plugins.filter.{name}")


def call(name: str, *args: Any, **options: Any) -> Any:
    return module(name).FilterModule().filters()[name](*args, **options)


@pytest.mark.parametrize(("name", "expected"), [("scaling_reaction", "105 s"), ("scaling_simulation", "180")])
def test_the_example_can_be_run(name: str, expected: str) -> None:
    (task,) = yaml.safe_load(module(name).EXAMPLES)
    templar = Templar(DataLoader(), variables=task["vars"])
    assert expected in str(templar.template(trust_as_template(task["ansible.builtin.debug"]["msg"])))


def test_above_the_limit_a_template_fails_unless_it_only_wants_to_know() -> None:
    with pytest.raises(AnsibleFilterError, match="scaling_reaction: service_scaling: expected added capacity"):
        call("scaling_reaction", SLOW)
    assert call("scaling_reaction", SLOW, refuse=False)["within"] is False
    assert call("scaling_reaction", {**SLOW, "limit": 420})["within"] is True


def test_what_is_wrong_is_told_in_the_filters_own_words() -> None:
    with pytest.raises(AnsibleFilterError, match=r"scaling_reaction: service_scaling\.policy: expected"):
        call("scaling_reaction", {})
    with pytest.raises(AnsibleFilterError, match="scaling_simulation: trace: expected a mapping whose type is"):
        call("scaling_simulation", SLOW, None)
