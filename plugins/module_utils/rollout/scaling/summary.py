# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a simulated run comes to: figures, and a series short enough to be drawn and kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from .simulate import Run

FLAPPING_WITHIN = 900
"""A capacity that turns round within so many seconds flaps."""

COLUMNS = 480
"""Most columns of a series."""


def summary(run: Run) -> dict[str, Any]:
    """Seconds, seconds above the target (all, and the longest stretch of them), changes, flaps, instance hours, ..."""
    stretches = [len(list(group)) for above, group in groupby(map(run.above, range(len(run.loads)))) if above]
    uses = [load / capacity for load, capacity in zip(run.loads, run.capacities)]
    return {
        "seconds": len(run.loads),
        "above_target": sum(stretches),
        "longest_above_target": max(stretches, default=0),
        "highest_percent_of_target": round(100 * max(uses), 1),
        "changes": len(run.changes),
        "flaps": _flaps(run),
        "instance_hours": round(sum(run.instances) / 3600, 3),
        "most_instances": max(run.instances),
    }


def series(run: Run, columns: int = COLUMNS) -> list[dict[str, float]]:
    """At most *columns* stretches of equal length, each with its highest load and its lowest capacity."""
    wide = -(-len(run.loads) // columns)
    return [
        {
            "at": run.begin + first,
            "load": max(run.loads[first : first + wide]),
            "capacity": min(run.capacities[first : first + wide]),
            "instances": max(run.instances[first : first + wide]),
            "above": sum(map(run.above, _within(run, first, wide))),
        }
        for first in range(0, len(run.loads), wide)
    ]


def as_dict(run: Run) -> dict[str, Any]:
    """For filters and reports."""
    return {
        **summary(run),
        "begin": run.begin,
        "series": series(run),
        "changed": [vars(change) for change in run.changes],
    }


def _within(run: Run, first: int, wide: int) -> Iterator[int]:
    return iter(range(first, min(first + wide, len(run.loads))))


def _flaps(run: Run) -> int:
    """How often the capacity went the other way within FLAPPING_WITHIN seconds of the change before."""
    return sum(
        (one.after > one.before) != (other.after > other.before) and other.at - one.at <= FLAPPING_WITHIN
        for one, other in zip(run.changes, run.changes[1:])
    )
