# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.seamless.delivery.plugins.filter.environment_file import FilterModule

environment_file = FilterModule().filters()["environment_file"]


def test_variables_become_a_file() -> None:
    assert environment_file({"GREETING": 'hello "you"'}) == 'GREETING="hello \\"you\\""\n'


@pytest.mark.parametrize("wrong", [{"TOKEN": "hush\x00"}, "hush", None, ["hush"], {1: "hush"}])
def test_a_failure_never_shows_a_value(wrong: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"environment_file: expected") as refused:
        environment_file(wrong)
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None or "hush" not in str(refused.value.__cause__)
