# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what each watched phase left in the rollout's directory. What cannot be read is handed on as such."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import PHASE

_SUFFIX = ".watch.json"


@dataclass(frozen=True)
class Unreadable:
    """Stands for a record that is there and cannot be read; `why` is the part of a sentence after a colon."""

    why: str


def read(directory: str | os.PathLike[str] | None) -> dict[str, Any]:
    """{phase: its record, or Unreadable}; empty without a directory, or where it is not there."""
    if not directory:
        return {}
    found: dict[str, Any] = {}
    for path in sorted(Path(directory).glob(f"*{_SUFFIX}")):
        phase = path.name.removesuffix(_SUFFIX)
        if PHASE.fullmatch(phase):
            found[phase] = _record(path)
    return found


def _record(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return Unreadable(f"{path.name}: {error.strerror or error}")
    except ValueError:  # no JSON, or no UTF-8: a write that was cut short leaves such a file
        return Unreadable(f"{path.name} is no whole JSON text")
