# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a load balancer remembers: nothing at first, and nothing invented when its files cannot be read or replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fake_haproxy import Bench

from ansible_collections.seamless.delivery.plugins.module_utils.routers import base, durable


def test_a_host_that_was_never_written_to_has_no_fence_and_no_notes(bench: Bench) -> None:
    state = bench.router.state
    assert (state.fence(), state.notes(), state.forget_notes(3)) == (0, [], 0)
    assert state.moved_at({"blue": 100, "green": 0}) is None


def test_a_fence_that_cannot_be_read_is_not_taken_for_none(bench: Bench) -> None:
    (bench.state / "shop.fence").mkdir(parents=True)
    with pytest.raises(base.RouterError, match=r"cannot read .*shop\.fence: Is a directory"):
        bench.router.state.fence()


def test_forgetting_no_note_leaves_them_all(bench: Bench) -> None:
    state = bench.router.state
    with state.locked():
        state.note({"reason": "a"})
    assert state.forget_notes(0) == 0
    assert state.notes() == [{"reason": "a"}]


def test_a_file_that_cannot_be_replaced_is_as_it_was_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "split.map"
    file.write_text("shop 0\n", encoding="utf-8")

    def full(_source: object, _target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        durable.replace(str(file), "shop 10000\n")
    assert [path.name for path in tmp_path.iterdir()] == ["split.map"]
    assert file.read_text(encoding="utf-8") == "shop 0\n"


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "state"
    durable.replace(str(file), "1\n", mode=0o600)
    file.chmod(0o640)
    durable.replace(str(file), "2\n", mode=0o600)
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("2\n", 0o640)
