# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases.files import File, differences


def test_a_file_is_in_place_once_it_is_written(tmp_path: Path) -> None:
    file = File(tmp_path / "etc" / "green.env", "A=1\n", 0o600)
    assert not file.in_place()
    file.write()
    assert file.in_place()
    assert [path.name for path in file.path.parent.iterdir()] == ["green.env"]
    assert not File(file.path, "A=2\n", 0o600).in_place()
    assert not File(file.path, "A=1\n", 0o644).in_place()


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    File(tmp_path / "green.env", "A=1\n", 0o600).write()

    def full(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        File(tmp_path / "green.env", "A=2\n", 0o600).write()
    assert (tmp_path / "green.env").read_text() == "A=1\n"


def test_what_an_interrupted_write_or_somebody_else_left_is_not_written_into(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / ".green.secrets.new").symlink_to(elsewhere)
    File(tmp_path / "green.secrets", "TOKEN=hush\n", 0o600).write()
    assert elsewhere.read_text() == "mine"
    assert not (tmp_path / "green.secrets").is_symlink()


def test_a_secret_is_never_open_to_others_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = File(tmp_path / "green.secrets", "TOKEN=hush\n", 0o600, secret=True)
    modes = []
    monkeypatch.setattr(os, "fchmod", lambda descriptor, _mode: modes.append(os.fstat(descriptor).st_mode & 0o777))
    secret.write()
    assert modes == [0o600], "before anybody has said so"
    assert "hush" not in repr(secret)
    assert "hush" not in str(differences([secret, File(secret.path, "TOKEN=other\n", 0o600, secret=True)]))
