# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Putting a release in place, on a real file system."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.seamless.delivery.plugins.module_utils.releases import place as place_module
from ansible_collections.seamless.delivery.plugins.module_utils.releases.place import (
    Place,
    PlaceError,
    digest,
    outdated,
)


def test_nothing_is_there_at_first(host: Any) -> None:
    assert host.place.current("green") is None
    assert host.place.free() > 0, "of the folder that will hold it"


def test_a_release_is_put_in_place(host: Any) -> None:
    assert host.install("1.0.0") == []
    installed = host.place.current("green")
    assert (installed.id, installed.version, installed.whole, installed.problem) == ("1.0.0-0", "1.0.0", True, "")
    assert installed.installed_at == 1.0
    assert Path(installed.artifact).read_text() == "app"
    assert Path(installed.artifact).stat().st_mode & 0o777 == 0o755
    assert not (host.folder / ".incoming").exists()
    assert host.place.current("blue") is None
    assert os.readlink(host.folder / "green" / "current") == "../releases/1.0.0-0"


def test_another_color_is_not_touched(host: Any) -> None:
    host.install("1.0.0", "blue")
    blue = host.place.current("blue")
    host.install("2.0.0", "green")
    assert host.place.current("blue") == blue
    assert host.place.current("green").id == "2.0.0-0"


def test_what_arrived_damaged_is_refused_and_removed(host: Any) -> None:
    release = host.release("1.0.0")
    incoming = host.arrives("another app")
    with pytest.raises(PlaceError, match=f"arrived damaged: expected {release['digest']}, but found sha256:"):
        host.place.install(incoming, release, "green", 3)
    assert list(host.folder.iterdir()) == []


def test_what_never_arrived_is_told(host: Any) -> None:
    release = host.release("1.0.0")
    (host.folder / ".incoming").unlink()
    with pytest.raises(PlaceError, match=r"No such file or directory: .*/.incoming.*deploy again"):
        host.place.install(host.folder / ".incoming", release, "green", 3)


@pytest.mark.parametrize("damage", ["x", None])
def test_a_damaged_artifact_is_found_and_replaced(host: Any, damage: str | None) -> None:
    host.install("1.0.0")
    artifact = Path(host.place.current("green").artifact)
    artifact.write_text(damage) if damage else artifact.unlink()
    found = host.place.current("green")
    assert (found.id, found.whole) == ("1.0.0-0", False)
    assert str(artifact) in found.problem
    assert ("instead of" if damage else "No such file") in found.problem
    host.install("1.0.0")
    assert host.place.current("green").whole


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"id": "1.0.0-0"}', None])
def test_a_damaged_record_is_found_and_replaced(host: Any, record: str | None) -> None:
    host.install("1.0.0")
    file = host.folder / "releases" / "1.0.0-0" / "release.json"
    file.write_text(record) if record is not None else file.unlink()
    found = host.place.current("green")
    assert (found.id, found.whole, found.version) == ("1.0.0-0", False, "")
    assert found.problem.startswith(str(file))
    host.install("1.0.0")
    assert host.place.current("green").whole


def test_the_last_few_are_kept_and_whatever_a_color_has(host: Any) -> None:
    host.install("1.0.0", "blue", keep=3)
    removed = []
    for number in range(2, 7):
        removed += host.install(f"{number}.0.0", "green", keep=3)
        # The newest by the clock of the file system, which may be coarser than this loop.
        os.utime(host.folder / "releases" / f"{number}.0.0-0", (number, number))
    assert host.there() == {"1.0.0-0", "5.0.0-0", "6.0.0-0"}
    assert removed == ["2.0.0-0", "3.0.0-0", "4.0.0-0"]
    assert host.install("7.0.0", "green", keep=0) == ["5.0.0-0", "6.0.0-0"]
    assert host.there() == {"1.0.0-0", "7.0.0-0"}, "those that a color has stay in any case"


def test_one_color_alone_counts_as_one(host: Any) -> None:
    for number in range(1, 5):
        host.install(f"{number}.0.0", keep=3)
        os.utime(host.folder / "releases" / f"{number}.0.0-0", (number, number))
    assert host.there() == {"2.0.0-0", "3.0.0-0", "4.0.0-0"}


def test_somebody_elses_file_among_the_releases_stays(host: Any) -> None:
    host.install("1.0.0")
    (host.folder / "releases" / "notes.txt").write_text("mine")
    host.install("2.0.0", keep=1)
    assert host.there() == {"2.0.0-0", "notes.txt"}


def test_a_full_disk_leaves_the_release_before(host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host.install("1.0.0")
    release = host.release("2.0.0", "another app")

    def full(file: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file.path))

    monkeypatch.setattr(place_module.File, "write", full)
    with pytest.raises(PlaceError, match=r"No space left on device: .*/release.json.*make room or repair the disk"):
        host.place.install(host.folder / ".incoming", release, "green", 3)
    assert host.place.current("green").id == "1.0.0-0"


def test_a_run_that_died_halfway_is_gone_over(host: Any) -> None:
    (host.folder / "green").mkdir(parents=True)
    (host.folder / "green" / ".current.new").symlink_to("nowhere")
    (host.folder / "releases" / "1.0.0-0").mkdir(parents=True)
    host.install("1.0.0")
    assert host.place.current("green").whole


def test_the_record_says_what_was_installed(host: Any) -> None:
    host.install("1.0.0")
    record = json.loads((host.folder / "releases" / "1.0.0-0" / "release.json").read_text())
    assert record == {**host.release("1.0.0"), "installed_at": 1.0}


def test_a_digest_is_written_as_a_declaration_does(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert digest(tmp_path / "empty") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_process_is_outdated_by_what_was_written_after_its_start(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("x")
    link.symlink_to("nowhere")
    written = max(file.lstat().st_ctime, link.lstat().st_ctime)
    # The process was started 50 s before *now*, on a host that has been up for 1000 s.
    for read in (file, link):
        assert outdated(950.0, [read], now=written + 49, monotonic=1000.0)
        assert not outdated(950.0, [read], now=written + 51, monotonic=1000.0)
    assert not outdated(None, [file], now=0.0, monotonic=1000.0), "what does not run is not outdated"
    assert not outdated(950.0, [tmp_path / "missing"], now=0.0, monotonic=1000.0)


def test_a_process_reads_its_release_and_its_configuration() -> None:
    assert [str(path) for path in Place("/opt", "shop", lambda: 0.0).read_by("green")] == [
        "/opt/shop/green/current",
        "/etc/shop/green.env",
        "/etc/shop/green.secrets",
        "/etc/systemd/system/shop-green.service",
    ]
