# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The docker client as a function. Nothing else in the lab starts ``docker``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

from .errors import LabError


class DockerError(LabError):
    """A docker command failed; ``stderr`` holds the engine's own words, ``stdout`` what it said before."""

    def __init__(self, args: tuple[str, ...], stderr: str, stdout: str = "") -> None:
        self.stderr = stderr.strip()
        self.stdout = stdout.strip()
        super().__init__(f"`docker {' '.join(args[:4])}` failed: {self.stderr or 'no message'}")


def client() -> str | None:
    """Path of the docker client, or None."""
    return shutil.which("docker")


def docker(*args: str, timeout: float = 60, stdin: str | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run ``docker ARGS`` and return its stdout, stripped.

    :param timeout: seconds; a docker that hangs is an error too.
    :param env: added to the environment.
    :raises DockerError: exit status other than 0, or no answer in time.
    :raises LabError: there is no client.
    """
    if client() is None:
        raise LabError("no docker client in PATH; `tools/lab.py up` as root on Debian or Ubuntu installs one")
    try:
        done = subprocess.run(
            ["docker", *args],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, **(env or {})},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DockerError(args, f"no answer within {timeout:.0f} s") from error
    if done.returncode != 0:
        raise DockerError(args, done.stderr, done.stdout)
    return done.stdout.strip()
