# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import digest
from ansible_collections.seamless.delivery.plugins.modules import release_install


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    file = tmp_path / "shop" / ".incoming-green"
    file.write_text("app")
    return file


@pytest.fixture
def install(run: Any, tmp_path: Path, incoming: Path) -> Any:
    return partial(
        run,
        release_install,
        service="shop",
        root=str(tmp_path),
        color="green",
        incoming=str(incoming),
        id="1.0.0-0",
        version="1.0.0",
        digest=digest(incoming),
        artifact="app.py",
    )


def test_the_release_is_put_in_place_and_shown(install: Any, tmp_path: Path, incoming: Path) -> None:
    result = install()
    assert (result["changed"], result["removed"]) == (True, [])
    assert result["diff"] == {"before": {"release": None}, "after": {"release": "1.0.0-0"}}
    assert (tmp_path / "shop" / "green" / "current" / "app.py").read_text() == "app"
    incoming.write_text("app")
    again = install(id="2.0.0-0", keep=1)
    assert again["removed"] == ["1.0.0-0"]
    assert again["diff"]["before"] == {"release": "1.0.0-0"}


def test_check_mode_moves_nothing(install: Any, contents: Any) -> None:
    before = contents()
    result = install(check=True)
    assert (result["changed"], result["diff"]["after"]) == (True, {"release": "1.0.0-0"})
    assert contents() == before


def test_what_arrived_damaged_is_refused(install: Any, tmp_path: Path) -> None:
    refused = install(digest="sha256:" + "0" * 64)
    assert refused["msg"].startswith("shop green: the artifact arrived damaged: expected sha256:0000")
    assert os.listdir(tmp_path / "shop") == []


def test_a_color_that_is_none_is_refused(install: Any) -> None:
    assert "value of color must be one of: blue, green" in install(color="red")["msg"]
