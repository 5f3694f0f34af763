#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-canary``: real canaries of releases that are well and of some that are not; the rows of docs/figures.md.

``tools/bench_canary.py [RUNS]`` (default 3), in a lab of its own: RUNS releases of each kind, while users send RATE
requests a second (environment, default 500). Prints a table, writes reports/bench/canary.json, and fails when a
figure is above its limit.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seamless_bench.place import provided
from seamless_bench.table import Figure, keep

from harness.canary import canary, people, step  # isort: skip - found by way of seamless_bench.place
from harness.inventory import FASTER, merged  # isort: skip
from harness.settled import history, settled  # isort: skip
from harness.site import YIELDING, Site  # isort: skip
from ansible_collections.seamless.delivery.plugins.plugin_utils.probe.rows import LONG_LIVED  # isort: skip

#: Answers take 20 ms in the middle, and 200 ms in the slowest hundredth.
USUAL = {"STANDIN_MEDIAN_MS": "20"}
#: From what a user would notice on (docs/canary.md): a pool with a tenth of the users has fewer open connections and
#: colder caches, which is a millisecond here, and moves three answers of a hundred across an edge of 10 ms.
CHANGES = merged(FASTER, {"metrics": {"edges": [0.025, 0.05, 0.1, 0.25, 0.5, 1]}})
#: A service that bears one answer more in a hundred failing, and two more being slow, while a step is watched.
JUDGE = {"negligible_error_percent": 1, "negligible_slow_percent": 2, "goal_error_points": 5}
#: As many as there are requests in two seconds: a user waits for an answer before it asks again.
USERS = 1000
STEPS = (step(10, most=300), step(50, most=300))
#: Seconds: whoever ends a release before its steps may end calls it aborted, and it was not.
LONGEST = 900.0


@dataclass(frozen=True)
class Kind:
    """A release that is not well, at *percent* of RATE (or *rate*) requests a second, and what may come of it."""

    name: str
    percent: int
    within: float
    environment: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    rate: int = 0
    most_failed: int | None = None


KINDS = (
    Kind("fails all of its users, at 5 %, 200 requests a second", 5, 3, fault="fails_users", rate=200, most_failed=40),
    Kind("has 5 points more errors, at 10 %", 10, 15, {"STANDIN_ERRORS": "0.05"}),
    Kind("has a p99 of 1.5 times, at 10 %", 10, 60, {"STANDIN_TAIL": "1.5"}),
)


def main(arguments: list[str]) -> int:
    """0 when every figure is within its limit."""
    runs, rate = int(arguments[0]) if arguments else 3, int(os.environ.get("RATE") or 500)
    with tempfile.TemporaryDirectory(prefix="seamless-bench-canary-") as folder:
        site = Site("bench-canary", "10.111.2", Path(folder), CHANGES)
        good = [site.release(version, environment=USUAL) for version in ("1.0.0", "2.0.0")]
        with provided(site, good):
            site.prefix = YIELDING
            figures = [
                *healthy(site, good, runs, rate),
                *(row for kind in KINDS for row in bad(site, kind, runs, rate)),
            ]
    return keep("canary", figures)


def healthy(site: Site, good: list[Path], runs: int, rate: int) -> Iterator[Figure]:
    """Releases that are well: each must reach everybody."""
    aborted, seconds, failed = 0, [], 0
    for number in range(runs):
        with people(site, rate, users=USERS) as users:
            deploying = site.begin("deploy", "-e", f"@{good[number % 2]}", rollout_service=canary(*STEPS, **JUDGE))
            done = deploying.end(LONGEST)
        aborted += not done.ok
        seconds.append(done.seconds)
        failed += users.saw()["failed"]
        print(f"healthy {number + 1}/{runs}: {'released' if done.ok else 'aborted'}, {done.seconds:.0f} s", flush=True)
    yield Figure(f"of {runs} canaries that are well, aborted", aborted, limit=0)
    yield Figure("requests that failed in all of these", failed, limit=0)
    yield Figure("one of these, the median, the whole command", statistics.median(seconds), "s")


def bad(site: Site, kind: Kind, runs: int, rate: int) -> Iterator[Figure]:
    """How long users met it, from its first answer to its last, and how many requests failed."""
    missed, lasted, failed = 0, [], []
    for number in range(runs):
        before = history(site)
        release = site.release(f"6.6.{number}", fault=kind.fault, environment=USUAL | kind.environment)
        service = canary(step(kind.percent, most=300), **JUDGE)
        with people(site, kind.rate or rate, users=USERS) as users:
            done = site.begin("deploy", "-e", f"@{release}", rollout_service=service).end(LONGEST)
        settled(site, before.live_release or "")
        # A stream or a websocket is left to end in its time: users are back when nobody begins one there any more.
        met = [
            (sent, sent if what in LONG_LIVED else sent + ms / 1000)
            for sent, ms, what, _status, by, _error in users.rows()
            if by.startswith("6.6.")
        ]
        lasted.append(max(end for _sent, end in met) - min(sent for sent, _end in met) if met else float("inf"))
        missed += done.ok or lasted[-1] > kind.within
        failed.append(users.saw()["failed"])
        print(f"{kind.name}, {number + 1}/{runs}: gone after {lasted[-1]:.1f} s, {failed[-1]} failed", flush=True)
    name = f"a release that {kind.name}"
    yield Figure(f"{name}: of {runs}, not gone within {kind.within:g} s", missed, limit=runs // 20)
    yield Figure(f"{name}: from its first answer to a user to its last, the median", statistics.median(lasted), "s")
    yield Figure(f"{name}: requests that failed, the most", max(failed), limit=kind.most_failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
