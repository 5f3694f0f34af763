#!/usr/bin/env python3
# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make soak``: what only much repetition shows, releases to and fro under heavy traffic.

``tools/soak.py [ROUNDS]`` (default 100), in a lab of its own with the example shop: ROUNDS releases to and fro, while
users send RATE requests a second (environment, default 1000) of every kind, streams and websockets included; each
request of the whole time is judged.

Prints what users saw, writes reports/bench/soak.json, and fails when one request failed.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from operator import itemgetter
from pathlib import Path
from typing import Any

from seamless_bench.place import place
from seamless_bench.table import Figure, keep

from harness.inventory import FASTER, merged  # isort: skip - found by way of seamless_bench.place
from harness.site import YIELDING, Site  # isort: skip
from harness.to_and_fro import to_and_fro  # isort: skip
from harness.verdict import UsersHurt, unhurt  # isort: skip

MIX = {"keep_alive": 75, "new_connection": 10, "slow": 2, "post": 13}
# As many users as requests in a second: a user waits for an answer before it asks again, and with fewer of them a
# second in which answers take half of one would leave no user free.
USERS = {"mix": MIX, "users": 1000, "max_in_flight": 4000, "streams": 20, "websockets": 20, "max_seconds": 21600}
CHANGES = merged(FASTER, {"runtime": {"start_deadline": 30}})


def main(arguments: list[str]) -> int:
    """0 when no user was hurt, in any round."""
    rounds = int(arguments[0]) if arguments else 100
    with place("soak", "10.111.6", CHANGES) as (site, releases):
        site.prefix = YIELDING
        return released(site, releases, rounds, int(os.environ.get("RATE") or 1000))


def released(site: Site, releases: list[Path], rounds: int, rate: int) -> int:
    """*rounds* releases under traffic; 0 when nobody noticed any of them."""
    with site.users(rate=rate, **USERS) as users:
        started = time.monotonic()
        done = to_and_fro(site, releases, rounds, lambda line: print(f"{line}; {users.so_far()}", flush=True))
        lasted = time.monotonic() - started
    saw = users.saw(done.cutovers)
    figures = [
        Figure("releases to and fro", rounds),
        Figure("requests", saw["sent"]),
        Figure("requests in each second", saw["sent"] / lasted),
        Figure("requests that the probe could not send in time", saw["unsent"]),
        Figure("requests that failed", saw["failed"], limit=0),
        Figure("requests answered by the wrong release", saw["wrong_release"], limit=0),
        Figure("streams and websockets", saw["long_lived"]["opened"]),
        Figure("streams and websockets that were broken", saw["long_lived"]["broken"], limit=0),
        Figure("distance between the load balancers' commits, the largest", max(done.skews_ms), "ms", 5),
        Figure("from a commit to the old color's last fast answer, the largest", saw["last_from_ms"] or 0, "ms", 50),
        Figure("one release, the median", statistics.median(done.seconds), "s"),
    ]
    missed = keep("soak", figures)
    try:
        unhurt(saw, least=int(0.9 * rate * lasted))
    except UsersHurt as hurt:
        print(f"users were hurt: {hurt}", *worst(saw["by_second"]), sep="\n", flush=True)
        return 1
    return missed


def worst(seconds: list[dict[str, Any]], most: int = 20) -> list[str]:
    """The seconds in which most went wrong, in their order: whether it was one pause or every cutover."""
    hurt = [second for second in seconds if second["failed"] or second["wrong"]]
    shown = sorted(
        sorted(hurt, key=lambda second: -second["failed"] - second["wrong"])[:most], key=itemgetter("second")
    )
    told = [f"in {len(hurt)} of {len(seconds)} seconds; the worst, counted from the first:"]
    for one in shown:
        after = one["second"] - seconds[0]["second"]
        told.append(f"  {after:>6} s: of {one['sent']}, {one['failed']} failed, {one['wrong']} got the wrong release")
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
