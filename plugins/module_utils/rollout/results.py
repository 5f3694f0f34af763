# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several hosts answered: who failed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def answers(hostvars: Mapping[str, Any], hosts: Iterable[str], name: str) -> dict[str, dict[str, Any]]:
    """The result registered as *name* on each of the *hosts*; one that has none never answered."""
    silent = {"failed": True, "msg": "no answer: the host cannot be reached, or failed before"}
    return {host: (hostvars[host].get(name) if host in hostvars else None) or silent for host in hosts}


def failures(hostvars: Mapping[str, Any], hosts: Iterable[str], name: str) -> dict[str, str]:
    """Why each host that did not succeed failed, by host; empty when all succeeded."""
    bad = ("failed", "unreachable", "skipped")
    return {
        host: str(result.get("msg") or "failed without a message")
        for host, result in answers(hostvars, hosts, name).items()
        if any(result.get(flag) for flag in bad)
    }


def clocks_apart(observed: Mapping[str, Mapping[str, Any]], tolerance: float) -> dict[str, str]:
    """The hosts whose clock is certainly further than *tolerance* seconds from the controller's, and by how much.

    Each answer has ``clock_offset`` (seconds, the host's clock minus the controller's) and ``clock_uncertainty``
    (half of the time that the question took): an offset within the uncertainty says nothing.
    """
    return {
        host: f"{answer['clock_offset']:+.3f} s (known to {answer['clock_uncertainty']:.3f} s)"
        for host, answer in observed.items()
        if abs(answer["clock_offset"]) - answer["clock_uncertainty"] > tolerance
    }


def enough(healthy: int, total: int, percent: float) -> bool:
    """Whether at least one member and *percent* of all are healthy: what a pool needs before it gets any traffic."""
    return healthy > 0 and healthy * 100 >= percent * total


def pools_short(observed: Mapping[str, Mapping[str, Any]], color: str, percent: float) -> dict[str, str]:
    """The routers on which fewer than *percent* of *color*'s members are healthy, with what they count."""
    short = {}
    for host, answer in observed.items():
        pool = answer["pools"][color]
        if not enough(pool["healthy"], pool["total"], percent):
            short[host] = f"{pool['healthy']} of {pool['total']}"
    return short


def drain_result(results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What draining on several routers amounts to: sessions left and closed, and the seconds of the slowest.

    Where one of them cannot tell what is left, nobody can.
    """
    drained = [result for result in results.values() if "seconds" in result]
    left = [result["sessions_left"] for result in drained]
    return {
        "sessions_left": None if None in left else sum(left),
        "closed": sum(result["closed"] for result in drained),
        "seconds": max((result["seconds"] for result in drained), default=0.0),
    }
