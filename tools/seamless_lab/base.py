# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's image starts from: a public image where a registry answers, else one made of packages."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import packages
from .console import say, step
from .docker import DockerError, docker
from .errors import LabError
from .state import state_dir

REPOSITORY = "seamless-lab-base"
IMAGE = re.compile(r"[a-z0-9][A-Za-z0-9._:/@-]*")
REGISTRY_DEADLINE = 6  # seconds to find out whether a registry is there
PULL_DEADLINE = 300


@dataclass(frozen=True)
class Base:
    """A public image, and the distribution's ``suite`` that mmdebstrap makes in its place: "" where it cannot.

    ``needs`` are the packages with which mmdebstrap knows that suite and trusts its packages.
    """

    public: str
    suite: str = ""
    components: str = "main"
    needs: tuple[str, ...] = ("debian-archive-keyring",)

    @property
    def local(self) -> str:
        """Name of the image that mmdebstrap made."""
        return f"{REPOSITORY}:{self.suite}"

    @property
    def slug(self) -> str:
        """The base in an image's tag: ``bookworm``, ``ubuntu-24.04``."""
        return self.suite or re.sub(r"[^a-z0-9.]+", "-", self.public.lower())


#: The platforms of the roles. Ubuntu keeps much of what Debian calls main in a component of its own.
SUITES = {
    base.suite: base
    for base in (
        Base("debian:trixie", "trixie"),
        Base("debian:bookworm", "bookworm"),
        Base("ubuntu:noble", "noble", "main,universe", ("ubuntu-keyring", "distro-info-data")),
    )
}
DEFAULT = SUITES["trixie"]


def chosen(environment: Mapping[str, str]) -> Base:
    """The base that SEAMLESS_LAB_SUITE (a distribution) or SEAMLESS_LAB_BASE (an image) asks for; else Debian 13.

    :raises LabError: an unknown suite, no name of an image, or both at once.
    """
    suite, public = environment.get("SEAMLESS_LAB_SUITE", ""), environment.get("SEAMLESS_LAB_BASE", "")
    if suite and public:
        raise LabError(f"SEAMLESS_LAB_SUITE={suite} and SEAMLESS_LAB_BASE={public}: expected one of the two, unset one")
    if public:
        if not IMAGE.fullmatch(public):
            raise LabError(f"SEAMLESS_LAB_BASE={public!r}: expected the name of an image, such as 'ubuntu:24.04'")
        return Base(public)
    if suite and suite not in SUITES:
        raise LabError(
            f"SEAMLESS_LAB_SUITE={suite!r}: expected one of {', '.join(SUITES)}; "
            "any other image of Debian or Ubuntu can be named with SEAMLESS_LAB_BASE"
        )
    return SUITES[suite] if suite else DEFAULT


def provide(base: Base) -> str:
    """Name of an image of this base that is here now: the public one, or one made of the distribution's packages.

    :raises LabError: neither can be had; says why, and what to do.
    """
    for name in (base.public, base.local) if base.suite else (base.public,):
        if docker("image", "ls", "--quiet", name):
            return name
    try:
        docker("manifest", "inspect", base.public, timeout=REGISTRY_DEADLINE)
        with step(f"pulled {base.public}", announce=True):
            docker("pull", "--quiet", base.public, timeout=PULL_DEADLINE)
        return base.public
    except DockerError as error:
        if not base.suite:
            raise LabError(
                f"SEAMLESS_LAB_BASE={base.public} is not here, and no registry answers for it ({error.stderr}): "
                f"`docker load` or `docker import` it, or choose one of {', '.join(SUITES)} with SEAMLESS_LAB_SUITE"
            ) from None
        say(f"no image registry in reach: making the base from packages instead of {base.public}")
    return _bootstrap(base)


def _bootstrap(base: Base) -> str:
    """Make the base with mmdebstrap: what the public image is, from the distribution's mirrors alone."""
    missing = [*([] if shutil.which("mmdebstrap") else ["mmdebstrap"]), *packages.lacking(base.needs)]
    if missing:
        packages.require(missing, "mmdebstrap, which makes the base image")
    for leftover in state_dir().glob("base-*"):  # of a build that was killed; the caller holds the lock
        shutil.rmtree(leftover)
    with (
        step(f"made the base image {base.local}", announce=True),
        tempfile.TemporaryDirectory(prefix="base-", dir=state_dir()) as folder,
    ):
        archive = Path(folder) / "base.tar"
        done = subprocess.run(
            ["mmdebstrap", "--variant=apt", f"--components={base.components}", base.suite, str(archive)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = "\n  ".join(done.stderr.strip().splitlines()[-5:])
            raise LabError(
                f"mmdebstrap could not make {base.local}; are the mirrors of {base.suite} in reach? "
                f"Its last words:\n  {last}"
            )
        docker("import", str(archive), base.local, timeout=PULL_DEADLINE)
    return base.local
