# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container engine: use the one that runs, else start it, else install it."""

from __future__ import annotations

import os

from . import dockerd, packages
from .console import say, step
from .docker import DockerError, client, docker
from .errors import LabError


def trouble() -> str | None:
    """Why no engine answers this user, and what to do; None where one answers."""
    if client() is None:
        return "there is no docker client; `tools/lab.py up` as root on Debian or Ubuntu installs one"
    try:
        docker("version", "--format", "{{.Server.Version}}", timeout=10)
    except DockerError as error:
        if "permission denied" in error.stderr.lower():
            return "docker runs, but not for this user: join the group `docker`, or run this command as root"
        if os.environ.get("DOCKER_HOST"):
            return f"DOCKER_HOST={os.environ['DOCKER_HOST']} does not answer: start that engine, or unset it"
        return f"no container engine answers; `tools/lab.py up` as root starts one ({error.stderr})"
    return None


def answers() -> bool:
    """Whether an engine answers this user."""
    return trouble() is None


def require() -> None:
    """:raises LabError: no engine answers."""
    if (reason := trouble()) is not None:
        raise LabError(reason)


def ensure() -> None:
    """Return once an engine answers: install and start one where there is none.

    :raises LabError: that is not possible or not allowed here; says what to do.
    """
    reason = trouble()
    if reason is None:
        return
    if os.environ.get("DOCKER_HOST") or "not for this user" in reason:
        raise LabError(reason)  # an engine is there; another one would not be what was asked for
    if client() is None or dockerd.path() is None:
        # From Debian 13 on, the client is a package of its own.
        extra = ["docker-cli"] if client() is None and packages.available("docker-cli") else []
        packages.require(["docker.io", *extra], "a container engine")
        if answers():  # where packages start their services, the installation did
            dockerd.remember(dockerd.Ours())
            return
    if os.geteuid() != 0:
        raise LabError("the docker engine is stopped: run `sudo systemctl start docker`, or this command once as root")
    with step("started the container engine, which stays when this command ends"):
        dockerd.start(answers)


def revive() -> bool:
    """Start an engine that the lab had started and that has ended since; return whether one answers now.

    What such an engine left is still on its disk, and only it can remove that.
    """
    if not answers() and dockerd.recall() is not None:
        ensure()
    return answers()


def stop() -> None:
    """Stop the engine if the lab started it and nothing else runs on it; otherwise leave it."""
    ours = dockerd.recall()
    if ours is None:
        return
    if answers() and docker("ps", "--quiet"):
        say("the container engine stays: other containers run on it")
        return
    with step("stopped the container engine, which the lab had started"):
        dockerd.stop(ours)
