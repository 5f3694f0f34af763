#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: what an operator waits for, and how exactly users move; the rows of docs/figures.md.

``tools/bench.py [RUNS]``, in a lab of its own with the durations that inventories/lab declares: the median of RUNS
(default 3). Prints a table, writes reports/bench/operator.json, and fails when a figure is above its limit.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from seamless_bench.place import place
from seamless_bench.table import Figure, keep

from harness.settled import events  # isort: skip - found by way of seamless_bench.place
from harness.site import Site  # isort: skip

ROWS = (
    ("lab", "lab up, already up", "s", None),
    ("provision", "`provision.yml`, nothing to change", "s", 20),
    ("status", "`status.yml`", "s", None),
    ("deploy", "`deploy.yml`, blue-green, whole command", "s", 60),
    ("again", "`deploy.yml` again, nothing to change", "s", 10),
    ("back", "`rollback.yml`: users are back, from the start of the command", "s", 4),
    ("rollback", "`rollback.yml`, whole command", "s", None),
    ("skew", "distance between the load balancers' commits", "ms", 5),
    ("old", "from the commit to the last fast answer of the old color", "ms", 50),
)


def main(arguments: list[str]) -> int:
    """0 when every figure is within its limit."""
    runs = int(arguments[0]) if arguments else 3
    seen: dict[str, list[float]] = {key: [] for key, *_row in ROWS}
    with place("bench", "10.111.7", {}) as (site, releases):
        site.must("deploy", "-e", f"@{releases[0]}")
        for number in range(1, runs + 1):
            for key, value in measured(site, releases[1]).items():
                seen[key].append(value)
            newest = {key: round(values[-1], 2) for key, values in seen.items()}
            print(f"run {number}/{runs}: {newest}", flush=True)
    figures = [Figure(what, statistics.median(seen[key]), unit, limit) for key, what, unit, limit in ROWS]
    return keep("operator", figures)


def measured(site: Site, release: Path) -> dict[str, float]:
    """One value of each figure: *release* is deployed, and rolled back again."""
    began = time.monotonic()
    site.tool("up")
    values = {"lab": time.monotonic() - began}
    for name in ("provision", "status"):
        values[name] = site.must(name).seconds
    values["deploy"] = site.must("deploy", "-e", f"@{release}").seconds
    report = site.report()
    values["skew"] = report["commit"]["skew_ms"]
    values["old"] = report["probe"]["last_from_ms"] or 0.0  # None: it answered nobody after the commit
    again = site.must("deploy", "-e", f"@{release}")
    assert again.changed == 0, f"deploying the same release again changed something:\n{again.output}"
    values["again"] = again.seconds
    back = site.must("rollback", rollout_reason="make bench")
    values["rollback"] = back.seconds
    committed = [event for event in events(site) if event.type == "rollback.done"][-1].data["result"]["committed_at"]
    values["back"] = max(committed.values()) - back.started
    return values


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
