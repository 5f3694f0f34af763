# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller dies at a write to the journal, and somebody goes on: where it can die, and what must hold then."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.seamless.delivery.plugins.module_utils.rollout.journal import Event

from .run import Run
from .settled import events, history, settled
from .site import Site
from .verdict import unhurt

PHASES = ("install", "verify", "shift", "drain", "bake", "close")

#: What a deploy writes into the journal, in its order.
WRITES = ("opened", *(f"{phase} done" for phase in PHASES), "closed")

#: What is written together with the intent of the phase that comes next.
INTENDING = WRITES[:-2]


@dataclass(frozen=True)
class Point:
    """SIGKILL right before (or right after) number ``number`` of the ``writes``, then the playbook ``then``."""

    when: str
    number: int
    then: str
    writes: tuple[str, ...] = WRITES

    def __str__(self) -> str:
        return f"{self.when}-{self.writes[self.number - 1].replace(' ', '-')}-then-{self.then}"

    @property
    def written(self) -> int:
        """How many of the rollout's writes the journal then has."""
        return self.number - (self.when == "before")

    @property
    def events(self) -> int:
        """How many events these are."""
        return self.written + sum(write in INTENDING for write in self.writes[: self.written])


def points(writes: tuple[str, ...] = WRITES, first: str = "") -> tuple[Point, ...]:
    """Every one there is in a run with these *writes*, from the *first* of them on."""
    return tuple(
        Point(when, number, then, writes)
        for then in ("deploy", "rollback")
        for number in range(writes.index(first or writes[0]) + 1, len(writes) + 1)
        for when in ("before", "after")
    )


def die(site: Site, point: Point, playbook: str, *arguments: str, **extra: Any) -> dict[str, object]:
    """Run *playbook* and die at *point*; gives what would differ if anything were done again."""
    already = len(_written(site))
    died = site.run(playbook, *arguments, die_at=f"{point.when}:{point.number}", **extra)
    assert died.killed, f"it was to be killed, but ended with {died.status}:\n{died.output[-3000:]}"
    assert len(_written(site)) - already == point.events
    return _marks(site)


def die_and_go_on(site: Site, point: Point, declared: Path) -> None:
    """Deploy *declared*, die at *point*, go on; fail unless that ends well, and nobody noticed any of it."""
    before = history(site)
    with site.users(rate=60) as users:
        left = die(site, point, "deploy", "-e", f"@{declared}")
        arguments = ("-e", f"@{declared}") if point.then == "deploy" else ()
        went_on = site.must(point.then, *arguments)
        time.sleep(1)
    unhurt(users.saw(), least=300)
    _ended(site, point, before.live_release or "", went_on)
    installed = point.written > WRITES.index("install done")
    not_repeated(site, left, started=installed or point.then == "rollback")


def _ended(site: Site, point: Point, previous: str, went_on: Run) -> None:
    known = history(site)
    live = known.live_release or ""
    settled(site, live)
    assert known.last is not None
    if point.then == "deploy":
        assert live != previous, "users should have the new release"
        assert known.last.outcome == "succeeded"
        return
    assert known.last.outcome == "rolled_back", went_on.told[-500:]
    if point.written:
        assert live == previous, "users should be back on the release before"


def _marks(site: Site) -> dict[str, object]:
    """What would differ if it were done again: each unit's life, and when each split was written."""
    color = {host: site.green(host)[1] for host in ("lb1", "lb2")}
    return {
        "blue": site.invocations("blue"),
        "green": site.invocations("green"),
        "splits": color,
        "moved": site.moved_at(),
    }


def not_repeated(site: Site, left: dict[str, object], started: bool) -> None:
    """Fail where a split was written again, or a release *started* again, that was in place when the run died."""
    now = _marks(site)
    if started:
        assert (now["blue"], now["green"]) == (left["blue"], left["green"]), "a host's release was started again"
    if now["splits"] == left["splits"]:
        assert now["moved"] == left["moved"], "a split that was in place was written again"


def _written(site: Site) -> list[Event]:
    """The journal without notes, such as that a dead run's lease was taken over: they belong to no point."""
    return [event for event in events(site) if event.type != "note"]
