# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a commit on several routers amounts to: when users moved, and how far apart the routers were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .journal import in_place, kind
from .split import Split

#: The longest that anything but a declaration makes users wait for their move, in seconds.
LONGEST_DELAY = 20.0


def commit_delay(rehearsed: Mapping[str, Mapping[str, Any]], least: float, attempt: int = 1) -> float:
    """Seconds from agreeing on an instant until it comes: *least*, and longer where that would be too late.

    Too late for whom the order reaches after the instant. *rehearsed* has each router's answer to the same order, with
    ``took``, the seconds that the controller waited for it. Twice the slowest leaves as much again for what the
    controller itself does in between; each further *attempt* (from 1) doubles it.
    """
    measured = 2 * max((float(answer.get("took") or 0) for answer in rehearsed.values()), default=0.0)
    return max(least, min(LONGEST_DELAY, max(least, measured) * 2.0 ** (attempt - 1)))


def commit_result(results: Mapping[str, Mapping[str, Any]], at: float | None = None) -> dict[str, Any]:
    """The outcome of the routers' writes, by host, that were to happen *at* (epoch seconds; None: at once).

    ``committed_at`` has the instant of each router, also where an earlier run that died had sent it,
    ``answered_at`` when each said that it had obeyed (as far as known), ``skew_ms`` is the distance between the first
    and the last instant (None where fewer than two are known), ``before`` and ``after`` are the splits.
    """
    instants = {host: result.get("committed_at") or result.get("in_force_since") for host, result in results.items()}
    committed = {host: instant for host, instant in instants.items() if instant}
    skew = (max(committed.values()) - min(committed.values())) * 1000 if len(committed) > 1 else None
    first = next((result for result in results.values() if result.get("after")), {})
    return {
        "at": at,
        "committed_at": committed,
        "answered_at": {host: result["answered_at"] for host, result in results.items() if result.get("answered_at")},
        "skew_ms": None if skew is None else round(skew, 3),
        "before": first.get("before"),
        "after": first.get("after"),
    }


def cutovers(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """When users moved between which releases, from the *events* of one rollout (as JSON has them).

    Each has ``at`` (epoch seconds at which the last router had obeyed), ``first`` (at which the first one was told),
    ``from`` and ``to`` (release ids). Users who are moved in several steps move from the first step to the last:
    meanwhile either release is right. Where they were taken back before the last step, that is when the move ended,
    too. Where instances are replaced in place, nobody is moved, and either is right from the first refresh to the last.
    """
    events = list(events)
    if events and events[0]["type"] == "rollout.opened" and in_place(events[0]["data"]):
        return _replaced(events)
    found: list[dict[str, Any]] = []
    new, old, undoes = None, None, False
    began: float | None = None
    for event in events:
        data = event["data"]
        if event["type"] == "rollout.opened":
            new, old = data["release"], data["from"]
            undoes = data.get("kind") == "rollback"
        shifted = event["type"] == "phase.done" and kind(str(data.get("phase"))) == "shift"
        result = data.get("result") or {}
        committed = result.get("committed_at") or {}
        if not committed or not (shifted or event["type"] == "rollback.done"):
            continue
        answered = result.get("answered_at") or {}
        first, last = min(committed.values()), max([*committed.values(), *answered.values()])
        if shifted:
            began = first if began is None else began
            if _everybody(result.get("after")):
                found.append({"at": last, "first": began, "from": old, "to": new})
            continue
        # A rollout that undoes another one goes to its own release; any other one goes back from it.
        if undoes:
            found.append({"at": last, "first": first, "from": old, "to": new})
            continue
        if began is None:
            continue  # its commit was never journaled as done: nobody can say who was right to answer when
        if not found:
            found.append({"at": last, "first": began, "from": old, "to": new})
            first = last
        found.append({"at": last, "first": first, "from": new, "to": old})
    return found


def _replaced(events: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """When the instances of one release were replaced by those of another, and back; the first event is the opening."""
    opened, found = events[0]["data"], list[dict[str, Any]]()
    new, old = opened["release"], opened["from"]
    # A rollout that undoes another one begins to replace at once.
    began: float | None = events[0]["at"] if opened.get("kind") == "rollback" else None
    for event in events:
        share = (event["data"].get("result") or {}).get("percent")
        refreshes = kind(str(event["data"].get("phase"))) == "refresh"
        if event["type"] == "phase.intended" and refreshes and began is None:
            began = event["at"]
        elif event["type"] == "phase.done" and refreshes and share == 100:
            found.append({"at": event["at"], "first": began, "from": old, "to": new})
        elif event["type"] == "rollback.intended" and found:
            began = event["at"]
        elif event["type"] == "rollback.done" and opened.get("kind") == "rollback":
            found.append({"at": event["at"], "first": began, "from": old, "to": new})
        elif event["type"] == "rollback.done" and began is not None:
            if not found:
                found.append({"at": event["at"], "first": began, "from": old, "to": new})
                began = event["at"]
            found.append({"at": event["at"], "first": began, "from": new, "to": old})
    return found


def _everybody(after: Mapping[str, Any] | None) -> bool:
    return after is None or Split.parse(after).live() is not None
