# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a value was written: file and line, as ansible-core remembers it.

ansible-core tags each value and key that it loads with its origin, but has no public way to ask for it
yet. Where that way is gone, a file that mentions the top-level key is the second-best answer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

try:
    from ansible._internal._datatag._tags import Origin, VaultedValue
except ImportError:  # pragma: no cover - another ansible-core
    Origin = VaultedValue = None

Where = tuple[str | int, ...]


def place(tree: Any, where: Where, sources: Iterable[str] = ()) -> str | None:
    """``file:line`` of the key (or list item) at *where* in *tree*, or of the nearest thing above it.

    *tree* maps the first part of *where*; *sources* are the inventories, for when there are no tags.
    Paths below the present directory are given relative to it. None when nothing is known.
    """
    found = None
    for part in where:
        try:
            key = _own_key(tree, part)
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            break
        found = _origin(key) or _origin(tree) or found
    return found or (_mention(str(where[0]), sources) if where else None)


def vaulted(tree: Any, where: Where) -> bool:
    """Whether the value at *where* came out of a vault, and must not be repeated."""
    for part in where:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
    return VaultedValue is not None and VaultedValue.is_tagged_on(tree)


def _own_key(tree: Any, part: str | int) -> Any:
    """The key as it was loaded, with its tags; a list's index has none."""
    if isinstance(tree, Mapping):
        return next((key for key in tree if key == part), part)
    return part


def _origin(value: Any) -> str | None:
    tag = Origin.get_tag(value) if Origin is not None else None
    if tag is None or not tag.path:
        return None
    return f"{_short(tag.path)}:{tag.line_num}" if tag.line_num else _short(tag.path)


def _short(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def _mention(key: str, sources: Iterable[str]) -> str | None:
    for file in _variable_files(sources):
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for number, line in enumerate(lines, start=1):
            if re.match(rf"{re.escape(key)}\s*:", line):
                return f"{_short(str(file))}:{number}"
    return None


def _variable_files(sources: Iterable[str]) -> Iterator[Path]:
    for source in map(Path, sources):
        base = source if source.is_dir() else source.parent
        for folder in ("group_vars", "host_vars"):
            yield from sorted(path for path in (base / folder).rglob("*") if path.is_file())
