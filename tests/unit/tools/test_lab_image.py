# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image is kept until its recipe changes, and its base comes from wherever one can be had."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from seamless_lab import image
from seamless_lab.docker import DockerError


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM x", encoding="utf-8")
    return tmp_path


class Docker:
    """Stands in for the client: knows some images, has a registry or not, and notes every call."""

    def __init__(self, *images: str, registry: bool = False) -> None:
        self.images = list(images)
        self.registry = registry
        self.calls: list[tuple[str, ...]] = []

    def __call__(self, *args: str, **options: object) -> str:
        self.calls.append(args)
        if args[:2] == ("image", "ls"):
            return "\n".join(name for name in self.images if args[2] != "--quiet" or name == args[3])
        if args[:2] == ("manifest", "inspect") and not self.registry:
            raise DockerError(args, "no such host")
        if args[:2] == ("image", "rm") and "used" in args[2]:
            raise DockerError(args, "conflict: a container is using it")
        return ""

    def verbs(self) -> list[str]:
        return [call[0] for call in self.calls if call[0] != "image"]


@pytest.fixture
def without_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Docker:
    docker = Docker()
    monkeypatch.setattr(image, "docker", docker)
    monkeypatch.setattr(image, "state_dir", lambda: tmp_path)
    monkeypatch.setattr(image.shutil, "which", lambda name: f"/usr/bin/{name}")
    return docker


def test_tag_follows_the_recipe(recipe: Path) -> None:
    first = image.tag(recipe)
    assert image.tag(recipe) == first
    (recipe / "Dockerfile").write_text("FROM y", encoding="utf-8")
    second = image.tag(recipe)
    (recipe / "unit.conf").write_text("", encoding="utf-8")
    third = image.tag(recipe)
    assert len({first, second, third}) == 3
    assert first.startswith("seamless-lab:")


def test_tag_tells_where_one_file_ends_and_the_next_begins(recipe: Path) -> None:
    (recipe / "a").write_text("xb", encoding="utf-8")
    first = image.tag(recipe)
    (recipe / "a").write_text("x", encoding="utf-8")
    (recipe / "b").write_text("b", encoding="utf-8")
    assert image.tag(recipe) != first


def test_built_image_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(image.tag())
    monkeypatch.setattr(image, "docker", docker)
    assert image.ensure() == image.tag()
    assert docker.verbs() == []


def test_public_image_where_a_registry_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(registry=True)
    monkeypatch.setattr(image, "docker", docker)
    image.ensure()
    assert docker.verbs() == ["manifest", "pull", "build"]
    assert f"BASE={image.PUBLIC}" in docker.calls[-2]


def test_base_from_packages_where_none_does(without_registry: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(image.subprocess, "run", run)
    image.ensure()
    assert ran[0][:3] == ["mmdebstrap", "--variant=apt", "trixie"]
    assert without_registry.verbs() == ["manifest", "import", "build"]
    assert f"BASE={image.BASE}" in without_registry.calls[-2]


def test_failed_bootstrap_imports_nothing(without_registry: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 25, "", "I: starting\nE: cannot download")
    monkeypatch.setattr(image.subprocess, "run", lambda command, **options: failed)
    with pytest.raises(image.LabError, match="cannot download"):
        image.ensure()
    assert without_registry.verbs() == ["manifest"]


def test_leftovers_of_a_killed_build_go(without_registry: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    leftover = image.state_dir() / "base-killed"
    leftover.mkdir()
    (leftover / "base.tar").write_bytes(b"half")
    monkeypatch.setattr(image.subprocess, "run", lambda command, **options: subprocess.CompletedProcess([], 0, "", ""))
    image.ensure()
    assert list(image.state_dir().iterdir()) == []


def test_removal_spares_what_is_used_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docker = Docker("seamless-lab:used", "seamless-lab:old", image.BASE)
    monkeypatch.setattr(image, "docker", docker)
    image.remove()
    assert [call[2] for call in docker.calls if call[:2] == ("image", "rm")] == docker.images
    assert "seamless-lab:used stays" in capsys.readouterr().err


def test_new_recipe_replaces_the_old_image_and_keeps_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker("seamless-lab:old", "seamless-lab:new", image.BASE)
    monkeypatch.setattr(image, "docker", docker)
    image.remove(keep="seamless-lab:new")
    assert [call[2] for call in docker.calls if call[:2] == ("image", "rm")] == ["seamless-lab:old"]
