# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that a power cut leaves either old or new, never half."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def replace(path: str, text: str, mode: int = 0o644) -> None:
    """Replace *path* by *text*: on disk before this returns. An existing file keeps its mode and owner."""
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=str(target.parent))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            if target.exists():
                shutil.copymode(path, name)
                os.chown(name, target.stat().st_uid, target.stat().st_gid)
            else:
                os.chmod(name, mode)
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def append(path: str, line: str, mode: int = 0o600) -> None:
    """Add one *line* to *path*: on disk before this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode)
    with os.fdopen(handle, "a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_directory(Path(path).parent)


def sync_directory(path: Path) -> None:
    """Make a file's new name durable, not only its content."""
    handle = os.open(str(path), os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
