# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps reports in a directory: each written in one piece, the newest under a fixed name, the oldest pruned."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LATEST = "latest"
_SAFE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")


@dataclass
class Stored:
    """Where a report went; `changed` is False when the very same bytes were there already."""

    json: Path
    html: Path
    changed: bool
    pruned: list[str] = field(default_factory=list)


def stem(rollout: str) -> str:
    """A file name for `rollout` that cannot leave the directory, be taken for `latest`, or collide with another's."""
    if _SAFE.match(rollout) and rollout != LATEST:
        return rollout
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", rollout).strip("-")[:60] or "rollout"
    return f"{readable}-{hashlib.sha256(rollout.encode('utf-8', 'replace')).hexdigest()[:8]}"


def dump(document: dict[str, Any]) -> str:
    """The report's JSON text, keys in the document's own order."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write(document: dict[str, Any], page: str, directory: str | os.PathLike[str], keep: int = 50) -> Stored:
    """Writes <rollout>.json and .html and points latest.* at them; keeps the `keep` newest reports (at least this one).

    A reader sees the old file or the new one, never half of one. Raises OSError where the directory cannot be written.
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    name = stem(document["rollout"])
    stored = Stored(folder / f"{name}.json", folder / f"{name}.html", changed=False)
    for path, text in ((stored.json, dump(document)), (stored.html, page)):
        written = put(path, text.encode("utf-8", "replace"))
        pointed = _point(folder / f"{LATEST}{path.suffix}", path)
        stored.changed = written or pointed or stored.changed
    stored.pruned = _prune(folder, max(keep, 1), name)
    stored.changed = stored.changed or bool(stored.pruned)
    return stored


def put(path: Path, content: bytes) -> bool:
    """Writes `content` atomically; False when the file holds it already."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp gives 0600; a report is there to be served
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    return True


def _point(link: Path, target: Path) -> bool:
    """Makes `link` a relative symlink to `target`, or a copy of it where the file system has no symlinks."""
    if link.is_symlink() and os.readlink(link) == target.name:
        return False
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()  # left by a process of the same id that was killed here
        temporary.symlink_to(target.name)
    except OSError:
        return put(link, target.read_bytes())
    os.replace(temporary, link)
    return True


def _prune(folder: Path, keep: int, current: str) -> list[str]:
    """Removes all but the `keep` newest reports; returns their names. A file that is no report of ours stays."""
    pairs = [path for path in folder.glob("*.json") if path.stem != LATEST and path.with_suffix(".html").is_file()]
    # The current one counts as newest, however old its files: it may be a report that was made again.
    pairs.sort(key=lambda path: (path.stem == current, path.stat().st_mtime_ns, path.stem), reverse=True)
    pruned = []
    for path in pairs[keep:]:
        if _is_report(path):
            path.with_suffix(".html").unlink()
            path.unlink()
            pruned.append(path.stem)
    return pruned


def _is_report(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and "schema_version" in found and stem(str(found.get("rollout"))) == path.stem
