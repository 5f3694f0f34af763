# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image is kept until its recipe changes, and its base comes from wherever one can be had."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from seamless_lab import base, image
from seamless_lab.base import DEFAULT, SUITES, Base, chosen
from seamless_lab.docker import DockerError
from seamless_lab.errors import LabError


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

    def built_on(self) -> str:
        """The base that the last build was given."""
        (argument,) = (part for part in self.calls[-2] if part.startswith("BASE="))
        return argument.removeprefix("BASE=")

    def verbs(self) -> list[str]:
        return [call[0] for call in self.calls if call[0] != "image"]


def put(monkeypatch: pytest.MonkeyPatch, docker: Docker) -> Docker:
    """*docker* in the place of the client."""
    for module in (image, base):
        monkeypatch.setattr(module, "docker", docker)
    return docker


@pytest.fixture
def without_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Docker:
    monkeypatch.setattr(base, "state_dir", lambda: tmp_path)
    monkeypatch.setattr(base.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(base.packages, "lacking", lambda names: [])
    return put(monkeypatch, Docker())


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
    docker = put(monkeypatch, Docker(image.tag()))
    assert image.ensure() == image.tag()
    assert docker.verbs() == []


def test_public_image_where_a_registry_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = put(monkeypatch, Docker(registry=True))
    image.ensure()
    assert docker.verbs() == ["manifest", "pull", "build"]
    assert docker.built_on() == "debian:trixie"


@pytest.mark.parametrize(
    ("suite", "components"), [("trixie", "main"), ("bookworm", "main"), ("noble", "main,universe")]
)
def test_base_from_packages_where_none_does(
    without_registry: Docker, monkeypatch: pytest.MonkeyPatch, suite: str, components: str
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(base.subprocess, "run", run)
    image.ensure(SUITES[suite])
    assert ran[0][:4] == ["mmdebstrap", "--variant=apt", f"--components={components}", suite]
    assert without_registry.verbs() == ["manifest", "import", "build"]
    assert without_registry.built_on() == f"seamless-lab-base:{suite}"


def test_failed_bootstrap_imports_nothing(without_registry: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 25, "", "I: starting\nE: cannot download")
    monkeypatch.setattr(base.subprocess, "run", lambda command, **options: failed)
    with pytest.raises(LabError, match="cannot download"):
        image.ensure()
    assert without_registry.verbs() == ["manifest"]


def test_leftovers_of_a_killed_build_go(without_registry: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    leftover = base.state_dir() / "base-killed"
    leftover.mkdir()
    (leftover / "base.tar").write_bytes(b"half")
    monkeypatch.setattr(base.subprocess, "run", lambda command, **options: subprocess.CompletedProcess([], 0, "", ""))
    image.ensure()
    assert list(base.state_dir().iterdir()) == []


def test_removal_spares_what_is_used_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docker = put(monkeypatch, Docker("seamless-lab:used", "seamless-lab:old", "seamless-lab-base:trixie"))
    image.remove()
    assert [call[2] for call in docker.calls if call[:2] == ("image", "rm")] == docker.images
    assert "seamless-lab:used stays" in capsys.readouterr().err


def test_new_recipe_replaces_the_old_images_and_keeps_the_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    bases = ("seamless-lab-base:trixie", "seamless-lab-base:bookworm")
    docker = put(
        monkeypatch, Docker("seamless-lab:old", "seamless-lab:old-bookworm", "seamless-lab:new-bookworm", *bases)
    )
    image.remove(keep="seamless-lab:new")
    removed = [call[2] for call in docker.calls if call[:2] == ("image", "rm")]
    assert removed == ["seamless-lab:old", "seamless-lab:old-bookworm"]


def test_each_base_has_an_image_of_its_own(recipe: Path) -> None:
    tags = [image.tag(recipe, of) for of in (*SUITES.values(), Base("ubuntu:24.04"), Base("ubuntu:26.04"))]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith(image.tag(recipe)) for tag in tags)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, DEFAULT),
        ({"SEAMLESS_LAB_SUITE": "", "SEAMLESS_LAB_BASE": ""}, DEFAULT),
        ({"SEAMLESS_LAB_SUITE": "bookworm"}, Base("debian:bookworm", "bookworm")),
        ({"SEAMLESS_LAB_BASE": "ubuntu:24.04"}, Base("ubuntu:24.04")),
        ({"SEAMLESS_LAB_BASE": "registry.example.test:5000/our/debian@sha256:00"}, None),
    ],
)
def test_the_environment_chooses_the_base(environment: dict[str, str], expected: Base | None) -> None:
    assert chosen(environment) == (expected or Base(environment["SEAMLESS_LAB_BASE"]))


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SEAMLESS_LAB_SUITE": "buster"}, "expected one of trixie, bookworm, noble"),
        ({"SEAMLESS_LAB_SUITE": "noble", "SEAMLESS_LAB_BASE": "ubuntu:24.04"}, "unset one"),
        ({"SEAMLESS_LAB_BASE": "--privileged"}, "expected the name of an image"),
    ],
)
def test_a_base_that_cannot_be_is_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(LabError, match=said):
        chosen(environment)


def test_an_image_that_nobody_has_is_said_and_not_replaced_by_another(without_registry: Docker) -> None:
    with pytest.raises(LabError, match="no registry answers for it"):
        image.ensure(Base("ubuntu:24.04"))
    assert without_registry.verbs() == ["manifest"]


def test_what_mmdebstrap_needs_for_another_distribution_is_asked_for(
    without_registry: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(base.packages, "lacking", list)
    monkeypatch.setattr(base.packages, "require", lambda names, purpose: asked.extend(names))
    monkeypatch.setattr(base.subprocess, "run", lambda command, **options: subprocess.CompletedProcess([], 0, "", ""))
    base.provide(SUITES["noble"])
    assert asked == ["ubuntu-keyring", "distro-info-data"]


def test_packages_that_dpkg_does_not_have_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = subprocess.CompletedProcess([], 1, "here installed\nhalf half-installed\n", "no package found: gone")
    monkeypatch.setattr(base.packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(base.packages.subprocess, "run", lambda command, **options: listing)
    assert base.packages.lacking(["here", "half", "gone"]) == ["half", "gone"]
    monkeypatch.setattr(base.packages.shutil, "which", lambda name: None)
    assert base.packages.lacking(["here", "half", "gone"]) == []
