# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the probe has met so far, held against a gate: for a watch in which it has a say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..probe import declare, process
from ..probe.analysis import analyse
from ..probe.gate import problems
from ..probe.rows import read_rows


def problem(directory: Path, gate: Mapping[str, Any]) -> str:
    """Why *gate* does not hold of what the probe recorded in *directory*, or nothing."""
    rows = directory / declare.ROWS
    if not rows.exists():
        return f"the probe has recorded nothing in {directory}"
    status = process.status(directory) or {}
    found = problems(analyse(read_rows(rows), [], late_ms=status.get("late_ms")), gate, None)
    return f"the probe's gate does not hold: {'; '.join(found)}" if found else ""
