# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller dies at a write to the journal, and somebody goes on: where it can die, and what must hold then."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from .run import Run
from .settled import events, history, settled
from .site import Site
from .verdict import unhurt

PHASES = ("install", "verify", "shift", "drain", "bake", "close")

#: What a deploy writes into the journal, in its order; all but the last two with the intent of the next phase.
WRITES = ("opened", *(f"{phase} done" for phase in PHASES), "closed")


@dataclass(frozen=True)
class Point:
    """SIGKILL right before (or right after) write number ``number``, then the playbook ``then``."""

    when: str
    number: int
    then: str

    def __str__(self) -> str:
        return f"{self.when}-{WRITES[self.number - 1].replace(' ', '-')}-then-{self.then}"

    @property
    def written(self) -> int:
        """How many of the rollout's writes the journal then has."""
        return self.number - (self.when == "before")

    @property
    def events(self) -> int:
        """How many events these are."""
        return self.written + min(self.written, len(WRITES) - 2)


#: Every one there is.
ALL = tuple(
    Point(when, number, then)
    for then in ("deploy", "rollback")
    for number in range(1, len(WRITES) + 1)
    for when in ("before", "after")
)


def die_and_go_on(site: Site, point: Point, declared: Path) -> None:
    """Deploy *declared*, die at *point*, go on; fail unless that ends well, and nobody noticed any of it."""
    before = history(site)
    already = len(events(site))
    with site.users(rate=60) as users:
        died = site.run("deploy", "-e", f"@{declared}", die_at=f"{point.when}:{point.number}")
        assert died.killed, f"it was to be killed, but ended with {died.status}:\n{died.output[-3000:]}"
        assert len(events(site)) - already == point.events
        left = _marks(site)
        arguments = ("-e", f"@{declared}") if point.then == "deploy" else ()
        went_on = site.must(point.then, *arguments)
        time.sleep(1)
    unhurt(users.saw(), least=300)
    _ended(site, point, before.live_release or "", went_on)
    _not_repeated(site, point, left)


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


def _not_repeated(site: Site, point: Point, left: dict[str, object]) -> None:
    now = _marks(site)
    installed = point.written > WRITES.index("install done")
    if installed or point.then == "rollback":
        assert (now["blue"], now["green"]) == (left["blue"], left["green"]), "a host's release was started again"
    if now["splits"] == left["splits"]:
        assert now["moved"] == left["moved"], "a split that was in place was written again"
