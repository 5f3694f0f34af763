# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases to deploy: the stand-in as an artifact, good or with one fault, and as a file for `-e @file`."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

STANDIN = Path(__file__).with_name("standin.py")


def write(
    folder: Path,
    version: str,
    fault: str = "",
    digest: str = "",
    padding: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """A release's file in *folder*; *digest* declares another one than the artifact's, *padding* adds so many bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    artifact = folder / f"standin-{version}{'-' + fault if fault else ''}.py"
    shutil.copyfile(STANDIN, artifact)
    if padding:
        with artifact.open("ab") as file:
            file.write(b"\n#")
            file.truncate(artifact.stat().st_size + padding)  # a hole: nothing to write, and everything to copy
    found = hashlib.sha256(artifact.read_bytes()).hexdigest()
    release: dict[str, Any] = {
        "version": version,
        "artifact": str(artifact),
        "digest": digest or f"sha256:{found}",
        "environment": {**(environment or {}), **({"STANDIN_FAULT": fault} if fault else {})},
    }
    declared = artifact.with_suffix(".yml")
    declared.write_text(yaml.safe_dump({"release": release}), encoding="utf-8")
    return declared
