# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports on disk: whole or not at all, the newest under one name, nobody else's file removed."""

from __future__ import annotations

import json
import os
import stat

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.report import store


def document(rollout):
    return {"schema_version": "1.0", "rollout": rollout}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_writes_both_and_points_latest(tmp_path):
    stored = store.write(document("r1"), "<p>", tmp_path / "reports")
    assert stored.changed
    assert names(tmp_path / "reports") == ["latest.html", "latest.json", "r1.html", "r1.json"]
    assert os.readlink(tmp_path / "reports" / "latest.html") == "r1.html"
    assert json.loads((tmp_path / "reports" / "latest.json").read_text(encoding="utf-8")) == document("r1")
    assert stat.S_IMODE(stored.html.stat().st_mode) == 0o644


def test_the_same_again_changes_nothing_and_something_else_does(tmp_path):
    store.write(document("r1"), "<p>", tmp_path)
    assert not store.write(document("r1"), "<p>", tmp_path).changed
    assert store.write(document("r1"), "<p>new", tmp_path).changed
    assert (tmp_path / "latest.html").read_text(encoding="utf-8") == "<p>new"
    store.write(document("r2"), "<p>", tmp_path)
    assert os.readlink(tmp_path / "latest.json") == "r2.json"


def test_copies_where_there_are_no_symlinks(tmp_path, monkeypatch):
    def refuse(*_args):
        raise OSError("no symlinks here")

    monkeypatch.setattr(store.Path, "symlink_to", refuse)
    store.write(document("r1"), "<p>1", tmp_path)
    store.write(document("r2"), "<p>2", tmp_path)
    assert not (tmp_path / "latest.html").is_symlink()
    assert (tmp_path / "latest.html").read_text(encoding="utf-8") == "<p>2"
    assert names(tmp_path) == ["latest.html", "latest.json", "r1.html", "r1.json", "r2.html", "r2.json"]


@pytest.mark.parametrize(
    "rollout", ["../../etc/passwd", "latest", "a/b", ".hidden", "", "a:b", "\u00e9" * 300, "r" * 101, "x\n"]
)
def test_no_rollout_id_leaves_the_directory_or_hides(tmp_path, rollout):
    stored = store.write(document(rollout), "<p>", tmp_path / "reports")
    assert stored.html.parent == tmp_path / "reports"
    assert names(tmp_path) == ["reports"]
    assert store.stem(rollout) not in ("latest", "")
    assert store._SAFE.match(store.stem(rollout))


def test_odd_ids_do_not_collide():
    assert len({store.stem(name) for name in ("a/b", "a:b", "a b", "a-b")}) == 4


def test_a_failed_write_leaves_the_old_report_and_no_litter(tmp_path, monkeypatch):
    store.write(document("r1"), "<p>old", tmp_path)

    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(store.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        store.write(document("r1"), "<p>new", tmp_path)
    assert (tmp_path / "r1.html").read_text(encoding="utf-8") == "<p>old"
    assert names(tmp_path) == ["latest.html", "latest.json", "r1.html", "r1.json"]


def test_a_dead_processes_link_is_no_obstacle(tmp_path):
    (tmp_path / f".latest.html.{os.getpid()}").symlink_to("gone")
    store.write(document("r1"), "<p>", tmp_path)
    assert os.readlink(tmp_path / "latest.html") == "r1.html"


def test_prunes_the_oldest_and_only_reports(tmp_path):
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    for name, content in (("mine", "[]"), ("other", '{"schema_version": "1.0", "rollout": "x"}'), ("broken", "{")):
        for suffix in ("json", "html"):
            (tmp_path / f"{name}.{suffix}").write_text(content, encoding="utf-8")
            os.utime(tmp_path / f"{name}.{suffix}", (1, 1))
    for number in range(5):
        stored = store.write(document(f"r{number}"), "<p>", tmp_path)
        os.utime(stored.json, (100 + number, 100 + number))
    stored = store.write(document("r5"), "<p>", tmp_path, keep=3)
    assert sorted(stored.pruned) == ["r0", "r1", "r2"]
    kept = names(tmp_path)
    assert {"notes.json", "mine.json", "other.html", "broken.html", "r3.json", "r4.html", "r5.html"} <= set(kept)


def test_a_report_never_prunes_itself(tmp_path):
    for number in range(3):
        store.write(document(f"r{number}"), "<p>", tmp_path)
    old = store.write(document("r0"), "<p>", tmp_path, keep=0)
    assert old.html.is_file()
    assert names(tmp_path) == ["latest.html", "latest.json", "r0.html", "r0.json"]
