# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifact on the controller: is it there, and is it the one that was declared."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.declaration.problem import Problem, shown


def located(release: dict[str, Any]) -> Problem | None:
    """Make the path of a checked *release*'s artifact absolute; what is wrong with the file there."""
    release["artifact"] = os.path.abspath(release["artifact"])
    return artifact_problem(release["artifact"], release["digest"])


def artifact_problem(path: str, digest: str) -> Problem | None:
    """What is wrong with the file at *path*, whose SHA-256 is said to be *digest* (``sha256:<hex>``)."""
    where = ("release", "artifact")
    file = Path(path)
    if not file.is_file():
        what = "a directory" if file.is_dir() else "no such file"
        return Problem(
            where,
            f"{what}: {shown(path)}",
            "a file on the controller",
            "build it, or give its absolute path; a relative one is taken from where ansible-playbook was started",
        )
    try:
        with file.open("rb") as content:
            found = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
    except OSError as error:
        return Problem(where, f"{shown(path)}, which cannot be read: {error.strerror}", "a readable file")
    if found != digest:
        return Problem(
            ("release", "digest"),
            f"{digest}, while {path} has {found}",
            "the digest of the artifact",
            "build the artifact again, or declare its digest if you know where the file comes from",
        )
    return None
