# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's image: built once, and kept until its recipe changes.

Its tag is a hash of the recipe, so "is it there?" is the whole question, and an interrupted build leaves
no half image behind: docker names an image only when it is complete.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import packages
from .console import say, step
from .docker import DockerError, docker
from .errors import LabError
from .state import state_dir

RECIPE = Path(__file__).resolve().parents[2] / "lab" / "image"
REPOSITORY = "seamless-lab"
SUITE = "trixie"
PUBLIC = f"debian:{SUITE}"
BASE = f"{REPOSITORY}-base:{SUITE}"
REGISTRY_DEADLINE = 6  # seconds to find out whether a registry is there
PULL_DEADLINE = 300
BUILD_DEADLINE = 900


def tag(recipe: Path = RECIPE) -> str:
    """Name of the image that this recipe makes: ``seamless-lab:<first 12 hex of its files' sha256>``."""
    digest = hashlib.sha256()
    for file in sorted(path for path in recipe.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(recipe).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return f"{REPOSITORY}:{digest.hexdigest()[:12]}"


def ensure() -> str:
    """Return the image's tag, building it where it is not there yet.

    :raises LabError: no base can be had, or the build failed.
    """
    wanted = tag()
    if exists(wanted):
        return wanted
    base = _base()
    with step(f"built the lab's image {wanted}", announce=True):
        # The classic builder finds a local base without asking a registry. The host's network, because
        # its name servers may not be reachable from a bridge.
        docker(
            "build", "--tag", wanted, "--build-arg", f"BASE={base}", "--network", "host", str(RECIPE),
            timeout=BUILD_DEADLINE, env={"DOCKER_BUILDKIT": "0"},
        )  # fmt: skip
    remove(keep=wanted)
    return wanted


def exists(name: str) -> bool:
    """Whether the engine holds an image of this name."""
    return bool(docker("image", "ls", "--quiet", name))


def remove(keep: str | None = None) -> None:
    """Remove the lab's images. ``keep`` spares that one and the base: what is left is old recipes.

    One that a container uses stays; without ``keep``, that is said.
    """
    for name in docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{REPOSITORY}*").splitlines():
        if name.endswith(":<none>") or (keep and name in (keep, BASE)):
            continue
        try:
            docker("image", "rm", name)
        except DockerError:
            if keep is None:
                say(f"image {name} stays: a container uses it")


def _base() -> str:
    """The public image where it is here or a registry answers, else one made of Debian's packages."""
    for name in (PUBLIC, BASE):
        if exists(name):
            return name
    try:
        docker("manifest", "inspect", PUBLIC, timeout=REGISTRY_DEADLINE)
        with step(f"pulled {PUBLIC}", announce=True):
            docker("pull", "--quiet", PUBLIC, timeout=PULL_DEADLINE)
        return PUBLIC
    except DockerError:
        say(f"no image registry in reach: making the base from Debian's packages instead of {PUBLIC}")
    return _bootstrap()


def _bootstrap() -> str:
    """Make the base with mmdebstrap: what debian:trixie is, from Debian's mirrors alone."""
    if shutil.which("mmdebstrap") is None:
        packages.require(["mmdebstrap", "debian-archive-keyring"], "mmdebstrap, which makes the base image")
    for leftover in state_dir().glob("base-*"):  # of a build that was killed; the caller holds the lock
        shutil.rmtree(leftover)
    with (
        step(f"made the base image {BASE}", announce=True),
        tempfile.TemporaryDirectory(prefix="base-", dir=state_dir()) as folder,
    ):
        archive = Path(folder) / "base.tar"
        done = subprocess.run(
            ["mmdebstrap", "--variant=apt", SUITE, str(archive)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            last = "\n  ".join(done.stderr.strip().splitlines()[-5:])
            raise LabError(
                f"mmdebstrap could not make {BASE}; are Debian's mirrors in reach? Its last words:\n  {last}"
            )
        docker("import", str(archive), BASE, timeout=PULL_DEADLINE)
    return BASE
