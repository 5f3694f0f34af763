# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pwd
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

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
        artifact="/srv/artifacts/app.py",
        user=pwd.getpwuid(os.geteuid()).pw_name,
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


def test_what_is_in_place_is_not_needed_again(install: Any, incoming: Path, contents: Any) -> None:
    install()
    before = contents()
    again = install(incoming=None)
    assert (again["changed"], again["free"] > 0) == (False, True)
    assert install(incoming=None, artifact="/srv/artifacts/app2.py")["changed"], "another artifact under the same id"
    assert contents() == before


def test_without_an_artifact_it_only_says_that_one_is_needed(install: Any, contents: Any) -> None:
    before = contents()
    assert install(incoming=None)["changed"]
    assert contents() == before


@pytest.mark.parametrize("known", [True, False])
def test_the_user_is_made_where_there_is_none(install: Any, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(AnsibleModule, "run_command", lambda _module, command, **_more: ran.append(command))
    install(**({} if known else {"user": "seamless-nobody-has-this-name"}))
    assert [command[0] for command in ran] == ([] if known else ["useradd"])


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
