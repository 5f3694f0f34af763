# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.routers import guard_code
from ansible_collections.seamless.delivery.plugins.modules import haproxy_guard


def test_the_code_is_installed_and_then_nothing_changes(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    library = tmp_path / "library"
    rehearsed = run(haproxy_guard, check=True, path=str(library))
    assert rehearsed["changed"]
    assert not library.exists()
    first = run(haproxy_guard, path=str(library))
    assert (first["digest"], first["files"]) == (guard_code.digest(), rehearsed["files"])
    assert all(path in first["diff"]["after"] for path in first["files"])
    again = run(haproxy_guard, path=str(library))
    assert (again["changed"], again["files"]) == (False, [])


def test_a_folder_that_cannot_be_written_is_named(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failed = run(haproxy_guard, path=str(tmp_path / "file" / "library"))
    assert failed["failed"]
    assert f"cannot install the guard's code below {tmp_path}" in failed["msg"]
