# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads from the journal where the traffic was, and the instant at which it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import kind
from ansible_collections.seamless.delivery.plugins.module_utils.rollout.split import COLORS

from .journal import Event, data, number
from .words import clean


def as_split(found: object) -> dict[str, float] | None:
    """{blue, green} in percent when `found` is a split (adds up to 100), else None."""
    if not isinstance(found, Mapping):
        return None
    given = {color: number(found.get(color, 0)) for color in COLORS}
    split = {color: value for color, value in given.items() if value is not None}
    return split if len(split) == len(COLORS) and abs(sum(split.values()) - 100) <= 0.011 else None


def all_on(color: object) -> dict[str, float] | None:
    """The split that gives `color` everything; None when it is no color."""
    return {each: 100 if each == color else 0 for each in COLORS} if color in COLORS else None


def _result(event: Event) -> Mapping[str, Any]:
    found = data(event).get("result")
    return found if isinstance(found, Mapping) else {}


def _is_shift(event: Event, *steps: str) -> bool:
    return event["type"] in [f"phase.{step}" for step in steps] and kind(str(data(event).get("phase"))) == "shift"


def was_touched(events: Iterable[Event]) -> bool:
    """Whether the journal holds an intent to move traffic. Intent comes first: without one, nobody was moved."""
    return any(_is_shift(event, "intended", "done", "failed") for event in events)


def was_moved(events: Iterable[Event]) -> bool:
    """Whether at least one shift was done."""
    return any(_is_shift(event, "done") for event in events)


def series(events: list[Event]) -> list[dict[str, float]]:
    """[{at, blue, green}]: the split from each instant on. Holds only what the journal says; may be empty.

    The first point is the opening, with all traffic on the live color or, where the first shift read another
    split on the router, that. A rollback that recorded no split ends where rollbacks by definition do:
    everything on the color that was live.
    """
    live = all_on(data(events[0]).get("live_color"))
    points: list[dict[str, float]] = []

    def add(at: float, split: dict[str, float] | None) -> None:
        if split and (not points or any(points[-1][color] != split[color] for color in COLORS)):
            points.append({"at": at, **split})

    shifts = [event for event in events if _is_shift(event, "done")]
    add(events[0]["at"], (as_split(_result(shifts[0]).get("before")) if shifts else None) or live)
    for event in events:
        if _is_shift(event, "done"):
            add(_moment(event), as_split(_result(event).get("after")))
        elif event["type"] == "rollback.done":
            add(_moment(event), as_split(_result(event).get("after")) or (live if shifts else None))
    return points


def commit(events: Iterable[Event]) -> dict[str, Any] | None:
    """{at, skew_ms, hosts {name: epoch}} of the last shift that was done, or None.

    `at` is the instant that the load balancers agreed on; where it was not recorded, the first one's own.
    `skew_ms` is the distance between the first and the last load balancer; None where fewer than two said when.
    """
    shifts = [event for event in events if _is_shift(event, "done")]
    if not shifts:
        return None
    result = _result(shifts[-1])
    committed = result.get("committed_at")
    hosts = {
        clean(host): at
        for host, at in (committed.items() if isinstance(committed, Mapping) else ())
        if number(at) is not None
    }
    at, skew = number(result.get("at")), number(result.get("skew_ms"))
    if at is None and not hosts:
        return None
    if skew is None and len(hosts) > 1:
        skew = round(1000 * (max(hosts.values()) - min(hosts.values())), 3)
    return {"at": min(hosts.values()) if at is None else at, "skew_ms": skew, "hosts": hosts}


def _moment(event: Event) -> float:
    """When the routers changed; where they did not say, when the outcome was written down."""
    moved = commit([event]) if event["type"] == "phase.done" else None
    found = moved["at"] if moved else number(_result(event).get("at"))
    return event["at"] if found is None else found
