# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of watched phases, as they lie in a rollout's directory: read, or said to be unreadable."""

from __future__ import annotations

import json

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report.watched import Unreadable, read


@pytest.mark.parametrize("directory", [None, "", "not-there"])
def test_no_directory_is_no_error(tmp_path, directory):
    assert read(directory and tmp_path / directory) == {}


def test_records_are_read_by_phase(tmp_path):
    for phase in ("watch-1", "watch-12", "bake"):
        (tmp_path / f"{phase}.watch.json").write_text(json.dumps({"phase": phase}), encoding="utf-8")
    assert read(tmp_path) == {phase: {"phase": phase} for phase in ("watch-1", "watch-12", "bake")}
    assert read(str(tmp_path)) == read(tmp_path)


@pytest.mark.parametrize("name", ["watch-1.counts.jsonl", "watch-1.json", "watch-0.watch.json", "other.watch.json"])
def test_other_files_are_left_alone(tmp_path, name):
    (tmp_path / name).write_text("{}", encoding="utf-8")
    assert read(tmp_path) == {}


def test_a_torn_record_is_said_and_hides_no_other(tmp_path):
    (tmp_path / "watch-1.watch.json").write_text('{"phase": "wat', encoding="utf-8")
    (tmp_path / "watch-2.watch.json").write_bytes(b"\xff\xfe")
    (tmp_path / "watch-3.watch.json").mkdir()
    (tmp_path / "watch-4.watch.json").write_text("{}", encoding="utf-8")
    found = read(tmp_path)
    assert found["watch-1"] == Unreadable("watch-1.watch.json is no whole JSON text")
    assert found["watch-2"] == Unreadable("watch-2.watch.json is no whole JSON text")
    assert found["watch-3"].why.startswith("watch-3.watch.json: ")
    assert found["watch-4"] == {}
