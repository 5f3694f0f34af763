# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a commit on several routers amounts to: when users moved, and how far apart the routers were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def commit_result(results: Mapping[str, Mapping[str, Any]], at: float) -> dict[str, Any]:
    """The outcome of the routers' writes, by host, that were to happen *at* (epoch seconds).

    ``committed_at`` has the instant of each router that changed, ``skew_ms`` is the distance between the
    first and the last of them (None where fewer than two changed), ``before`` and ``after`` are the splits.
    """
    committed = {host: result["committed_at"] for host, result in results.items() if result.get("committed_at")}
    skew = (max(committed.values()) - min(committed.values())) * 1000 if len(committed) > 1 else None
    first = next(iter(results.values()), {})
    return {
        "at": at,
        "committed_at": committed,
        "skew_ms": None if skew is None else round(skew, 3),
        "before": first.get("before"),
        "after": first.get("after"),
    }


def cutovers(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """When users moved between which releases, from the *events* of one rollout (as JSON has them).

    Each has ``at`` (epoch seconds of the last router), ``from`` and ``to`` (release ids).
    """
    found: list[dict[str, Any]] = []
    new, old = None, None
    for event in events:
        data = event["data"]
        if event["type"] == "rollout.opened":
            new, old = data["release"], data["from"]
        shifted = event["type"] == "phase.done" and data.get("phase") == "shift"
        committed = (data.get("result") or {}).get("committed_at") or {}
        if not committed or not (shifted or event["type"] == "rollback.done"):
            continue
        # A rollout that undoes another one has moved nobody before its own commit.
        back = event["type"] == "rollback.done" and bool(found)
        found.append({"at": max(committed.values()), "from": new if back else old, "to": old if back else new})
    return found
