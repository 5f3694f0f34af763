# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's main() in this process and gives the JSON that a controller would read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """``run(module, check=False, **options)``: the result of the module, failed or not."""

    def run(module: Any, check: bool = False, **options: Any) -> dict[str, Any]:
        capsys.readouterr()
        given = {"_ansible_check_mode": check, "_ansible_diff": True, **options}
        with patch_module_args(given), pytest.raises(SystemExit) as ended:
            module.main()
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert ended.value.code == (1 if result.get("failed") else 0)
        return result

    return run


@pytest.fixture
def contents(tmp_path: Any) -> Callable[[], dict[str, bytes]]:
    """Every file below the test's folder, with its bytes."""
    return lambda: {str(path): path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
