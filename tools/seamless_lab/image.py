# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's image: built once for each base, and kept until its recipe changes.

Its tag is a hash of the recipe and the base's name, so "is it there?" is the whole question, and an interrupted
build leaves no half image behind: docker names an image only when it is complete.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from . import base
from .base import DEFAULT, Base
from .console import say, step
from .docker import DockerError, docker

RECIPE = Path(__file__).resolve().parents[2] / "lab" / "image"
REPOSITORY = "seamless-lab"
BUILD_DEADLINE = 900


def tag(recipe: Path = RECIPE, of: Base = DEFAULT) -> str:
    """Name of the image that this recipe makes: ``seamless-lab:<first 12 hex of its files' sha256>``.

    One that starts from another base than the default says so: ``seamless-lab:<12 hex>-bookworm``.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in recipe.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(recipe).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    suffix = "" if of == DEFAULT else f"-{of.slug}"
    return f"{REPOSITORY}:{digest.hexdigest()[:12]}{suffix}"


def ensure(of: Base = DEFAULT) -> str:
    """Return the image's tag, building it where it is not there yet.

    :raises LabError: no base can be had, or the build failed.
    """
    wanted = tag(of=of)
    if exists(wanted):
        return wanted
    found = base.provide(of)
    with step(f"built the lab's image {wanted}", announce=True):
        # The classic builder finds a local base without asking a registry. The host's network, because
        # its name servers may not be reachable from a bridge.
        docker(
            "build", "--tag", wanted, "--build-arg", f"BASE={found}", "--network", "host", str(RECIPE),
            timeout=BUILD_DEADLINE, env={"DOCKER_BUILDKIT": "0"},
        )  # fmt: skip
    remove(keep=tag())
    return wanted


def exists(name: str) -> bool:
    """Whether the engine holds an image of this name."""
    return bool(docker("image", "ls", "--quiet", name))


def remove(keep: str | None = None) -> None:
    """Remove the lab's images. ``keep`` spares those of that recipe, and every base: what is left is old recipes.

    One that a container uses stays; without ``keep``, that is said.
    """
    for name in docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{REPOSITORY}*").splitlines():
        spared = keep and name.startswith((keep, f"{base.REPOSITORY}:"))
        if name.endswith(":<none>") or spared:
            continue
        try:
            docker("image", "rm", name)
        except DockerError:
            if keep is None:
                say(f"image {name} stays: a container uses it")
